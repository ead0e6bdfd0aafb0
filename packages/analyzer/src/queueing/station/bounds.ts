/** Asymptotic bounds that no closed system with this demand and these servers can beat. */
export interface AsymptoticBounds {
  /** X ≤ min(N / (S + Z), c / S). */
  readonly throughputPerSecond: number;
  /** R ≥ max(S, N S / c − Z). */
  readonly responseSeconds: number;
}

/**
 * Asymptotic bounds for N users, demand S, c servers and think time Z.
 * @see Lazowska, Zahorjan, Graham, Sevcik 1984, Quantitative System Performance, chapter 5
 *
 * @example
 * ```ts
 * asymptoticBounds(4, 0.5, 2, 0).responseSeconds; // 1
 * ```
 */
export function asymptoticBounds(
  users: number,
  demandSeconds: number,
  servers: number,
  thinkSeconds: number,
): AsymptoticBounds {
  return {
    throughputPerSecond: Math.min(users / (demandSeconds + thinkSeconds), servers / demandSeconds),
    responseSeconds: Math.max(demandSeconds, (users * demandSeconds) / servers - thinkSeconds),
  };
}

/** N* = c (S + Z) / S: the number of users at which the asymptotes meet. */
export function saturationUsers(demandSeconds: number, servers: number, thinkSeconds: number): number {
  return (servers * (demandSeconds + thinkSeconds)) / demandSeconds;
}
