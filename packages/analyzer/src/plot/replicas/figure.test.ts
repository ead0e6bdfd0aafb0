import { describe, expect, it } from "vitest";
import type { LogInput } from "../../analysis/log-input.ts";
import { renderChart } from "../chart/render.ts";
import { replicasFigure } from "./figure.ts";

const input = (repetition: number): LogInput => ({
  ...{ users: 4, thinkTimeSeconds: 0, repetition, source: "cell" },
  replicas: {
    ...{ replicaSeconds: 182.4, maxReplicas: 6, seconds: 93 },
    changes: [
      { atSeconds: 0, wanted: 1, ready: 0, starting: 1, ending: 0, queued: 1 },
      { atSeconds: 2, wanted: 6, ready: 3, starting: 3, ending: 0, queued: 12 },
    ],
  },
});

describe("replicasFigure()", () => {
  it("draws what was ready, wanted and waiting until the run's end", () => {
    const figure = replicasFigure([input(1)]);
    expect(figure?.notes[0]).toBe("182 replica-seconds in 93.0 s, at most 6 at once.");
    const [panel] = figure?.chart.panels ?? [];
    expect(panel?.y).toMatchObject({ max: 12 });
    expect(panel?.layers.at(-1)?.mark).toMatchObject({
      points: [
        { x: 0, y: 1 },
        { x: 2, y: 12 },
      ],
    });
    const ready = panel?.layers.find(({ series, mark }) => series === 0 && mark.kind === "line");
    expect(ready?.mark).toMatchObject({
      points: [
        [0, 0],
        [2, 3],
        [93, 3],
      ],
    });
    expect(figure && renderChart(figure.chart)).toContain("4 users, think time 0 s");
  });

  it("lists every run, and draws a few", () => {
    const figure = replicasFigure([1, 2, 3, 4, 5].map(input));
    expect(figure?.chart.panels).toHaveLength(4);
    expect(figure?.data?.rows).toHaveLength(5);
    expect(figure?.notes).toContain("1 run of 5 not drawn.");
  });

  it("is not there without replicas", () => {
    const { replicas: _, ...fixed } = input(1);
    expect(replicasFigure([fixed])).toBeUndefined();
  });
});
