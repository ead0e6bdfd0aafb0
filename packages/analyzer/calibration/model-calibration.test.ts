import { beforeAll, expect, it } from "vitest";
import { MODEL_HOSTS } from "./model-hosts.ts";
import type { FitJudgement } from "./model-judge.ts";
import { renderModelPage } from "./model-page.ts";
import { type ModelSuiteSize, runModelSuite } from "./model-suite.ts";
import { runTask } from "./tasks.ts";

/** Sharing with four servers, first come first served with three, one server whose cut requests go on. */
const SHORT: ModelSuiteSize = { seed: 5, experiments: 1, truthRuns: 40, hosts: [2, 6, 7] };
let judgements: readonly FitJudgement[];

beforeAll(async () => {
  judgements = await runModelSuite(SHORT, async (tasks) => tasks.map(runTask));
}, 120_000);

it("judges each host by its fits to few users and to the whole range", () => {
  expect(judgements.map(({ host, fit }) => [host, fit])).toEqual(
    [2, 6, 7].flatMap((host) => ["low", "spread"].map((fit) => [MODEL_HOSTS[host]?.name, fit])),
  );
});

it("predicts what it did not see within 3% in the median", () => {
  for (const { errorRatios } of judgements) {
    const middle = errorRatios.toSorted((a, b) => a - b)[Math.floor(errorRatios.length / 2)];
    expect(middle).toBeLessThan(0.03);
  }
});

it("answers no what-if with the wrong sign", () => {
  expect(judgements.filter(({ whatIf }) => whatIf === "wrong")).toEqual([]);
});

it("writes each host and each verdict into the page", () => {
  const page = renderModelPage(judgements, SHORT).replaceAll(/ +/g, " ");
  for (const { host, verdict } of judgements) {
    expect(page).toContain(`| ${host} |`);
    expect(page).toContain(`| ${verdict} |`);
  }
});
