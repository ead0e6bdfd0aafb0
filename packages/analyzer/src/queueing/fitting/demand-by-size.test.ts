import { describe, expect, it, test } from "vitest";
import { answerQuestions } from "../../model/answer.ts";
import { renderModelText } from "../../model/render-model.ts";
import { simulateUsers, sizedCells, sizedHost } from "../../testing/sized-cells.ts";
import { applyWhatIf } from "../asking/changes.ts";
import { predict } from "../asking/predict.ts";
import { fitModel } from "../fit-model.ts";
import { average } from "../numeric/average.ts";
import { withTimesUnits, withUnits } from "../station/sizes.ts";
import { findDemandBySize } from "./demand-by-size.ts";
import type { ModelCell } from "./observation.ts";
import { prepare } from "./prepare-cell.ts";

const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const options = { limitSeconds: 60, replications: 40 };
const condition = { users: 4, thinkTimeSeconds: 0 };
const { sizes: _, ...sizeless } = sizedHost(1);

/** The same cells without their sizes. */
const blind = (cells: readonly ModelCell[]): readonly ModelCell[] =>
  cells.map(({ size: _, clients, ...cell }) => ({
    ...cell,
    clients: clients.map(({ sizes: _, ...client }) => client),
  }));

describe("demand by size", () => {
  it("finds a and b within their 95% intervals in at least 8 of 10 results", () => {
    const inside = seeds(10).map((seed) => {
      const { demandBySize } = fitModel(sizedCells(sizedHost(seed), seed), { ...options, seed });
      const { baseSeconds: a, perUnitSeconds: b } = demandBySize?.intervals ?? {};
      const holds = (interval: typeof a, truth: number) =>
        interval !== undefined && interval.low <= truth && truth <= interval.high;
      return [holds(a, 0.12), holds(b, 0.0031)];
    });
    for (const which of [0, 1]) expect(inside.filter((one) => one[which]).length).toBeGreaterThanOrEqual(8);
  });

  it("chooses no line in at least 95% of results whose demand does not depend on size", () => {
    const chosen = seeds(100).filter((seed) => {
      const cells = sizedCells(sizedHost(seed, 0), seed, [1, 2, 4]).map((cell) => prepare(cell, 60));
      return findDemandBySize(cells, sizedHost(seed, 0))?.found.isChosen;
    });
    expect(chosen.length).toBeLessThanOrEqual(5);
  });

  it("predicts other sizes better than a constant demand does", () => {
    const errors = seeds(4).map((seed) => {
      const host = sizedHost(seed);
      const cells = sizedCells(host, seed);
      const truth = simulateUsers(withTimesUnits(host, 3), 4, seed, 400);
      const measured = average(truth.map(({ roundTripSeconds }) => roundTripSeconds));
      const model = fitModel(cells, { ...options, seed });
      const constant = fitModel(blind(cells), { ...options, seed });
      const miss = (input: typeof model.prediction) =>
        Math.abs((predict([condition], input)[0]?.meanRoundTripSeconds ?? 0) / measured - 1);
      return { sized: miss(applyWhatIf(model, "tokens*3")), constant: miss(constant.prediction) };
    });
    for (const { sized, constant } of errors) {
      expect(sized).toBeLessThan(0.12);
      expect(constant).toBeGreaterThan(0.3);
    }
  });

  it("predicts the shares within a time from the measured sizes, and for one size", () => {
    const host = sizedHost(5);
    const model = fitModel(sizedCells(host, 5), { ...options, seed: 5 });
    const check = (input: typeof model.prediction, truth: typeof host, thresholds: readonly number[]) => {
      const requests = simulateUsers(truth, 1, 9, 4000);
      const [one] = predict([{ users: 1, thinkTimeSeconds: 0 }], input, thresholds);
      const misses = (one?.within ?? []).map(({ seconds, ratio }) => {
        const share = average(requests.map(({ roundTripSeconds }) => Number(roundTripSeconds <= seconds)));
        return Math.abs(ratio - share);
      });
      expect(average(misses)).toBeLessThan(0.05);
      expect(one?.within).toHaveLength(thresholds.length);
    };
    check(model.prediction, host, [0.15, 0.2, 0.3, 0.4]);
    check(applyWhatIf(model, "units=100"), withUnits(host, 100), [0.36, 0.43, 0.5]);
  });

  it("fits results whose requests have other sizes with one line", () => {
    const host = sizedHost(2);
    const cells = [...sizedCells(host, 2, [1, 3, 6]), ...sizedCells(withTimesUnits(host, 2.5), 3, [1, 2, 4])];
    const model = fitModel(cells, { ...options, seed: 2 });
    const constant = fitModel(blind(cells), { ...options, seed: 2 });
    const worst = ({ residuals }: typeof model) =>
      Math.max(...residuals.map(({ errorRatio }) => Math.abs(errorRatio)));
    expect(worst(model)).toBeLessThan(0.1);
    expect(worst(constant)).toBeGreaterThan(0.2);
  });

  it("shows the line, what another size assumes, and the reason if there is no line", () => {
    const questions = { timeout: 60, seed: 1, replications: 20, predict: "users=4" };
    const found = answerQuestions(sizedCells(sizedHost(1), 1), {
      ...questions,
      whatIf: ["units=60", "tokens=200", "tokens*2", "demand*0.5"],
    });
    const text = renderModelText(found);
    expect(text).toMatch(/demand by size {5}demand = 0\.1\d* s \+ 0\.003\d* s × tokens\n/);
    expect(text).toContain("Every request has 60 tokens.\n");
    expect(text).toMatch(/Every request has 200 tokens: outside the measured 5 … 10\d\S*,/);
    const mean = (index: number) => found.whatIfs[index]?.predictions[0]?.meanRoundTripSeconds ?? 0;
    expect(mean(1)).toBeGreaterThan(2 * mean(0));
    expect(mean(3) / (found.predictions[0]?.meanRoundTripSeconds ?? 0)).toBeCloseTo(0.5, 1);
    const flat = sizedCells(sizedHost(1, 0), 1);
    const none = renderModelText(answerQuestions(flat, { ...questions, whatIf: [] }));
    expect(none).toContain("demand by size     The model takes one demand for all sizes: ");
    const single = flat.map((cell) => ({
      ...cell,
      clients: cell.clients.map((client) => ({ ...client, sizes: client.roundTripSeconds.map(() => 64) })),
    }));
    expect(renderModelText(answerQuestions(single, { ...questions, whatIf: [] }))).not.toContain("by size");
    expect(() => answerQuestions(flat, { ...questions, whatIf: ["tokens=200"] })).toThrow(
      expect.objectContaining({
        code: "MODEL_BAD_QUESTION",
        hint: expect.stringContaining("The model takes one demand for all sizes"),
      }),
    );
    expect(() => answerQuestions(blind(flat), { ...questions, whatIf: ["units=200"] })).toThrow(
      expect.objectContaining({ code: "MODEL_BAD_QUESTION", exitCode: 2 }),
    );
  });

  test.each([
    ["every request has the same size", () => 64, "tokens hardly vary"],
    ["the sizes rise while the clients send", (index: number) => 10 + index, "cannot be told apart"],
  ])("says why not if %s", (_, sizeAt, reason) => {
    const cells = sizedCells({ ...sizeless }, 1).map((cell) => ({
      ...cell,
      clients: cell.clients.map((client) => ({
        ...client,
        sizes: client.roundTripSeconds.map((_, index) => sizeAt(index)),
      })),
    }));
    const { demandBySize } = fitModel(cells, options);
    expect(demandBySize?.isChosen).toBe(false);
    expect(demandBySize?.reason).toContain(reason);
  });
});
