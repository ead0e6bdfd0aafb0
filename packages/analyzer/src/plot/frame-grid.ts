import type { ClientRun } from "../client-run.ts";
import { mean } from "../stats/mean.ts";
import type { CellSummary } from "../summary/cell.ts";
import { niceCeiling, title, valueAxis } from "./axes.ts";
import { distinct, type ReportFigure, round, seconds } from "./figure.ts";
import { INK, PALETTE, renderSvg } from "./svg.ts";

/** A condition with its clients. */
export interface MeasuredCell {
  readonly cell: CellSummary;
  readonly clients: readonly ClientRun[];
}

/** Lines and points that one grid may have: more cannot be told apart, and make the page slow. */
const MOST_CLIENTS = 30;
const MOST_FRAMES = 200;

const ROWS: readonly { readonly name: string; readonly values: (client: ClientRun) => readonly number[] }[] =
  [
    { name: "round trip (s)", values: (client) => client.roundTripSeconds },
    { name: "handler (s)", values: (client) => client.handlerSeconds },
    { name: "ML (s)", values: (client) => client.mlSeconds },
  ];

/**
 * The publication's grid for one number of users: round trip, handler and ML time by frame number, a column
 * per think time, a line per client. A row has one scale.
 */
export function frameGrid(users: number, cells: readonly MeasuredCell[]): ReportFigure {
  const columns = cells.filter(({ cell }) => cell.users === users);
  const width = 960;
  const left = 62;
  const [gapX, gapY, top, height] = [22, 34, 62, 120];
  const panel = (width - left - 12 - gapX * (columns.length - 1)) / columns.length;
  const scales = ROWS.map(({ values }) =>
    niceCeiling(most(columns.flatMap(({ clients }) => clients.flatMap(values)))),
  );
  const grid: object[] = [];
  const xAxis: object[] = [];
  const yAxis: object[] = [];
  const series: object[] = [];
  const titles: object[] = [title(`${users} ${users === 1 ? "user" : "users"}: each client, frame by frame`)];
  for (const [column, { cell, clients }] of columns.entries()) {
    const x = left + column * (panel + gapX);
    titles.push(
      title(`think time ${cell.thinkTimeSeconds} s`, {
        left: x + panel / 2,
        top: 30,
        textAlign: "center",
        textStyle: { color: INK, fontSize: 12 },
      }),
    );
    for (const [row, { name, values }] of ROWS.entries()) {
      const index = grid.length;
      const last = row === ROWS.length - 1;
      grid.push({ left: x, top: top + row * (height + gapY), width: panel, height });
      xAxis.push({ ...valueAxis(last ? "frame" : "", 24, { min: 1, minInterval: 1 }), gridIndex: index });
      yAxis.push({
        ...valueAxis(column === 0 ? name : "", 44, {
          max: scales[row],
          interval: (scales[row] as number) / 2,
        }),
        gridIndex: index,
      });
      for (const [number, client] of clients.slice(0, MOST_CLIENTS).entries()) {
        series.push({
          type: "line",
          symbol: "none",
          silent: true,
          xAxisIndex: index,
          yAxisIndex: index,
          color: PALETTE[number % PALETTE.length],
          lineStyle: { width: 1.2, opacity: 0.85 },
          data: thin(values(client)),
        });
      }
    }
  }
  const option = { title: titles, grid, xAxis, yAxis, series };
  const all = columns.flatMap(({ clients }) => clients);
  return {
    title: `Frame by frame, ${users} ${users === 1 ? "user" : "users"}`,
    svg: renderSvg(option, width, top + ROWS.length * (height + gapY) + 14),
    notes: gridNotes(columns, all),
    data: {
      head: [
        "think time (s)",
        "client",
        "round trips",
        "mean (s)",
        "longest (s)",
        "mean handler (s)",
        "mean ML (s)",
      ],
      rows: columns.flatMap(({ cell, clients }) =>
        clients
          .slice(0, MOST_CLIENTS)
          .map((client) => [
            String(cell.thinkTimeSeconds),
            client.user ?? client.sample.threadName,
            String(client.roundTripSeconds.length),
            seconds(mean(client.roundTripSeconds)),
            seconds(client.roundTripSeconds.length === 0 ? undefined : most(client.roundTripSeconds)),
            seconds(mean(client.handlerSeconds)),
            seconds(mean(client.mlSeconds)),
          ]),
      ),
    },
  };
}

function gridNotes(columns: readonly MeasuredCell[], all: readonly ClientRun[]): readonly string[] {
  const notes = ["A line per client. Handler and ML lines hold answered frames only, in their order."];
  const hidden = columns.reduce((sum, { clients }) => sum + Math.max(0, clients.length - MOST_CLIENTS), 0);
  if (hidden > 0) notes.push(`${hidden} clients are not drawn: ${MOST_CLIENTS} per think time are.`);
  if (all.some((client) => client.roundTripSeconds.length > MOST_FRAMES))
    notes.push(
      `Of clients with more than ${MOST_FRAMES} frames each ${MOST_FRAMES}th part shows its longest time.`,
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

/** Frame number and value; of long runs the longest of each part. */
function thin(values: readonly number[]): readonly (readonly [number, number])[] {
  const step = Math.ceil(values.length / MOST_FRAMES);
  return Array.from({ length: Math.ceil(values.length / Math.max(1, step)) }, (_, part) => [
    part * step + 1,
    round(most(values.slice(part * step, (part + 1) * step))),
  ]);
}

const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);
