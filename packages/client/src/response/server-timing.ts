/** A metric's name, then its parameters; a parameter's value is a token or a quoted string. */
const METRIC =
  /[\s,]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)((?:\s*;\s*[^\s=;,]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/y;
const PARAMETER = /;\s*([^\s=;,]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/g;

/**
 * A metric's duration in ms, from a response's `Server-Timing` headers (W3C Server Timing). Metrics of the same name
 * are added up, for example two queries of a database.
 * @returns undefined if no metric of the name has a duration
 *
 * @example
 * ```ts
 * serverTiming(['cache;desc="hit, warm", model;dur=53.2'], "model"); // 53.2
 * ```
 */
export function serverTiming(lines: readonly string[], metric: string): number | undefined {
  const durations = lines
    .flatMap(timingMetrics)
    .flatMap(({ name, durationMs }) => (name === metric ? (durationMs ?? []) : []));
  return durations.length === 0 ? undefined : durations.reduce((sum, duration) => sum + duration);
}

/** The metrics in a value of `Server-Timing`, up to the first that cannot be read. */
export function timingMetrics(
  line: string,
): readonly { readonly name: string; readonly durationMs: number | undefined }[] {
  const metric = new RegExp(METRIC);
  const metrics = [];
  for (let match = metric.exec(line); match !== null; match = metric.exec(line)) {
    const [, name, parameters] = match as unknown as [string, string, string];
    const duration = [...parameters.matchAll(PARAMETER)].find(([, own]) => own?.toLowerCase() === "dur");
    const durationMs = Number.parseFloat(duration?.[2] ?? duration?.[3] ?? "");
    metrics.push({ name, durationMs: durationMs >= 0 ? durationMs : undefined });
  }
  return metrics;
}
