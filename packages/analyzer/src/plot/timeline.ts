import { title, valueAxis } from "./axes.ts";
import { distinct, type ReportFigure, round } from "./figure.ts";
import type { MeasuredCell } from "./request-grid.ts";
import { PALETTE, renderSvg } from "./svg.ts";

/** Points of the curve: where the users change, or, of more changes than these, slices of the whole time. */
const MAX_POINTS = 1200;
/** Places of failed requests that are drawn: more lie on each other. */
const MAX_FAILURES = 2000;
const ACTIVE = PALETTE[0];
const FAILED = PALETTE[1];

const hasUnknownStart = ({ requests }: MeasuredCell["clients"][number]) =>
  requests?.numbers("startEpochMicros").some(Number.isNaN) === true;

/** Users at work and failed requests over the time of the whole run; undefined without the requests' times. */
export function timelineFigure(cells: readonly MeasuredCell[]): ReportFigure | undefined {
  const clients = cells
    .flatMap((measured) => measured.clients)
    .filter((client) => (client.requests?.length ?? 0) > 0 && !hasUnknownStart(client));
  if (clients.length === 0) return undefined;
  const lives = clients.map(({ requests }) => {
    let begin = Number.POSITIVE_INFINITY;
    let end = 0;
    for (const { startEpochMicros, roundTripSeconds } of requests ?? []) {
      begin = Math.min(begin, startEpochMicros);
      end = Math.max(end, startEpochMicros + roundTripSeconds * 1e6);
    }
    return { begin, end };
  });
  const origin = Math.min(...lives.map(({ begin }) => begin));
  const end = Math.max(...lives.map((life) => life.end));
  const changes = distinct(lives.flatMap((life) => [life.begin, life.end]));
  const times =
    changes.length <= MAX_POINTS
      ? changes
      : Array.from(
          { length: MAX_POINTS },
          (_, slice) => origin + ((end - origin) * slice) / (MAX_POINTS - 1),
        );
  // At its own end a client works no more: a step down.
  const active = times.map((at) => lives.filter((life) => life.begin <= at && at < life.end).length);
  const failures = clients
    .flatMap(({ requests }) =>
      [...(requests ?? [])]
        .filter((request) => request.outcome !== "ok")
        .map((request) => request.startEpochMicros + request.roundTripSeconds * 1e6),
    )
    .sort((a, b) => a - b);
  const minutes = (micros: number) => (micros - origin) / 60e6;
  const secondsOf = (micros: number) => ((micros - origin) / 1e6).toFixed(1);
  const perPlace = new Map<number, number>();
  for (const at of failures) {
    const place = round(minutes(at));
    perPlace.set(place, (perPlace.get(place) ?? 0) + 1);
  }
  const option = {
    title: title("Users and failures over the run"),
    grid: { left: 60, right: 30, top: 45, bottom: 50 },
    xAxis: valueAxis("minutes since the first request", 28, { max: Math.ceil(minutes(end) * 10) / 10 }),
    yAxis: valueAxis("virtual users at work", 40, { minInterval: 1, max: Math.max(...active) + 1 }),
    series: [
      {
        type: "line",
        name: "users",
        step: "end",
        symbol: "none",
        color: ACTIVE,
        areaStyle: { color: ACTIVE, opacity: 0.15 },
        data: times.map((at, index) => [round(minutes(at)), active[index]]),
      },
      {
        type: "scatter",
        name: "failed requests",
        symbol: "diamond",
        symbolSize: 7,
        color: FAILED,
        data: [...perPlace].slice(0, MAX_FAILURES).map(([at, count]) => ({
          value: [at, 0.25],
          name: `${count}, ${at.toFixed(2)} minutes after the first request`,
        })),
      },
    ],
  };
  let next = 0;
  return {
    title: "Users and failures over the run",
    svg: renderSvg(option, 760, 300),
    notes: [
      failures.length === 0
        ? "No request failed."
        : `${failures.length} requests failed: a diamond where one ended.`,
      ...(perPlace.size > MAX_FAILURES ? [`The first ${MAX_FAILURES} places are drawn.`] : []),
      "Cells run one after the other, in random order.",
    ],
    legend: [
      { name: "users at work", color: ACTIVE },
      { name: "failed requests", color: FAILED },
    ],
    data: {
      head: [
        "seconds since the first request",
        "users at work from then on",
        "requests that failed until then",
      ],
      rows: times.map((at, index) => {
        while (next < failures.length && (failures[next] as number) <= at) next++;
        return [secondsOf(at), String(active[index]), String(next)];
      }),
    },
  };
}
