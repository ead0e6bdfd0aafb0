/** A doubt about a result: shown with it, never an error. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Something of the input that could not be used. */
export interface SkippedInput {
  /** File or source. */
  readonly source: string;
  /** Line, byte or sample, as far as known. */
  readonly place: string;
  readonly reason: string;
  /** How many pieces it stands for; absent: one. */
  readonly count?: number;
}
