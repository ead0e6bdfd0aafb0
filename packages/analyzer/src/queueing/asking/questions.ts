import { type ArrivalProcess, parseBursts } from "@slbench/client/condition";
import { MAX_THINK_SECONDS } from "@slbench/client/think-time";
import { formatThreeDigits } from "../../core/format.ts";
import { canonicalName } from "../../expression/names.ts";
import { bindExpression, type Vocabulary } from "../../expression/vocabulary.ts";
import { type QueueingErrorCode, SlbenchError } from "../errors.ts";
import { MAX_USERS } from "../station/closed-network.ts";
import type { Condition } from "./predict.ts";

export const bad = (message: string, hint: string) =>
  new SlbenchError<QueueingErrorCode>("MODEL_BAD_QUESTION", message, { hint, exitCode: 2 });

/**
 * Reads `users=1..20 think=0,1,5` as conditions, users-major.
 * @throws {SlbenchError} MODEL_BAD_QUESTION
 *
 * @example
 * ```ts
 * parseConditions("users=1..2 think=0,1").length; // 4
 * ```
 */
export function parseConditions(text: string): readonly Condition[] {
  const fields = new Map<string, readonly number[]>();
  for (const part of text.trim().split(/\s+/)) {
    const [, name, list] = /^(users|think)=(.+)$/.exec(part) ?? [];
    if (name === undefined || list === undefined)
      throw bad(`"${part}" is no part of a prediction`, "write it as 'users=1..20 think=0,1,5'");
    fields.set(name, parseNumbers(list));
  }
  const users = fields.get("users");
  if (users === undefined) throw bad(`"${text}" names no users`, "write it as 'users=1..20 think=0,1,5'");
  if (!users.every((count) => Number.isInteger(count) && count >= 1 && count <= MAX_USERS)) {
    throw bad(
      `users in "${text}" are not whole numbers from 1 to ${MAX_USERS}`,
      "write it as 'users=1..20 think=0,1,5'",
    );
  }
  const thinks = fields.get("think") ?? [0];
  if (thinks.some((seconds) => seconds > MAX_THINK_SECONDS))
    throw bad(`a think time in "${text}" is longer than a day`, `ask for 0 to ${MAX_THINK_SECONDS} seconds`);
  return users.flatMap((count) => thinks.map((thinkTimeSeconds) => ({ users: count, thinkTimeSeconds })));
}

const MAX_NUMBERS = 10_000;

/**
 * `1..4,8` → 1, 2, 3, 4, 8.
 *
 * @example
 * ```ts
 * parseNumbers("1..4,8"); // [1, 2, 3, 4, 8]
 * ```
 */
export function parseNumbers(list: string): readonly number[] {
  return list.split(",").flatMap((item) => {
    const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(item) ?? [];
    if (from !== undefined && to !== undefined) {
      const size = Number(to) - Number(from) + 1;
      if (size < 1) throw bad(`"${item}" is no range`, "write the smaller number first: 1..20");
      if (size > MAX_NUMBERS)
        throw bad(`"${item}" has ${size} numbers`, `ask for at most ${MAX_NUMBERS} at once`);
      return Array.from({ length: size }, (_, index) => Number(from) + index);
    }
    const value = Number(item);
    if (item.trim() === "" || !Number.isFinite(value) || value < 0)
      throw bad(`"${item}" is not a number from 0 on`, "write numbers or ranges: 1..4,8");
    return [value];
  });
}

/** Open loops to predict. */
export interface OpenLoops {
  /** Requests per second. */
  readonly rates: readonly number[];
  /** For how long requests arrive; absent: not asked. */
  readonly seconds?: number;
  /** Absent: `poisson`. */
  readonly process?: ArrivalProcess;
}

/**
 * Reads `2,5..8` or `2,5..8 seconds=600 process=bursts:20/60/1` as open loops: arrivals per second, for how long
 * requests arrive, and how they are spaced, as in an experiment's `load.arrivals`.
 * @throws {SlbenchError} MODEL_BAD_QUESTION
 *
 * @example
 * ```ts
 * parseArrivals("2,5..7 seconds=600"); // { rates: [2, 5, 6, 7], seconds: 600 }
 * ```
 */
export function parseArrivals(text: string): OpenLoops {
  const [list = "", ...fields] = text.trim().split(/\s+/);
  const rates = parseNumbers(list);
  if (rates.includes(0)) throw bad(`"${text}" holds an arrival rate of 0`, "write rates above 0: 5,10,15");
  let loops: OpenLoops = { rates };
  for (const field of fields) {
    const [, name, value = ""] = /^(seconds|process)=(.+)$/.exec(field) ?? [];
    if (name === undefined)
      throw bad(`"${field}" is no part of an open loop`, "write '5,10 seconds=600 process=constant'");
    loops = {
      ...loops,
      ...(name === "seconds" ? { seconds: readSeconds(value) } : { process: readProcess(value, rates) }),
    };
  }
  return loops;
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds < Number.POSITIVE_INFINITY) return seconds;
  throw bad(`"${text}" is no length of a run`, "write seconds above 0: '5,10 seconds=600'");
}

function readProcess(text: string, rates: readonly number[]): ArrivalProcess {
  if (text === "poisson" || text === "constant") return text;
  const bursts = parseBursts(text);
  if (bursts === undefined)
    throw bad(
      `"${text}" is no way in which requests arrive`,
      "write process=poisson, process=constant or process=bursts:20/60/1 (20 requests within 1 s, every 60 s)",
    );
  const own = bursts.requests / bursts.everySeconds;
  const low = rates.find((rate) => rate < own);
  if (low === undefined) return text as ArrivalProcess;
  throw bad(
    `the bursts alone are ${formatThreeDigits(own)} requests per second, more than ${low}`,
    "the rate counts all requests: write a higher rate, or smaller or rarer bursts",
  );
}

export const TRAINING_VOCABULARY: Vocabulary<Condition> = {
  what: "training selection",
  names: ["users", "think"],
  find: (name) => {
    const field = canonicalName(name);
    if (field === "users") return { kind: "count", of: ({ users }) => users };
    return field === "think" ? { kind: "seconds", of: (cell) => cell.thinkTimeSeconds } : undefined;
  },
};

/**
 * Reads `users<=4` or `users=1..4 and think=0` as a selection of cells: docs/expressions.md.
 * @throws {SlbenchError} EXPRESSION_SYNTAX, EXPRESSION_NAME, EXPRESSION_VALUE
 *
 * @example
 * ```ts
 * parseCellFilter("users<=4")({ users: 8, thinkTimeSeconds: 0 }); // false
 * ```
 */
export function parseCellFilter(text: string): (cell: Condition) => boolean {
  const { holds } = bindExpression(text, TRAINING_VOCABULARY);
  return (cell) => holds(cell) === true;
}
