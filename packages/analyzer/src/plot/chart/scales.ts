import { scaleBand, scaleLinear, scaleLog } from "d3-scale";
import type { Axis, NameAxis, NumberAxis } from "./chart.ts";

export interface Tick {
  readonly atPx: number;
  readonly label: string;
}

/** From an axis' values, or from the places of its names, to pixels of the panel. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
  /** Width of one name's place; undefined on an axis of numbers. */
  readonly bandPx?: number;
  /** Values at both ends; undefined on an axis of names. */
  readonly domain?: readonly [number, number];
}

/** Room that a tick needs: along x for its digits, along y for its line. */
const TICK_PX = { x: 70, y: 40 } as const;
/** Mean width of a character of 11 px, with room to spare: nothing here knows the font. */
const CHARACTER_PX = 6.6;

export const isNameAxis = (axis: Axis): axis is NameAxis => "names" in axis;

/** The scale of an axis that is `lengthPx` long; y grows upwards. */
export function scaleOf(axis: Axis, side: "x" | "y", lengthPx: number): Scale {
  if (isNameAxis(axis)) return nameScale(axis, side, lengthPx);
  return axis.isLog ? logScale(axis, side, lengthPx) : numberScale(axis, side, lengthPx);
}

/** Ends at powers of ten, and has its ticks there: 0.1, 1, 10, …, 1k, 1M. */
function logScale({ min, max }: NumberAxis, side: "x" | "y", lengthPx: number): Scale {
  const scale = scaleLog([min, max], side === "x" ? [0, lengthPx] : [lengthPx, 0]).nice();
  const shortened = scale.tickFormat(Number.POSITIVE_INFINITY, "~s");
  const powers = scale.ticks().filter((value) => /^[0.]*10*$/.test(String(value)));
  return {
    at: (value) => scale(value),
    ticks: powers.map((value) => ({
      atPx: scale(value),
      label: value < 1 ? String(value) : shortened(value),
    })),
    domain: scale.domain() as [number, number],
  };
}

function numberScale(axis: NumberAxis, side: "x" | "y", lengthPx: number): Scale {
  const count = axis.tickCount ?? Math.max(2, Math.round(lengthPx / TICK_PX[side]));
  const max = axis.max > axis.min ? axis.max : axis.min + 1;
  const scale = scaleLinear([axis.min, max], side === "x" ? [0, lengthPx] : [lengthPx, 0]);
  if (axis.isNice !== false) scale.nice(count);
  const format = axis.isWhole ? String : scale.tickFormat(count);
  const ticks = scale.ticks(count).filter((value) => !axis.isWhole || Number.isInteger(value));
  return {
    at: (value) => scale(value),
    ticks: ticks.map((value) => ({ atPx: scale(value), label: format(value) })),
    domain: scale.domain() as [number, number],
  };
}

/** Of more names than there is room for, every second, third, … is written. */
function nameScale({ names }: NameAxis, side: "x" | "y", lengthPx: number): Scale {
  const range: [number, number] = side === "x" ? [0, lengthPx] : [lengthPx, 0];
  const scale = scaleBand<number>(names.keys(), range).padding(0.2);
  const bandPx = scale.bandwidth();
  const at = (place: number) => (scale(place) ?? 0) + bandPx / 2;
  const longest = Math.max(1, ...names.map((name) => name.length));
  const needed = side === "x" ? longest * CHARACTER_PX + 8 : 12;
  const step = Math.max(1, Math.ceil(needed / scale.step()));
  return {
    at,
    ticks: names.flatMap((label, place) => (place % step === 0 ? [{ atPx: at(place), label }] : [])),
    bandPx,
  };
}
