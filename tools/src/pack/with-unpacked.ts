import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noArtefact } from "./archive-errors.ts";
import { unpackArchive } from "./unpack.ts";
import type { UnpackLimits } from "./unpack-limits.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Unpacks an archive into a temporary folder, which is removed afterwards, also if the process is interrupted.
 * @param use receives the archive's single folder, and the temporary folder that contains it
 * @throws {SlbenchError} FILE_NO_ARTEFACT, FILE_BAD_ENTRY, FILE_OVER_LIMIT, SYSTEM_…
 */
export async function withUnpacked<Result>(
  archive: string,
  limits: UnpackLimits,
  use: (folder: string, work: string) => Promise<Result>,
): Promise<Result> {
  const work = await mkdtemp(join(tmpdir(), "slbench-unpacked-"));
  // Ctrl-C must not leave unpacked foreign files behind.
  const interrupted = () => {
    rmSync(work, { recursive: true, force: true });
    process.exit(130);
  };
  for (const signal of SIGNALS) process.once(signal, interrupted);
  try {
    const unpacked = join(work, "unpacked");
    await mkdir(unpacked);
    await unpackArchive(archive, unpacked, limits);
    const [root, ...more] = await readdir(unpacked);
    if (root === undefined || more.length > 0)
      throw noArtefact(archive, "does not contain exactly one folder");
    return await use(join(unpacked, root), work);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted);
    await rm(work, { recursive: true, force: true });
  }
}
