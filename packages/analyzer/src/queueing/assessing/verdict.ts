import { formatPercent, formatUsers } from "../../core/format.ts";
import { median } from "../../stats/median.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import type { Observation } from "../fitting/observation.ts";
import { describeProcessors, processorLimit } from "../fitting/processor-need.ts";
import { drawInterval } from "../numeric/draw-interval.ts";
import { saturationUsers } from "../station/bounds.ts";
import { mostPerSecond } from "../station/parameters.ts";
import type { HeldOut } from "./held-out.ts";
import {
  describeUncertainty,
  findReliability,
  levelOf,
  type ReliabilitySigns,
  type TrustLevel,
} from "./reliability.ts";

export type { TrustLevel };

export interface Verdict {
  /** `trust` and `do not trust` stand for a `mostRight` above and below fixed limits (reliability.ts). */
  readonly level: TrustLevel;
  /** Share of the predictions of unmeasured loads, for up to `upToUsers` users, that is expected to be within 10% of the truth. */
  readonly expectedShare: number;
  /** How likely at least nine in ten of them are. */
  readonly mostRight: number;
  /** Twice the most fitted users. */
  readonly upToUsers: number;
  /** What both follow from. */
  readonly signs: ReliabilitySigns;
  /** The reasons, as sentences, with what to measure next if that helps. */
  readonly reasons: readonly string[];
}

/** A reason to trust a fit less, or a note about it. */
export interface Caveat {
  readonly level: "note" | Exclude<TrustLevel, "trust">;
  readonly reason: string;
}

/** Facts about a fit that the observations themselves do not show. */
export interface Circumstances {
  /** No load showed an upper end of the servers. */
  readonly serversOpen: boolean;
  /** Largest relative change between the halves of a client's requests. */
  readonly drift: number;
  /** Number of cells that were read from a summary. */
  readonly summarizedCells: number;
  /** Further warnings. */
  readonly caveats: readonly Caveat[];
}

function weighted<T extends { readonly weight: number }>(
  values: readonly T[],
  of: (one: T) => number,
): number {
  const weights = values.reduce((sum, one) => sum + one.weight, 0);
  return values.reduce((sum, one) => sum + one.weight * of(one), 0) / weights;
}

/**
 * Assesses how far a fit can be trusted: by how likely most predictions are right, and at most as far as the
 * measurements allow.
 */
export function judge(
  station: FittedStation,
  heldOut: HeldOut,
  { serversOpen, drift, summarizedCells, caveats }: Circumstances,
): Verdict {
  const { observations } = station;
  const { expectedShare, mostRight, signs } = findReliability(station);
  const all = [
    ...caveats,
    ...checkLoads(station),
    ...checkCapacity(station, serversOpen),
    ...caveat(levelOf(mostRight) !== "trust", "note", () => describeUncertainty(signs)),
    ...checkProcessors(station),
    ...checkDelay(station),
    ...checkKnee(station),
    ...checkThinkTimes(station),
    ...checkRepetitions(observations),
    ...checkFit(station, heldOut),
    ...caveat(
      drift > 0.1,
      "caution",
      () =>
        `The demand drifts: it changes by ${formatPercent(drift)} between the first and the second half of a client's requests.`,
    ),
    ...caveat(
      summarizedCells > 0,
      "caution",
      () =>
        `Only the summary of ${summarizedCells} cells was available: their intervals follow from standard errors, not from requests.`,
    ),
  ];
  const byShare = levelOf(mostRight);
  const levels: readonly TrustLevel[] = [
    byShare === "do not trust" && isConfirmed(station, heldOut) ? "caution" : byShare,
    ...all.flatMap(({ level }) => (level === "note" ? [] : level)),
  ];
  const sorted = LEVELS.flatMap((wanted) => all.filter(({ level }) => level === wanted));
  return {
    level: LEVELS.find((level) => levels.includes(level as TrustLevel)) as TrustLevel,
    expectedShare,
    mostRight,
    upToUsers: 2 * Math.max(...observations.map((seen) => seen.users)),
    signs,
    reasons: sorted.map(({ reason }) => reason),
  };
}

/** A kind of host with a smaller weight is not worth a word. */
const MIN_DOUBT = 0.1;

/** The worst first. */
const LEVELS = ["do not trust", "caution", "trust", "note"] as const;

const caveat = (isSo: boolean, level: Caveat["level"], reason: () => string): readonly Caveat[] =>
  isSo ? [{ level, reason: reason() }] : [];

function checkLoads({ observations, best }: FittedStation): readonly Caveat[] {
  const loads = new Set(observations.map((seen) => seen.users));
  return [
    ...caveat(
      loads.size < 3,
      "caution",
      () => `The fit covers only ${loads.size} different numbers of users; measure at least three.`,
    ),
    ...caveat(
      observations.every((seen) => seen.users > best.parameters.servers),
      "caution",
      () =>
        "Every load is above saturation, so demand and servers cannot be separated well. Measure 1 user too.",
    ),
  ];
}

/** Whether held-out cells beyond the fitted loads confirm the fit. */
function isConfirmed({ observations }: Pick<FittedStation, "observations">, heldOut: HeldOut): boolean {
  const most = Math.max(...observations.map((seen) => seen.users));
  return heldOut.cells.some((cell) => cell.users > most) && (heldOut.medianErrorRatio ?? 1) < 0.1;
}

/** Capacity that no load reached. How far that costs predictions, the expected share says. */
function checkCapacity(
  { observations, best, processors }: FittedStation,
  serversOpen: boolean,
): readonly Caveat[] {
  const { demandSeconds, servers } = best.parameters;
  const most = Math.max(...observations.map((seen) => seen.users));
  const isOpen = serversOpen || best.openParameters !== undefined;
  const isUnsaturated = observations.every(
    (seen) => seen.users < saturationUsers(demandSeconds, servers, seen.thinkTimeSeconds),
  );
  const loads = `The fitted loads (at most ${formatUsers(most)}) do not reach far beyond saturation`;
  if (processors?.cores !== undefined && best.isAtProcessorLimit)
    return caveat(
      isUnsaturated,
      "note",
      () =>
        `${loads}. The capacity is what the processors allow (${describeProcessors(processors)}), unless something else limits the function earlier: a lock, a fixed concurrency, a GPU. More users show it.`,
    );
  return caveat(
    isUnsaturated || isOpen,
    "note",
    () =>
      `${loads}, so the capacity of ${servers.toFixed(1)} concurrent requests is assumed, not observed. Measure with more users.`,
  );
}

/** Capacity far below that of the processors. */
const MUCH_BELOW = 0.7;

/** Something that limits the function before its processors do. */
function checkProcessors({ best, processors, observations }: FittedStation): readonly Caveat[] {
  if (processors?.cores === undefined || best.openParameters !== undefined) return [];
  const capacity = mostPerSecond(best.parameters);
  const isSeen = observations.some((seen) => seen.users > best.parameters.servers);
  return caveat(
    isSeen && capacity < MUCH_BELOW * processorLimit(processors),
    "note",
    () =>
      `The function serves at most ${capacity.toPrecision(3)} requests per second, although its processors allow more (${describeProcessors(processors)}): something else limits it, such as a lock, a fixed concurrency, a GPU, a disk, or other programs on its machine.`,
  );
}

/** A delay that the cells neither show nor rule out. */
function checkDelay({ variants, prediction }: FittedStation): readonly Caveat[] {
  const weight = variants.reduce((sum, one) => sum + (one.delay === "long" ? one.weight : 0), 0);
  const delays = prediction.plausible.map(({ parameters }) => parameters.delaySeconds);
  return caveat(
    weight >= MIN_DOUBT && weight <= 1 - MIN_DOUBT,
    "note",
    () =>
      `The cells do not tell work on the host from a delay outside of it, which may be up to ${drawInterval(delays, 0).high.toFixed(2)} s: more users do (--next).`,
  );
}

/** Requests that take longer once more than some are there. */
function checkKnee({ variants, prediction }: FittedStation): readonly Caveat[] {
  const weight = variants.reduce((sum, one) => sum + (one.hasKnee ? one.weight : 0), 0);
  const knees = prediction.plausible.flatMap(({ parameters }) => parameters.knee ?? []);
  return caveat(weight >= MIN_DOUBT && knees.length > 0, "note", () => {
    const beyond = usualRange(knees.map((knee) => Math.floor(knee.beyond)));
    const slowdown = usualRange(knees.map((knee) => knee.slowdown));
    const certainty = weight > 1 - MIN_DOUBT ? "" : `${formatPercent(weight, 0)} likely: `;
    const found = `${certainty}with more than ${beyond.low}${beyond.low === beyond.high ? "" : ` to ${beyond.high}`} requests at once, each takes ${slowdown.low.toFixed(2)} to ${slowdown.high.toFixed(2)} times as long`;
    return `${found.charAt(0).toUpperCase()}${found.slice(1)}, as if a cache or the memory overflowed. Loads around there show where.`;
  });
}

const usualRange = (values: readonly number[]) => drawInterval(values, median(values));

/** ln(predicted ÷ measured), think time and weight of each fitted cell. */
function weightedResiduals({ fitted, residuals }: FittedStation) {
  return residuals.map((residual, index) => {
    const seen = fitted[index] as Observation;
    return { residual, think: seen.thinkTimeSeconds, weight: (1 - seen.cutRequests / seen.requests) ** 2 };
  });
}

function checkThinkTimes(station: FittedStation): readonly Caveat[] {
  const all = weightedResiduals(station);
  return [...new Set(all.map(({ think }) => think))].flatMap((think) => {
    const own = all.filter((one) => one.think === think);
    const bias = weighted(own, ({ residual }) => residual);
    return caveat(
      own.length > 1 && Math.abs(bias) > 0.05,
      "note",
      () =>
        `Think times disagree: cells with ${think} s are predicted ${formatPercent(Math.abs(bias))} too ${bias > 0 ? "slow" : "fast"}.`,
    );
  });
}

function checkRepetitions(observations: readonly Observation[]): readonly Caveat[] {
  return [...new Set(observations.map((seen) => seen.thinkTimeSeconds))].flatMap((think) => {
    const own = observations.filter((seen) => seen.thinkTimeSeconds === think);
    const deviation = Math.max(...own.map((seen) => seen.betweenRunsSeconds ?? 0));
    const means = own.map((seen) => seen.uncutMeanSeconds);
    const effect = Math.max(...means) - Math.min(...means);
    return caveat(
      own.length > 1 && deviation > effect,
      "do not trust",
      () =>
        `Repetitions of one cell with think time ${think} s differ by more (${deviation.toFixed(3)} s, standard deviation) than the loads do (${effect.toFixed(3)} s): measure on a quieter machine, or with more repetitions.`,
    );
  });
}

/** What the expected share follows from, in words. */
function checkFit(station: FittedStation, { medianErrorRatio: error }: HeldOut): readonly Caveat[] {
  const misfit = Math.sqrt(weighted(weightedResiduals(station), ({ residual }) => residual ** 2));
  return [
    ...caveat(
      misfit > 0.04,
      "note",
      () => `The model misses the measured means by ${formatPercent(misfit)} (root mean square).`,
    ),
    error === undefined
      ? { level: "caution", reason: "There were no held-out cells to check the fit." }
      : { level: "note", reason: `The median error of held-out cells is ${formatPercent(error)}.` },
  ];
}
