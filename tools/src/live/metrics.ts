import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Counter, Gauge, Registry } from "prom-client";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import type { JournalCounts } from "../results/journals.ts";
import type { CellProgress, Progress } from "../run/progress.ts";
import { closeServer, listenOnLoopback } from "./loopback.ts";

/** A run's figures for Prometheus. */
export interface Metrics {
  readonly url: string;
  readonly progress: Progress;
  close(): Promise<void>;
}

/**
 * Serves a run's figures in Prometheus' format on loopback; a collector for OpenTelemetry reads the same.
 * @param port 0: any free one
 * @throws {SlbenchError} RUN_METRICS_PORT
 */
export async function startMetrics(port: number): Promise<Metrics> {
  const { registry, progress } = createMetrics();
  const server = createServer((request, response) => {
    const isKnown = request.method === "GET" && request.url === "/metrics";
    void registry.metrics().then((text) => {
      response.writeHead(isKnown ? 200 : 404, { "content-type": registry.contentType });
      response.end(isKnown ? text : "");
    });
  });
  await listenOnLoopback(
    server,
    port,
    (cause) =>
      new SlbenchError<ToolErrorCode>("RUN_METRICS_PORT", `cannot serve metrics on port ${port}`, {
        hint: "name a free port",
        cause,
      }),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    progress,
    close: () => closeServer(server),
  };
}

/** The metrics, and what keeps them up to date. */
export function createMetrics(): { readonly registry: Registry; readonly progress: Progress } {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: "slbench_requests_total",
    help: "Requests that virtual users have completed, by outcome",
    labelNames: ["cell", "outcome"],
    registers,
  });
  const active = new Gauge({
    name: "slbench_active_users",
    help: "Virtual users that have started and not ended",
    registers,
  });
  const cells = new Gauge({
    name: "slbench_cells",
    help: "Cells by state",
    labelNames: ["state"],
    registers,
  });
  const states = new Map<string, string>();
  const known = new Set<string>();
  let current: { readonly name: string; readonly cell: CellProgress } | undefined;
  let before: Partial<JournalCounts> = {};
  const countCells = () => {
    for (const state of states.values()) known.add(state);
    // A state without cells is 0: collectors keep the last value of a series that ends.
    for (const state of known)
      cells.set({ state }, [...states.values()].filter((one) => one === state).length);
  };
  const setState = (state: string) => {
    if (current !== undefined) states.set(current.name, state);
    countCells();
  };
  const progress: Progress = {
    say() {},
    warn() {},
    reason() {},
    planned(run) {
      for (const { name, state } of run.cells) states.set(name, state);
      countCells();
    },
    cellStarted(cell) {
      current = { cell, name: [...states.keys()][cell.number - 1] ?? cell.condition };
      before = {};
      setState("running");
    },
    update(counts) {
      if (current === undefined) return;
      const { name } = current;
      requests.inc({ cell: name, outcome: "ok" }, counts.answered - (before.answered ?? 0));
      for (const [outcome, count] of Object.entries(counts.failures))
        requests.inc({ cell: name, outcome }, count - (before.failures?.[outcome] ?? 0));
      if (counts.started !== undefined) active.set(counts.started - counts.ended);
      before = counts;
    },
    cellEnded({ state }) {
      active.set(0);
      setState(state);
      current = undefined;
    },
    measured() {},
  };
  return { registry, progress };
}
