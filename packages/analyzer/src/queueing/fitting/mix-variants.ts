import type { VariantFit } from "./fit-variant.ts";
import type { StationDraw, Variant } from "./variant.ts";

/** The draws of all variants that predictions need: see PredictionInput. */
export interface Mixture {
  readonly draws: readonly StationDraw[];
  readonly plausible: readonly StationDraw[];
  readonly serversOpen: boolean;
}

/** Draws with more servers than were seen in use count as such from this share on. */
const MIN_OPEN = 0.05;

/**
 * Mixes the draws of all variants.
 * @param weights of the variants; they add up to 1
 */
export function mixVariants(
  fits: readonly VariantFit[],
  variants: readonly Variant[],
  weights: readonly number[],
  count: number,
): Mixture {
  const all = drawMixture(fits, weights, count);
  const serversOpen = all.filter(isOpen).length > MIN_OPEN * all.length;
  const isWider = variants.some(({ delay }) => delay === "long");
  const draws = claimLimit(isWider ? drawMixture(fits, claimedWeights(variants, weights), count) : all);
  if (!serversOpen) return { draws, plausible: all, serversOpen };
  return { draws, plausible: all.map(open), serversOpen };
}

const isOpen = (draw: StationDraw) => draw.openParameters !== undefined;

/** If capacity was not seen, and most draws have the one that their processors allow, it is claimed. */
function claimLimit(draws: readonly StationDraw[]): readonly StationDraw[] {
  const limited = draws.filter((draw) => draw.isAtProcessorLimit);
  const unseen = draws.filter(isOpen);
  return unseen.length > 0 && limited.length > unseen.length ? draws.filter((draw) => !isOpen(draw)) : draws;
}

/** The weights without long delays, unless the cells show one: then requests that wait elsewhere are claimed. */
export function claimedWeights(variants: readonly Variant[], weights: readonly number[]): readonly number[] {
  const short = weights.map((weight, index) => (variants[index]?.delay === "short" ? weight : 0));
  const sum = short.reduce((all, weight) => all + weight, 0);
  return sum < 0.5 ? weights : short.map((weight) => weight / sum);
}

/** Every second draw gets the servers that it may have beyond those seen. */
const open = (draw: StationDraw, index: number): StationDraw =>
  draw.openParameters !== undefined && index % 2 === 1 ? { ...draw, parameters: draw.openParameters } : draw;

/** Draws of all variants by their weights, in an order that mixes them. */
function drawMixture(
  fits: readonly VariantFit[],
  weights: readonly number[],
  count: number,
): readonly StationDraw[] {
  const draws: StationDraw[] = [];
  const taken = fits.map(() => 0);
  for (let index = 0; index < count; index++) {
    // The variant that lags most behind its share.
    const behind = weights.map((weight, variant) => weight * (index + 1) - (taken[variant] as number));
    const variant = behind.indexOf(Math.max(...behind));
    const own = (fits[variant] as VariantFit).draws;
    // Steps of the golden ratio visit the draws evenly.
    const at = Math.floor((((taken[variant] as number) * 0.6180339887 + 0.5) % 1) * own.length);
    draws.push(own[at] as StationDraw);
    taken[variant] = (taken[variant] as number) + 1;
  }
  return draws;
}
