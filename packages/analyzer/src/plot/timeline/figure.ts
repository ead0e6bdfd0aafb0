import { areOpenLoops } from "../../core/condition.ts";
import type { Chart, Panel, Point, Series } from "../chart/chart.ts";
import type { MeasuredCell, ReportFigure } from "../figure.ts";
import { unitOf } from "../time-unit.ts";
import { type Timeline, timelineOf } from "./data.ts";
import {
  FAILURES,
  failureText,
  OPEN_CLIENTS,
  timeAxis,
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
    section: "timeline",
    title: workers.title,
    chart: timelineChart(timeline, drawn, workers),
    notes: timelineNotes(timeline, drawn.length, places.length - drawn.length),
    data: timelineTable(timeline, workers),
  };
}

interface Place {
  readonly seconds: number;
  readonly count: number;
}

function placesOf({ failuresSeconds, durationSeconds }: Timeline): readonly Place[] {
  const width = durationSeconds / PLACES_PER_WIDTH || 1;
  const counts = new Map<number, number>();
  for (const at of failuresSeconds) {
    const place = Math.round(at / width);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].map(([place, count]) => ({ seconds: place * width, count }));
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
  const unit = unitOf(durationSeconds);
  const points = active.map(({ atSeconds, users }): Point => [atSeconds / unit.seconds, users]);
  const ranges = points.map(([x, high]) => ({ x, low: 0, high }));
  const failures = places.map(({ seconds, count }) => ({
    ...{ x: seconds / unit.seconds, y: 0.25 },
    text: failureText(count, seconds, unit),
  }));
  const max = Math.max(1, ...active.map(({ users }) => users));
  const panel: Panel = {
    ...{ leftPx: 56, topPx: 60, widthPx: 690, heightPx: 190 },
    x: { label: timeAxis(unit), min: 0, max: durationSeconds / unit.seconds },
    y: { label: workers.axis, min: 0, max, isWhole: true },
    layers: [
      { series: 0, mark: { kind: "area", ranges, isStepped: true } },
      { series: 0, mark: { kind: "line", points, isStepped: true, widthPx: 1.5, isReadable: true } },
      { series: 1, mark: { kind: "points", symbol: "diamond", points: failures } },
    ],
  };
  return { title: workers.title, widthPx: 760, heightPx: 300, series, panels: [panel] };
}
