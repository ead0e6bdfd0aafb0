/** Two ends of an interval, in the unit of what it is of. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The level of every interval that slbench gives for a measured figure. */
export const CONFIDENCE_LEVEL = 0.95;

/** z of the two-sided 95% interval: Φ⁻¹(0.975). */
export const Z_95 = 1.959963984540054;
