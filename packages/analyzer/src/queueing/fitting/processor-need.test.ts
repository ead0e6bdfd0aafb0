import { describe, expect, it } from "vitest";
import { simulatedCell } from "../../testing/simulated-cell.ts";
import { askWhatIf } from "../asking/what-if.ts";
import { fitModel } from "../fit-model.ts";
import type { ModelParameters } from "../station/parameters.ts";
import {
  describeProcessors,
  findProcessorNeed,
  type ProcessorNeed,
  weighProcessors,
} from "./processor-need.ts";

const host = (changes: Partial<ModelParameters>): ModelParameters => ({
  ...{ demandSeconds: 10, servers: 6, contention: 0, delaySeconds: 0, demandVariation: 0.08 },
  ...changes,
});

/** Up to four users, one run of each cell. */
const measure = (parameters: ModelParameters, functionCpu?: ProcessorNeed) =>
  [1, 2, 3, 4].flatMap((users) =>
    [0, 1, 5].map((thinkTimeSeconds) => ({
      ...simulatedCell(parameters, {
        ...{ users, thinkTimeSeconds, runError: 0.01, timeoutBehaviour: "cancelled" },
        seed: 10 * users + thinkTimeSeconds,
      }),
      ...(functionCpu !== undefined && { functionCpu }),
    })),
  );

const fit = (parameters: ModelParameters, functionCpu?: ProcessorNeed) =>
  fitModel(measure(parameters, functionCpu), { limitSeconds: 60, replications: 100 });

describe("findProcessorNeed()", () => {
  it("takes the least time and the most cores of the cells that have them", () => {
    const cells = [
      { functionCpu: { secondsPerRequest: 2.2, cores: 4 } },
      {},
      { functionCpu: { secondsPerRequest: 2 } },
    ];
    expect(findProcessorNeed(cells)).toEqual({ secondsPerRequest: 2, cores: 4 });
    expect(findProcessorNeed([{}])).toBeUndefined();
  });
});

describe("weighProcessors()", () => {
  const need = { secondsPerRequest: 1, cores: 4 };
  const weigh = (changes: Partial<ModelParameters>) =>
    weighProcessors(host({ demandSeconds: 1, ...changes }), need, { leastSeconds: 1, width: 3 });

  it("rules out stations that serve more than the cores can, whatever limits them", () => {
    expect(weigh({ servers: 4 }).always).toBeCloseTo(0, 9);
    expect(weigh({ servers: 2 }).always).toBeCloseTo(0, 9);
    expect(weigh({ servers: 5 }).always).toBeLessThan(-20);
  });

  it("prefers as many servers as cores if processors are the only limit, also with contention", () => {
    const asOnlyLimit = (servers: number, contention = 0) => weigh({ servers, contention }).asOnlyLimit;
    expect(asOnlyLimit(4)).toBeGreaterThan(asOnlyLimit(3.5));
    expect(asOnlyLimit(4)).toBeGreaterThan(asOnlyLimit(4.4));
    expect(asOnlyLimit(4, 0.1)).toBeCloseTo(asOnlyLimit(4), 9);
  });

  it("says nothing of the servers if cores are not known, only of the demand", () => {
    const unknown = (changes: Partial<ModelParameters>) =>
      weighProcessors(host(changes), { secondsPerRequest: 1 }, { leastSeconds: 1.5, width: 3 });
    expect(unknown({ demandSeconds: 1, servers: 9 })).toEqual(unknown({ demandSeconds: 1, servers: 2 }));
    expect(unknown({ demandSeconds: 1 }).asOnlyLimit).toBeGreaterThan(
      unknown({ demandSeconds: 1.5 }).asOnlyLimit,
    );
  });

  it("takes a request that computes for longer than it lasts for one on several cores", () => {
    const parallel = weighProcessors(
      host({ demandSeconds: 0.5, servers: 2 }),
      { secondsPerRequest: 1, cores: 4 },
      { leastSeconds: 0.5, width: 3 },
    );
    expect(parallel.always).toBeCloseTo(0, 9);
    expect(parallel.asOnlyLimit).toBeCloseTo(weigh({ servers: 4 }).asOnlyLimit, 1);
  });
});

describe("fitModel() with processor time", () => {
  it("knows six servers from up to four users if six cores are the limit, and only then", () => {
    const known = fit(host({}), { secondsPerRequest: 10, cores: 6 });
    expect(known.parameters.servers).toBeGreaterThan(5.4);
    expect(known.intervals.servers.high).toBeLessThan(6.6);
    expect(known.verdict.reasons.join(" ")).toContain(
      "what the processors allow (10.0 s of processor time per request on 6 cores: at most 0.600 requests per second)",
    );
    const unknown = fit(host({}));
    expect(unknown.parameters.servers).toBeLessThanOrEqual(4);
    expect(unknown.intervals.servers.high).toBeUndefined();
  });

  it("stays with two servers that were seen on eight cores, and names another limit", () => {
    const { intervals, verdict } = fit(host({ servers: 2 }), { secondsPerRequest: 10, cores: 8 });
    expect(intervals.servers.low).toBeLessThan(2.02);
    expect(intervals.servers.high).toBeLessThan(2.4);
    expect(verdict.reasons.join(" ")).toContain("something else limits it");
  });

  it("refuses a what-if that only the assumed limit answers", () => {
    const model = fit(host({ servers: 5 }), { secondsPerRequest: 10, cores: 8 });
    const { unclear } = askWhatIf(model, "servers=10", [{ users: 6, thinkTimeSeconds: 0 }]);
    expect(unclear?.reason).toContain("no load showed an upper end of the servers");
  });

  it("keeps a delay in its intervals that processors leave room for, and none that they do not", () => {
    const delayed = host({ demandSeconds: 0.8, servers: 3, delaySeconds: 0.4 });
    const roomy = fit(delayed, { secondsPerRequest: 0.8, cores: 3 });
    expect(roomy.intervals.delaySeconds.high).toBeGreaterThan(0.38);
    expect(roomy.intervals.demandSeconds.low).toBeLessThan(0.82);
    const busy = fit(host({ demandSeconds: 1.2, servers: 3 }), { secondsPerRequest: 1.2, cores: 3 });
    expect(busy.intervals.delaySeconds.high).toBeLessThan(0.15);
  });
});

describe("describeProcessors()", () => {
  it("leaves the capacity out if cores are not known", () => {
    expect(describeProcessors({ secondsPerRequest: 0.25 })).toBe("0.250 s of processor time per request");
  });
});
