import { describe, expect, it } from "vitest";
import { simulatedCell } from "../../testing/simulated-cell.ts";
import { fitModel } from "../fit-model.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { applyWhatIf, assumptionOf } from "./changes.ts";
import { proposeNextCell } from "./next-cell.ts";
import { askWhatIf } from "./what-if.ts";

const host = (changes: Partial<ModelParameters>): ModelParameters => ({
  ...{ demandSeconds: 3.4, servers: 1, contention: 0, delaySeconds: 0, demandVariation: 0.08 },
  ...changes,
});
const measure = (parameters: ModelParameters, loads: readonly number[]) =>
  loads.flatMap((users) =>
    [0, 1, 5].map((thinkTimeSeconds) =>
      simulatedCell(parameters, {
        ...{ users, thinkTimeSeconds, runError: 0.015, timeoutBehaviour: "keeps-running" },
        seed: 10 * users + thinkTimeSeconds,
      }),
    ),
  );

describe("askWhatIf()", () => {
  it("knows one slow server from several that contend: a second one halves the round trip", () => {
    const model = fitModel(measure(host({}), [1, 3, 5, 9]), { limitSeconds: 25 });
    const { predictions, unclear } = askWhatIf(model, "servers=2", [{ users: 6, thinkTimeSeconds: 0 }]);
    expect(unclear).toBeUndefined();
    expect(predictions[0]?.meanRoundTripSeconds).toBeGreaterThan(8.5);
    expect(predictions[0]?.meanRoundTripSeconds).toBeLessThan(11.5);
  });

  it("refuses to say what more servers do if fewer users than servers were measured, and proposes more users", () => {
    const model = fitModel(measure(host({ servers: 6, demandSeconds: 10 }), [1, 2, 3, 4]), {
      limitSeconds: 60,
    });
    const conditions = [2, 6].map((users) => ({ users, thinkTimeSeconds: 0 }));
    const answer = askWhatIf(model, "servers=12", conditions);
    const { predictions, unclear } = answer;
    expect(predictions.map(({ users }) => users)).toEqual([2]);
    expect(unclear?.conditions).toEqual([conditions[1]]);
    expect(unclear?.next?.users).toBeGreaterThan(4);
    expect(proposeNextCell(model, [answer])).toMatchObject({ ...unclear?.next, change: "servers=12" });
    expect(unclear?.reason).toMatch(
      /^These cells allow no answer: no load showed an upper end of the servers\. .* \d+% become faster, \d+% do not change\. Measure \d users, think time \S+ s next\.$/,
    );
  });

  it("refuses a part of a server or of a host, and leaves one server of a factor", () => {
    const model = fitModel(measure(host({}), [1, 3, 5]), { limitSeconds: 25, replications: 20 });
    const conditions = [{ users: 3, thinkTimeSeconds: 0 }];
    for (const change of ["servers=0.5", "replicas=0.5", "replicas*0.5", "servers.ml=0.5"])
      expect(() => askWhatIf(model, change, conditions)).toThrow(
        expect.objectContaining({
          code: "MODEL_BAD_QUESTION",
          message: expect.stringContaining(`"${change}" asks for fewer than 1 of the`),
        }),
      );
    const { parameters, plausible } = applyWhatIf(model, "servers*0.5");
    for (const { servers } of [parameters, ...plausible.map((draw) => draw.parameters)])
      expect(servers).toBeGreaterThanOrEqual(1);
    expect(assumptionOf("servers*0.5", model)).toBe("The function keeps at least one server.");
    expect(assumptionOf("servers*2", model)).toBeUndefined();
  });
});
