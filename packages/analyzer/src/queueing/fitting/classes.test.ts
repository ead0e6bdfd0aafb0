import { describe, expect, it } from "vitest";
import { createRandom } from "../../stats/random.ts";
import { simulatedCell } from "../../testing/simulated-cell.ts";
import { applyWhatIf, assumptionOf } from "../asking/changes.ts";
import { predict } from "../asking/predict.ts";
import { fitModel } from "../fit-model.ts";
import { average } from "../numeric/average.ts";
import type { ModelParameters } from "../station/parameters.ts";
import type { SimulatedRequest } from "../station/simulate.ts";
import { withSlowShare } from "../station/sizes.ts";
import { findClassStep } from "./class-step.ts";
import { findClasses } from "./classes.ts";
import type { ModelCell } from "./observation.ts";
import { prepare } from "./prepare-cell.ts";

/** Requests of 0.2 s and, one of four, of 0.8 s, two at a time. */
const HOST: ModelParameters = {
  ...{ demandSeconds: 0.35, servers: 2, contention: 0, delaySeconds: 0, demandVariation: 0.1 },
  sizes: {
    ...{ perUnitSeconds: 0.6, meanUnits: 0.25 },
    classes: [
      { share: 0.75, units: 0, name: "fast" },
      { share: 0.25, units: 1, name: "slow" },
    ],
  },
};
const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const options = { limitSeconds: 25, replications: 40 };
const CONDITION = { users: 6, thinkTimeSeconds: 0 };

/** Four payloads: c and d are slow. */
const payloadOf = ({ units, user, startSeconds }: SimulatedRequest) => {
  const isOdd = Math.floor(1000 * startSeconds + user) % 2 === 1;
  return units === 1 ? (isOdd ? "c" : "d") : isOdd ? "a" : "b";
};
const measure = (
  host: ModelParameters,
  seed: number,
  payload: (request: SimulatedRequest) => string = payloadOf,
): readonly ModelCell[] =>
  [1, 2, 4].flatMap((users) =>
    [0, 1].map((thinkTimeSeconds) =>
      simulatedCell(host, {
        ...{ users, thinkTimeSeconds, seed: 100 * seed + 10 * users + thinkTimeSeconds, runError: 0.015 },
        payloadOf: payload,
      }),
    ),
  );
const withoutKinds = (cells: readonly ModelCell[]): readonly ModelCell[] =>
  cells.map(({ clients, ...cell }) => ({ ...cell, clients: clients.map(({ kinds: _, ...one }) => one) }));
/** Round trips of each class, and of all, in long runs. */
function truth(host: ModelParameters) {
  const cells = seeds(10).map((seed) =>
    simulatedCell(host, {
      ...{ ...CONDITION, seed: 5000 + seed, requestsPerUser: 37 },
      payloadOf: ({ units }) => String(units),
    }),
  );
  const all = cells.flatMap(({ clients }) =>
    clients.flatMap(({ roundTripSeconds, kinds = [] }) =>
      roundTripSeconds.map((seconds, index) => ({ seconds, kind: kinds[index] })),
    ),
  );
  const mean = (isWanted: (kind: string | undefined) => boolean) =>
    average(all.filter(({ kind }) => isWanted(kind)).map(({ seconds }) => seconds));
  return { all: mean(() => true), fast: mean((kind) => kind === "0"), slow: mean((kind) => kind === "1") };
}

describe("two classes of requests", () => {
  const cells = measure(HOST, 1);
  const model = fitModel(cells, options);

  it("are found with their payloads, shares and demands", () => {
    const { isChosen, classes: [fast, slow] = [], reason } = model.classes ?? {};
    expect(isChosen).toBe(true);
    expect([fast?.kinds, slow?.kinds]).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
    expect(slow?.share).toBeCloseTo(0.25, 1);
    expect(fast?.demandSeconds).toBeCloseTo(0.2, 1);
    expect(slow?.demandSeconds).toBeCloseTo(0.8, 1);
    expect(reason).toMatch(
      /^Requests are of two classes: left-out runs are predicted with \d+% of the error/,
    );
  });

  it("have intervals that hold their demands in at least 8 of 10 results", () => {
    const inside = seeds(10).map((seed) => {
      const [fast, slow] = fitModel(measure(HOST, seed), { ...options, seed }).classes?.classes ?? [];
      const holds = (one: typeof fast, demand: number) =>
        one?.interval !== undefined && one.interval.low <= demand && demand <= one.interval.high;
      return [holds(fast, 0.2), holds(slow, 0.8)];
    });
    for (const which of [0, 1]) expect(inside.filter((one) => one[which]).length).toBeGreaterThanOrEqual(8);
  });

  it("do not look like a host that drifts, whatever their mix in a client's first and second half", () => {
    const drifts = ({ verdict }: typeof model) => verdict.reasons.some((reason) => reason.includes("drifts"));
    expect(drifts(model)).toBe(false);
    expect(drifts(fitModel(withoutKinds(cells), options))).toBe(false);
  });

  it("are predicted each at a load", () => {
    const [one] = predict([CONDITION], model.prediction);
    const measured = truth(HOST);
    for (const { name, meanRoundTripSeconds } of one?.classes ?? [])
      expect(Math.abs(meanRoundTripSeconds / measured[name] - 1)).toBeLessThan(0.15);
    expect(one?.classes?.map(({ name }) => name)).toEqual(["fast", "slow"]);
  });

  it("are predicted in another mix, which one class cannot be", () => {
    const measured = truth(withSlowShare(HOST, 0.7)).all;
    const miss = (input: typeof model.prediction) =>
      Math.abs((predict([CONDITION], input)[0]?.meanRoundTripSeconds as number) / measured - 1);
    expect(miss(applyWhatIf(model, "slow=0.7"))).toBeLessThan(0.1);
    expect(miss(fitModel(withoutKinds(cells), options).prediction)).toBeGreaterThan(0.3);
    expect(assumptionOf("slow=0.7", model)).toMatch(
      /^70% of the requests are slow ones \(c, d\), \d+% were measured\.$/,
    );
    const [only] = predict([CONDITION], applyWhatIf(model, "slow=0"));
    expect(only?.classes?.map(({ name }) => name)).toEqual(["fast"]);
  });

  it("lets cells with different mixes share one fit", () => {
    const mixed = [1, 2, 4].flatMap((users) =>
      [0.1, 0.6].map((share) =>
        simulatedCell(withSlowShare(HOST, share), {
          ...{ users, thinkTimeSeconds: 0, seed: users + 100 * share, payloadOf },
        }),
      ),
    );
    const one = fitModel(mixed, options);
    const blind = fitModel(withoutKinds(mixed), options);
    const misfit = ({ residuals }: typeof one) =>
      average(residuals.map(({ errorRatio }) => Math.abs(errorRatio)));
    expect(misfit(one)).toBeLessThan(0.05);
    expect(misfit(blind)).toBeGreaterThan(0.15);
  });

  it("refuses a share above 1, and sizes", () => {
    expect(() => applyWhatIf(model, "slow*8")).toThrow(/of the requests slow/);
    expect(() => applyWhatIf(model, "units=3")).toThrow(/one demand for each of two classes/);
  });
});

it("sizes of few values are kinds too, if no line fits them", () => {
  const cells = measure(HOST, 1).map((cell) => ({
    ...cell,
    size: { name: "faces", time: "roundTripSeconds" } as const,
    clients: cell.clients.map(({ kinds = [], ...client }) => ({
      ...client,
      sizes: kinds.map((kind) => ({ a: 10, b: 40, c: 20, d: 30 })[kind as "a" | "b" | "c" | "d"]),
    })),
  }));
  const model = fitModel(cells, options);
  expect(model.demandBySize).toMatchObject({
    isChosen: false,
    reason: expect.stringMatching(/^No line of sizes explains the demand: /),
  });
  const [fast, slow] = model.classes?.classes ?? [];
  expect([fast?.kinds, slow?.kinds]).toEqual([
    ["10", "40"],
    ["20", "30"],
  ]);
  const trained = fitModel(cells, { ...options, train: ({ users }) => users <= 2 });
  expect(trained.heldOut.medianErrorRatio).toBeLessThan(0.15);
});

describe("requests of one class", () => {
  const { sizes: _, ...plain } = HOST;
  const found = (cells: readonly ModelCell[]) =>
    findClasses(
      cells.map((cell) => prepare(cell, 25)),
      plain,
    );

  it.each([2, 5])("are hardly ever told apart by noise: %i payloads", (kinds) => {
    const random = createRandom(kinds);
    const chosen = seeds(100).filter(
      (seed) => found(measure(plain, seed, () => String(Math.floor(kinds * random()))))?.found.isChosen,
    );
    expect(chosen.length).toBeLessThanOrEqual(5);
  });

  it("are fitted as without payloads", () => {
    const random = createRandom(3);
    const cells = measure(plain, 1, () => String(Math.floor(2 * random())));
    const model = fitModel(cells, options);
    expect(model.classes).toMatchObject({ isChosen: false });
    expect(model.prediction).toEqual(fitModel(withoutKinds(cells), options).prediction);
    expect(() => applyWhatIf(model, "slow=0.5")).toThrow(
      expect.objectContaining({ code: "MODEL_BAD_QUESTION", hint: model.classes?.reason }),
    );
  });

  it("are assumed if every request sends the same, or payloads follow one another", () => {
    expect(found(measure(plain, 1, () => "a"))).toBeUndefined();
    const sizes = Array.from({ length: 40 }, (_, index) => Number(index >= 20));
    const seconds = sizes.map((kind) => (kind === 1 ? 0.9 : 0.4));
    const step = findClassStep([[{ sizes, seconds }]], 2);
    // Whichever part is left out, the others do not know its drift.
    expect(typeof step === "string" || step.line.linearError > step.line.constantError).toBe(true);
  });
});

it("two classes and cold starts are fitted together", () => {
  const host: ModelParameters = {
    ...HOST,
    coldStarts: { seconds: 2, variation: 0.1, keepAliveSeconds: 4 },
  };
  const cells = [1, 2, 3, 4].flatMap((users) =>
    [0, 1, 5].map((thinkTimeSeconds) =>
      simulatedCell(host, {
        ...{ users, thinkTimeSeconds, seed: 10 * users + thinkTimeSeconds, payloadOf },
        reportsColdStarts: true,
      }),
    ),
  );
  const model = fitModel(cells, options);
  const [fast, slow] = model.classes?.classes ?? [];
  expect(model.classes?.isChosen).toBe(true);
  expect(fast?.demandSeconds).toBeCloseTo(0.2, 1);
  expect(slow?.demandSeconds).toBeCloseTo(0.8, 1);
  expect(model.coldStarts).toMatchObject({ source: "flagged", rule: "instances" });
  expect(model.coldStarts?.meanSeconds).toBeCloseTo(2, 0);
  // A user who thinks for longer than the keep-alive always starts cold: 0.35 s of work on average, and 2 s.
  const [alone] = predict([{ users: 1, thinkTimeSeconds: 6 }], model.prediction);
  expect(Math.abs((alone?.meanRoundTripSeconds as number) / 2.35 - 1)).toBeLessThan(0.1);
});
