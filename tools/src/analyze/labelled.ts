import { availableParallelism } from "node:os";
import { type Log, type LogInput, type LogOptions, readLog } from "@slbench/analyzer/logs";
import { MAX_THINK_SECONDS } from "@slbench/client/think-time";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { readBytes } from "./inputs.ts";
import { ProgressNotifier } from "./progress-notifier.ts";

/**
 * Reads `users=8,think=0,path=FILE`: a log and its condition.
 * The path comes last and may contain commas; `repetition=2` distinguishes runs of one condition.
 * @throws {SlbenchError} USAGE_CELL, FILE_UNREADABLE
 * @throws {SlbenchError} JTL_EMPTY, JTL_NOT_A_JTL
 */
export async function readLabelled(label: string, options: LogOptions = {}): Promise<LogInput> {
  const [, head, path] = /^(.*?),?path=(.+)$/s.exec(label) ?? [];
  const fields = new Map(
    (head ?? "").split(",").map((part) => part.trim().split("=", 2) as [string, string | undefined]),
  );
  const users = Number(fields.get("users"));
  const think = Number(fields.get("think"));
  const repetition = Number(fields.get("repetition") ?? 1);
  for (const name of fields.keys()) {
    if (name !== "" && !["users", "think", "repetition"].includes(name))
      throw wrong(label, `unknown field "${name}"; use users, think, repetition and path`);
  }
  if (path === undefined) throw wrong(label, "path is missing");
  if (!(Number.isInteger(users) && users > 0))
    throw wrong(label, `users is ${fields.get("users") ?? "missing"}`);
  if (!(fields.get("think") && think >= 0 && think <= MAX_THINK_SECONDS))
    throw wrong(label, `think is ${fields.get("think") ?? "missing"}, not 0 to ${MAX_THINK_SECONDS} seconds`);
  return { users, thinkTimeSeconds: think, repetition, source: path, log: await readLogFile(path, options) };
}

/**
 * Reads a log of any size, plain or gzip; `-` is standard input.
 * @throws {SlbenchError} FILE_UNREADABLE
 * @throws {SlbenchError} JTL_EMPTY, JTL_NOT_A_JTL
 */
export function readLogFile(path: string, options: LogOptions = {}): Promise<Log> {
  const threads = Math.min(availableParallelism(), MAX_THREADS);
  return readLog(counted(readBytes(path), path), path, { ...options, threads });
}

/** More would wait for the one that hands out the bytes. */
const MAX_THREADS = 4;

async function* counted(chunks: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  const progressNotifier = new ProgressNotifier();
  let bytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    bytes += chunk.length;
    progressNotifier.at(() => `${path}: ${Math.round(bytes / 1e6)} MB read`);
  }
}

function wrong(label: string, what: string): SlbenchError {
  return new SlbenchError<ToolErrorCode>("USAGE_CELL", `--cell ${label}: ${what}`, {
    hint: "write --cell users=8,think=0,path=result.xml",
    exitCode: 2,
  });
}
