import { formatPercent, formatUsers } from "../../core/format.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import type { Observation } from "../fitting/observation.ts";
import { saturationUsers } from "../station/bounds.ts";
import type { HeldOut } from "./held-out.ts";

export type TrustLevel = "trust" | "caution" | "do not trust";

export interface Verdict {
  readonly level: TrustLevel;
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

/** A fit whose servers are at least this share of the cap counts as at the cap. */
const AT_CAP = 0.999;

function weighted<T extends { readonly weight: number }>(
  values: readonly T[],
  of: (one: T) => number,
): number {
  const weights = values.reduce((sum, one) => sum + one.weight, 0);
  return values.reduce((sum, one) => sum + one.weight * of(one), 0) / weights;
}

/** Assesses how far a fit can be trusted. */
export function judge(
  { observations, fitted, residuals: logErrors, best }: FittedStation,
  heldOut: HeldOut,
  { serversOpen, drift, summarizedCells, caveats }: Circumstances,
): Verdict {
  const found = (level: Caveat["level"]) =>
    caveats.filter((caveat) => caveat.level === level).map(({ reason }) => reason);
  const caution = found("caution");
  const refuse = found("do not trust");
  const notes = found("note");
  const loads = new Set(observations.map((seen) => seen.users));
  const most = Math.max(...loads);
  const { demandSeconds, servers } = best.parameters;
  if (loads.size < 3)
    caution.push(`The fit covers only ${loads.size} different numbers of users; measure at least three.`);
  // Servers at the cap (the most users measured) were not observed either.
  const unsaturated =
    servers > AT_CAP * most ||
    observations.every((seen) => seen.users < saturationUsers(demandSeconds, servers, seen.thinkTimeSeconds));
  if (unsaturated || serversOpen) {
    // Held-out cells beyond the fitted loads may confirm the servers.
    const confirmed =
      heldOut.cells.some((cell) => cell.users > most) && (heldOut.medianErrorRatio ?? 1) < 0.1;
    (confirmed || !unsaturated ? caution : refuse).push(
      `The fitted loads (at most ${formatUsers(most)}) do not reach far beyond saturation, so the capacity of ${servers.toFixed(1)} concurrent requests is assumed, not observed. Measure with more users.`,
    );
  }
  if (observations.every((seen) => seen.users > servers)) {
    caution.push(
      "Every load is above saturation, so demand and servers cannot be separated well. Measure 1 user too.",
    );
  }
  const residuals = logErrors.map((residual, index) => {
    const seen = fitted[index] as Observation;
    return { residual, think: seen.thinkTimeSeconds, weight: (1 - seen.cutRequests / seen.requests) ** 2 };
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
      `The demand drifts: it changes by ${formatPercent(drift)} between the first and the second half of a client's requests.`,
    );
  if (summarizedCells > 0)
    caution.push(
      `Only the summary of ${summarizedCells} cells was available: their intervals follow from standard errors, not from requests.`,
    );
  const error = heldOut.medianErrorRatio;
  if (error === undefined) caution.push("There were no held-out cells to check the fit.");
  else if (error > 0.15) refuse.push(`The median error of held-out cells is ${formatPercent(error)}.`);
  else if (error > 0.05) caution.push(`The median error of held-out cells is ${formatPercent(error)}.`);
  const good = error === undefined ? [] : [`The median error of held-out cells is ${formatPercent(error)}.`];
  if (refuse.length > 0) return { level: "do not trust", reasons: [...refuse, ...caution, ...notes] };
  if (caution.length > 0) return { level: "caution", reasons: [...caution, ...notes] };
  return { level: "trust", reasons: [...good, ...notes] };
}
