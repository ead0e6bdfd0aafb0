import type { ProcessorTime } from "@slbench/handler/processor-time";
import type { Experiment } from "@slbench/jmeter-plans";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { fetchMetrics, seriesOf } from "./prometheus.ts";

/** `function.metrics` of an experiment. */
export type FunctionMetrics = NonNullable<Experiment["function"]["metrics"]>;

/** A function's processor seconds as its metrics count them. */
export interface ProcessorCounts {
  /** By series: its name with its labels. */
  readonly series: ReadonlyMap<string, number>;
  readonly cores: number;
}

/** In this order, if the experiment names none: what slbench serve counts, and what Prometheus' own clients do. */
const COUNTERS = ["slbench_function_cpu_seconds_total", "process_cpu_seconds_total"];
const CORES = "slbench_function_cores";

/**
 * Reads a function's metrics.
 * @throws {SlbenchError} RUN_FUNCTION_METRICS
 */
export async function readFunctionMetrics(metrics: FunctionMetrics): Promise<ProcessorCounts> {
  let text: string;
  try {
    text = await fetchMetrics(metrics.url);
  } catch (cause) {
    const { message, cause: inner } = cause as Error;
    throw fault(metrics, inner instanceof Error ? inner.message : message, {
      hint: "check the address with curl, or leave out function.metrics",
      cause,
    });
  }
  const found = parseProcessorCounts(text, metrics);
  if ("missing" in found)
    throw fault(metrics, found.missing, { hint: `set function.metrics.${found.field}` });
  return found;
}

/** Without the query, which may hold a token. */
const addressOf = (url: string) => new URL(url).origin + new URL(url).pathname;

const fault = (
  { url }: FunctionMetrics,
  why: string,
  more: { readonly hint: string; readonly cause?: unknown },
) =>
  new SlbenchError<ToolErrorCode>(
    "RUN_FUNCTION_METRICS",
    `cannot read the function's processor time from ${addressOf(url)}: ${why}`,
    more,
  );

/**
 * Reads the counts before and, by the function that it resolves to, after a cell.
 * @returns the processor time between them; undefined if either could not be read, or see timeBetween()
 */
export async function watchFunctionMetrics(
  metrics: FunctionMetrics,
): Promise<() => Promise<ProcessorTime | undefined>> {
  const read = () => readFunctionMetrics(metrics).catch(() => undefined);
  const before = await read();
  return async () => timeBetween(before, await read());
}

/**
 * The processor time between two counts; undefined if a series appeared, disappeared or was reset (a restarted process),
 * or if no counter grew (metrics that are cached for longer than the cell).
 */
export function timeBetween(
  before: ProcessorCounts | undefined,
  after: ProcessorCounts | undefined,
): ProcessorTime | undefined {
  if (before === undefined || after === undefined || before.series.size !== after.series.size)
    return undefined;
  let cpuSeconds = 0;
  for (const [name, value] of after.series) {
    const grown = value - (before.series.get(name) ?? Number.NaN);
    if (!(grown >= 0)) return undefined;
    cpuSeconds += grown;
  }
  return cpuSeconds > 0 ? { cpuSeconds, cores: after.cores } : undefined;
}

/** What is missing, and the field of `function.metrics` that would help. */
interface Missing {
  readonly missing: string;
  readonly field: "counter" | "cores";
}

/**
 * Finds the counts in Prometheus' text format.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * @example
 * ```ts
 * parseProcessorCounts("process_cpu_seconds_total 12.5\n", { cores: 4 }).cores; // 4
 * ```
 */
export function parseProcessorCounts(
  text: string,
  { counter, cores }: Pick<FunctionMetrics, "counter" | "cores">,
): ProcessorCounts | Missing {
  const counters = counter === undefined ? COUNTERS : [counter];
  const series = counters.map((name) => seriesOf(text, name)).find(({ size }) => size > 0);
  if (series === undefined) return { missing: `no ${counters.join(" or ")} found`, field: "counter" };
  const [available] = cores === undefined ? seriesOf(text, CORES).values() : [cores];
  if (available === undefined || !(available > 0))
    return { missing: `no ${CORES} found, and function.metrics.cores is not set`, field: "cores" };
  return { series, cores: available };
}
