import type { Warning } from "../core/warnings.ts";
import type { TextReader } from "./encoding.ts";
import type { FieldReader } from "./fields.ts";
import type { SampleSink } from "./sink.ts";
import type { SkippedList } from "./skipped-list.ts";
import type { TimeStamps } from "./time-stamps.ts";

/** What all parts of a reader share while they read one log. */
export interface LogContext {
  /** Name for messages. */
  readonly source: string;
  readonly sink: SampleSink;
  readonly skipped: SkippedList;
  readonly times: TimeStamps;
  readonly fields: FieldReader;
  readonly texts: TextReader;
  /** Collects what was read but needs attention. */
  readonly warnings: Warning[];
}
