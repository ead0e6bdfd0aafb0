import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { cacheFolder } from "../files/cache.ts";
import { exists } from "../files/exists.ts";
import { type SetupLog, stderrLog, step } from "./steps.ts";

/** npm packages that only some uses need. npm does not install them with slbench: they are optional peers. */
export interface OptionalPackages {
  /** For messages, with the download's size. */
  readonly title: string;
  /** package.json whose `peerDependencies` state the exact versions. */
  readonly manifest: string;
  readonly names: readonly string[];
  /** The code of the error if npm cannot download them. */
  readonly errorCode: ToolErrorCode;
}

const slbenchManifest = fileURLToPath(new URL("../../package.json", import.meta.url));

const detectors = {
  "onnx-int8": ["onnxruntime-node"],
  onnx: ["onnxruntime-node"],
  native: ["@tensorflow/tfjs-node"],
  wasm: ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm"],
} as const;

/** What the face-blur function detects faces with: the network's weights, and what runs it. */
export const faceDetector = (backends: readonly (keyof typeof detectors)[]): OptionalPackages => ({
  title: `face detector (npm packages for ${backends.join(" and ")})`,
  manifest: join(dirname(fileURLToPath(import.meta.resolve("@slbench/handler"))), "..", "package.json"),
  names: ["@vladmandic/face-api", ...backends.flatMap((backend) => detectors[backend])],
  errorCode: "SETUP_NO_PACKAGES",
});

/** What compiles the client. */
export const bunPackage: OptionalPackages = {
  title: "client compiler (npm package bun, 40 MB)",
  manifest: slbenchManifest,
  names: ["bun"],
  errorCode: "SETUP_NO_BUN",
};

/** What makes the client a Node single executable, if bun is not available. */
export const nodeBundler: OptionalPackages = {
  title: "client bundler (npm packages rolldown and postject, 10 MB)",
  manifest: slbenchManifest,
  names: ["rolldown", "postject"],
  errorCode: "SETUP_NO_PACKAGES",
};

/** What sends a run's metrics to an OpenTelemetry collector. */
export const otlpExporter: OptionalPackages = {
  title: "OpenTelemetry exporter (npm packages, 2 MB)",
  manifest: slbenchManifest,
  names: [
    "@opentelemetry/api",
    "@opentelemetry/exporter-metrics-otlp-http",
    "@opentelemetry/resources",
    "@opentelemetry/sdk-metrics",
  ],
  errorCode: "SETUP_NO_PACKAGES",
};

/** What native TensorFlow's addon is compiled against. */
export const addonHeaders: OptionalPackages = {
  title: "Node-API headers (npm package)",
  manifest: slbenchManifest,
  names: ["node-api-headers"],
  errorCode: "SETUP_NO_PACKAGES",
};

/**
 * Finds optional packages beside slbench, as in a clone, or in slbench's cache folder, and downloads them there once.
 * @returns a file of the folder that resolves them, for createRequire()
 * @throws {SlbenchError} `errorCode` if npm cannot download them
 */
export async function ensurePackages(packages: OptionalPackages, log: SetupLog = stderrLog): Promise<string> {
  if (canResolve(packages.manifest, packages.names)) return packages.manifest;
  const wanted = wantedVersions(packages);
  const hash = createHash("sha256").update(JSON.stringify(wanted)).digest("hex").slice(0, 16);
  const folder = join(await cacheFolder("packages"), hash);
  const manifest = join(folder, "package.json");
  if (!(await exists(manifest))) await step(packages.title, () => install(packages, wanted, folder), log);
  return manifest;
}

/** The version of a package that ensurePackages() would find or download; downloads nothing. */
export function packageVersion(packages: OptionalPackages, name: string): string {
  if (!canResolve(packages.manifest, packages.names)) return wantedVersions(packages)[name] as string;
  return (createRequire(packages.manifest)(`${name}/package.json`) as { version: string }).version;
}

function canResolve(from: string, names: readonly string[]): boolean {
  const { resolve } = createRequire(from);
  // Not by resolving it: a package need not export its package.json.
  return names.every((name) =>
    (resolve.paths(name) ?? []).some((folder) => existsSync(join(folder, name, "package.json"))),
  );
}

function wantedVersions({ manifest, names }: OptionalPackages): Readonly<Record<string, string>> {
  const { peerDependencies = {} } = createRequire(manifest)(manifest) as {
    peerDependencies?: Record<string, string>;
  };
  return Object.fromEntries(names.map((name) => [name, peerDependencies[name] as string]));
}

/** Installs beside the target, then renames: the target is complete or missing. */
async function install(
  { errorCode }: OptionalPackages,
  dependencies: Readonly<Record<string, string>>,
  target: string,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const work = await mkdtemp(`${target}.`);
  try {
    const manifest = { name: "slbench-packages", private: true, dependencies, overrides: OVERRIDES };
    await writeFile(join(work, "package.json"), JSON.stringify(manifest, undefined, 2));
    await execa(
      "npm",
      ["install", "--ignore-scripts", "--omit=dev", "--omit=peer", "--no-audit", "--no-fund", "--silent"],
      { cwd: work, stdin: "ignore", all: true, timeout: 600_000 },
    );
    await removeOtherPlatforms(join(work, "node_modules", "onnxruntime-node", "bin", "napi-v6"));
    await rm(target, { recursive: true, force: true });
    await rename(work, target);
  } catch (cause) {
    const names = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
    throw new SlbenchError<ToolErrorCode>(errorCode, `npm could not install ${names.join(", ")}`, {
      hint: `check that npm reaches its registry: npm view ${names[0]}`,
      cause,
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** onnxruntime-node brings the libraries of all platforms: 288 MB, of which one platform uses 28 to 86. */
async function removeOtherPlatforms(binaries: string): Promise<void> {
  const own = join(binaries, process.platform, process.arch);
  for (const platform of await readdir(binaries).catch(() => [])) {
    for (const arch of await readdir(join(binaries, platform))) {
      const folder = join(binaries, platform, arch);
      if (folder !== own) await rm(folder, { recursive: true });
    }
  }
}

/** onnxruntime-node's dependencies serve its install script, except onnxruntime-common. tfjs-node's own dependencies serve its install script and its JavaScript; only its C++ sources are used. */
const UNUSED = "npm:empty-npm-package@1.0.0";
const OVERRIDES = {
  "onnxruntime-node": { "adm-zip": UNUSED, "global-agent": UNUSED },
  "@tensorflow/tfjs-node": Object.fromEntries(
    [
      "@mapbox/node-pre-gyp",
      "@tensorflow/tfjs",
      "adm-zip",
      "google-protobuf",
      "https-proxy-agent",
      "progress",
      "rimraf",
      "tar",
    ].map((name) => [name, UNUSED]),
  ),
};
