import { formatPercent } from "../../core/format.ts";
import { type MeanFit, toldBy } from "../fitting/fit.ts";
import type { Observation } from "../fitting/observation.ts";
import { saturationUsers } from "../station/bounds.ts";
import type { HeldOut } from "./held-out.ts";

export type TrustLevel = "trust" | "caution" | "do not trust";

export interface Verdict {
  readonly level: TrustLevel;
  /** Why, as sentences; what to measure next where that would help. */
  readonly reasons: readonly string[];
}

/** Something that speaks against a fit, or ought to be known about it. */
export interface Doubt {
  readonly level: "note" | Exclude<TrustLevel, "trust">;
  readonly reason: string;
}

/** What the observations do not show by themselves. */
export interface Circumstances {
  /** No load showed an upper end of the servers. */
  readonly serversOpen: boolean;
  /** Largest relative change between the halves of a client's requests. */
  readonly drift: number;
  /** Cells of which only the summary was left. */
  readonly summarizedCells: number;
  /** What else was found. */
  readonly doubts: readonly Doubt[];
}

/** A search for servers ends this near to their cap, where there is nothing better below. */
const AT_CAP = 0.999;

function weighted<T extends { readonly weight: number }>(
  values: readonly T[],
  of: (one: T) => number,
): number {
  const weights = values.reduce((sum, one) => sum + one.weight, 0);
  return values.reduce((sum, one) => sum + one.weight * of(one), 0) / weights;
}

/** How far a fit can be trusted, in words. */
export function judge(
  fit: MeanFit,
  observations: readonly Observation[],
  heldOut: HeldOut,
  { serversOpen, drift, summarizedCells, doubts }: Circumstances,
): Verdict {
  const found = (level: Doubt["level"]) =>
    doubts.filter((doubt) => doubt.level === level).map(({ reason }) => reason);
  const caution = found("caution");
  const refuse = found("do not trust");
  const notes = found("note");
  const loads = new Set(observations.map((seen) => seen.users));
  const most = Math.max(...loads);
  const { demandSeconds, servers } = fit.parameters;
  if (loads.size < 3)
    caution.push(`Only ${loads.size} different numbers of users were fitted; measure at least three.`);
  // Servers at their cap, the most users measured, were not seen either.
  const unsaturated =
    servers > AT_CAP * most ||
    observations.every((seen) => seen.users < saturationUsers(demandSeconds, servers, seen.thinkTimeSeconds));
  if (unsaturated || serversOpen) {
    // A prediction beyond the fitted loads that held-out cells confirm is better than none.
    const confirmed =
      heldOut.cells.some((cell) => cell.users > most) && (heldOut.medianErrorRatio ?? 1) < 0.1;
    (confirmed || !unsaturated ? caution : refuse).push(
      `The fitted loads (${most} users at most) do not go well beyond saturation: that the host serves no more than ${servers.toFixed(1)} requests at once is assumed, not seen. Measure with more users.`,
    );
  }
  if (observations.every((seen) => seen.users > servers)) {
    caution.push(
      "No load lies below saturation: demand and servers cannot be told apart well. Measure one user too.",
    );
  }
  const residuals = fit.residuals.map((residual, index) => {
    const seen = observations[index] as Observation;
    return { residual, think: seen.thinkTimeSeconds, weight: toldBy(seen) };
  });
  const rms = Math.sqrt(weighted(residuals, ({ residual }) => residual ** 2));
  if (rms > 0.1)
    refuse.push(`The model misses the measured means by ${formatPercent(rms)} (root mean square).`);
  else if (rms > 0.04)
    caution.push(`The model misses the measured means by ${formatPercent(rms)} (root mean square).`);
  for (const think of new Set(observations.map((seen) => seen.thinkTimeSeconds))) {
    const own = residuals.filter((one) => one.think === think);
    const bias = weighted(own, ({ residual }) => residual);
    if (own.length > 1 && Math.abs(bias) > 0.05) {
      caution.push(
        `Think times disagree: cells with ${think} s are predicted ${formatPercent(Math.abs(bias))} too ${bias > 0 ? "slow" : "fast"}.`,
      );
    }
  }
  for (const think of new Set(observations.map((seen) => seen.thinkTimeSeconds))) {
    const own = observations.filter((seen) => seen.thinkTimeSeconds === think);
    const spread = Math.max(...own.map((seen) => seen.betweenRunsSeconds ?? 0));
    const means = own.map((seen) => seen.uncutMeanSeconds);
    const effect = Math.max(...means) - Math.min(...means);
    if (own.length > 1 && spread > effect) {
      refuse.push(
        `Repetitions of one cell with think time ${think} s differ by more (${spread.toFixed(3)} s, standard deviation) than the loads do (${effect.toFixed(3)} s): measure on a quieter machine, or with more repetitions.`,
      );
    }
  }
  if (drift > 0.1)
    caution.push(
      `The demand drifts: between the first and the second half of a client's requests it changes by ${formatPercent(drift)}.`,
    );
  if (summarizedCells > 0)
    caution.push(
      `Of ${summarizedCells} cells only the summary was there: intervals follow from standard errors, not from their requests.`,
    );
  const error = heldOut.medianErrorRatio;
  if (error === undefined) caution.push("No cell was left to check the fit with.");
  else if (error > 0.15) refuse.push(`Held-out cells are missed by ${formatPercent(error)} in the median.`);
  else if (error > 0.05) caution.push(`Held-out cells are missed by ${formatPercent(error)} in the median.`);
  const good =
    error === undefined ? [] : [`Held-out cells are predicted within ${formatPercent(error)} in the median.`];
  if (refuse.length > 0) return { level: "do not trust", reasons: [...refuse, ...caution, ...notes] };
  if (caution.length > 0) return { level: "caution", reasons: [...caution, ...notes] };
  return { level: "trust", reasons: [...good, ...notes] };
}
