import type { ReportedSample } from "../core/sample.ts";

/** A sample from JMeter's CSV column names; a string is the reason why it cannot be read. */
export function sampleFrom(
  fields: Readonly<Record<string, string | undefined>>,
  more: Pick<ReportedSample, "responseData" | "report" | "subSamples"> = {},
): ReportedSample | string {
  const timeStampMs = fields.timeStamp === undefined ? undefined : timeFrom(fields.timeStamp);
  if (fields.timeStamp !== undefined && timeStampMs === undefined)
    return `timeStamp is ${shown(fields.timeStamp)}, not a time`;
  const elapsedMs = numberFrom(fields.elapsed ?? "");
  if (elapsedMs === undefined) return `elapsed is ${shown(fields.elapsed)}, not a number of milliseconds`;
  const code = fields.responseCode ?? "";
  const success = fields.success === undefined ? succeeded(code) : SUCCESS[fields.success.toLowerCase()];
  if (success === undefined) return `success is ${shown(fields.success)}, neither true nor false`;
  const summed = numberFrom(fields.SampleCount ?? "") ?? 1;
  return {
    ...(timeStampMs !== undefined && { timeStampMs }),
    elapsedMs,
    label: fields.label ?? "",
    responseCode: code,
    responseMessage: fields.responseMessage ?? "",
    threadName: fields.threadName ?? "",
    success,
    sizeBytes: numberFrom(fields.bytes ?? "") ?? 0,
    ...(fields.Hostname && { hostname: fields.Hostname }),
    ...(fields.failureMessage && { failureMessage: fields.failureMessage }),
    ...(summed > 1 && { summedSamples: summed }),
    ...more,
  };
}

/** Year 2286, fourteen digits: more than one number. */
export const END_OF_TIME_MS = 1e13;

const SUCCESS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** Without a column `success`: return code 0, HTTP 2xx and 3xx, or no code at all. */
const succeeded = (code: string) => /^(|0|[23]\d\d)$/.test(code);

/** Not negative, no exponent, no sign. */
function numberFrom(text: string): number | undefined {
  return /^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Milliseconds since the epoch, or a date as `jmeter.save.saveservice.timestamp_format` writes them, taken as UTC. */
function timeFrom(text: string): number | undefined {
  const number = numberFrom(text);
  if (number !== undefined) return number < END_OF_TIME_MS ? number : undefined;
  const parts = /^(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d:\d\d:\d\d)(?:[.,](\d{1,3}))?Z?$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, time, fraction = "0"] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${time}.${fraction.padEnd(3, "0")}Z`);
  return Number.isFinite(ms) ? ms : undefined;
}

const shown = (value: string | undefined) =>
  value === undefined ? "missing" : JSON.stringify(value.slice(0, 80));
