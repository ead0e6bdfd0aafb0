/** Which requests the figures are of. */
export interface Selection {
  /** As `parseFilter` reads it. */
  readonly filter?: string;
  /** Only the time in which all users of a repetition were active. */
  readonly cutRamp?: boolean;
}
