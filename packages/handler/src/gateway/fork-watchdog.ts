import { type ChildProcess, spawn } from "node:child_process";
import { readAccept } from "../http/accept.ts";
import { type Exchange, respond } from "./exchange.ts";
import { createWatchdog, type Watchdog, type WatchdogOptions } from "./watchdog.ts";

/** A program that handles one request: body on standard input, response on standard output. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Upper limit of a program's output; a response is at most one picture as base64. */
const MAX_OUTPUT_BYTES = 256_000_000;

/**
 * A stand-in for the classic watchdog: starts the program for each request.
 *
 * Responds 408 `Killed process.` at exec_timeout, and 500 with `exit status 1` and the output if the program
 * fails. If the client disconnects, the program still runs to its end.
 * @param running set of the running processes, kept up to date
 */
export function createForkWatchdog(
  options: WatchdogOptions,
  program: Program,
  running: Set<ChildProcess> = new Set(),
): Watchdog {
  return createWatchdog(options, {
    run(exchange, execSeconds, done) {
      const child = spawn(program.command, program.args, {
        env: { ...program.env, ...cgiHeaders(exchange) },
        stdio: ["pipe", "pipe", "inherit"],
      });
      running.add(child);
      const output: Uint8Array[] = [];
      let size = 0;
      let timedOut = false;
      const limit = setTimeout(() => {
        timedOut = true;
        child.kill("SIGKILL");
      }, execSeconds * 1000);
      child.stdout.on("data", (chunk: Uint8Array) => {
        size += chunk.byteLength;
        if (size > MAX_OUTPUT_BYTES) child.kill("SIGKILL");
        else output.push(chunk);
      });
      child.stdin.on("error", () => {}); // the program may exit before it has read everything
      exchange.body.pipe(child.stdin);
      exchange.request.once("close", () => child.stdin.end());
      const end = (failure: string | undefined) => {
        clearTimeout(limit);
        running.delete(child);
        done(() => {
          const plain = { "content-type": "text/plain; charset=utf-8" };
          if (timedOut) respond(exchange, 408, plain, "Killed process.\n");
          else if (failure === undefined)
            respond(exchange, 200, { "content-type": contentType(exchange) }, Buffer.concat(output));
          else respond(exchange, 500, plain, Buffer.concat([Buffer.from(`${failure}\n`), ...output]));
        });
      };
      child.once("error", (error) => end(error.message));
      child.once("close", (code, signal) => end(describeExit(code, signal)));
    },
  });
}

function describeExit(code: number | null, signal: ChildProcess["signalCode"]): string | undefined {
  if (code === 0) return undefined;
  return signal === null ? `exit status ${code}` : `signal: ${SIGNAL_NAMES[signal] ?? signal}`;
}

/** Go's names of signals. */
const SIGNAL_NAMES: Readonly<Record<string, string>> = {
  SIGKILL: "killed",
  SIGTERM: "terminated",
  SIGSEGV: "segmentation fault",
  SIGABRT: "aborted",
};

/** Headers and method in the classic watchdog's environment variables. */
function cgiHeaders({ request, path }: Exchange): Record<string, string> {
  const env: Record<string, string> = { Http_Method: request.method ?? "", Http_Path: path };
  for (const [name, value] of Object.entries(request.headers)) {
    const key = name.replace(
      /(^|-)([a-z])/g,
      (_, dash: string, letter: string) => dash + letter.toUpperCase(),
    );
    env[`Http_${key.replaceAll("-", "_")}`] = String(value);
  }
  return env;
}

/** The program cannot set a content type; it prints the requested form (stack.yaml: content_type). */
function contentType({ request }: Exchange): string {
  const { kind, format } = readAccept(request.headers.accept ?? "");
  if (kind === "picture") return `image/${format ?? "*"}`;
  return kind === "text" ? "text/plain; charset=utf-8" : "application/json";
}
