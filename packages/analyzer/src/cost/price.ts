/**
 * What a platform charges: for each use, or by the hour for one machine that serves the function alone. tools/prices
 * has files of this form. All amounts are in `currency`.
 */
export type Price = PriceSource & ({ readonly perUse: PerUsePrice } | { readonly perHour: number });

/** Whose price it is, and from where. */
export interface PriceSource {
  readonly schema: "slbench.price/1";
  /** `aws-lambda-x86` */
  readonly name: string;
  readonly title: string;
  readonly region: string;
  /** Of the source: `2026-06-17`, `2025`, or `undated`. */
  readonly date: string;
  /** Where the amounts stand. */
  readonly source: string;
  readonly currency: string;
}

/** A charge for each request, whether or not its response is valid. */
export interface PerUsePrice {
  readonly perRequest: number;
  /** For the memory of the function, by the GB (10^9 bytes or 2^30: as the platform counts it). */
  readonly perGbSecond?: number;
  readonly perVcpuSecond?: number;
  /** The duration of a request is rounded up to a multiple of it, s. */
  readonly roundUpSeconds: number;
  /** A request is charged for at least this long, s. */
  readonly minimumSeconds?: number;
}

/** The size of one replica of the function. */
export interface ReplicaSize {
  readonly memoryGb: number;
  readonly vcpus: number;
}

/** The seconds for which a platform charges a request that ran for `seconds`. */
export function chargedSeconds(seconds: number, { roundUpSeconds, minimumSeconds = 0 }: PerUsePrice): number {
  // A duration that is a multiple, but for the last bits of its digits, is not rounded up to the next one.
  const steps = Math.ceil(seconds / roundUpSeconds - 1e-9);
  return Math.max(minimumSeconds, steps * roundUpSeconds);
}

/** The price of a request of `seconds`, on a replica of a size. */
export function priceOfRequest(
  seconds: number,
  price: PerUsePrice,
  { memoryGb, vcpus }: ReplicaSize,
): number {
  const perSecond = (price.perGbSecond ?? 0) * memoryGb + (price.perVcpuSecond ?? 0) * vcpus;
  return price.perRequest + perSecond * chargedSeconds(seconds, price);
}
