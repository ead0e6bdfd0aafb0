/** One line of `slbench doctor`. */
export interface Finding {
  readonly state: "ok" | "warning" | "failed" | "unknown";
  /** What was looked at. */
  readonly what: string;
  readonly found: string;
  /** What mends it. */
  readonly mend?: string;
}
