import { areOpenLoops } from "../../core/condition.ts";
import type { Chart, Panel, Point, Series } from "../chart/chart.ts";
import type { MeasuredCell, ReportFigure } from "../figure.ts";
import { type Timeline, timelineOf } from "./data.ts";
import {
  FAILURES,
  failureText,
  OPEN_CLIENTS,
  TIME_AXIS,
  timelineNotes,
  timelineTable,
  USERS,
  type Workers,
} from "./text.ts";

/** Places of failed requests that are drawn: more lie on each other. */
const MAX_PLACES = 2000;
/** Failures closer than this share of the width are one diamond. */
const PLACES_PER_WIDTH = 4000;

/**
 * Users at work and failed requests over the time of the whole run; undefined without the requests' times.
 *
 * @example
 * ```ts
 * timelineFigure([]); // undefined
 * ```
 */
export function timelineFigure(cells: readonly MeasuredCell[]): ReportFigure | undefined {
  const timeline = timelineOf(cells);
  if (timeline === undefined) return undefined;
  const workers = areOpenLoops(cells.map(({ cell }) => cell)) ? OPEN_CLIENTS : USERS;
  const places = placesOf(timeline);
  const drawn = places.slice(0, MAX_PLACES);
  return {
    title: workers.title,
    chart: timelineChart(timeline, drawn, workers),
    notes: timelineNotes(timeline, drawn.length, places.length - drawn.length),
    data: timelineTable(timeline, workers),
  };
}

interface Place {
  readonly minutes: number;
  readonly count: number;
}

function placesOf({ failuresSeconds, durationSeconds }: Timeline): readonly Place[] {
  const width = durationSeconds / 60 / PLACES_PER_WIDTH || 1;
  const counts = new Map<number, number>();
  for (const at of failuresSeconds) {
    const place = Math.round(at / 60 / width);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].map(([place, count]) => ({ minutes: place * width, count }));
}

function timelineChart(
  { active, durationSeconds }: Timeline,
  places: readonly Place[],
  workers: Workers,
): Chart {
  const series: readonly Series[] = [
    { name: workers.active, color: 0, swatch: ["line"] },
    { name: FAILURES, color: 1, swatch: ["diamond"] },
  ];
  const points = active.map(({ atSeconds, users }): Point => [atSeconds / 60, users]);
  const ranges = points.map(([x, high]) => ({ x, low: 0, high }));
  const failures = places.map(({ minutes, count }) => ({
    ...{ x: minutes, y: 0.25 },
    text: failureText(count, minutes),
  }));
  const max = Math.max(1, ...active.map(({ users }) => users));
  const panel: Panel = {
    ...{ leftPx: 60, topPx: 45, widthPx: 670, heightPx: 205 },
    x: { label: TIME_AXIS, min: 0, max: durationSeconds / 60 },
    y: { label: workers.axis, min: 0, max, isWhole: true },
    layers: [
      { series: 0, mark: { kind: "area", ranges, isStepped: true } },
      { series: 0, mark: { kind: "line", points, isStepped: true, widthPx: 1.5, isReadable: true } },
      { series: 1, mark: { kind: "points", symbol: "diamond", points: failures } },
    ],
  };
  return { title: workers.title, widthPx: 760, heightPx: 300, series, panels: [panel] };
}
