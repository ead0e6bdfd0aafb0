import { describe, expect, it, test } from "vitest";
import { figuresOfCell, simulatedCell } from "../../testing/simulated-cell.ts";
import { predict } from "../asking/predict.ts";
import { fitModel } from "../fit-model.ts";
import { average } from "../numeric/average.ts";
import { normalCdf } from "../numeric/normal.ts";
import type { ModelParameters } from "../station/parameters.ts";
import type { TimeoutBehaviour } from "../station/simulate.ts";

const LIMIT = 25;
const TIMEOUT_BEHAVIOURS: readonly TimeoutBehaviour[] = ["cancelled", "keeps-running"];

test.each([
  [0, 0.5],
  [-1, 0.158655253931457],
  [2, 0.977249868051821],
  [-4.9, 4.79183276590091e-7],
  [-5.1, 1.69826741091217e-7],
  [-10, 7.61985302416053e-24],
])("normalCdf(%f) is as R's pnorm", (z, expected) => {
  expect(normalCdf(z) / expected).toBeCloseTo(1, 8);
});

describe("requests that time out", () => {
  const host: ModelParameters = {
    ...{ demandSeconds: 10, servers: 3.5, contention: 0, delaySeconds: 0, demandVariation: 0.1 },
  };
  const measured = (timeoutBehaviour: TimeoutBehaviour, loads: readonly number[]) =>
    loads.flatMap((users) =>
      [0, 1].map((thinkTimeSeconds) =>
        simulatedCell(host, {
          ...{ users, thinkTimeSeconds, timeoutBehaviour, limitSeconds: LIMIT },
          seed: 100 * users + thinkTimeSeconds,
        }),
      ),
    );
  /** The true figures: averages over runs. */
  const truth = (timeoutBehaviour: TimeoutBehaviour, users: number, thinkTimeSeconds: number) => {
    const runs = Array.from({ length: 20 }, (_, seed) =>
      figuresOfCell(
        simulatedCell(host, {
          ...{ users, thinkTimeSeconds, timeoutBehaviour, limitSeconds: LIMIT, seed: 1000 + seed },
        }),
      ),
    );
    return { mean: average(runs.map((run) => run.mean)), success: average(runs.map((run) => run.success)) };
  };

  test.each(TIMEOUT_BEHAVIOURS)(
    "show what becomes of them, and predictions follow it (%s)",
    (timeoutBehaviour) => {
      const model = fitModel(measured(timeoutBehaviour, [1, 2, 3, 4, 6, 9, 10]), { limitSeconds: LIMIT });
      expect(model.timeoutBehaviour.timeoutBehaviour).toBe(timeoutBehaviour);
      for (const users of [8, 9, 11]) {
        const [one] = predict([{ users, thinkTimeSeconds: 0 }], model.prediction);
        expect(Math.abs((one?.successRate ?? 1) - truth(timeoutBehaviour, users, 0).success)).toBeLessThan(
          0.12,
        );
      }
    },
  );

  it("leave both behaviours open if none was measured: the intervals hold both, and the answer says so", () => {
    const model = fitModel(measured("keeps-running", [1, 2, 3, 4, 5, 6]), { limitSeconds: LIMIT });
    expect(model.timeoutBehaviour).toEqual({
      timeoutBehaviour: "unknown",
      reason: "No request timed out; predictions cover both time-out behaviours.",
    });
    for (const thinkTimeSeconds of [0, 5])
      for (const users of [9, 10, 12]) {
        const [one] = predict([{ users, thinkTimeSeconds }], model.prediction);
        for (const timeoutBehaviour of TIMEOUT_BEHAVIOURS) {
          const { mean, success } = truth(timeoutBehaviour, users, thinkTimeSeconds);
          expect(one?.successRateInterval.low).toBeLessThanOrEqual(success + 0.03);
          expect(one?.successRateInterval.high).toBeGreaterThanOrEqual(success - 0.03);
          expect(one?.interval.low).toBeLessThanOrEqual(1.01 * mean);
          expect(one?.interval.high).toBeGreaterThanOrEqual(0.99 * mean);
        }
      }
  });

  it("never make more users faster or more successful, up to 1000 users", () => {
    const model = fitModel(measured("cancelled", [1, 2, 4, 8]), { limitSeconds: LIMIT, replications: 40 });
    const loads = [1, 2, 4, 6, 8, 10, 15, 30, 100, 1000];
    const predictions = predict(
      loads.map((users) => ({ users, thinkTimeSeconds: 1 })),
      model.prediction,
    );
    for (const [index, one] of predictions.entries()) {
      const before = predictions[index - 1];
      expect(one.meanRoundTripSeconds).toBeLessThanOrEqual(LIMIT);
      expect(one.meanRoundTripSeconds).toBeGreaterThanOrEqual(0.999 * (before?.meanRoundTripSeconds ?? 0));
      expect(one.successRate).toBeLessThanOrEqual((before?.successRate ?? 1) + 0.001);
    }
  });
});
