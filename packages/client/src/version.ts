/** Set by `slbench build-client`: a hash of the sources and how they were compiled. */
declare const SLBENCH_BUILD: string | undefined;

export const VERSION = "0.1.0";

export const BUILD = typeof SLBENCH_BUILD === "string" ? SLBENCH_BUILD : "sources";

/** The JavaScript runtime with its version, for example `bun 1.4.5`. */
export function runtimeName(): string {
  const versions = process.versions as Record<string, string | undefined>;
  for (const name of ["bun", "deno"]) if (versions[name] !== undefined) return `${name} ${versions[name]}`;
  return `node ${process.versions.node}`;
}

/** What --version prints: version, hash of the sources, runtime. */
export function versionLine(): string {
  return `slbench-client ${VERSION} (build ${BUILD}, ${runtimeName()})`;
}
