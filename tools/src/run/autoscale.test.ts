// Replicas that start and end by a rule, through JMeter, clients, gateway and analysis.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { journalRows, resultOf, runSlbench } from "../testing/slbench.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-autoscale-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function run(name: string, autoscale: string, load: string, more = "") {
  writeFileSync(
    join(work, `${name}.yaml`),
    `name: ${name}
function: {url: local, backend: none, autoscale: ${autoscale}}
response: {times: {queueSeconds: {header: X-Slbench-Queue-Seconds}}}
load: ${load}
${more}
`,
  );
  const { code, output } = await runSlbench(["run", `${name}.yaml`], work);
  expect(output).toMatch(/\d+ of \d+ requests successful/);
  expect(code).toBe(0);
  const folder = resultOf(work, name);
  const [cell = ""] = readdirSync(join(folder, "cells"));
  const read = (...path: readonly string[]) => readFileSync(join(folder, ...path), "utf8");
  return {
    rows: journalRows(folder),
    summary: JSON.parse(read("summary.json")),
    replicas: JSON.parse(read("cells", cell, "cell.json")).replicas,
    counts: read("cells", cell, "replicas.csv")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",").map(Number)),
  };
}

describe.skipIf(process.platform !== "linux")("a run on replicas that start by a rule", () => {
  test("shows a cold start after each pause, its wait and its replica", async () => {
    const { rows, summary, replicas, counts } = await run(
      "idle",
      "{rule: per-request, keepAliveSeconds: 0.2, maxReplicas: 2, startSeconds: 0.5}",
      "{users: 1, thinkTimeSeconds: 'idle:1/4', requestsPerUser: 8, repetitions: 1}",
    );
    expect(rows).toHaveLength(8);
    const cold = rows.filter(({ coldStart }) => coldStart === true);
    // A machine that stands still for longer than the keep-alive may add some.
    expect(cold.map(({ sequence }) => sequence)).toEqual(expect.arrayContaining([4, 8]));
    // On a busy machine, a replica that slbench's own first request asked for may become ready as late as the run.
    const before = rows.some(({ sequence, coldStart }) => sequence === 1 && coldStart !== true) ? 1 : 0;
    expect(Math.min(...cold.map(({ times }) => times?.queueSeconds ?? 0))).toBeGreaterThan(0.49);
    expect(new Set(rows.map(({ replica }) => replica)).size).toBe(cold.length + before);
    expect(summary.cells[0].coldStarts).toBe(cold.length);
    const starting = counts.map((row) => row[3] ?? 0);
    const starts = starting.filter((count, index) => count > (starting[index - 1] ?? 0)).length;
    expect(starts).toBeGreaterThanOrEqual(cold.length);
    expect(starts).toBeLessThanOrEqual(cold.length + before);
    expect(replicas.maxReplicas).toBeLessThanOrEqual(2);
    expect(replicas.replicaSeconds).toBeGreaterThan(0.5 * cold.length - 0.1);
    expect(replicas.replicaSeconds).toBeLessThan(replicas.seconds * replicas.maxReplicas + 0.1);
  }, 180_000);

  test("sends each burst once, shared by the workers", async () => {
    const { rows } = await run(
      "bursts",
      "{rule: kpa, target: 1, minReplicas: 1, maxReplicas: 2}",
      "{arrivals: {ratePerSecond: 5, process: 'bursts:5/1/0.1'}, durationSeconds: 2.5, repetitions: 1}",
      "jmeter: {localWorkers: 2}",
    );
    expect(rows).toHaveLength(10);
    // Of each burst of 5, one worker's client sends 3 and the other 2.
    const sequences = rows.map(({ sequence }) => sequence).toSorted((a, b) => a - b);
    expect(sequences).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 6]);
  }, 180_000);
});
