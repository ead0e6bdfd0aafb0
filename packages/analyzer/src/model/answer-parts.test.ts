import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { analyze } from "../analyze.ts";
import { parseLog } from "../log/log.ts";
import { reportFigures } from "../report/report-figures.ts";
import { testClient } from "../testing/clients.ts";
import { simulatedCell } from "../testing/simulated-cell.ts";
import { answerQuestions } from "./answer.ts";
import { renderModelText } from "./render-model.ts";

const schema = JSON.parse(readFileSync(new URL("../../model.schema.json", import.meta.url), "utf8"));
const validate = new Ajv2020({ strict: false }).compile(schema);

test("the answer is as its schema says if there are two stations, and the text names both", () => {
  const host = {
    ...{ demandSeconds: 0.3, servers: 1, contention: 0, delaySeconds: 0, demandVariation: 0.08 },
    ...({ discipline: "first-come", other: { demandSeconds: 0.5, servers: 4 } } as const),
  };
  const locked = [1, 2, 4].flatMap((users) =>
    [0, 1].map((thinkTimeSeconds) =>
      simulatedCell(host, {
        ...{ users, thinkTimeSeconds, seed: users },
        reports: ({ roundTripSeconds, otherSeconds = 0 }) => ({ ml: roundTripSeconds - otherSeconds }),
      }),
    ),
  );
  const questions = { whatIf: ["servers.ml=2"], predict: "users=8", timeout: 25, seed: 1, replications: 40 };
  const answer = answerQuestions(locked, questions);
  validate(JSON.parse(JSON.stringify(answer)));
  expect(validate.errors ?? []).toEqual([]);
  expect(answer.stations).toMatchObject({ isChosen: true, bottleneck: "ml" });
  const [before, after] = [answer.predictions[0], answer.whatIfs[0]?.predictions[0]];
  expect(after?.meanRoundTripSeconds).toBeLessThan(0.7 * (before?.meanRoundTripSeconds as number));
  const text = renderModelText(answer);
  expect(text).toMatch(
    /\n {2}stations +ml: 0\.\d+ s, 1(\.\d+)? at a time .*first served; at most 3\.\d+ requests\/s\n/,
  );
  expect(text).toMatch(/\n +rest: 0\.\d+ s, at least 4 at a time/);
  expect(text).toContain("What if servers.ml=2\nThe answer is of the hosts with these stations");
});

test("the answer is as its schema says if requests are of two classes, and the text has both", () => {
  const host = {
    ...{ demandSeconds: 0.35, servers: 2, contention: 0, delaySeconds: 0, demandVariation: 0.1 },
    sizes: {
      ...{ perUnitSeconds: 0.6, meanUnits: 0.25 },
      classes: [
        { share: 0.75, units: 0, name: "fast" },
        { share: 0.25, units: 1, name: "slow" },
      ],
    },
  };
  const mixed = [1, 2, 4].flatMap((users) =>
    [0, 1].map((thinkTimeSeconds) =>
      simulatedCell(host, {
        ...{ users, thinkTimeSeconds, seed: users },
        payloadOf: ({ units }) => (units === 1 ? "large.jpg" : "small.jpg"),
      }),
    ),
  );
  const questions = { whatIf: ["slow=0.5"], predict: "users=8", timeout: 25, seed: 1, replications: 40 };
  const answer = answerQuestions(mixed, questions);
  validate(JSON.parse(JSON.stringify(answer)));
  expect(validate.errors ?? []).toEqual([]);
  const { predictions } = schema.properties.whatIfs.items.properties;
  expect(Object.keys(predictions.items.properties)).toContain("classes");
  expect(answer.whatIfs[0]?.predictions[0]?.classes).toHaveLength(2);
  const text = renderModelText(answer);
  expect(text).toMatch(/\n {2}classes +fast: demand 0\.\d+ s \(.*\), \d\d% of the requests: small\.jpg\n/);
  expect(text).toMatch(/\n +slow: demand 0\.\d+ s \(.*\), \d\d% of the requests: large\.jpg\n/);
  expect(text).toMatch(
    /\n *users +think s +requests +mean s +interval\n +8 +0 +fast +\d.*\n +8 +0 +slow +\d/,
  );
  expect(text).toMatch(
    /What if slow=0\.5\n50% of the requests are slow ones \(large\.jpg\), \d\d% were measured\.\n/,
  );
});

/** The notes of the model's first figure, for users who wait for a part of their requests as `partOf` says. */
function notesOf(
  roundTripOf: (users: number, sequence: number) => number,
  partOf: (users: number) => number,
) {
  const empty = parseLog('<testResults version="1.2"></testResults>', "x");
  const inputs = [1, 2, 4, 6].map((users) => {
    const clients = Array.from({ length: users }, (_, user) =>
      testClient({
        ...{ user: `w1-u${user + 1}`, thinkSeconds: 0 },
        roundTrips: Array.from({ length: 40 }, (_, index) => roundTripOf(users, index + 1)),
        change: ({ handlerSeconds: _, coldStart: __, faces: ___, ...request }) => ({
          ...request,
          mlSeconds: partOf(users),
          // In a row that has no trend.
          payload: `${(request.sequence * 7) % 3}.jpg`,
        }),
      }),
    );
    const log = { ...empty, hasReports: true, clients };
    return { users, thinkTimeSeconds: 0, repetition: 1, source: "x", log };
  });
  const { figures } = reportFigures(analyze(inputs));
  return figures.find(({ title }) => title === "Queueing model: round trip")?.notes?.join("\n");
}

test("a report names the part of the round trip that saturates first", () => {
  // Of n users, n − 1 wait for the lock of 0.3 s that the others hold, once there are more than two.
  const locked = (users: number) => Math.max(0.3, 0.3 * users - 0.5);
  const notes = notesOf((users, sequence) => 0.5 + locked(users) * (1 + 0.02 * ((sequence % 5) - 2)), locked);
  expect(notes).toMatch(/\nml: 0\.\d+ s, .*; rest: 0\.\d+ s, .*\.\n/);
  expect(notes).toContain("ml saturates first, at 3.");
});

test("a report names the classes of requests", () => {
  const notes = notesOf(
    (users, sequence) => users * ((sequence * 7) % 3 === 2 ? 0.9 : 0.3) * (1 + 0.02 * ((sequence % 5) - 2)),
    () => 0.1,
  );
  expect(notes).toMatch(
    /\nfast: demand 0\.\d+ s .*: 0\.jpg, 1\.jpg; slow: demand 0\.\d+ s .*: 2\.jpg\.\nRequests are of/,
  );
});
