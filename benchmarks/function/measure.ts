import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";

/** One figure with its limit; `ok` is undefined if there is no limit. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: number;
}

const agent = new Agent({ keepAlive: true });

/** Sends one POST and returns the time to the last byte in ms. Throws unless the status is 200. */
export function post(
  url: string,
  body: Uint8Array | string,
  headers: Record<string, string> = {},
): Promise<{ ms: number; body: Buffer }> {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { agent, method: "POST", headers: { ...headers, "content-length": Buffer.byteLength(body) } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.once("end", () => {
          const ms = performance.now() - begin;
          if (incoming.statusCode === 200) resolve({ ms, body: Buffer.concat(chunks) });
          else reject(new Error(`${url}: ${incoming.statusCode} ${Buffer.concat(chunks)}`));
        });
      },
    );
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

/** A program that prints one line when it is ready, and ends when its standard input closes. */
export interface Program {
  readonly line: string;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

export async function startProgram(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
  from: "stdout" | "stderr" = "stdout",
): Promise<Program> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ["pipe", from === "stdout" ? "pipe" : "ignore", from === "stderr" ? "pipe" : "ignore"],
  });
  const lines = createInterface({ input: (from === "stdout" ? child.stdout : child.stderr) as never });
  const said = new Promise<string>((resolve, reject) => {
    lines.once("line", resolve);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${command} ${args.join(" ")} ended (${code})`)));
  });
  const line = await said;
  return {
    line,
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
