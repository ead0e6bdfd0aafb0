import { closeSync, openSync, writeSync } from "node:fs";
import { ClientError } from "./errors.ts";
import { type FrameResult, JOURNAL_SCHEMA, type ReportHead } from "./report.ts";

/** A file that gets one line per finished frame, as it happens. */
export interface Journal {
  frame(result: FrameResult): void;
  end(cutShort: string | undefined): void;
}

/**
 * Opens a journal and writes its head. Each line is one write, so a killed client leaves whole lines.
 * @throws {ClientError} CLIENT_FILE when the file cannot be made
 */
export function openJournal(path: string, head: ReportHead): Journal {
  let fd: number;
  const line = (value: unknown) => writeSync(fd, `${JSON.stringify(value)}\n`);
  try {
    fd = openSync(path, "w");
    line({ schema: JOURNAL_SCHEMA, ...head });
  } catch (cause) {
    const hint = "make its folder, or name another file";
    throw new ClientError("CLIENT_FILE", `cannot write the journal ${path}`, hint, cause);
  }
  return {
    frame: line,
    end: (cutShort) => {
      try {
        line({ end: true, ...(cutShort !== undefined && { cutShort }) });
        closeSync(fd);
      } catch {
        // A full disk was said with the first line that did not fit; the report is still to be printed.
      }
    },
  };
}
