import { type Command, Option } from "commander";
import { positiveInteger, positiveNumber, wholeNumber } from "./numbers.ts";

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly replicas: number;
  readonly concurrency: number;
  readonly timeout: number;
  readonly upstreamTimeout?: number;
  readonly writeTimeout?: number;
  readonly mode: "http" | "fork";
  readonly backend: "auto" | "native" | "wasm" | "none";
  readonly maxBody: number;
}

export function registerServe(program: Command): void {
  program
    .command("serve")
    .description("Run the face-blur function behind a local stand-in for the OpenFaaS gateway, until Ctrl-C")
    .option("--port <n>", "port of the gateway", wholeNumber, 8080)
    .option(
      "--host <address>",
      "address to listen on; others than loopback are open to the network",
      "127.0.0.1",
    )
    .option("--replicas <n>", "processes that serve the function", positiveInteger, 1)
    .option("--concurrency <n>", "requests in flight per replica, 0 no limit", wholeNumber, 0)
    .option(
      "--timeout <s>",
      "the watchdog's exec_timeout: 504 (http) or 408 (fork) at the limit",
      positiveNumber,
      25,
    )
    .option(
      "--upstream-timeout <s>",
      "the gateway's upstream_timeout: 502 (default: timeout + 1)",
      positiveNumber,
    )
    .option(
      "--write-timeout <s>",
      "the gateway's write_timeout: the connection closes (default: timeout + 2)",
      positiveNumber,
    )
    .addOption(
      new Option("--mode <mode>", "http: persistent replicas; fork: a process per request")
        .choices(["http", "fork"])
        .default("http"),
    )
    .addOption(
      new Option("--backend <name>", "what finds the faces; auto: native, else wasm")
        .choices(["auto", "native", "wasm", "none"])
        .default("auto"),
    )
    .option("--max-body <bytes>", "largest body", positiveInteger, 10_000_000)
    .addHelpText(
      "after",
      `
Examples:
  slbench serve
  slbench serve --replicas 2 --concurrency 4 --timeout 25
  slbench serve --mode fork --port 8081
  curl --data-binary @face.jpg -H 'Content-Type: image/jpeg' -H 'Accept: image/jpeg' \\
    http://127.0.0.1:8080/function/slblur > blurred.jpg
  curl http://127.0.0.1:8080/metrics

/system/functions needs the password of admin: SLBENCH_GATEWAY_PASSWORD in the environment.`,
    )
    .action(async (options: ServeOptions) => {
      const { serve } = await import("../environment/serve.ts");
      await serve({
        port: options.port,
        host: options.host,
        replicas: options.replicas,
        concurrency: options.concurrency,
        timeoutSeconds: options.timeout,
        ...(options.upstreamTimeout !== undefined && { upstreamTimeoutSeconds: options.upstreamTimeout }),
        ...(options.writeTimeout !== undefined && { writeTimeoutSeconds: options.writeTimeout }),
        mode: options.mode,
        backend: options.backend,
        maxBodyBytes: options.maxBody,
      });
    });
}
