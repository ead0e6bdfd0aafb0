import { title, valueAxis } from "./axes.ts";
import { distinct, type ReportFigure, round } from "./figure.ts";
import type { MeasuredCell } from "./frame-grid.ts";
import { PALETTE, renderSvg } from "./svg.ts";

/** Points of the curve: where the users change, or, of more changes than these, slices of the whole time. */
const MOST_POINTS = 1200;
/** Places of failed frames that are drawn: more lie on each other. */
const MOST_FAILURES = 2000;
const ACTIVE = PALETTE[0];
const FAILED = PALETTE[1];

const hasUnknownStart = ({ frames }: MeasuredCell["clients"][number]) =>
  frames?.numbers("startEpochMicros").some(Number.isNaN) === true;

/** Users at work and failed frames over the time of the whole run; undefined without the frames' times. */
export function timelineFigure(cells: readonly MeasuredCell[]): ReportFigure | undefined {
  const clients = cells
    .flatMap((measured) => measured.clients)
    .filter((client) => (client.frames?.length ?? 0) > 0 && !hasUnknownStart(client));
  if (clients.length === 0) return undefined;
  const lives = clients.map(({ frames }) => {
    let begin = Number.POSITIVE_INFINITY;
    let end = 0;
    for (const { startEpochMicros, roundTripSeconds } of frames ?? []) {
      begin = Math.min(begin, startEpochMicros);
      end = Math.max(end, startEpochMicros + roundTripSeconds * 1e6);
    }
    return { begin, end };
  });
  const origin = Math.min(...lives.map(({ begin }) => begin));
  const end = Math.max(...lives.map((life) => life.end));
  const changes = distinct(lives.flatMap((life) => [life.begin, life.end]));
  const times =
    changes.length <= MOST_POINTS
      ? changes
      : Array.from(
          { length: MOST_POINTS },
          (_, slice) => origin + ((end - origin) * slice) / (MOST_POINTS - 1),
        );
  // At its own end a client works no more: a step down.
  const active = times.map((at) => lives.filter((life) => life.begin <= at && at < life.end).length);
  const failures = clients
    .flatMap(({ frames }) =>
      [...(frames ?? [])]
        .filter((frame) => frame.outcome !== "ok")
        .map((frame) => frame.startEpochMicros + frame.roundTripSeconds * 1e6),
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
        name: "failed frames",
        symbol: "diamond",
        symbolSize: 7,
        color: FAILED,
        data: [...perPlace].slice(0, MOST_FAILURES).map(([at, count]) => ({
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
        ? "No frame failed."
        : `${failures.length} frames failed: a diamond where one ended.`,
      ...(perPlace.size > MOST_FAILURES ? [`The first ${MOST_FAILURES} places are drawn.`] : []),
      "Cells run one after the other, in random order.",
    ],
    legend: [
      { name: "users at work", color: ACTIVE },
      { name: "failed frames", color: FAILED },
    ],
    data: {
      head: [
        "seconds since the first request",
        "users at work from then on",
        "frames that failed until then",
      ],
      rows: times.map((at, index) => {
        while (next < failures.length && (failures[next] as number) <= at) next++;
        return [secondsOf(at), String(active[index]), String(next)];
      }),
    },
  };
}
