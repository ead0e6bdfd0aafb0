import {
  columnsInferred,
  commasRead,
  encodingAssumed,
  timesConverted,
  timesNotRead,
  timeZoneUsed,
} from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";
import type { LogContext } from "../jtl/log-context.ts";
import type { LogFormat } from "./log-format.ts";

/** What was assumed about a log while it was read: any of it could be wrong. */
export function readingWarnings(
  { source, times, fields, texts, warnings }: LogContext,
  { kind, times: { timestampFormat } }: LogFormat,
): readonly Warning[] {
  const zone = times.usedZone;
  const { unknown } = times;
  return [
    ...(kind.kind === "csv" && kind.inferred === true ? [columnsInferred(source, kind.columns)] : []),
    ...(texts.firstOther === undefined ? [] : [encodingAssumed(source, texts.firstOther)]),
    ...(times.unit.name === "milliseconds" ? [] : [timesConverted(source, times.unit.name)]),
    ...(unknown.count === 0 ? [] : [timesNotRead(source, unknown.count, unknown.first, timestampFormat)]),
    ...(zone === undefined ? [] : [timeZoneUsed(source, zone.name, zone.isGiven)]),
    ...(fields.firstComma === undefined ? [] : [commasRead(source, fields.firstComma)]),
    ...warnings,
  ];
}
