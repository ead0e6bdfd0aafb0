import type { Warning } from "../core/warnings.ts";
import { TextReader } from "../jtl/encoding.ts";
import { FieldReader } from "../jtl/fields.ts";
import type { LogContext } from "../jtl/log-context.ts";
import type { SampleSink } from "../jtl/sink.ts";
import { SkippedList } from "../jtl/skipped-list.ts";
import { type TimeOptions, TimeStamps } from "../jtl/time-stamps.ts";
import type { TimeUnit } from "../jtl/time-unit.ts";
import type { JtlKind } from "./sniff.ts";

/** How a log is written, as its beginning shows; plain data, which can be sent to another thread. */
export interface LogFormat {
  /** Name for messages. */
  readonly source: string;
  readonly kind: JtlKind;
  readonly times: TimeOptions;
  readonly unit: TimeUnit;
  /** How samples lie in time is kept too. */
  readonly keepSeries?: boolean;
}

/** Of a CSV log. */
export interface CsvFormat extends LogFormat {
  readonly kind: Extract<JtlKind, { readonly kind: "csv" }>;
}

/** What the parts of a reader need to read a log. */
export function createContext(
  { source, kind, times: options, unit }: LogFormat,
  sink: SampleSink,
): LogContext {
  const times = new TimeStamps(options, unit);
  const warnings: Warning[] = [];
  return {
    ...{ source, sink, times, warnings },
    skipped: new SkippedList(source),
    texts: new TextReader(),
    fields: new FieldReader(times, kind.kind === "xml" || kind.delimiter !== ","),
  };
}
