import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { checkJournalFolder } from "./journal-folder.ts";
import { quote, type RunCommand, runOverSsh, type WorkerHome } from "./ssh.ts";
import { unpackFiles } from "./unpack-files.ts";

/** The journals of a worker's clients. */
export interface RemoteJournals {
  /**
   * Copies the journals of one run and cell into a local folder. Deletes them on the worker only if each has its last
   * line. A missing folder on the worker counts as empty.
   * @param away a name from journalFolderName()
   */
  fetchJournals(away: string, folder: string): Promise<void>;
  /** Number of journals that have their last line. */
  countEnded(away: string): Promise<number>;
}

export function remoteJournals(home: WorkerHome, run: RunCommand): RemoteJournals {
  return {
    async fetchJournals(away, folder) {
      checkJournalFolder(away);
      const path = quote(away);
      const packed = await runOverSsh(home, `{ [ ! -d ${path} ] || tar -C ${path} -cf - .; }`, 60_000);
      if (packed.length === 0) return;
      await mkdir(folder, { recursive: true });
      const archive = Readable.from([Buffer.from(packed)]);
      const { names } = await unpackFiles(archive, folder, { wanted: /^[\w-]+\.jsonl$/ });
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
      // A client may still be writing, or was killed: keep those journals for a later fetch.
      if (texts.every((text) => text.includes('\n{"end":true'))) await run(`rm -rf ${path}`);
    },
    async countEnded(away) {
      checkJournalFolder(away);
      return Number(await run(`{ grep -ls '^{"end":true' ${quote(away)}/*.jsonl || true; } | wc -l`));
    },
  };
}
