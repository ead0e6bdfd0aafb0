import type { ClientRun } from "../clients/client-run.ts";
import { formatUsers } from "../core/format.ts";
import { activeSpan, envelope, type Span } from "../core/time-span.ts";
import { usersNotTogether } from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";

/** Below this share of its users active on average, a cell does not show how that many users are served. */
export const MIN_ACTIVE_RATIO = 0.9;

/** The condition of a cell, and how many of its users were in the system on average. */
export interface ActiveUsers {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly meanActiveUsers?: number;
}

/**
 * Time-average of the number of users in the system, waiting or thinking, over the measured part of a cell.
 *
 * A user is in the system from the start of its first request to the end of its last response; a request that was
 * still unanswered when its client was cut short counts up to that moment. The measured part of a repetition is its
 * steady part, or else goes from the first start to the last end over all its users. Repetitions count by their
 * length: Σ user time ÷ Σ measured time.
 *
 * @param steady the steady part of each repetition; absent: the whole run
 * @returns undefined if a start is not known (reports of the older form) or no time passed
 * @see Denning and Buzen 1978, ACM Computing Surveys 10(3): N of the interactive law counts thinking users too
 */
export function meanActiveUsers(
  clients: readonly ClientRun[],
  steady?: ReadonlyMap<number, Span>,
): number | undefined {
  const repetitions = new Map<number, Span[]>();
  for (const client of clients) {
    const span = timeInSystem(client);
    if (span === "unknown") return undefined;
    if (span === undefined) continue;
    const spans = repetitions.get(client.repetition);
    if (spans === undefined) repetitions.set(client.repetition, [span]);
    else spans.push(span);
  }
  let userMicros = 0;
  let measuredMicros = 0;
  for (const [repetition, spans] of repetitions) {
    const part = steady?.get(repetition) ?? (envelope(spans) as Span);
    measuredMicros += part.toEpochMicros - part.fromEpochMicros;
    for (const span of spans) userMicros += overlap(span, part);
  }
  return measuredMicros > 0 ? userMicros / measuredMicros : undefined;
}

/** Undefined if the client sent nothing. */
function timeInSystem({ requests, sentRequests, endedEarly }: ClientRun): Span | "unknown" | undefined {
  const unfinished = endedEarly?.unfinished ?? [];
  if (sentRequests + unfinished.length === 0) return undefined;
  if (sentRequests > 0 && requests === undefined) return "unknown";
  const starts = requests?.numbers("startEpochMicros") ?? [];
  const seconds = requests?.numbers("roundTripSeconds") ?? [];
  for (const { startEpochMicros, waitedSeconds } of unfinished) {
    starts.push(startEpochMicros);
    seconds.push(waitedSeconds);
  }
  return activeSpan(starts, seconds) ?? "unknown";
}

function overlap(one: Span, other: Span): number {
  const from = Math.max(one.fromEpochMicros, other.fromEpochMicros);
  const to = Math.min(one.toEpochMicros, other.toEpochMicros);
  return Math.max(0, to - from);
}

/** Whether too few of the cell's users were in the system at a time. */
export function isUnderloaded({ users, meanActiveUsers: active }: ActiveUsers): boolean {
  return active !== undefined && active < MIN_ACTIVE_RATIO * users;
}

/** `0.80 of 8 users`: users in the system on average, of the cell's users. */
export function formatActiveUsers({ users, meanActiveUsers: active = 0 }: ActiveUsers): string {
  return `${active.toFixed(2)} of ${formatUsers(users)}`;
}

/** A warning for each cell with too few users active together. */
export function underloadedCells(cells: readonly ActiveUsers[]): readonly Warning[] {
  return cells.filter(isUnderloaded).map((cell) => usersNotTogether(cell, formatActiveUsers(cell)));
}
