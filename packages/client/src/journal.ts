import { closeSync, constants, fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { ClientError } from "./errors.ts";
import { JOURNAL_SCHEMA, type JournalEnd, type ReportHead, type RequestResult } from "./report.ts";

/** A file that gets one line per finished request, as it happens. */
export interface Journal {
  request(result: RequestResult): void;
  end(ending: JournalEnd): void;
}

/** Without waiting for a pipe's reader, which would block signals for ever. */
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NONBLOCK;

/**
 * Opens a journal, with its folder if need be, and writes its head behind what is there already. Each line is one write, so a killed client
 * leaves whole lines, and two clients with one file do not write over each other.
 * @throws {ClientError} CLIENT_FILE when the file cannot be made
 */
export function openJournal(path: string, head: ReportHead): Journal {
  let fd: number;
  const line = (value: unknown) => writeSync(fd, `${JSON.stringify(value)}\n`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    fd = openSync(path, APPEND);
    // A reader that pauses would cost lines, or block the one who measures.
    if (fstatSync(fd).isFIFO()) throw new Error("it is a pipe, and a journal must be a file");
    // An earlier client may have been killed in the middle of a line.
    if (fstatSync(fd).size > 0) writeSync(fd, "\n");
    line({ schema: JOURNAL_SCHEMA, ...head });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = "check that its folder can be written, or name another file";
    throw new ClientError("CLIENT_FILE", `cannot write the journal ${path}: ${why}`, { hint, cause });
  }
  return {
    request: line,
    end: (ending) => {
      try {
        line({ end: true, ...ending });
        closeSync(fd);
      } catch {
        // A full disk was said with the first line that did not fit; the report is still to be printed.
      }
    },
  };
}
