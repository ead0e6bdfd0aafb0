import type { ProcessorTime } from "@slbench/handler/processor-time";
import type { Experiment } from "@slbench/jmeter-plans";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/** `function.metrics` of an experiment. */
export type FunctionMetrics = NonNullable<Experiment["function"]["metrics"]>;

const TIMEOUT_MS = 5_000;
/** In this order, if the experiment names none: what slbench serve counts, and what Prometheus' own clients do. */
const COUNTERS = ["slbench_function_cpu_seconds_total", "process_cpu_seconds_total"];
const CORES = "slbench_function_cores";

/**
 * Reads a function's processor time from its metrics.
 * @throws {SlbenchError} RUN_FUNCTION_METRICS
 */
export async function readFunctionMetrics(metrics: FunctionMetrics): Promise<ProcessorTime> {
  let text: string;
  try {
    const response = await fetch(metrics.url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    text = await response.text();
  } catch (cause) {
    const { message, cause: inner } = cause as Error;
    throw fault(metrics, inner instanceof Error ? inner.message : message, {
      hint: "check the address with curl, or leave out function.metrics",
      cause,
    });
  }
  const found = parseProcessorTime(text, metrics);
  if (typeof found === "string")
    throw fault(metrics, found, { hint: "name function.metrics.counter and function.metrics.cores" });
  return found;
}

const fault = (
  { url }: FunctionMetrics,
  why: string,
  more: { readonly hint: string; readonly cause?: unknown },
) =>
  new SlbenchError<ToolErrorCode>(
    "RUN_FUNCTION_METRICS",
    `cannot read the function's processor time from ${url}: ${why}`,
    more,
  );

/**
 * Finds the processor time in Prometheus' text format.
 * @returns a text says what is missing
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * @example
 * ```ts
 * parseProcessorTime("process_cpu_seconds_total 12.5\n", { cores: 4 }); // { cpuSeconds: 12.5, cores: 4 }
 * ```
 */
export function parseProcessorTime(
  text: string,
  { counter, cores }: Pick<FunctionMetrics, "counter" | "cores">,
): ProcessorTime | string {
  const counters = counter === undefined ? COUNTERS : [counter];
  const [cpuSeconds] = counters.flatMap((name) => sumOf(text, name) ?? []);
  if (cpuSeconds === undefined) return `it has no ${counters.join(" and no ")}`;
  const available = cores ?? sumOf(text, CORES);
  if (available === undefined || !(available > 0))
    return "it does not say how many cores the function may use";
  return { cpuSeconds, cores: available };
}

/** The sum of all series with the selector's name and labels; undefined if there is none. */
function sumOf(text: string, selector: string): number | undefined {
  const { name, labels } = readSelector(selector);
  const values = text.split("\n").flatMap((line) => {
    const [, own, ownLabels = "", value] = SERIES.exec(line) ?? [];
    return own === name && labels.every((label) => labelsOf(ownLabels).includes(label))
      ? [Number(value)]
      : [];
  });
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

/** `name{label="value"} 12.5`, perhaps with a time stamp behind it. */
const SERIES = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? ([\d.eE+-]+)(?: -?\d+)?\s*$/;
/** `pod="ocr-0"`; a value may hold escaped quotes. */
const LABEL = /\w+="(?:[^"\\]|\\.)*"/g;

const labelsOf = (text: string): readonly string[] => text.match(LABEL) ?? [];

function readSelector(selector: string): { readonly name: string; readonly labels: readonly string[] } {
  const [name = "", labels = ""] = selector.split(/[{}]/);
  return { name, labels: labelsOf(labels) };
}
