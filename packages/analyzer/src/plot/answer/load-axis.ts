import type { NumberAxis, Panel } from "../chart/chart.ts";
import type { AnswerPlot } from "./data.ts";

/** A panel whose place in the chart is still open. */
export type PanelWithoutPlace = Omit<Panel, "leftPx" | "topPx" | "widthPx" | "heightPx">;

/** Where a panel stands among the others, and how wide it is. */
export interface PanelPlace {
  /** Of its row: its ticks have labels. */
  readonly isFirst: boolean;
  /** Of its column: its axis of loads has a label. */
  readonly isLast: boolean;
  readonly widthPx: number;
}

/** Room for the digits of a load. */
const TICK_PX = 45;

/** Loads of all groups on one axis. */
export function loadAxis({ groups, isWhole, loadLabel }: AnswerPlot, widthPx: number): NumberAxis {
  const most = Math.max(...groups.flatMap(({ points }) => points.map(({ load }) => load)));
  return {
    ...{ label: "", readoutLabel: loadLabel, isWhole, isNice: false },
    tickCount: Math.round(widthPx / TICK_PX),
    ...{ min: 0, max: isWhole ? most + Math.max(0.5, 0.06 * most) : 1.08 * most },
  };
}
