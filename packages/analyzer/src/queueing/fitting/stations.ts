import { formatPercent, formatThreeDigits } from "../../core/format.ts";
import type { Interval } from "../../stats/interval.ts";
import { drawInterval } from "../numeric/draw-interval.ts";
import type { ModelParameters } from "../station/parameters.ts";
import type { VariantFit } from "./fit-variant.ts";
import type { Split } from "./split.ts";
import type { StationDraw, Variant } from "./variant.ts";

/** One of two stations: a reported part of the round trip, or the rest. */
export interface FittedPart {
  /** The reported time (`ml`), or `rest`; `other` for the rest of a time named `rest`. */
  readonly name: string;
  readonly demandSeconds: number;
  readonly servers: number;
  /** `first-come`: first come, first served. */
  readonly discipline: "sharing" | "first-come";
  /** What it serves at most. */
  readonly requestsPerSecond: number;
  /** 95%; without an upper end where no load showed one. */
  readonly intervals: {
    readonly demandSeconds: Interval;
    readonly servers: { readonly low: number; readonly high?: number };
    readonly requestsPerSecond: { readonly low: number; readonly high?: number };
  };
}

/** Whether the parts of the round trip wait at stations of their own. */
export interface StationsFinding {
  /** Whether more than half of the plausible hosts have these stations. */
  readonly isChosen: boolean;
  /** That share. */
  readonly weight: number;
  /** The reported part, and the rest. */
  readonly parts: readonly [FittedPart, FittedPart];
  /** The part whose time grows most with the load. */
  readonly growing: string;
  /** The part that saturates first; absent if fewer than 95% of the plausible hosts agree. */
  readonly bottleneck?: string;
  /** As a sentence. */
  readonly reason: string;
}

/** The name of what the reported time does not cover: unlike that time's. */
const restOf = ({ name }: Split): string => (name === "rest" ? "other" : "rest");
/** Share of the plausible hosts that have to agree about the bottleneck. */
const AGREEMENT = 0.95;
/** From this share of draws on with servers for all users, no load showed an upper end. */
const MIN_OPEN = 0.05;

/** Of a draw of two stations: those of the reported part and of the rest. */
export function partOf(parameters: ModelParameters, isGrowing: boolean) {
  return isGrowing ? parameters : (parameters.other as NonNullable<ModelParameters["other"]>);
}

const capacity = ({ demandSeconds, servers }: Pick<ModelParameters, "demandSeconds" | "servers">): number =>
  servers / demandSeconds;

/**
 * Describes the stations that the split shows.
 * @param plausible draws of all variants
 * @param mostTogether users: no more servers than that were seen in use
 */
export function describeStations(
  split: Split,
  variants: readonly (Variant & { readonly weight: number })[],
  fits: readonly VariantFit[],
  plausible: readonly StationDraw[],
  mostTogether: number,
): StationsFinding {
  const weightOf = (index: number) =>
    variants[index]?.split === undefined ? 0 : (variants[index]?.weight ?? 0);
  const indexes = variants.flatMap((one, index) => (one.split === undefined ? [] : index));
  const weight = indexes.reduce((sum, index) => sum + weightOf(index), 0);
  const best = indexes.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a));
  const fit = fits[best] as VariantFit;
  const own = plausible.filter(({ parameters }) => parameters.other !== undefined);
  // Of a variant without weight, nothing is among the plausible hosts.
  const draws = (own.length > 0 ? own : fit.draws).map((draw) => draw.openParameters ?? draw.parameters);
  const most = fit.best.parameters;
  const describePart = (name: string, isGrowing: boolean): FittedPart => {
    const part = partOf(most, isGrowing);
    const unseen = draws.filter((draw) => partOf(draw, isGrowing).servers >= mostTogether);
    const isOpen = unseen.length > MIN_OPEN * draws.length;
    const intervalOf = (of: (one: ReturnType<typeof partOf>) => number) =>
      drawInterval(
        draws.map((draw) => of(partOf(draw, isGrowing))),
        of(part),
      );
    const upToSeen = ({ low, high }: Interval) => (isOpen ? { low } : { low, high });
    return {
      ...{ name, demandSeconds: part.demandSeconds, servers: part.servers },
      discipline: isGrowing ? (most.discipline ?? "sharing") : "sharing",
      requestsPerSecond: capacity(part),
      intervals: {
        demandSeconds: intervalOf((one) => one.demandSeconds),
        servers: upToSeen(intervalOf((one) => one.servers)),
        requestsPerSecond: upToSeen(intervalOf(capacity)),
      },
    };
  };
  const names = {
    growing: split.growing === "part" ? split.name : restOf(split),
    other: split.growing === "part" ? restOf(split) : split.name,
  };
  const growingFirst = draws.filter((draw) => capacity(partOf(draw, true)) < capacity(partOf(draw, false)));
  const share = growingFirst.length / draws.length;
  const bottleneck = share >= AGREEMENT ? names.growing : share <= 1 - AGREEMENT ? names.other : undefined;
  const isChosen = weight > 0.5;
  const parts = [
    describePart(split.name, split.growing === "part"),
    describePart(restOf(split), split.growing !== "part"),
  ] as const;
  return {
    ...{ isChosen, weight, parts, growing: names.growing },
    ...(isChosen && bottleneck !== undefined && { bottleneck }),
    reason: reasonOf(split, weight, isChosen, isChosen ? bottleneck : undefined, parts),
  };
}

function reasonOf(
  { name, growing }: Split,
  weight: number,
  isChosen: boolean,
  bottleneck: string | undefined,
  parts: readonly FittedPart[],
): string {
  const grows = growing === "part" ? `${name} takes a larger share` : `all but ${name} takes a larger share`;
  const seen = `Under load, ${grows} of the round trip; ${formatPercent(weight, 0)} of the hosts that explain the cells have a station for each part.`;
  if (!isChosen) return `The model takes one station. ${seen}`;
  if (bottleneck === undefined)
    return `${seen} Which of them saturates first is not known; more users show it.`;
  const first = parts.find((part) => part.name === bottleneck) as FittedPart;
  const next = parts.find((part) => part.name !== bottleneck) as FittedPart;
  return `${seen} ${bottleneck} saturates first, at ${formatThreeDigits(first.requestsPerSecond)} requests per second; ${next.name} at ${next.intervals.requestsPerSecond.high === undefined ? "least " : ""}${formatThreeDigits(next.requestsPerSecond)}.`;
}
