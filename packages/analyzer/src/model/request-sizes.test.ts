import { describe, expect, it } from "vitest";
import { analyze } from "../analyze.ts";
import { parseLog } from "../log/log.ts";
import { renderReport } from "../report/render-report.ts";
import { reportFigures } from "../report/report-figures.ts";
import { createRandom } from "../stats/random.ts";
import { type TestClient, testClient } from "../testing/clients.ts";
import { answerQuestions } from "./answer.ts";
import { renderModelText } from "./render-model.ts";
import { toModelCells } from "./to-model-cells.ts";

const empty = parseLog('<testResults version="1.2"></testResults>', "x");

type Change = NonNullable<TestClient["change"]>;
const bare: Change = ({ handlerSeconds: _, mlSeconds: __, faces: ___, coldStart: ____, ...request }) =>
  request;

/** 1, 2 and 4 users of a host that serves one request after another: 0.1 s and 0.01 s per token. */
function measure(change: (tokens: number) => Change, head: TestClient["head"] = {}) {
  const random = createRandom(7);
  const inputs = [1, 2, 4].map((users) => {
    const clients = Array.from({ length: users }, (_, user) => {
      const tokens = Array.from({ length: 40 }, () => 5 + Math.floor(100 * random()));
      return testClient({
        ...{ user: `w1-u${user + 1}`, thinkSeconds: 0, head },
        roundTrips: tokens.map((count) => 0.1 + 0.01 * count + 0.6 * (users - 1)),
        change: (request) => change(tokens[request.sequence - 1] as number)(bare(request)),
      });
    });
    const log = { ...empty, hasReports: true, clients };
    return { users, thinkTimeSeconds: 0, repetition: 1, source: "x", log };
  });
  return analyze(inputs);
}

const tokens = (count: number) => (request: Parameters<Change>[0]) => ({ ...request, units: count });

describe("the size of requests", () => {
  it("is their units, by the experiment's name, in the model and in the report", () => {
    const analysis = measure(tokens, { unitsName: "tokens" });
    const answer = answerQuestions(toModelCells([analysis]), {
      whatIf: [],
      timeout: 25,
      seed: 1,
      replications: 8,
    });
    expect(answer.demandBySize).toMatchObject({ name: "tokens", time: "roundTripSeconds", isChosen: true });
    expect(answer.demandBySize?.perUnitSeconds).toBeCloseTo(0.01, 3);
    expect(renderModelText(answer)).toContain("s × tokens\n");
    const page = renderReport(analysis, { figures: reportFigures(analysis) });
    expect(page).toMatch(/Service demand = 0\.\d+ s \+ 0\.01 s × tokens; 95% intervals/);
  });

  it("goes with the handler's time if responses have it, and is not known of failures and cold starts", () => {
    const [cell] = toModelCells([
      measure((count) => (request) => ({
        ...tokens(count)(request),
        handlerSeconds: 0.01 * count,
        ...(request.sequence === 33 && { outcome: "wrong-answer" as const }),
        ...(request.sequence === 35 && { coldStart: true }),
      })),
    ]);
    expect(cell?.size).toEqual({ name: "units", time: "handlerSeconds" });
    const { sizes = [], serviceSeconds = [] } = cell?.clients[0] ?? {};
    // The warm-up is not among them.
    const at = (sequence: number) => sizes.length - 40 + sequence - 1;
    expect([sizes[at(33)], sizes[at(35)]]).toEqual([Number.NaN, Number.NaN]);
    expect(sizes.filter((size) => !Number.isNaN(size)).length).toBe(sizes.length - 2);
    for (const sequence of [31, 32, 34, 40])
      expect(serviceSeconds[at(sequence)]).toBeCloseTo(0.01 * (sizes[at(sequence)] as number), 9);
  });

  it("is the kilobytes sent, else received, if they vary; else it is not known", () => {
    const sizeOf = (change: (count: number) => Change) => toModelCells([measure(change)])[0]?.size?.name;
    expect(sizeOf((count) => (request) => ({ ...request, sentBytes: 1000 * count }))).toBe("kB sent");
    expect(sizeOf((count) => (request) => ({ ...request, receivedBytes: 1000 * count }))).toBe("kB received");
    expect(sizeOf(() => (request) => request)).toBeUndefined();
  });
});
