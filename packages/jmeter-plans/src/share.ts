/** One slave's part of a cell's users. */
export interface Share {
  readonly users: number;
  /** Whole seconds, as JMeter wants them, rounded down. */
  readonly rampUpSeconds: number;
  /** What JMeter's ramp-up lacks for each user before this one, in microseconds. */
  readonly slackMicros: number;
}

/**
 * The part of slave `index` of `slaves`: user j of slave i is user j × slaves + i of all, and starts
 * (j × slaves + i) / rate seconds after the test began, whatever the number of slaves.
 */
export function slaveShare(users: number, slaves: number, index: number, startRatePerSecond: number): Share {
  const own = Math.floor(users / slaves) + (index < users % slaves ? 1 : 0);
  if (own === 0) return { users: 0, rampUpSeconds: 0, slackMicros: 0 };
  const spacing = slaves / startRatePerSecond;
  const rampUpSeconds = Math.floor(own * spacing + 1e-9);
  return {
    users: own,
    rampUpSeconds,
    slackMicros: Math.max(0, Math.round((spacing - rampUpSeconds / own) * 1e6)),
  };
}
