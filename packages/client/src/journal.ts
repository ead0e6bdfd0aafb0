import { closeSync, openSync, writeSync } from "node:fs";
import { ClientError } from "./errors.ts";
import type { FrameResult, ReportHead } from "./report.ts";

export const JOURNAL_SCHEMA = "slbench.journal/1";

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
  try {
    fd = openSync(path, "w");
  } catch (cause) {
    throw new ClientError(
      "CLIENT_FILE",
      `cannot write the journal ${path}`,
      "make its folder, or name another file",
      cause,
    );
  }
  const line = (value: unknown) => writeSync(fd, `${JSON.stringify(value)}\n`);
  line({ schema: JOURNAL_SCHEMA, ...head });
  return {
    frame: line,
    end: (cutShort) => {
      line({ end: true, ...(cutShort !== undefined && { cutShort }) });
      closeSync(fd);
    },
  };
}
