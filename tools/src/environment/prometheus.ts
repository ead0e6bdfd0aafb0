/**
 * Prometheus' text format, as far as counters and gauges need it.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
const TIMEOUT_MS = 5_000;

/** @throws an error for no response in time, or with another status than 200 to 299 */
export async function fetchMetrics(url: string | URL): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

/** The sum over all series; 0 for none. */
export const sumOf = (series: ReadonlyMap<string, number>): number =>
  [...series.values()].reduce((sum, value) => sum + value, 0);

/**
 * All series with a name and labels that have a finite value, by name and labels.
 * @param selector `name`, or `name{label="value"}`
 *
 * @example
 * ```ts
 * seriesOf('cpu{pod="a"} 1.5\ncpu{pod="b"} 2\n', 'cpu{pod="a"}').size; // 1
 * ```
 */
export function seriesOf(text: string, selector: string): ReadonlyMap<string, number> {
  const [wanted = "", wantedLabels = ""] = selector.split(/[{}]/);
  const labels = labelsOf(wantedLabels);
  const found = text.split("\n").flatMap((line): readonly (readonly [string, number])[] => {
    const [, name, own = "", value] = SERIES.exec(line) ?? [];
    const ownLabels = labelsOf(own);
    if (name !== wanted || !labels.every((label) => ownLabels.includes(label))) return [];
    return Number.isFinite(Number(value)) ? [[`${name}{${ownLabels.join(",")}}`, Number(value)]] : [];
  });
  return new Map(found);
}

/** `name{label="value"} 12.5`, perhaps with a time stamp and an exemplar behind it. */
const SERIES = /^([A-Za-z_:][\w:]*)\s*(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+(\S+)(?:\s|$)/;
/** `pod="ocr-0"`, perhaps with blanks around the `=`; a value may hold escaped quotes. */
const LABEL = /(\w+)\s*=\s*("(?:[^"\\]|\\.)*")/g;

const labelsOf = (text: string): readonly string[] =>
  [...text.matchAll(LABEL)].map(([, name, value]) => `${name}=${value}`);
