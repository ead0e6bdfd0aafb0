import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkJournalFolder } from "./journal-folder.ts";
import { quote, type RunCommand, streamOverSsh, type WorkerHome } from "./ssh.ts";
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

const TIMEOUT_MS = 600_000;

export function remoteJournals(home: WorkerHome, run: RunCommand): RemoteJournals {
  return {
    async fetchJournals(away, folder) {
      checkJournalFolder(away);
      const path = quote(away);
      if ((await run(`if [ -d ${path} ]; then echo yes; fi`)).trim() === "") return;
      await mkdir(folder, { recursive: true });
      const { names } = await streamOverSsh(
        home,
        `tar -C ${path} -cf - .`,
        (archive) => unpackFiles(archive, folder, { wanted: /^[\w-]+\.jsonl$/ }),
        TIMEOUT_MS,
      );
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
