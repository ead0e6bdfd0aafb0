import { OUTCOMES, type Outcome, type RequestResult, type UnfinishedRequest } from "./report.ts";

/** Why a value is no request's row; undefined if it is one. */
export function requestFault(request: unknown): string | undefined {
  if (typeof request !== "object" || request === null) return "is no object";
  const row = request as Partial<RequestResult>;
  if (!OUTCOMES.includes(row.outcome as Outcome)) return `has outcome "${row.outcome}"`;
  for (const name of ["sequence", "roundTripSeconds", "startEpochMicros"] as const) {
    if (!Number.isFinite(row[name])) return `has no number ${name}`;
  }
  return undefined;
}

/** The valid entries of a report's or journal's `unfinished`; undefined if it has none. */
export function unfinishedIn(value: unknown): readonly UnfinishedRequest[] | undefined {
  const entries = (Array.isArray(value) ? value : []) as (Partial<UnfinishedRequest> | null)[];
  const whole = entries.filter(
    (one) =>
      Number.isFinite(one?.sequence) &&
      Number.isFinite(one?.startEpochMicros) &&
      Number.isFinite(one?.waitedSeconds),
  );
  return whole.length === 0 ? undefined : (whole as UnfinishedRequest[]);
}
