import { createHash } from "node:crypto";
import { chmod, cp, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Experiment } from "@slbench/jmeter-plans";
import { create } from "tar";
import { hashFiles } from "../environment/payloads.ts";
import type { Prepared } from "../environment/prepare.ts";
import { makeRequestSpec, renderRequestSpec } from "../environment/request-file.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { makeFolderOf } from "../files/make-folder.ts";
import type { RmiKeys } from "../jmeter/keys.ts";
import { createPrivateFolder } from "../jmeter/private-folder.ts";
import { renderStartWorker, workerAddress } from "../jmeter/start-worker.ts";
import type { Platform } from "../setup/platform.ts";
import type { SharedParts } from "./shared-parts.ts";

/** Name of the folder inside the archive. */
export const BUNDLE_FOLDER = "slbench-worker";

/** Paths inside a bundle: a worker's working directory is the bundle itself. */
export const bundlePaths = {
  client: "client/slbench-client",
  request: "request.json",
  payloads: "payloads",
  expected: "expected",
  journals: "journals",
} as const;

export interface Bundle {
  readonly file: string;
  /** Equal for equal contents, so it shows whether a host has this bundle. */
  readonly id: string;
  readonly parts: SharedParts;
}

export interface BundleContents {
  readonly experiment: Experiment;
  readonly experimentFile: string;
  /** Its client is one for `platform`. */
  readonly prepared: Prepared;
  readonly keys: RmiKeys | undefined;
  readonly platform: Platform;
  /** Leaves out the shared parts, for a worker whose image has them. */
  readonly withoutShared: boolean;
}

/**
 * Packs everything that a worker needs besides Java: JMeter, client, request specification, payloads, the experiment's keys,
 * `start-worker.sh`. The archive holds a private key and is readable by its owner only.
 *
 * @throws {SlbenchError} USAGE_NO_HOSTS if the experiment lists no remoteHosts
 */
export async function writeBundle(contents: BundleContents, file: string): Promise<Bundle> {
  const work = await createPrivateFolder(); // it holds the keys
  try {
    const filled = await fillBundleFolder(join(work, BUNDLE_FOLDER), contents);
    const target = await makeFolderOf(file, `${BUNDLE_FOLDER}.tar.gz`);
    const part = `${target}.${process.pid}`;
    await create({ gzip: { level: 1 }, file: part, cwd: work, follow: true, portable: true }, [
      BUNDLE_FOLDER,
    ]);
    await chmod(part, 0o600);
    await rename(part, target);
    return { file: target, ...filled };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Fills the bundle's folder; large parts are links, which the archive follows. */
async function fillBundleFolder(
  folder: string,
  { experiment, experimentFile, prepared, keys, platform, withoutShared }: BundleContents,
): Promise<Pick<Bundle, "id" | "parts">> {
  const { jmeter, client, payloads } = prepared;
  const hosts = experimentHosts(experiment);
  for (const part of ["journals", "logs"]) await mkdir(join(folder, part), { recursive: true });
  if (!withoutShared) await linkShared(folder, prepared);
  if (payloads.path !== undefined) await symlink(payloads.path, join(folder, bundlePaths.payloads));
  const spec = await makeRequestSpec(experiment, experimentFile);
  const { expected } = spec.response.valid;
  if (expected !== undefined) await symlink(expected, join(folder, bundlePaths.expected));
  const valid = { ...spec.response.valid, ...(expected !== undefined && { expected: bundlePaths.expected }) };
  const request = renderRequestSpec({ ...spec, response: { ...spec.response, valid } });
  await writeFile(join(folder, bundlePaths.request), request);
  if (keys !== undefined) {
    await mkdir(join(folder, "keys"), { mode: 0o700 });
    for (const path of [keys.keystore, keys.properties]) await cp(path, join(folder, "keys", basename(path)));
  }
  await writeFile(join(folder, "hosts"), hosts.map((host) => `${host}\n`).join(""));
  const script = renderStartWorker({
    experiment: experiment.name,
    groovyJarName: basename(jmeter.tls.groovyJar),
    insecure: keys === undefined,
  });
  await writeFile(join(folder, "start-worker.sh"), script, { mode: 0o755 });
  const parts: SharedParts = {
    platform,
    jmeter: jmeter.jmeterVersion,
    launcher: basename(jmeter.tls.classes),
    client: client.sha256,
  };
  const contents = {
    schema: "slbench.bundle/1",
    experiment: experiment.name,
    hosts,
    ...parts,
    build: client.build,
    payloads: payloads.sha256 ?? payloads.names,
    request: createHash("sha256").update(request).digest("hex"),
    expected: expected && (await hashFiles(expected)),
    keys: keys && createHash("sha256").update(keys.password).digest("hex"),
    script: createHash("sha256").update(script).digest("hex"),
  };
  const id = createHash("sha256").update(JSON.stringify(contents)).digest("hex").slice(0, 16);
  await writeFile(join(folder, "bundle.json"), `${JSON.stringify({ ...contents, id }, null, 2)}\n`);
  return { id, parts };
}

/** The parts that are the same for all experiments. */
async function linkShared(folder: string, { jmeter, client }: Prepared): Promise<void> {
  await mkdir(join(folder, dirname(bundlePaths.client)));
  await symlink(jmeter.home, join(folder, "jmeter"));
  await symlink(jmeter.tls.classes, join(folder, "tls"));
  await symlink(client.path, join(folder, bundlePaths.client));
}

/** The experiment's workers as `host:port`, in order. @throws {SlbenchError} USAGE_NO_HOSTS */
export function experimentHosts(experiment: Experiment): readonly string[] {
  const { remoteHosts } = experiment.jmeter;
  if (remoteHosts.length === 0) {
    throw new SlbenchError<ToolErrorCode>(
      "USAGE_NO_HOSTS",
      `the experiment ${experiment.name} lists no workers on other machines`,
      {
        hint: "add them to it: jmeter: {remoteHosts: [10.0.0.2, 10.0.0.3]}",
        exitCode: 2,
      },
    );
  }
  return remoteHosts.map(workerAddress);
}
