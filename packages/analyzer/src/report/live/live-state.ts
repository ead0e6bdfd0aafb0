import type { Condition } from "../../core/condition.ts";

/** A run as its live page shows it; sent as JSON once a second. */
export interface LiveState {
  /** Epoch ms. */
  readonly atMs: number;
  readonly phase: "preparing" | "measuring" | "between cells" | "reporting" | "ended";
  readonly cells: readonly LiveCell[];
  /** The cell that is measured now. */
  readonly current?: CurrentCell;
  /** What runs next, and why. */
  readonly next?: string;
  /** Absent until a cell has ended. */
  readonly secondsLeft?: number;
  /** One point per second of the last minutes, the newest last. */
  readonly points: readonly LivePoint[];
  /** Failed requests of the run so far by outcome, the most frequent first. */
  readonly errors: readonly { readonly outcome: string; readonly count: number }[];
  /** Counts the pages made so far; a browser that shows an older one fetches the page again. */
  readonly reports: number;
}

export interface LiveCell extends Condition {
  readonly name: string;
  /** `4 users, think 1 s` */
  readonly condition: string;
  readonly repetition: number;
  readonly state:
    | "planned"
    | "running"
    | "complete"
    | "ended-early"
    | "incomplete"
    | "failed"
    | "interrupted";
  readonly result?: LiveResult;
}

/** What one cell showed, over its whole run: a first look, without intervals. */
export interface LiveResult {
  readonly sent: number;
  readonly successful: number;
  /** Absent without requests. */
  readonly meanSeconds?: number;
  readonly p95Seconds?: number;
}

export interface CurrentCell {
  /** From 1. */
  readonly number: number;
  readonly condition: string;
  readonly users: number;
  /** Absent if journals are on other machines. */
  readonly activeUsers?: number;
  readonly requests: number;
  /** Absent if users send for a fixed time. */
  readonly plannedRequests?: number;
  readonly seconds: number;
  /** Why this cell was chosen, if a search chose it. */
  readonly reason?: string;
}

export interface LivePoint {
  readonly activeUsers?: number;
  /** Responses in this second. */
  readonly responses: number;
  readonly failures: number;
  /** Of this machine, 0..1; absent if unknown. */
  readonly busy?: number;
}
