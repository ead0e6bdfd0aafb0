import { formatCount } from "../../core/format.ts";
import { normalCdf } from "../numeric/normal.ts";
import { type ModelParameters, mostPerSecond } from "../station/parameters.ts";

/** Processor time that a request needs, and the cores that serve it. */
export interface ProcessorNeed {
  readonly secondsPerRequest: number;
  /** Absent: not known. */
  readonly cores?: number;
}

/**
 * What a request needs, and what that allows, in words.
 *
 * @example
 * ```ts
 * describeProcessors({ secondsPerRequest: 0.25 }); // "0.250 s of processor time per request"
 * ```
 */
export function describeProcessors(need: ProcessorNeed): string {
  const time = `${need.secondsPerRequest.toPrecision(3)} s of processor time per request`;
  if (need.cores === undefined) return time;
  return `${time} on ${formatCount(need.cores, "core")}: at most ${processorLimit(need).toPrecision(3)} requests per second`;
}

/**
 * Probability that processors alone limit a function that keeps one busy for as long as a request takes. Others are
 * limited earlier: by a lock, a fixed concurrency, a GPU, a disk.
 */
const LIMITS = 0.5;
/** A host that its processors limit reaches this much less than they allow, on average (logarithm). */
const USUAL_SHORTFALL = 0.1;
/** The processor time per request is known this well (standard deviation of the logarithm). */
const TIME_ERROR = 0.03;
/** One request on one core: its demand is its processor time, with this standard deviation of the logarithm. */
const DEMAND_ERROR = 0.06;

/**
 * What cells show of it: the least processor time per request, since start-up and background work add to it, and the
 * most cores. Undefined if no cell without failures shows any.
 */
export function findProcessorNeed(
  observations: readonly { readonly functionCpu?: ProcessorNeed }[],
): ProcessorNeed | undefined {
  const known = observations.flatMap(({ functionCpu }) => functionCpu ?? []);
  const times = known.map(({ secondsPerRequest }) => secondsPerRequest).filter((seconds) => seconds > 0);
  if (times.length === 0) return undefined;
  const cores = known.flatMap((one) => one.cores ?? []);
  return { secondsPerRequest: Math.min(...times), ...(cores.length > 0 && { cores: Math.max(...cores) }) };
}

/** Requests per second that the processors allow; Infinity if their number is not known. */
export const processorLimit = ({ secondsPerRequest, cores = Number.POSITIVE_INFINITY }: ProcessorNeed) =>
  cores / secondsPerRequest;

/**
 * Probability that processors are the only limit, from the light cells: it grows with the share of a request's time
 * that it computes.
 * @param leastSeconds the fastest mean round trip
 */
export const onlyLimitPrior = ({ secondsPerRequest }: ProcessorNeed, leastSeconds: number): number =>
  LIMITS * Math.min(1, secondsPerRequest / leastSeconds);

/** Probability that a request does not compute for more than `share` of the fastest mean round trip. */
export const idlePrior = (
  { secondsPerRequest }: ProcessorNeed,
  leastSeconds: number,
  share: number,
): number => normalCdf((1 - secondsPerRequest / leastSeconds - share) / DEMAND_ERROR);

/** How much the processor time speaks for a station: ln of a density, relative to that of any station. */
export interface ProcessorEvidence {
  /** If processors are the only limit: as many requests at full speed as keep all cores busy, or slightly fewer. */
  readonly asOnlyLimit: number;
  /** In any case: no station serves more than its processors can. */
  readonly always: number;
}

/** @param width of what is plausible otherwise: ln of the servers' range */
export function weighProcessors(
  parameters: ModelParameters,
  need: ProcessorNeed,
  { leastSeconds, width }: { readonly leastSeconds: number; readonly width: number },
): ProcessorEvidence {
  const demand = demandTerm(parameters, need, leastSeconds);
  if (need.cores === undefined) return { asOnlyLimit: demand, always: 0 };
  const limit = processorLimit(need);
  // Requests that slow each other down may compute for longer, so contention does not leave cores idle.
  const reached = Math.log(parameters.servers / parameters.demandSeconds / limit);
  const above = Math.max(0, reached) / TIME_ERROR;
  const excess = Math.max(0, Math.log(mostPerSecond(parameters) / limit)) / TIME_ERROR;
  return {
    asOnlyLimit:
      demand + Math.log(width / USUAL_SHORTFALL) + Math.min(0, reached) / USUAL_SHORTFALL - above ** 2 / 2,
    always: -(excess ** 2) / 2,
  };
}

/** A request that computes for longer than it takes uses several cores, so its demand is not its processor time. */
function demandTerm(
  { demandSeconds }: ModelParameters,
  { secondsPerRequest }: ProcessorNeed,
  leastSeconds: number,
): number {
  const idle = Math.log(leastSeconds / secondsPerRequest);
  if (idle < -3 * DEMAND_ERROR) return 0;
  const miss = Math.log(demandSeconds / secondsPerRequest) / DEMAND_ERROR;
  const width = Math.max(0, idle) + Math.sqrt(2 * Math.PI) * DEMAND_ERROR;
  return Math.log(width / (Math.sqrt(2 * Math.PI) * DEMAND_ERROR)) - miss ** 2 / 2;
}
