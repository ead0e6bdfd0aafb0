import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { parseReport } from "../report/parse-report.ts";
import type { ClientReport } from "../report/report.ts";

/** A way to run the client's sources; for tests. */
export interface Runtime {
  readonly name: "node" | "bun" | "deno";
  readonly command: readonly string[];
}

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const require = createRequire(import.meta.url);

/** The three runtimes that npm installed for this platform. */
export const RUNTIMES: readonly Runtime[] = [
  { name: "node", command: [process.execPath, "--disable-warning=ExperimentalWarning", main] },
  { name: "bun", command: [ownBinary("bun"), main] },
  { name: "deno", command: [ownBinary("deno"), "run", "--quiet", "--allow-all", main] },
];

/** With install scripts off a package's own `bin` may be a stub: the binary is in its platform's package. */
function ownBinary(name: "bun" | "deno"): string {
  const manifest = require(`${name}/package.json`) as { optionalDependencies: Record<string, string> };
  const from = createRequire(require.resolve(`${name}/package.json`));
  const suffix = process.platform === "win32" ? ".exe" : "";
  for (const part of Object.keys(manifest.optionalDependencies)) {
    try {
      const folder = dirname(from.resolve(`${part}/package.json`));
      return join(folder, name === "bun" ? "bin" : ".", `${name}${suffix}`);
    } catch {
      // another platform's
    }
  }
  throw new Error(`npm installed no ${name} for ${process.platform} ${process.arch}`);
}

/** Processes that a failed test left running end with the tests. */
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

export interface Finished {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the last line of standard output, if it has one. */
  readonly report: ClientReport | undefined;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** Starts a client; its output is read unless `unread` is set. */
export function startClient(
  { command }: Runtime,
  args: readonly string[],
  { env = {}, unread = false }: { env?: Record<string, string>; unread?: boolean } = {},
): Started {
  const [program, ...first] = command;
  const child = spawn(program as string, [...first, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  children.add(child);
  child.on("exit", () => children.delete(child));
  let stdout = "";
  let stderr = "";
  if (!unread) child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const finished = new Promise<Finished>((resolve) => {
    child.on(unread ? "exit" : "close", (exitCode, signal) => {
      const parsed = parseReport(stdout);
      const report = parsed.kind === "json" ? parsed.report : undefined;
      resolve({ exitCode, signal, stdout, stderr, report });
    });
  });
  return { child, finished };
}
