import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { readProcessorTime } from "../processor-time.ts";
import type { ReplicaCount } from "./pool.ts";

/** The gateway's metrics, under OpenFaaS's names if it has them. */
export interface GatewayMetrics {
  readonly contentType: string;
  /** Call when a request for the function arrives; call the result with its status when it ends. */
  begin(): (status: number) => void;
  setReplicas(count: ReplicaCount): void;
  /** Prometheus text. */
  render(): Promise<string>;
}

/** One look at the processes for both metrics. */
function countProcessorTime(registers: Registry[]): void {
  new Counter({
    name: "slbench_function_cpu_seconds_total",
    help: "Processor time of the gateway and the replicas, ended ones included, in seconds",
    registers,
    collect() {
      const time = readProcessorTime(process.pid);
      if (time === undefined) return;
      this.reset();
      this.inc(time.cpuSeconds);
      cores.set(time.cores);
    },
  });
  // Registered behind the counter, whose collect() sets it.
  const cores = new Gauge({
    name: "slbench_function_cores",
    help: "Cores that the function may use",
    registers,
  });
}

export function createMetrics(functionName: string): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  const started = new Counter({
    name: "gateway_function_invocation_started",
    help: "Requests received for a function",
    labelNames: ["function_name"],
    registers,
  });
  const total = new Counter({
    name: "gateway_function_invocation_total",
    help: "Completed requests by status; code 0 is a connection that closed without a response",
    labelNames: ["function_name", "code"],
    registers,
  });
  const inFlight = new Gauge({
    name: "gateway_function_invocation_inflight",
    help: "Requests in flight",
    labelNames: ["function_name"],
    registers,
  });
  const seconds = new Histogram({
    name: "gateway_functions_seconds",
    help: "Duration of a request in the gateway, in seconds",
    labelNames: ["function_name", "code"],
    buckets: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60],
    registers,
  });
  const replicas = new Gauge({
    name: "gateway_service_count",
    help: "Ready replicas",
    labelNames: ["function_name"],
    registers,
  });
  const states = new Gauge({
    name: "slbench_gateway_replicas",
    help: "Replicas by state: wanted, ready, starting, or ending (completing their last requests)",
    labelNames: ["function_name", "state"],
    registers,
  });
  const queue = new Gauge({
    name: "slbench_gateway_queue",
    help: "Requests that wait for a replica",
    labelNames: ["function_name"],
    registers,
  });
  // Only on Linux: elsewhere, a 0 would look like a function that needs no processor.
  if (readProcessorTime(process.pid) !== undefined) countProcessorTime(registers);
  const name = { function_name: functionName };
  inFlight.set(name, 0);
  return {
    contentType: registry.contentType,
    begin() {
      started.inc(name);
      inFlight.inc(name);
      const clock = seconds.startTimer(name);
      return (status) => {
        const code = String(status);
        inFlight.dec(name);
        total.inc({ ...name, code });
        clock({ code });
      };
    },
    setReplicas({ queued, ...count }) {
      replicas.set(name, count.ready);
      for (const [state, value] of Object.entries(count)) states.set({ ...name, state }, value);
      queue.set(name, queued);
    },
    render: () => registry.metrics(),
  };
}
