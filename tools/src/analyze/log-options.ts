import { checkTimeOptions, type LogOptions } from "@slbench/analyzer/logs";

/** The options of `slbench analyze` that say how logs are written. */
export interface LogReadingOptions {
  readonly columns?: string;
  readonly timeZone?: string;
  readonly timestampFormat?: string;
}

/**
 * Reads the options before any file is read.
 * @throws {SlbenchError} JTL_TIME_ZONE, JTL_TIME_FORMAT
 */
export function parseLogOptions({ columns, timeZone, timestampFormat }: LogReadingOptions): LogOptions {
  const times = {
    ...(timeZone !== undefined && { timeZone }),
    ...(timestampFormat !== undefined && { timestampFormat }),
  };
  checkTimeOptions(times);
  return {
    ...times,
    ...(columns !== undefined && { columns: columns.split(",").map((name) => name.trim()) }),
  };
}
