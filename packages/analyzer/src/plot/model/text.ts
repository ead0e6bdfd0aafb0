import type { Point } from "../chart/chart.ts";
import { fourDigits } from "../text.ts";
import type { ModelPlotInput } from "./data.ts";

export const USERS_AXIS = "virtual users";

/** Names in the legend. */
export const modelName = (think: number): string => `model, think ${think} s`;
export const measuredName = (think: number): string => `measured, think ${think} s`;
export const boundName = (think: number): string => `bound, think ${think} s`;

/** Where requests begin to wait for each other; undefined if that is not known. */
export function saturationText({ saturation }: ModelPlotInput): string | undefined {
  if (saturation.length === 0) return undefined;
  const places = saturation.map(
    ({ users, thinkTimeSeconds }) => `${users.toFixed(1)} users (think ${thinkTimeSeconds} s)`,
  );
  return `Saturation at ${places.join(", ")}: beyond it requests wait for each other`;
}

export const verdictText = ({ level }: NonNullable<ModelPlotInput["verdict"]>): string => `Verdict: ${level}`;

export const measuredText = (name: string, axis: string, [users, value]: Point): string =>
  `${name}: ${USERS_AXIS} ${users}, ${axis} ${fourDigits(value)}`;
