import type { ClientRun } from "../../clients/client-run.ts";
import { distinct, type MeasuredCell } from "../figure.ts";

/** Points of the curve: the changes of the number of users, or, of more than these, slices of the whole time. */
const MAX_POINTS = 1200;

export interface Timeline {
  /** Seconds from the first request to the last response. */
  readonly durationSeconds: number;
  /** Users at work from a time on, in order. */
  readonly active: readonly { readonly atSeconds: number; readonly users: number }[];
  /** When failed requests ended, in order, seconds. */
  readonly failuresSeconds: Float64Array;
}

/** The worker's clock could not be corrected. */
const hasUnknownStart = ({ requests }: ClientRun): boolean =>
  requests?.numbers("startEpochMicros").some(Number.isNaN) === true;

/** Users at work and failed requests over the whole run; undefined without the requests' times. */
export function timelineOf(cells: readonly MeasuredCell[]): Timeline | undefined {
  const clients = cells
    .flatMap((measured) => measured.clients)
    .filter((client) => (client.requests?.length ?? 0) > 0 && !hasUnknownStart(client));
  if (clients.length === 0) return undefined;
  const lives = clients.map(lifeOf);
  const origin = lives.reduce((first, { begin }) => Math.min(first, begin), Number.POSITIVE_INFINITY);
  const end = lives.reduce((last, life) => Math.max(last, life.end), 0);
  // At its own end a user works no more: a step down.
  const active = timesOf(lives, origin, end).map((at) => ({
    atSeconds: (at - origin) / 1e6,
    users: lives.filter((life) => life.begin <= at && at < life.end).length,
  }));
  const failures = clients.flatMap(failureEnds).map((at) => (at - origin) / 1e6);
  return {
    durationSeconds: (end - origin) / 1e6,
    active,
    failuresSeconds: Float64Array.from(failures).sort(),
  };
}

interface Life {
  readonly begin: number;
  readonly end: number;
}

/** From a client's first request to its last response, microseconds since 1970. */
function lifeOf(client: ClientRun): Life {
  const starts = client.requests?.numbers("startEpochMicros") ?? [];
  return {
    begin: starts.reduce((first, start) => Math.min(first, start), Number.POSITIVE_INFINITY),
    end: endsOf(client).reduce((last, end) => Math.max(last, end), 0),
  };
}

/** When each request ended, microseconds since 1970. */
function endsOf({ requests }: ClientRun): readonly number[] {
  const seconds = requests?.numbers("roundTripSeconds") ?? [];
  const starts = requests?.numbers("startEpochMicros") ?? [];
  return starts.map((start, index) => start + (seconds[index] as number) * 1e6);
}

function timesOf(lives: readonly Life[], origin: number, end: number): readonly number[] {
  const changes = distinct(lives.flatMap((life) => [life.begin, life.end]));
  if (changes.length <= MAX_POINTS) return changes;
  const slices = MAX_POINTS - 1;
  return Array.from({ length: MAX_POINTS }, (_, slice) => origin + ((end - origin) * slice) / slices);
}

const failureEnds = (client: ClientRun): readonly number[] =>
  endsOf(client).filter((_, index) => client.requests?.outcome(index) !== "ok");
