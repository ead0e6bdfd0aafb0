/** One line of `slbench doctor`. */
export interface Finding {
  readonly state: "ok" | "warning" | "failed" | "unknown";
  /** The thing checked. */
  readonly what: string;
  readonly found: string;
  /** How to fix it. */
  readonly fix?: string;
}
