import type { AutoscaleOptions } from "@slbench/handler";
import { type Command, Option } from "commander";
import { portNumber, positiveInteger, positiveNumber, wholeNumber } from "./numbers.ts";

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly replicas: number;
  readonly autoscale?: string;
  readonly concurrency: number;
  readonly timeout: number;
  readonly upstreamTimeout?: number;
  readonly writeTimeout?: number;
  readonly mode: "http" | "fork";
  readonly backend: "auto" | "onnx-int8" | "onnx" | "native" | "wasm" | "none";
  readonly maxBody: number;
}

export function registerServe(program: Command): void {
  program
    .command("serve")
    .description("Serve the face-blur function behind a local OpenFaaS-like gateway")
    .option("--port <n>", "gateway port", portNumber, 8080)
    .option("--host <address>", "address to listen on; only loopback addresses are private", "127.0.0.1")
    .option("--replicas <n>", "number of function processes", positiveInteger, 1)
    .addOption(
      new Option(
        "--autoscale <rule>",
        "start and end replicas by a rule, as function.autoscale of an experiment",
      ).conflicts("replicas"),
    )
    .option(
      "--concurrency <n>",
      "maximum concurrent requests per replica; 0: no limit; beyond it: 429, with --autoscale a queue",
      wholeNumber,
      0,
    )
    .option(
      "--timeout <s>",
      "watchdog's exec_timeout; then responds 504 (http) or 408 (fork)",
      positiveNumber,
      25,
    )
    .option(
      "--upstream-timeout <s>",
      "gateway's upstream_timeout; then responds 502 (default: timeout + 1)",
      positiveNumber,
    )
    .option(
      "--write-timeout <s>",
      "gateway's write_timeout; then closes the connection (default: timeout + 2)",
      positiveNumber,
    )
    .addOption(
      new Option("--mode <mode>", "http: persistent processes; fork: one process per request")
        .choices(["http", "fork"])
        .default("http"),
    )
    .addOption(
      new Option(
        "--backend <name>",
        "face detector; auto: onnx-int8 (8-bit integers) if available, else onnx, native or wasm",
      )
        .choices(["auto", "onnx-int8", "onnx", "native", "wasm", "none"])
        .default("auto"),
    )
    .option("--max-body <bytes>", "maximum size of a request body", positiveInteger, 10_000_000)
    .addHelpText(
      "after",
      `
Examples:
  slbench serve
  slbench serve --replicas 2 --concurrency 4 --timeout 25
  slbench serve --mode fork --port 8081
  slbench serve --concurrency 1 \\
    --autoscale '{rule: kpa, target: 0.7, maxReplicas: 4}'
  slbench serve --autoscale \\
    '{rule: per-request, keepAliveSeconds: 60, maxReplicas: 4}'
  curl --data-binary @face.jpg -H 'Content-Type: image/jpeg' \\
    -H 'Accept: image/jpeg' http://127.0.0.1:8080/function/slblur > blurred.jpg
  curl http://127.0.0.1:8080/metrics

To use /system/functions, set the admin password in SLBENCH_GATEWAY_PASSWORD.`,
    )
    .action(async (options: ServeOptions) => {
      const { serve } = await import("../environment/serve.ts");
      const autoscale = options.autoscale === undefined ? undefined : await readRule(options.autoscale);
      await serve({
        port: options.port,
        host: options.host,
        replicas: options.replicas,
        concurrency: options.concurrency,
        ...(autoscale !== undefined && { autoscale }),
        timeoutSeconds: options.timeout,
        ...(options.upstreamTimeout !== undefined && { upstreamTimeoutSeconds: options.upstreamTimeout }),
        ...(options.writeTimeout !== undefined && { writeTimeoutSeconds: options.writeTimeout }),
        mode: options.mode,
        backend: options.backend,
        maxBodyBytes: options.maxBody,
      });
    });
}

async function readRule(text: string): Promise<AutoscaleOptions> {
  const { parseAutoscale } = await import("@slbench/jmeter-plans");
  return parseAutoscale(text, "--autoscale");
}
