import { closeSync, constants, fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type ClientErrorCode, SlbenchError } from "../errors.ts";
import { JOURNAL_SCHEMA, type JournalEnd, type ReportHead, type RequestResult } from "./report.ts";

/** A file that gets one line per finished request, as it happens. */
export interface Journal {
  request(result: RequestResult): void;
  end(ending: JournalEnd): void;
}

/** Does not wait for a pipe's reader, which would block signals forever. */
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NONBLOCK;

/**
 * Opens a journal, creates its folder if needed, and appends its head. Each line is one write: a killed client
 * leaves whole lines, and two clients with one file do not overwrite each other.
 * @throws {SlbenchError} CLIENT_FILE if the file cannot be written
 */
export function openJournal(path: string, head: ReportHead): Journal {
  let fd: number;
  const line = (value: unknown) => writeSync(fd, `${JSON.stringify(value)}\n`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    fd = openSync(path, APPEND);
    // A reader that pauses would lose lines or block the measurement.
    if (fstatSync(fd).isFIFO()) throw new Error("it is a pipe, and a journal must be a file");
    // An earlier client may have been killed while it wrote a line.
    if (fstatSync(fd).size > 0) writeSync(fd, "\n");
    line({ schema: JOURNAL_SCHEMA, ...head });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = "check that its folder can be written, or name another file";
    throw new SlbenchError<ClientErrorCode>("CLIENT_FILE", `cannot write the journal ${path}: ${why}`, {
      hint,
      cause,
    });
  }
  return {
    request: line,
    end: (ending) => {
      try {
        line({ end: true, ...ending });
        closeSync(fd);
      } catch {
        // The first line that did not fit was reported already, and the report must still be printed.
      }
    },
  };
}
