import type { StationDraw } from "../fitting/variant.ts";

/** The draws, every second one with the servers that it may have beyond those seen. */
export function openDraws(draws: readonly StationDraw[], serversOpen: boolean): readonly StationDraw[] {
  if (!serversOpen) return draws;
  return draws.map((draw, index) =>
    draw.openParameters !== undefined && index % 2 === 1
      ? { ...draw, parameters: draw.openParameters }
      : draw,
  );
}
