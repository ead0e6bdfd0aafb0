import type { Command } from "commander";
import { positiveInteger, positiveNumber, wholeNumber } from "./numbers.ts";

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly replicas: number;
  readonly concurrency: number;
  readonly timeout: number;
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
    .option("--timeout <s>", "time limit of a request", positiveNumber, 25)
    .option("--backend <name>", "auto, native, wasm or none", "auto")
    .option("--max-body <bytes>", "largest body", positiveInteger, 10_000_000)
    .addHelpText(
      "after",
      `
Examples:
  slbench serve
  slbench serve --replicas 2 --concurrency 4 --timeout 25
  curl --data-binary @face.jpg -H 'Content-Type: image/jpeg' -H 'Accept: image/jpeg' \\
    http://127.0.0.1:8080/function/slblur > blurred.jpg`,
    )
    .action(async (options: ServeOptions) => {
      const { serve } = await import("../serve.ts");
      await serve({
        port: options.port,
        host: options.host,
        replicas: options.replicas,
        concurrency: options.concurrency,
        timeoutSeconds: options.timeout,
        backend: options.backend,
        maxBodyBytes: options.maxBody,
      });
    });
}
