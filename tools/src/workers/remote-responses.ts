import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { checkJournalFolder, responseFolderName } from "./journal-folder.ts";
import { quote, type RunCommand, streamOverSsh, type WorkerHome } from "./ssh.ts";
import { unpackFiles } from "./unpack-files.ts";

/** The response bodies that a worker's clients saved. */
export interface RemoteResponses {
  /**
   * Copies the bodies of one run and cell into a local folder. Deletes them on the worker only if all of them were
   * fetched and every client has ended. A missing folder on the worker counts as empty.
   * @param away the journals' folder, a name from journalFolderName()
   * @returns the number of files
   * @throws {SlbenchError} RUN_SSH_FAILED, RUN_RESPONSES_TOO_LARGE
   */
  fetchResponses(away: string, makeFolder: () => Promise<string>): Promise<number>;
}

/** Per worker and cell; more is a mistake in response.save, or a job for rsync. */
const MAX_BYTES = 2e9;
const TIMEOUT_MS = 600_000;
/** `w1-u2/response-00003.json`, as clients name them. */
const WANTED = /^w\d+-u\d+\/(response|frame)-\d+\.[a-z]+$/;

/** @param maxBytes for tests */
export function remoteResponses(home: WorkerHome, run: RunCommand, maxBytes = MAX_BYTES): RemoteResponses {
  return {
    async fetchResponses(away, makeFolder) {
      checkJournalFolder(away);
      const [journals, path] = [quote(away), quote(responseFolderName(away))];
      if ((await run(`if [ -d ${path} ]; then echo yes; fi`)).trim() === "") return 0;
      // Asked first: a client that ends while its bodies are read may save more of them.
      const running = await run(`{ grep -Ls '^{"end":true' ${journals}/*.jsonl || true; }`);
      const folder = await makeFolder();
      const { names, isCut } = await streamOverSsh(
        home,
        `tar -C ${path} -cf - .`,
        (archive) => unpackFiles(archive, folder, { wanted: WANTED, maxBytes }),
        TIMEOUT_MS,
      );
      if (isCut)
        throw new SlbenchError<ToolErrorCode>(
          "RUN_RESPONSES_TOO_LARGE",
          `more than ${maxBytes / 1e9} GB of response bodies in ${home.folder}/${responseFolderName(away)}`,
          { hint: "copy them from there by hand, and lower response.save" },
        );
      if (running.trim() === "") await run(`rm -rf ${path}`);
      return names.length;
    },
  };
}
