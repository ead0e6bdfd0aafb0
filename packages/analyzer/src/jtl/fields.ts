import type { Sample } from "../sample.ts";

/** A sample from JMeter's CSV column names, or why it is none. */
export function sampleFrom(
  fields: Readonly<Record<string, string | undefined>>,
  responseData?: string,
): Sample | string {
  const timeStampMs = Number(fields.timeStamp);
  const elapsedMs = Number(fields.elapsed);
  if (!fields.timeStamp || !Number.isFinite(timeStampMs))
    return `timeStamp is ${shown(fields.timeStamp)}, not a number`;
  if (!fields.elapsed || !Number.isFinite(elapsedMs))
    return `elapsed is ${shown(fields.elapsed)}, not a number`;
  return {
    timeStampMs,
    elapsedMs,
    label: fields.label ?? "",
    responseCode: fields.responseCode ?? "",
    responseMessage: fields.responseMessage ?? "",
    threadName: fields.threadName ?? "",
    success: fields.success === "true",
    sizeBytes: Number(fields.bytes ?? 0) || 0,
    ...(fields.Hostname !== undefined && { hostname: fields.Hostname }),
    ...(responseData !== undefined && { responseData }),
  };
}

const shown = (value: string | undefined) =>
  value === undefined ? "missing" : JSON.stringify(value.slice(0, 80));
