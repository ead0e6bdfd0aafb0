import type { RunWatch } from "@slbench/analyzer";
import type { JournalRequest } from "../../results/journals.ts";

/**
 * Passes the steady part of a running cell on to a watch: the responses that arrive after every user has had its first
 * one. The end of that part is not known yet, so the watch counts at least what will count.
 *
 * @param users of the cell
 * @returns takes each request as its journal shows it
 */
export function feedSteadyPart(
  users: number,
  watch: RunWatch,
): (user: string, request: JournalRequest) => void {
  const firstArrivals = new Map<string, number>();
  let held: JournalRequest[] = [];
  let fromMicros: number | undefined;
  const pass = (request: JournalRequest, from: number) => {
    if (arrivalMicros(request) > from) watch.add(request.roundTripSeconds, request.outcome === "ok");
  };
  return (user, request) => {
    if (fromMicros !== undefined) return pass(request, fromMicros);
    held.push(request);
    if (firstArrivals.has(user)) return;
    firstArrivals.set(user, arrivalMicros(request));
    if (firstArrivals.size < users) return;
    fromMicros = Math.max(...firstArrivals.values());
    for (const one of held) pass(one, fromMicros);
    held = [];
  };
}

const arrivalMicros = ({ startEpochMicros, roundTripSeconds }: JournalRequest) =>
  startEpochMicros + roundTripSeconds * 1e6;
