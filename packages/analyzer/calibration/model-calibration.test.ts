import { beforeAll, expect, it } from "vitest";
import { median } from "../src/stats/median.ts";
import { MODEL_HOSTS } from "./model-hosts.ts";
import type { FitJudgement } from "./model-judge.ts";
import { renderModelPage } from "./model-page.ts";
import { type ModelSuiteSize, runModelSuite, runPlatformSuite } from "./model-suite.ts";
import type { PlatformJudgement } from "./platform-judge.ts";
import { runTask } from "./tasks.ts";

/** Sharing with four servers, first come first served with three, one server whose cut requests go on. */
const SHORT: ModelSuiteSize = { seed: 5, experiments: 1, truthRuns: 40, hosts: [2, 6, 7] };
let judgements: readonly FitJudgement[];
let platforms: readonly PlatformJudgement[];

beforeAll(async () => {
  judgements = await runModelSuite(SHORT, async (tasks) => tasks.map(runTask));
  platforms = await runPlatformSuite(SHORT, async (tasks) => tasks.map(runTask));
}, 900_000);

it("judges each host by its fits to few users and to the whole range", () => {
  expect(judgements.map(({ host, fit }) => [host, fit])).toEqual(
    [2, 6, 7].flatMap((host) => ["low", "spread"].map((fit) => [MODEL_HOSTS[host]?.name, fit])),
  );
});

it("predicts what it did not see within 3% in the median", () => {
  for (const { predictions } of judgements)
    expect(median(predictions.map(({ errorRatio }) => errorRatio))).toBeLessThan(0.03);
});

it("answers no what-if with the wrong sign", () => {
  expect(judgements.filter(({ whatIf }) => whatIf === "wrong")).toEqual([]);
});

it("predicts autoscaled replicas: p95 within 5% in the median, every share of cold starts within 0.05", () => {
  const errors = platforms.map((one) => Math.abs(one.errors.p95)).sort((a, b) => a - b);
  expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.05);
  for (const one of platforms) expect(Math.abs(one.errors.cold)).toBeLessThan(0.05);
});

it("writes each host and each verdict into the page", () => {
  const page = renderModelPage(judgements, platforms, SHORT).replaceAll(/ +/g, " ");
  for (const { scenario } of platforms) expect(page).toContain(`| ${scenario} |`);
  for (const { host, verdict } of judgements) {
    expect(page).toContain(`| ${host} |`);
    expect(page).toContain(`| ${verdict} |`);
  }
});
