// Draws the figures of docs/explanation; a test compares them.
import { writeFileSync } from "node:fs";
import { renderChart } from "../src/plot/chart/render.ts";
import { FIGURES } from "./figures.ts";

for (const [name, make] of Object.entries(FIGURES))
  writeFileSync(
    new URL(`../../../docs/explanation/${name}.svg`, import.meta.url),
    renderChart(make(), { forFile: true }),
  );
