import { mkdtemp } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { type Child, startChild } from "../process/child.ts";
import type { Guard } from "../process/guard.ts";

const READY_SECONDS = 60;

/**
 * Starts the function's own command and waits until its address accepts connections.
 * @param folder working directory of the command
 * @throws {SlbenchError} RUN_FUNCTION_PORT if something listens there already, RUN_FUNCTION_NOT_READY
 */
export async function startFunctionCommand(
  command: readonly string[],
  url: string,
  folder: string,
  guard: Guard,
): Promise<Child> {
  const [program = "", ...args] = command;
  const shown = command.join(" ");
  if (await accepts(url)) {
    throw new SlbenchError<ToolErrorCode>(
      "RUN_FUNCTION_PORT",
      `something already listens at ${new URL(url).host}`,
      {
        hint: `end it, or remove function.command (${shown}) to measure it`,
      },
    );
  }
  const logFolder = await mkdtemp(join(tmpdir(), "slbench-function-"));
  guard.watchFolder(logFolder);
  const child = startChild(program, args, { cwd: folder, logFile: join(logFolder, "function.log"), guard });
  const late = performance.now() + READY_SECONDS * 1000;
  while (child.ending === undefined && performance.now() < late) {
    if (await accepts(url)) return child;
    await Promise.race([sleep(100), child.ended]);
  }
  const output = lastOutput(child);
  const ending = child.ending;
  await child.stop();
  const problem =
    ending === undefined
      ? `accepts no connection at ${url} after ${READY_SECONDS} s`
      : ending.error === undefined
        ? `ended (${ending.signal ?? `exit code ${ending.exitCode}`})`
        : `cannot be started (${ending.error.message})`;
  throw new SlbenchError<ToolErrorCode>("RUN_FUNCTION_NOT_READY", `function.command ${shown} ${problem}`, {
    hint: output === "" ? "run it by hand in the experiment's folder" : `see its output: ${output}`,
  });
}

/** The last lines of its output, in one line for a message. */
export const lastOutput = ({ tail }: Child): string => tail.slice(-5).join(" | ").slice(-400);

function accepts(url: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url);
  const options = {
    host: hostname.replaceAll(/[[\]]/g, ""),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
    timeout: 2_000,
  };
  return new Promise((done) => {
    const socket = connect(options, () => finish(true));
    const finish = (result: boolean) => {
      socket.destroy();
      done(result);
    };
    socket.on("error", () => finish(false)).on("timeout", () => finish(false));
  });
}
