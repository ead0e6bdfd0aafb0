import { formatPercent } from "../../core/format.ts";
import type { Interval } from "../../stats/interval.ts";
import { createRandom } from "../../stats/random.ts";
import { studentT } from "../../stats/student-t.ts";
import { average } from "../numeric/average.ts";
import { drawInterval } from "../numeric/draw-interval.ts";
import { drawStudent } from "../numeric/draw-student.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { baseSeconds, classifySizes, type SizeEffect } from "../station/sizes.ts";
import { steadyRange } from "../station/steady-state.ts";
import { failedRequests } from "./client-totals.ts";
import type { ModelCell, ModelClient, Observation, RequestSize } from "./observation.ts";
import type { PreparedCell } from "./prepare-cell.ts";
import { runsOf } from "./runs-of.ts";
import { fitSizeLine, type NoLine, type SizedRun, type SizedSequence, type SizeLine } from "./size-line.ts";
import type { StationDraw } from "./variant.ts";

/** Whether the demand of a request depends on its size, and how. */
export interface DemandBySize extends RequestSize {
  readonly isChosen: boolean;
  /** Why the model uses the line, or why it does not, as a sentence. */
  readonly reason: string;
  /** Sizes of the requests that succeeded. */
  readonly units: { readonly min: number; readonly mean: number; readonly max: number };
  /** Errors of the mean time of one size in one run, each predicted from other sizes in other runs; seconds. */
  readonly leaveOneOutError?: { readonly constantSeconds: number; readonly linearSeconds: number };
  /** demand = baseSeconds + perUnitSeconds × units; only if it was chosen. */
  readonly baseSeconds?: number;
  readonly perUnitSeconds?: number;
  /** 95%. */
  readonly intervals?: { readonly baseSeconds: Interval; readonly perUnitSeconds: Interval };
}

/** The finding, and what a fit needs of it if the line was chosen. */
export interface SizeFinding {
  readonly found: DemandBySize;
  readonly chosen?: { readonly effect: SizeEffect; readonly line: SizeLine };
  /** Why there is no line; absent if it was chosen. */
  readonly whyNot?: string;
}

/** Up to this waiting time ÷ demand, measured times count as service times. */
const LIGHT = 0.1;
/** As for the model's variants: the richer model must beat the simpler one by this factor. */
const MARGIN = 0.9;
/** Two-sided level of the slope's test. */
const LEVEL = 0.99;
/** Sizes that vary less (standard deviation ÷ mean) show no effect. */
const MIN_VARIATION = 0.01;

const WHY_NOT: Readonly<Record<NoLine, string>> = {
  "few-requests": "fewer than 6 requests per client have a known size under light load",
  "few-sizes": "the requests under light load have fewer than 3 different sizes",
  "sizes-follow-time":
    "the sizes rise or fall steadily while the clients send, so that size and drift cannot be told apart; send the payloads in another order",
};

/**
 * Decides whether the demand depends on the size of a request; undefined if no sizes are known.
 * @param station without an effect of size: it shows in which cells requests hardly wait
 */
export function findDemandBySize(
  cells: readonly PreparedCell[],
  station: ModelParameters,
): SizeFinding | undefined {
  const size = cells.find(({ cell }) => cell.size !== undefined)?.cell.size;
  if (size === undefined) return undefined;
  const own = cells.filter(({ cell }) => cell.size?.name === size.name);
  const sizes = own.filter(({ seen }) => seen?.cutRequests === 0).flatMap(({ cell }) => knownSizes(cell));
  if (sizes.length === 0) return undefined;
  const units = rangeOf(sizes);
  const refuse = (whyNot: string, line?: SizeLine): SizeFinding => ({
    whyNot,
    found: {
      ...size,
      ...{ isChosen: false, units, reason: `The model takes one demand for all sizes: ${whyNot}.` },
      ...(line !== undefined && errorsOf(line)),
    },
  });
  const stdev = Math.sqrt(average(sizes.map((one) => (one - units.mean) ** 2)));
  if (!(stdev > MIN_VARIATION * units.mean)) return refuse(`${size.name} hardly vary between requests`);
  const line = fitSizeLine(lightRuns(own, station));
  if (typeof line === "string") return refuse(WHY_NOT[line]);
  const error = line.linearError / line.constantError;
  const beats = `left-out sizes in left-out runs are predicted with ${formatPercent(error, 0)} of the error of a constant demand`;
  if (!(error < MARGIN)) return refuse(`${beats} (below ${formatPercent(MARGIN, 0)} is needed)`, line);
  const reach = studentT((1 + LEVEL) / 2, line.degrees) * line.standardError;
  if (!(Math.abs(line.perUnitSeconds) > reach))
    return refuse(
      `the effect of ${size.name} is within its own uncertainty; measure more sizes or runs`,
      line,
    );
  const effect = {
    perUnitSeconds: line.perUnitSeconds,
    meanUnits: units.mean,
    classes: classifySizes(sizes),
  };
  const reason = `The demand depends on ${size.name}: ${beats}.`;
  return { found: { ...size, isChosen: true, reason, units, ...errorsOf(line) }, chosen: { effect, line } };
}

/** The finding if requests have a demand for each of two classes instead. */
export const besideClasses = ({ found, whyNot }: SizeFinding): DemandBySize =>
  whyNot === undefined ? found : { ...found, reason: `No line of sizes explains the demand: ${whyNot}.` };

/** An observation of requests that differ in size: what their sizes explain is not variation of the demand. */
export function withoutSizes(seen: Observation): Observation {
  const { explainedBySize = 0, stdevSeconds } = seen;
  return { ...seen, stdevSeconds: stdevSeconds * Math.sqrt(1 - explainedBySize) };
}

/** The draws, each with a slope drawn from its error. */
export function drawSlopes(
  draws: readonly StationDraw[],
  { effect, line }: NonNullable<SizeFinding["chosen"]>,
  seed: number,
): readonly StationDraw[] {
  const random = createRandom(seed);
  return draws.map((draw) => {
    const perUnitSeconds = effect.perUnitSeconds + line.standardError * drawStudent(line.degrees, random);
    return { ...draw, parameters: { ...draw.parameters, sizes: { ...effect, perUnitSeconds } } };
  });
}

/** The finding with the line of the fitted station. */
export function withLine(
  found: DemandBySize,
  parameters: ModelParameters,
  draws: readonly ModelParameters[],
): DemandBySize {
  const base = baseSeconds(parameters);
  const slopeOf = ({ sizes }: ModelParameters) => sizes?.perUnitSeconds ?? 0;
  return {
    ...found,
    baseSeconds: base,
    perUnitSeconds: slopeOf(parameters),
    intervals: {
      baseSeconds: drawInterval(draws.map(baseSeconds), base),
      perUnitSeconds: drawInterval(draws.map(slopeOf), slopeOf(parameters)),
    },
  };
}

function errorsOf({ constantError, linearError }: SizeLine): Pick<DemandBySize, "leaveOneOutError"> {
  return { leaveOneOutError: { constantSeconds: constantError, linearSeconds: linearError } };
}

function knownSizes({ clients }: ModelCell): number[] {
  return clients.flatMap(({ sizes = [] }) => sizes.filter((size) => !Number.isNaN(size)));
}

function rangeOf(sizes: readonly number[]): DemandBySize["units"] {
  const [min, max] = sizes.reduce(
    ([low, high], size) => [Math.min(low, size), Math.max(high, size)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return { min, mean: average(sizes), max };
}

/** The runs in which requests hardly wait, with times scaled to those of a request that is alone on the host. */
export function lightRuns(cells: readonly PreparedCell[], station: ModelParameters): readonly SizedRun[] {
  const least = Math.min(...cells.flatMap(({ seen }) => seen?.users ?? []));
  return cells.flatMap(({ cell, seen }) => {
    if (seen === undefined) return [];
    const { demandSeconds, delaySeconds, discipline } = station;
    const range = steadyRange(station, seen.users, seen.thinkTimeSeconds + delaySeconds);
    const slowdown = (discipline === "first-come" ? range.least : range.shared) / demandSeconds;
    if (seen.users > least && slowdown > 1 + LIGHT) return [];
    const stretch = discipline === "first-come" ? 1 : slowdown;
    return runsOf(cell).map(({ clients }) => clients.map((client) => sequenceOf(client, stretch)));
  });
}

/** Without a client's first request, which often opens the connection or starts the function. */
function sequenceOf(client: ModelClient, stretch: number): SizedSequence {
  const { sizes = [], roundTripSeconds, serviceSeconds = roundTripSeconds } = client;
  const failed = failedRequests(client);
  const kept = [...sizes.keys()].filter(
    (index) =>
      index > 0 && failed[index] === 0 && !Number.isNaN(sizes[index]) && !Number.isNaN(serviceSeconds[index]),
  );
  return {
    sizes: kept.map((index) => sizes[index] as number),
    seconds: kept.map((index) => (serviceSeconds[index] as number) / stretch),
  };
}
