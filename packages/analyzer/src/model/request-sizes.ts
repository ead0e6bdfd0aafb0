import type { ClientRun } from "../clients/client-run.ts";
import type { NumberName } from "../columns/request-columns.ts";
import type { RequestList } from "../columns/request-list.ts";
import type { ModelClient, RequestSize } from "../queueing/index.ts";

/** How sizes and service times are read from the requests of a result. */
interface SizeSource {
  readonly size: RequestSize;
  readonly column: NumberName;
  /** Units per value: bytes become kilobytes. */
  readonly scale: number;
}

/** In order of preference: first what the function reports, then the bytes sent and received. */
const COLUMNS: readonly { readonly column: NumberName; readonly name: string; readonly scale: number }[] = [
  { column: "units", name: "units", scale: 1 },
  { column: "faces", name: "faces", scale: 1 },
  { column: "sentBytes", name: "kB sent", scale: 1e-3 },
  { column: "receivedBytes", name: "kB received", scale: 1e-3 },
];

/**
 * Chooses one measure of size for all results; undefined if no response or payload has one that varies.
 * The handler's time is closest to the service time; without it, the ML time or else the round trip is used.
 */
export function findSizes(clients: readonly ClientRun[]): SizeSource | undefined {
  const lists = clients.flatMap(({ requests }) => requests ?? []);
  const found = COLUMNS.find(({ column, scale }) =>
    scale === 1 ? lists.some((list) => list.has(column)) : varies(lists, column),
  );
  if (found === undefined) return undefined;
  const isKnown = (name: string) => lists.every((list) => list.successful === 0 || list.has(name));
  const time = (["handlerSeconds", "mlSeconds"] as const).find(isKnown) ?? "roundTripSeconds";
  const name = (found.column === "units" && clients.find((one) => one.unitsName)?.unitsName) || found.name;
  return { size: { name, time }, column: found.column, scale: found.scale };
}

/** Sizes in bytes count as sizes only if they differ by more than headers do. */
const MIN_SPREAD = 1.05;

function varies(lists: readonly RequestList[], column: NumberName): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const list of lists)
    for (const value of list.successfulNumbers(column)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  return high > MIN_SPREAD * low;
}

/** One client's sizes and service times; cold starts and requests that failed have no size. */
export function sizesOf(
  { requests }: ClientRun,
  { column, scale, size }: SizeSource,
): Pick<ModelClient, "sizes" | "serviceSeconds"> {
  if (requests === undefined) return {};
  const sizes = requests
    .numbers(column)
    .map((value, index) =>
      requests.outcome(index) === "ok" && !requests.isColdStart(index) ? scale * value : Number.NaN,
    );
  return { sizes, serviceSeconds: requests.numbers(size.time) };
}
