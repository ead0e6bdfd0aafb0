// The live page without a run: its state, its server, and the page in Debian's chromium.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LiveState } from "@slbench/analyzer";
import { type Browser, chromium } from "playwright-core";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import type { PlannedRun, Progress } from "../run/progress.ts";
import { createInterimReports } from "./interim-report.ts";
import { createLiveRun } from "./live-run.ts";
import { type LiveServer, startLiveServer } from "./live-server.ts";
import { createMetrics } from "./metrics.ts";
import { startWatch } from "./watch.ts";

const RUN: PlannedRun = {
  ...{ experiment: "face-blur", folder: "/nowhere" },
  order: "random order",
  cells: [1, 2].map((users) => ({
    ...{ name: `u0${users}-t0-r1`, users, thinkTimeSeconds: 0 },
    condition: `${users} ${users === 1 ? "user" : "users"}, think 0 s`,
    repetition: 1,
    state: "planned" as const,
  })),
};

function startFirstCell(progress: Progress): void {
  progress.planned(RUN);
  progress.cellStarted({
    ...{ number: 1, cells: 2, users: 1, condition: "1 user, think 0 s", plannedRequests: 10 },
  });
}

describe("createLiveRun()", () => {
  it("knows the cells, what runs now and next, and the errors by outcome", () => {
    let now = 100;
    const live = createLiveRun({ changed: () => {}, nowSeconds: () => now });
    expect(live.state()).toMatchObject({ phase: "preparing", cells: [], errors: [], reports: 0 });
    startFirstCell(live);
    now = 102;
    live.update({ started: 1, ended: 0, requests: 4, answered: 3, failures: { timeout: 1 } });
    now = 103;
    live.update({
      started: 1,
      ended: 0,
      requests: 6,
      answered: 4,
      failures: { timeout: 1, "http-error": 1 },
    });
    expect(live.state()).toMatchObject({
      phase: "measuring",
      current: { condition: "1 user, think 0 s", activeUsers: 1, requests: 6, seconds: 3 },
      next: "2 users, think 0 s, repetition 1 (random order)",
      points: [
        { activeUsers: 1, responses: 4, failures: 1 },
        { activeUsers: 1, responses: 2, failures: 1 },
      ],
    });
    live.cellEnded({ state: "complete", text: "", result: { sent: 10, successful: 8, meanSeconds: 0.2 } });
    expect(live.state()).toMatchObject({
      phase: "between cells",
      cells: [{ state: "complete", result: { successful: 8 } }, { state: "planned" }],
      errors: [
        { outcome: "timeout", count: 1 },
        { outcome: "http-error", count: 1 },
      ],
    });
    expect(live.state().current).toBeUndefined();
    live.reason("next 2 users, to narrow the bracket");
    live.cellStarted({ number: 2, cells: 2, users: 2, condition: "2 users, think 0 s", plannedRequests: 20 });
    expect(live.state().current?.reason).toBe("next 2 users, to narrow the bracket");
  });

  it("shows how busy the machine is from its counters", () => {
    let busy = 0;
    const live = createLiveRun({ changed: () => {}, look: () => ({ busy, all: 2 * busy }) });
    startFirstCell(live);
    busy = 10;
    live.update({ ended: 0, requests: 0, answered: 0, failures: {} });
    expect(live.state().points).toEqual([{ responses: 0, failures: 0, busy: 0.5 }]);
  });
});

describe("startLiveServer()", () => {
  const state: LiveState = { atMs: 0, phase: "preparing", cells: [], points: [], errors: [], reports: 0 };
  let server: LiveServer;
  const start = async () => {
    server = await startLiveServer({ page: () => "<p>page</p>", state: () => state });
  };
  afterEach(() => server.close());

  const statusOf = (url: URL, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((done, fail) => {
      request(url, { headers }, (response) => {
        response.resume();
        done(response.statusCode);
      })
        .on("error", fail)
        .end();
    });

  it("answers below a random path only, and no page of another host", async () => {
    await start();
    const url = new URL(server.url);
    expect(url.hostname).toBe("127.0.0.1");
    expect(url.pathname).toMatch(/^\/[0-9a-f]{32}\/$/);
    expect(await fetch(url).then((response) => response.text())).toBe("<p>page</p>");
    for (const path of ["/", "/events", `${url.pathname}../`, `${url.pathname}other`])
      expect(await statusOf(new URL(path, url), {}), path).toBe(404);
    expect(await statusOf(url, { host: "evil.example" })).toBe(404);
  });

  it("sends the state to several watchers, and forgets those that leave", async () => {
    await start();
    const abort = new AbortController();
    const follow = async (signal?: AbortSignal) => {
      const response = await fetch(new URL("events", server.url), signal && { signal });
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      return {
        read: async () => new TextDecoder().decode((await reader.read()).value),
        cancel: () => reader.cancel(),
      };
    };
    const [one, two] = await Promise.all([follow(), follow(abort.signal)]);
    for (const reader of [one, two])
      expect(await reader.read()).toBe(`event: state\ndata: ${JSON.stringify(state)}\n\n`);
    expect(server.watchers()).toBe(2);
    abort.abort();
    await expect.poll(() => server.watchers()).toBe(1);
    server.send();
    expect(await one.read()).toContain("event: state");
    await one.cancel();
  });
});

describe("createInterimReports()", () => {
  it("makes a report only if all of them cost less than 1% of a core", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slbench-interim-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const program = join(folder, "report.mjs");
    writeFileSync(program, "process.send({ html: process.argv[2], cpuSeconds: 0.8 });");
    let now = 0;
    let made = 0;
    const reports = createInterimReports(() => made++, { nowSeconds: () => now, program });
    const requestAt = (seconds: number, folder: string) => {
      now = seconds;
      reports.request(folder);
    };
    requestAt(149, "too early");
    requestAt(151, "first");
    await expect.poll(reports.last).toBe("first");
    // The second is expected to cost as much as the first did.
    await expect.poll(() => reports.isBusy()).toBe(false);
    requestAt(159, "too early");
    expect(reports.isBusy()).toBe(false);
    requestAt(161, "second");
    await expect.poll(reports.last).toBe("second");
    expect(made).toBe(2);
    reports.close();
  });
});

describe("createMetrics()", () => {
  it("counts requests by cell and outcome, and cells by state", async () => {
    const { registry, progress } = createMetrics();
    startFirstCell(progress);
    progress.update({ started: 1, ended: 0, requests: 3, answered: 3, failures: {} });
    progress.update({ started: 1, ended: 0, requests: 5, answered: 4, failures: { timeout: 1 } });
    const running = await registry.metrics();
    expect(running).toContain('slbench_requests_total{cell="u01-t0-r1",outcome="ok"} 4');
    expect(running).toContain('slbench_requests_total{cell="u01-t0-r1",outcome="timeout"} 1');
    expect(running).toContain("slbench_active_users 1");
    expect(running).toContain('slbench_cells{state="running"} 1');
    progress.cellEnded({ state: "complete", text: "", result: { sent: 5, successful: 4 } });
    const ended = await registry.metrics();
    expect(ended).toContain("slbench_active_users 0");
    expect(ended).toContain('slbench_cells{state="complete"} 1');
    expect(ended).toContain('slbench_cells{state="planned"} 1');
    expect(ended).toContain('slbench_cells{state="running"} 0');
  });
});

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
describe.skipIf(executablePath === undefined)("the live page in a browser", () => {
  let browser: Browser | undefined;
  const folder = mkdtempSync(join(tmpdir(), "slbench-live-"));
  afterEach(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("shows figures as they come, survives a reload in mid-run, and ends as the report", async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
    const watch = await startWatch("examples/quick.yaml");
    const page = await browser.newPage();
    await page.goto(watch.url);
    const panel = page.locator(".live");
    await expect.poll(() => panel.textContent()).toContain("Preparing the first cell");
    startFirstCell(watch.progress);
    watch.progress.update({ started: 1, ended: 0, requests: 4, answered: 4, failures: {} });
    await expect.poll(() => panel.textContent()).toContain("4 of 10");
    await page.reload();
    await expect.poll(() => panel.textContent()).toContain("4 of 10");
    watch.progress.cellEnded({
      ...{ state: "complete", text: "" },
      result: { sent: 10, successful: 9, meanSeconds: 0.125, p95Seconds: 0.25 },
    });
    await expect.poll(() => panel.locator("tbody").textContent()).toContain("90.0%0.1250.2509 / 10");
    await expect.poll(() => page.locator("figure h3").allTextContents()).toEqual(["Response time so far"]);
    expect(await page.locator("h1").textContent()).toBe("How many users does the function serve?");
    expect(await page.locator("figure svg").first().textContent()).toContain("95th percentile");
    await page.setViewportSize({ width: 390, height: 800 });
    const cells = panel.locator(".scroll");
    await expect.poll(() => cells.getAttribute("data-more-right")).toBe("");
    await cells.evaluate((box) => {
      box.scrollLeft = 60;
    });
    watch.progress.update({ started: 1, ended: 0, requests: 5, answered: 5, failures: { timeout: 3 } });
    await expect.poll(() => panel.textContent()).toContain("3 timeout");
    expect(await cells.evaluate((box) => box.scrollLeft)).toBe(60);
    watch.progress.measured();
    await expect.poll(() => panel.textContent()).toContain("Making the report");
    const report = join(folder, "report.html");
    writeFileSync(report, "<!doctype html><title>final</title><main>the final report</main>");
    await watch.end(report);
    await expect.poll(() => page.textContent("main")).toBe("the final report");
  });
});
