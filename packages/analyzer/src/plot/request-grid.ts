import type { ClientRun } from "../clients/client-run.ts";
import { formatUsers } from "../core/format.ts";
import { mean } from "../stats/mean.ts";
import type { CellSummary } from "../summary/cell.ts";
import { niceCeiling, title, valueAxis } from "./axes.ts";
import { distinct, type ReportFigure, round, seconds } from "./figure.ts";
import { INK, ownColor, PALETTE, renderSvg } from "./svg.ts";

/** A condition with its clients. */
export interface MeasuredCell {
  readonly cell: CellSummary;
  readonly clients: readonly ClientRun[];
}

/** Lines and points that one grid may have: more cannot be told apart, and make the page slow. */
const MAX_CLIENTS = 30;
const MAX_REQUESTS = 200;
/** Rows of one grid's table: beyond it requests.csv is handier. */
const MAX_ROWS = 2000;
/** Grids so many times below the others' scale have one of their own: they would be lines on the axis. */
const FAR_BELOW = 10;

/** Of more columns the words do not fit above each. */
const WIDE_COLUMNS = 5;

const ROWS = ["round trip (s)", "handler (s)", "ML (s)"] as const;
/** Of a second and later round of the palette, which colours alone cannot tell from the first. */
const DASHES = ["", "dashed", "dotted", "long dashes", "wide dots"] as const;
const DASH_TYPES = ["solid", "dashed", "dotted", [10, 4], [2, 6]] as const;

/** One client's requests as they are drawn: a number and a value per row, NaN where there is none. */
interface Traces {
  readonly numbers: readonly number[];
  readonly rows: readonly (readonly number[])[];
}

/** The publication's grids, for at most twelve numbers of users. */
export function requestGrids(cells: readonly MeasuredCell[]): readonly ReportFigure[] {
  const drawn = gridUsers(cells.map(({ cell }) => cell));
  const columns = drawn.map((users) =>
    cells
      .filter(({ cell }) => cell.users === users)
      .map(({ cell, clients }) => ({ cell, clients, traces: clients.slice(0, MAX_CLIENTS).map(tracesOf) })),
  );
  const scales = columns.map((own) => ({
    requests: most(own.flatMap(({ traces }) => traces.map(({ numbers }) => most(numbers)))),
    rows: ROWS.map((_, row) =>
      most(own.flatMap(({ traces }) => traces.map(({ rows }) => most(rows[row] ?? [])))),
    ),
  }));
  const lastRequest = most(scales.map(({ requests }) => requests));
  const common = ROWS.map((_, row) => scaleOf(scales.map(({ rows }) => rows[row] as number)));
  return drawn.map((users, index) =>
    requestGrid(users, columns[index] ?? [], {
      lastRequest,
      rows: common.map((scale) => scale[index] as number),
      longest: common.map((scale) => most(scale)),
      isCommon: common.every((scale) => new Set(scale).size === 1),
    }),
  );
}

/** One scale for all grids; where some lie far below it, one for those. */
function scaleOf(longest: readonly number[]): readonly number[] {
  const isLow = longest.map((own) => FAR_BELOW * own < most(longest));
  const low = most(longest.filter((_, index) => isLow[index]));
  return isLow.map((one) => (one ? low : most(longest)));
}

/** A client's requests by their number in the order of sending; of the older text form only the answers' order is known. */
function tracesOf(client: ClientRun): Traces {
  const { requests } = client;
  if (requests === undefined) {
    const rows = [client.roundTripSeconds, client.handlerSeconds, client.mlSeconds];
    return { numbers: client.roundTripSeconds.map((_, index) => index + 1), rows };
  }
  const answered = (name: "handlerSeconds" | "mlSeconds") =>
    requests.numbers(name).map((value, index) => (requests.outcome(index) === "ok" ? value : Number.NaN));
  return {
    numbers: requests.numbers("sequence"),
    rows: [requests.numbers("roundTripSeconds"), answered("handlerSeconds"), answered("mlSeconds")],
  };
}

interface Column extends MeasuredCell {
  readonly traces: readonly Traces[];
}

interface Scales {
  readonly lastRequest: number;
  readonly rows: readonly number[];
  /** Of all grids. */
  readonly longest: readonly number[];
  /** No grid has a scale of its own. */
  readonly isCommon: boolean;
}

/**
 * The publication's grid for one number of users: round trip, handler and ML time by request number, a column
 * per think time, a line per client. A row has one scale.
 */
function requestGrid(users: number, columns: readonly Column[], scales: Scales): ReportFigure {
  const width = 960;
  const left = 72;
  const [gapX, gapY, top, height] = [30, 34, 74, 120];
  const panel = (width - left - 12 - gapX * (columns.length - 1)) / columns.length;
  const grid: object[] = [];
  const xAxis: object[] = [];
  const yAxis: object[] = [];
  const series: object[] = [];
  const thinks = columns.length > WIDE_COLUMNS ? ", by think time" : "";
  const titles: object[] = [title(`${formatUsers(users)}: each client, request by request${thinks}`)];
  for (const [column, { cell, traces }] of columns.entries()) {
    const x = left + column * (panel + gapX);
    titles.push(
      title(`${columns.length > WIDE_COLUMNS ? "" : "think time "}${cell.thinkTimeSeconds} s`, {
        left: x + panel / 2,
        top: 42,
        textAlign: "center",
        textStyle: { color: INK, fontSize: 12 },
      }),
    );
    for (const [row, name] of ROWS.entries()) {
      const index = grid.length;
      const last = row === ROWS.length - 1;
      const highest = niceCeiling(scales.rows[row] as number);
      grid.push({ left: x, top: top + row * (height + gapY), width: panel, height });
      xAxis.push({
        ...valueAxis(last ? "payload" : "", 24, {
          min: 1,
          max: Math.max(2, niceCeiling(scales.lastRequest)),
          minInterval: 1,
          splitNumber: Math.min(5, Math.max(1, Math.floor(panel / 60))),
        }),
        gridIndex: index,
      });
      yAxis.push({
        ...valueAxis(column === 0 ? name : "", 54, {
          max: highest,
          interval: highest / 2,
          // The row's scale stands at its first panel.
          ...(column > 0 && { axisLabel: { show: false } }),
        }),
        gridIndex: index,
      });
      for (const [number, trace] of traces.entries()) {
        series.push({
          type: "line",
          symbol: "none",
          silent: true,
          xAxisIndex: index,
          yAxisIndex: index,
          color: ownColor(number),
          // Round ends show a request between two failed ones, too.
          lineStyle: { width: 1.2, opacity: 0.85, cap: "round", type: DASH_TYPES[dashOf(number)] },
          data: thin(trace.numbers, trace.rows[row] ?? []),
        });
      }
    }
  }
  const option = { title: titles, grid, xAxis, yAxis, series };
  const requests = columns.reduce(
    (sum, { traces }) => sum + traces.reduce((all, { numbers }) => all + numbers.length, 0),
    0,
  );
  const isWhole = requests <= MAX_ROWS;
  return {
    title: `Request by request, ${formatUsers(users)}`,
    svg: renderSvg(option, width, top + ROWS.length * (height + gapY) + 14),
    notes: [
      ...gridNotes(columns, scales),
      ...(isWhole
        ? []
        : [`Of ${requests} requests the table below has one row per client; requests.csv has all.`]),
    ],
    legend: Array.from(
      { length: Math.max(0, ...columns.map(({ traces }) => traces.length)) },
      (_, number) => ({
        name: clientName(columns, number),
        color: ownColor(number),
      }),
    ),
    data: isWhole ? requestRows(columns) : clientRows(columns),
  };
}

const dashOf = (number: number) => Math.floor(number / PALETTE.length) % DASHES.length;

/** Who a line is: as it calls itself, where it does so at every think time. */
function clientName(columns: readonly Column[], number: number): string {
  const names = new Set(
    columns.flatMap(({ clients }) => {
      const client = clients[number];
      return client === undefined ? [] : [nameOf(client)];
    }),
  );
  const [name] = names;
  const dash = DASHES[dashOf(number)];
  return `${names.size === 1 ? name : `client ${number + 1}`}${dash ? ` (${dash})` : ""}`;
}

const nameOf = ({ user, sample, repetition }: ClientRun) =>
  `${user ?? sample.threadName}${repetition > 1 ? `, run ${repetition}` : ""}`;

function requestRows(columns: readonly Column[]) {
  return {
    head: ["think time (s)", "client", "payload", ...ROWS],
    rows: columns.flatMap(({ cell, clients, traces }) =>
      traces.flatMap(({ numbers, rows }, index) =>
        numbers.map((number, at) => [
          String(cell.thinkTimeSeconds),
          nameOf(clients[index] as ClientRun),
          String(number),
          ...rows.map((values) => finite(values[at])),
        ]),
      ),
    ),
  };
}

const finite = (value: number | undefined) => (Number.isNaN(value) ? "" : seconds(value));

function clientRows(columns: readonly Column[]) {
  return {
    head: [
      ...["think time (s)", "client", "round trips", "mean (s)", "longest (s)"],
      ...["mean handler (s)", "mean ML (s)"],
    ],
    rows: columns.flatMap(({ cell, clients }) =>
      clients
        .slice(0, MAX_CLIENTS)
        .map((client) => [
          String(cell.thinkTimeSeconds),
          nameOf(client),
          String(client.roundTripSeconds.length),
          seconds(mean(client.roundTripSeconds)),
          seconds(client.roundTripSeconds.length === 0 ? undefined : most(client.roundTripSeconds)),
          seconds(mean(client.handlerSeconds)),
          seconds(mean(client.mlSeconds)),
        ]),
    ),
  };
}

function gridNotes(columns: readonly Column[], { rows, longest, isCommon }: Scales): readonly string[] {
  const notes = [
    "A line per client, by the request's number. A failed request has its round trip, but neither handler nor ML time: those lines have a gap there.",
  ];
  const all = columns.flatMap(({ clients }) => clients);
  if (
    all.some((client) => client.requests === undefined && client.handlerSeconds.length < client.sentRequests)
  )
    notes.push(
      "Reports of the older text form do not say which requests failed: their handler and ML times are by the answer's number.",
    );
  const low = ROWS.flatMap((name, row) =>
    rows[row] === longest[row] ? [] : [`${name} up to ${Number((longest[row] as number).toPrecision(3))}`],
  );
  if (isCommon) notes.push("All grids have the same scales.");
  else if (low.length > 0) notes.push(`Other grids have a larger scale: ${low.join(", ")}.`);
  else notes.push("Grids with far shorter times have smaller scales.");
  const hidden = columns.reduce((sum, { clients }) => sum + Math.max(0, clients.length - MAX_CLIENTS), 0);
  if (hidden > 0) notes.push(`${hidden} clients are not drawn: ${MAX_CLIENTS} per think time are.`);
  if (columns.some(({ traces }) => traces.some(({ numbers }) => numbers.length > MAX_REQUESTS)))
    notes.push(
      `Of clients with more than ${MAX_REQUESTS} requests each ${MAX_REQUESTS}th part shows its longest time.`,
    );
  return notes;
}

/** Numbers of users whose grids are drawn: at most `count`, spread over all. */
export function gridUsers(cells: readonly CellSummary[], count = 12): readonly number[] {
  const users = distinct(cells.map((cell) => cell.users));
  if (users.length <= count) return users;
  return distinct(
    Array.from(
      { length: count },
      (_, index) => users[Math.round((index * (users.length - 1)) / (count - 1))] as number,
    ),
  );
}

/** Request number and value, `-` where a line is to break; of long runs the longest of each part. */
function thin(
  numbers: readonly number[],
  values: readonly number[],
): readonly (readonly [number, number | "-"])[] {
  const step = Math.max(1, Math.ceil(values.length / MAX_REQUESTS));
  return Array.from({ length: Math.ceil(values.length / step) }, (_, part) => {
    const from = part * step;
    let longest = from;
    for (let at = from; at < Math.min(values.length, from + step); at++) {
      // A comparison with NaN is false.
      if (!((values[at] as number) <= (values[longest] as number)) && !Number.isNaN(values[at])) longest = at;
    }
    const value = values[longest] as number;
    return [numbers[longest] ?? longest + 1, Number.isNaN(value) ? "-" : round(value)];
  });
}

const most = (values: readonly number[]) =>
  values.reduce((longest, value) => (Number.isNaN(value) ? longest : Math.max(longest, value)), 0);
