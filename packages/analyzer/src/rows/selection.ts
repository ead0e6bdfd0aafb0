/**
 * The part of a run that figures are made of: `steady`, in which all users are in the system together, or the `whole`
 * run with its start and its end.
 */
export type RunPart = "steady" | "whole";

/** The requests that figures are made of. */
export interface Selection {
  /** A filter: docs/expressions.md. */
  readonly filter?: string;
  /** Absent: the steady part of cells that have one, and the whole of logs without clients' reports. */
  readonly part?: RunPart;
}
