/** The unit of an axis of time. */
export interface AxisUnit {
  readonly name: "seconds" | "minutes" | "hours";
  readonly seconds: number;
}

/** From so many of a unit on, the next larger one is easier to read. */
const MANY = 180;

/** The unit in which a duration has at most three digits. */
export function unitOf(durationSeconds: number): AxisUnit {
  if (durationSeconds < MANY) return { name: "seconds", seconds: 1 };
  if (durationSeconds < MANY * 60) return { name: "minutes", seconds: 60 };
  return { name: "hours", seconds: 3600 };
}
