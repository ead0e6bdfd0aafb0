import type { HostChange } from "../../core/host-change.ts";
import type { Interval } from "../../stats/interval.ts";
import { type Prediction, predict } from "../asking/predict.ts";
import { fitStation, type StationOptions } from "../fitting/fit-station.ts";
import { keepRequests, measuredTrace } from "../fitting/keep-requests.ts";
import type { ModelCell, ModelClient, TracedRequest } from "../fitting/observation.ts";
import { prepare } from "../fitting/prepare-cell.ts";

/** The part of a changed run in which the host was as in the other cells. */
export interface RegimeSegment {
  readonly change: HostChange;
  readonly part: "before" | "after";
  /** A cell of this part alone. */
  readonly cell: ModelCell;
}

/** Shorter parts say little: requests per user. */
const MIN_REQUESTS_PER_USER = 5;
const PARTS = ["before", "after"] as const;

/**
 * Of each run in which the host changed, finds the part that fits the cells in which it did not: the one whose mean
 * their fit predicts, if it predicts one of the two only.
 * @param steady cells without a change, enough for a fit
 */
export function findSegments(
  changed: readonly ModelCell[],
  steady: readonly ModelCell[],
  options: StationOptions,
): readonly RegimeSegment[] {
  const candidates = changed.flatMap((cell) =>
    (cell.changes ?? []).map((change) => PARTS.map((part) => segmentOf(cell, change, part))),
  );
  if (candidates.flat().every((segment) => segment === undefined)) return [];
  const { prediction } = fitStation(
    steady.map((cell) => prepare(cell, options.limitSeconds)),
    options,
  );
  return candidates.flatMap((parts) => {
    const fitting = parts.flatMap((segment) => {
      if (segment === undefined) return [];
      const { seen } = prepare(segment.cell, options.limitSeconds);
      if (seen === undefined) return [];
      const [{ interval }] = predict([seen], { ...prediction, plan: seen.plan }) as [Prediction];
      return isWithin(seen.meanRoundTripSeconds, interval) ? [segment] : [];
    });
    return fitting.length === 1 ? fitting : [];
  });
}

function segmentOf(
  cell: ModelCell,
  change: HostChange,
  part: RegimeSegment["part"],
): RegimeSegment | undefined {
  const own = cell.clients.filter(({ repetition = 1 }) => repetition === change.repetition);
  const starts = own
    .flatMap(measuredTrace)
    .map((request) => request.startSeconds)
    .sort((a, b) => a - b);
  const border = starts[change.at];
  if (border === undefined) return undefined;
  const isInside = ({ startSeconds }: TracedRequest) => startSeconds < border === (part === "before");
  const clients = own.map((client) => keepRequests(client, isInside));
  const requests = countRequests(clients);
  if (requests < MIN_REQUESTS_PER_USER * cell.users) return undefined;
  const { changes: _, ...rest } = cell;
  return {
    ...{ change, part },
    // Nothing of the start and the end of the run is in it.
    cell: { ...rest, clients, isSteady: true, requestsPerUser: requests / cell.users + 1 },
  };
}

const countRequests = (clients: readonly ModelClient[]) =>
  clients.reduce((sum, { roundTripSeconds }) => sum + roundTripSeconds.length, 0);

const isWithin = (value: number, { low, high }: Interval) => value >= low && value <= high;
