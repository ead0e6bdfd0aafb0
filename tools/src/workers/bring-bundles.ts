import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../files/cache.ts";
import { type Platform, platformOfUname } from "../setup/platform.ts";
import { BUNDLE_FOLDER, type Bundle } from "./bundle.ts";
import { packBundle } from "./pack-bundle.ts";
import { hasSameParts, linkImageParts, READ_IMAGE_PARTS } from "./shared-parts.ts";
import { quote, sshArguments, sshError, type WorkerHome } from "./ssh.ts";
import { openWorkerShell } from "./worker-shell.ts";

/** What a worker's machine has before the bundle is brought. */
interface Found {
  readonly platform: Platform;
  /** Description of the parts in its image; empty if it has none. */
  readonly imageParts: string;
  /** `bundle.json` of the bundle that it has; empty if it has none. */
  readonly bundle: string;
}

/**
 * Uploads the bundle for its platform to each host that does not have it yet. A worker image has JMeter and the client
 * already, so that only the experiment's own files are uploaded.
 * @throws {SlbenchError} RUN_SSH_FAILED, RUN_WORKER_PLATFORM
 */
export async function bringBundles(experimentFile: string, homes: readonly WorkerHome[]): Promise<void> {
  const work = await mkdtemp(join(await cacheFolder("workers"), "bundle-"));
  const packed = new Map<string, Promise<Bundle>>();
  const pack = (platform: Platform, withoutShared: boolean) => {
    const name = `${platform}${withoutShared ? "-own" : ""}.tar.gz`;
    const bundle = packed.get(name) ?? packBundle(experimentFile, platform, join(work, name), withoutShared);
    packed.set(name, bundle);
    return bundle;
  };
  try {
    for (const home of homes) {
      const { platform, imageParts, bundle: there } = await look(home);
      const own = imageParts === "" ? undefined : await pack(platform, true);
      const fits = own !== undefined && hasSameParts(imageParts, own.parts);
      const bundle = fits ? own : await pack(platform, false);
      if (there.includes(`"id": "${bundle.id}"`)) continue;
      await openWorkerShell(home).stop(); // a worker of an older bundle would keep running in a deleted folder
      process.stderr.write(`workers: copying the bundle (${platform}) to ${home.sshTarget}\n`);
      await upload(home, bundle.file, fits);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function look(home: WorkerHome): Promise<Found> {
  const folder = quote(home.folder);
  const bundle = `cd && mkdir -p ${folder} && { cat ${folder}/bundle.json 2>/dev/null || true; }`;
  const asked = await execa(
    "ssh",
    [...sshArguments(home), `uname -sm; echo @@; ${READ_IMAGE_PARTS}; echo @@; ${bundle}`],
    { reject: false, stdin: "ignore", timeout: 30_000 },
  );
  if (asked.failed) throw sshError(home.sshTarget, asked);
  const [system = "", imageParts = "", there = ""] = asked.stdout.split(/^@@$\n?/m);
  return { platform: platformOfUname(system), imageParts: imageParts.trim(), bundle: there };
}

/** Unpacks beside the old folder, then replaces it; journals that were not fetched yet stay. */
async function upload(home: WorkerHome, file: string, linkImage: boolean): Promise<void> {
  const folder = quote(home.folder);
  const fresh = quote(`${home.folder}.new`);
  const strip = BUNDLE_FOLDER.split("/").length;
  const keep = `{ [ ! -d ${folder}/journals ] || { rm -rf ${fresh}/journals && mv ${folder}/journals ${fresh}/journals; }; }`;
  const unpack = [
    `cd && umask 077 && rm -rf ${fresh} && mkdir -p ${fresh}`,
    `tar -C ${fresh} --strip-components=${strip} -xzf -`,
    ...(linkImage ? [linkImageParts(`${home.folder}.new`)] : []),
    `${keep} && rm -rf ${folder} && mv ${fresh} ${folder}`,
  ].join(" && ");
  const sent = await execa("ssh", [...sshArguments(home), unpack], {
    ...{ reject: false, inputFile: file, timeout: 900_000 },
  });
  if (sent.failed) throw sshError(home.sshTarget, sent);
}
