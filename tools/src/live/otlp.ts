import { createRequire } from "node:module";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { Registry } from "prom-client";
import { ensurePackages, otlpExporter } from "../setup/optional-packages.ts";
import type { SetupLog } from "../setup/steps.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

const INTERVAL_MS = 5_000;
/** How long one export is tried again. */
const TIMEOUT_MS = 3_000;

export interface OtlpOptions {
  /** The collector's, without the path: `http://127.0.0.1:4318`. */
  readonly endpoint: URL;
  /** Called once if figures do not reach the collector. */
  readonly warn: (message: string) => void;
  readonly log?: SetupLog;
}

/**
 * Sends a run's figures to an OpenTelemetry collector, every 5 s and once at the end: those of --metrics, by OTLP over
 * HTTP as JSON. The exporter also reads the variables OTEL_EXPORTER_OTLP_…, such as the headers.
 * @throws {SlbenchError} SETUP_NO_PACKAGES
 */
export async function startOtlp({ endpoint, warn, log }: OtlpOptions): Promise<Metrics> {
  const load = createRequire(await ensurePackages(otlpExporter, log));
  const { MeterProvider, PeriodicExportingMetricReader } = load(
    "@opentelemetry/sdk-metrics",
  ) as typeof import("@opentelemetry/sdk-metrics");
  const { OTLPMetricExporter } = load(
    "@opentelemetry/exporter-metrics-otlp-http",
  ) as typeof import("@opentelemetry/exporter-metrics-otlp-http");
  const { resourceFromAttributes } = load(
    "@opentelemetry/resources",
  ) as typeof import("@opentelemetry/resources");
  const url = new URL("v1/metrics", endpoint.href.replace(/\/?$/, "/")).href;
  const exporter = new OTLPMetricExporter({ url, timeoutMillis: TIMEOUT_MS });
  warnOnce(exporter, (reason) => warn(`metrics do not reach ${url}: ${reason}`));
  const reader = new PeriodicExportingMetricReader({
    ...{ exporter, exportIntervalMillis: INTERVAL_MS, exportTimeoutMillis: INTERVAL_MS },
  });
  const resource = resourceFromAttributes({ "service.name": "slbench" });
  const provider = new MeterProvider({ resource, readers: [reader] });
  const { registry, progress } = createMetrics();
  await observe(registry, provider.getMeter("slbench"));
  return {
    url,
    progress,
    // Sends the last figures first; that they did not arrive is a warning.
    close: () => provider.shutdown().catch(() => undefined),
  };
}

type Meter = ReturnType<import("@opentelemetry/sdk-metrics").MeterProvider["getMeter"]>;

/** Prometheus' counters and gauges as OpenTelemetry's, read whenever figures are sent. */
async function observe(registry: Registry, meter: Meter): Promise<void> {
  for (const { name, help, type } of await registry.getMetricsAsJSON()) {
    const isCounter = String(type) === "counter";
    const options = { description: help };
    const instrument = isCounter
      ? meter.createObservableCounter(name.replace(/_total$/, ""), options)
      : meter.createObservableGauge(name, options);
    instrument.addCallback(async (result) => {
      const found = await registry.getSingleMetric(name)?.get();
      for (const { value, labels } of found?.values ?? []) result.observe(value, { ...labels });
    });
  }
}

/** The exporter's own reports of failures go nowhere. */
function warnOnce(exporter: PushMetricExporter, warn: (reason: string) => void): void {
  const send = exporter.export.bind(exporter);
  let isWarned = false;
  exporter.export = (metrics, done) =>
    send(metrics, (result) => {
      if (result.error !== undefined && !isWarned) {
        isWarned = true;
        warn(result.error.message);
      }
      done(result);
    });
}
