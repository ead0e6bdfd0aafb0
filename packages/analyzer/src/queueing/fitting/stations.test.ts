import { describe, expect, it } from "vitest";
import { drawNormal } from "../../stats/draw-normal.ts";
import { createRandom } from "../../stats/random.ts";
import { figuresOfCell, type SimulatedCellOptions, simulatedCell } from "../../testing/simulated-cell.ts";
import { applyWhatIf, assumptionOf } from "../asking/changes.ts";
import { predict } from "../asking/predict.ts";
import { askWhatIf } from "../asking/what-if.ts";
import { fitModel } from "../fit-model.ts";
import { average } from "../numeric/average.ts";
import type { ModelParameters } from "../station/parameters.ts";
import type { SimulatedRequest } from "../station/simulate.ts";
import { prepare } from "./prepare-cell.ts";
import { findSplit } from "./split.ts";

const ONE: ModelParameters = {
  ...{ demandSeconds: 1, servers: 1, contention: 0, delaySeconds: 0, demandVariation: 0.08 },
};
/** A lock around 0.3 s; the rest takes 0.5 s, of four requests at a time. */
const LOCKED: ModelParameters = {
  ...ONE,
  ...{ demandSeconds: 0.3, discipline: "first-come", other: { demandSeconds: 0.5, servers: 4 } },
};
type Reports = NonNullable<SimulatedCellOptions["reports"]>;
const mlTime = ({ roundTripSeconds, otherSeconds = 0 }: SimulatedRequest) => ({
  ml: roundTripSeconds - otherSeconds,
});

const measure = (host: ModelParameters, reports: Reports | undefined, loads = [1, 2, 3, 4]) =>
  loads.flatMap((users) =>
    [0, 1].map((thinkTimeSeconds) =>
      simulatedCell(host, {
        ...{ users, thinkTimeSeconds, runError: 0.015, seed: 10 * users + thinkTimeSeconds },
        ...(reports !== undefined && { reports }),
      }),
    ),
  );
/** The mean round trip of 40 runs. */
const truth = (host: ModelParameters, users: number) =>
  average(
    Array.from(
      { length: 40 },
      (_, seed) => figuresOfCell(simulatedCell(host, { users, thinkTimeSeconds: 0, seed: 900 + seed })).mean,
    ),
  );
const fit = (cells: ReturnType<typeof measure>) => fitModel(cells, { limitSeconds: 25, replications: 80 });
const meanOf = (model: ReturnType<typeof fit>, users: number) =>
  predict([{ users, thinkTimeSeconds: 0 }], model.prediction)[0]?.meanRoundTripSeconds as number;

describe("a part of the round trip that runs under a lock", () => {
  const model = fit(measure(LOCKED, mlTime));

  it("is a station of its own, and the one that saturates first", () => {
    const { isChosen, parts = [], bottleneck, reason } = model.stations ?? {};
    expect({ isChosen, bottleneck }).toEqual({ isChosen: true, bottleneck: "ml" });
    const [ml, rest] = parts;
    expect(ml).toMatchObject({ name: "ml", discipline: "first-come" });
    expect(ml?.demandSeconds).toBeCloseTo(0.3, 1);
    expect(ml?.servers).toBeLessThan(1.1);
    expect(rest?.demandSeconds).toBeCloseTo(0.5, 1);
    // No load showed how many requests the rest serves at a time.
    expect(rest?.intervals.servers).not.toHaveProperty("high");
    expect(reason).toMatch(/ml saturates first, at 3\.\d+ requests per second; rest at least \d/);
  });

  it("makes predictions beyond saturation closer to the truth than one station does", () => {
    const without = fit(measure(LOCKED, undefined));
    const errors = (one: typeof model) =>
      [5, 6, 9].map((users) => Math.abs(meanOf(one, users) / truth(LOCKED, users) - 1));
    expect(Math.max(...errors(model))).toBeLessThan(0.05);
    expect(average(errors(model))).toBeLessThan(average(errors(without)));
  });

  it("counts as one station of the same capacity for everything else", () => {
    const { demandSeconds, servers } = model.parameters;
    expect(demandSeconds).toBeCloseTo(0.8, 1);
    expect(Math.abs(servers / demandSeconds / (1 / 0.3) - 1)).toBeLessThan(0.06);
    expect(model.intervals.servers.low).toBeLessThanOrEqual(servers);
    expect(model.intervals.servers.high).toBeGreaterThanOrEqual(servers);
  });

  it("answers what more servers for one station do", () => {
    const load = [{ users: 6, thinkTimeSeconds: 0 }];
    const doubled = askWhatIf(model, "servers.ml=2", load).predictions[0]?.meanRoundTripSeconds;
    expect(Math.abs((doubled as number) / truth({ ...LOCKED, servers: 2 }, 6) - 1)).toBeLessThan(0.12);
    const faster = askWhatIf(model, "demand.ml*0.5", load).predictions[0]?.meanRoundTripSeconds;
    expect(Math.abs((faster as number) / truth({ ...LOCKED, demandSeconds: 0.15 }, 6) - 1)).toBeLessThan(
      0.12,
    );
    // More of what is not the bottleneck changes nothing.
    const [same] = askWhatIf(model, "servers.rest=16", load).predictions;
    expect((same?.meanRoundTripSeconds as number) / meanOf(model, 6)).toBeCloseTo(1, 1);
    expect(assumptionOf("servers.ml=2", model)).toMatch(
      /^The answer is of the hosts with these stations: \d+%/,
    );
    expect(assumptionOf("servers*2", model)).toContain("servers.ml changes one");
  });

  it("keeps at least one server at each station", () => {
    const { plausible } = applyWhatIf(model, "servers*0.5");
    for (const { parameters } of plausible) {
      if (parameters.other === undefined) continue;
      expect(parameters.servers).toBeGreaterThanOrEqual(1);
      expect(parameters.other.servers).toBeGreaterThanOrEqual(1);
    }
    expect(assumptionOf("servers*0.5", model)).toContain("each keeps at least one server;");
    expect(assumptionOf("servers*2", model)).not.toContain("keeps");
  });

  it("refuses an unknown station", () => {
    const load = [{ users: 6, thinkTimeSeconds: 0 }];
    expect(() => askWhatIf(model, "servers.gpu=2", load)).toThrow(
      expect.objectContaining({ code: "MODEL_BAD_QUESTION", hint: "its stations are ml and rest" }),
    );
    expect(() => askWhatIf(model, "contention.ml=0", load)).toThrow(/is no change/);
  });
});

describe("times that show one station", () => {
  it("change nothing: what is reported grows as the round trip does", () => {
    const host: ModelParameters = { ...ONE, servers: 3 };
    const cells = measure(host, ({ roundTripSeconds }) => ({ handler: 0.8 * roundTripSeconds }));
    const bare = measure(host, undefined);
    const [one, other] = [fit(cells), fit(bare)];
    expect(one.stations).toBeUndefined();
    expect(one.prediction).toEqual(other.prediction);
    expect(() => askWhatIf(one, "servers.handler=2", [{ users: 6, thinkTimeSeconds: 0 }])).toThrow(
      /the model has one/,
    );
  });

  it("are those of a single process, whose handler works on one request after the other", () => {
    const host: ModelParameters = { ...ONE, discipline: "first-come", delaySeconds: 0.1 };
    // Requests wait, but not for what takes 0.1 s: that is idle most of the time.
    const model = fit(measure(host, () => ({ handler: 1 })));
    expect(model.stations).toBeUndefined();
    expect(model.prediction).toEqual(fit(measure(host, undefined)).prediction);
  });

  it("are not told from others by noise", () => {
    const random = createRandom(4);
    const host: ModelParameters = { ...ONE, servers: 3 };
    const found = Array.from({ length: 20 }, () =>
      findSplit(
        measure(host, ({ roundTripSeconds }) => ({
          handler: (0.5 + 0.1 * drawNormal(random)) * roundTripSeconds,
        })).flatMap((cell) => prepare(cell, 25).seen ?? []),
      ),
    );
    expect(found.filter((split) => split !== undefined).length).toBeLessThanOrEqual(2);
  });
});

it("a part under a lock is a station if the rest is a mere delay, too", () => {
  const host: ModelParameters = {
    ...LOCKED,
    demandSeconds: 0.06,
    other: { demandSeconds: 0.1, servers: 100 },
  };
  const cells = [1, 2, 4, 6].map((users) =>
    simulatedCell(host, {
      ...{ users, thinkTimeSeconds: 0, seed: users, startRatePerSecond: 10, runError: 0.015 },
      reports: mlTime,
    }),
  );
  const { stations } = fit(cells);
  expect(stations).toMatchObject({ isChosen: true, bottleneck: "ml" });
  expect(stations?.parts[0].requestsPerSecond).toBeGreaterThan(15);
  expect(stations?.parts[0].requestsPerSecond).toBeLessThan(18.5);
});

it("keeps a reported time named rest apart from the time that no response reports", () => {
  const model = fit(measure(LOCKED, (request) => ({ rest: mlTime(request).ml })));
  expect(model.stations).toMatchObject({
    ...{ isChosen: true, bottleneck: "rest", growing: "rest" },
    parts: [{ name: "rest" }, { name: "other" }],
  });
  const capacity = askWhatIf(model, "servers.rest=2", [{ users: 9, thinkTimeSeconds: 0 }]).predictions[0];
  expect(capacity?.meanRoundTripSeconds).toBeLessThan(0.7 * meanOf(model, 9));
});

it("a wait outside of the reported time is the rest's, with the capacity of the lock", () => {
  const model = fit(measure(LOCKED, () => ({ ml: 0.3 })));
  expect(model.stations).toMatchObject({ growing: "rest" });
  for (const users of [6, 9])
    expect(Math.abs(meanOf(model, users) / truth(LOCKED, users) - 1)).toBeLessThan(0.12);
});

it("a wait that is reported apart belongs to the part that requests wait for", () => {
  const model = fit(measure(LOCKED, (request) => ({ ml: 0.3, queue: mlTime(request).ml - 0.299 })));
  expect(model.stations).toMatchObject({ isChosen: true, bottleneck: "ml" });
  expect(model.stations?.parts[0].demandSeconds).toBeCloseTo(0.3, 1);
  for (const users of [6, 9])
    expect(Math.abs(meanOf(model, users) / truth(LOCKED, users) - 1)).toBeLessThan(0.05);
});

describe("two stations of a host with cold starts", () => {
  /** Its single users start cold for 2 s, as their responses say; of the other cells, no starts are known. */
  const withColdStarts = (cell: ReturnType<typeof measure>[number]) => ({
    ...cell,
    clients: cell.clients.map(({ trace = [], roundTripSeconds: [first = 0, ...others], ...client }) =>
      cell.users > 1
        ? { ...client, roundTripSeconds: [first, ...others] }
        : {
            ...client,
            roundTripSeconds: [first + 2, ...others],
            trace: trace.map((request, index) => ({
              ...request,
              startSeconds: request.startSeconds + (index === 0 ? 0 : 2),
              roundTripSeconds: request.roundTripSeconds + (index === 0 ? 2 : 0),
              isCold: index === 0,
            })),
          },
    ),
  });
  const warned = (cells: ReturnType<typeof measure>) => {
    const { coldStarts, stations, verdict } = fit(cells.map(withColdStarts));
    const reason = verdict.reasons.find((one) => one.includes("the model has one station"));
    return { rule: coldStarts?.rule, stations, reason, level: verdict.level };
  };

  it("are not tried, and the verdict warns of that", () => {
    const { rule, stations, reason, level } = warned(measure(LOCKED, mlTime, [1, 2, 4, 6, 9]));
    expect({ rule, stations }).toEqual({ rule: "instances", stations: undefined });
    expect(reason).toMatch(/^Under load, ml takes a larger share .* if there are cold starts: /);
    expect(level).not.toBe("trust");
  });

  it("are no reason for a warning if the reported time grows as the round trip does", () => {
    const host: ModelParameters = { ...ONE, servers: 3 };
    const handler: Reports = ({ roundTripSeconds }) => ({ handler: 0.8 * roundTripSeconds });
    expect(warned(measure(host, handler))).toMatchObject({ rule: "instances", reason: undefined });
  });
});
