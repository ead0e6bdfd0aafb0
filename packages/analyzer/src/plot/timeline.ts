import { title, valueAxis } from "./axes.ts";
import { distinct, type ReportFigure, round } from "./figure.ts";
import type { MeasuredCell } from "./frame-grid.ts";
import { PALETTE, renderSvg } from "./svg.ts";

/** Slices of the whole time. */
const SLICES = 600;
const ACTIVE = PALETTE[0];
const FAILED = PALETTE[1];

/** Users at work and failed frames over the time of the whole run; undefined without the frames' times. */
export function timelineFigure(cells: readonly MeasuredCell[]): ReportFigure | undefined {
  const clients = cells
    .flatMap((measured) => measured.clients)
    .filter((client) => (client.frames?.length ?? 0) > 0);
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
  const minutes = (micros: number) => (micros - origin) / 60e6;
  const whole = Math.max(...lives.map(({ end }) => minutes(end)));
  const active = Array.from({ length: SLICES + 1 }, (_, slice) => {
    const at = (whole * slice) / SLICES;
    return [round(at), lives.filter(({ begin, end }) => minutes(begin) <= at && at <= minutes(end)).length];
  });
  const failures = clients.flatMap(({ frames }) =>
    [...(frames ?? [])]
      .filter((frame) => frame.outcome !== "ok")
      .map((frame) => round(minutes(frame.startEpochMicros + frame.roundTripSeconds * 1e6))),
  );
  const perPlace = new Map<number, number>();
  for (const at of failures) perPlace.set(at, (perPlace.get(at) ?? 0) + 1);
  const most = Math.max(...active.map(([, users]) => users as number));
  const option = {
    title: title("Users and failures over the run"),
    grid: { left: 60, right: 30, top: 45, bottom: 50 },
    xAxis: valueAxis("minutes since the first request", 28, { max: Math.ceil(whole * 10) / 10 }),
    yAxis: valueAxis("virtual users at work", 40, { minInterval: 1, max: most + 1 }),
    series: [
      {
        type: "line",
        name: "users",
        step: "end",
        symbol: "none",
        color: ACTIVE,
        areaStyle: { color: ACTIVE, opacity: 0.15 },
        data: active,
      },
      {
        type: "scatter",
        name: "failed frames",
        symbol: "diamond",
        symbolSize: 7,
        color: FAILED,
        data: [...perPlace].slice(0, 2000).map(([at]) => [at, 0.25]),
      },
    ],
  };
  return {
    title: "Users and failures over the run",
    svg: renderSvg(option, 760, 300),
    notes: [
      failures.length === 0
        ? "No frame failed."
        : `${failures.length} frames failed: a diamond where one ended.`,
      "Cells run one after the other, in random order.",
    ],
    legend: [
      { name: "users at work", color: ACTIVE },
      { name: "failed frames", color: FAILED },
    ],
    data: {
      head: ["minute", "users at work (most)", "failed frames"],
      rows: distinct(active.map(([at]) => Math.floor(at as number))).map((minute) => [
        String(minute),
        String(
          Math.max(
            ...active
              .filter(([at]) => Math.floor(at as number) === minute)
              .map(([, users]) => users as number),
          ),
        ),
        String(failures.filter((at) => Math.floor(at) === minute).length),
      ]),
    },
  };
}
