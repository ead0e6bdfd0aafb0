/** The requests that figures are made of. */
export interface Selection {
  /** A filter: docs/expressions.md. */
  readonly filter?: string;
  /** Keep only the time in which all users of a repetition were active. */
  readonly cutRamp?: boolean;
}
