import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderChart } from "../src/plot/chart/render.ts";
import { FIGURES } from "./figures.ts";

test.each(Object.entries(FIGURES))("docs/explanation/%s.svg is up to date", (name, make) => {
  const file = new URL(`../../../docs/explanation/${name}.svg`, import.meta.url);
  expect(renderChart(make(), { forFile: true })).toBe(readFileSync(file, "utf8"));
});
