import { type ArrivalProcess, parseBursts } from "@slbench/client/condition";
import { formatThreeDigits } from "../../core/format.ts";
import { canonicalName } from "../../expression/names.ts";
import { bindExpression, type Vocabulary } from "../../expression/vocabulary.ts";
import { type QueueingErrorCode, SlbenchError } from "../errors.ts";
import type { DemandBySize } from "../fitting/demand-by-size.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { ProcessorNeed } from "../fitting/processor-need.ts";
import { MAX_USERS } from "../station/closed-network.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { withTimesDemand, withTimesUnits, withUnits } from "../station/sizes.ts";
import type { Condition } from "./predict.ts";
import { alterPrediction } from "./sizes.ts";

const bad = (message: string, hint: string) =>
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
  return users.flatMap((count) => thinks.map((thinkTimeSeconds) => ({ users: count, thinkTimeSeconds })));
}

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
      if (size < 1 || size > 10_000)
        throw bad(`"${item}" is no range`, "write the smaller number first: 1..20");
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

/**
 * What a change takes for granted, where that is not plain from its name; undefined if it is.
 *
 * @example
 * ```ts
 * assumptionOf("servers=8"); // undefined
 * ```
 */
export function assumptionOf(
  change: string,
  { demandBySize: sizes, processors, parameters }: AssumptionFacts = {},
): string | undefined {
  if (/^\s*replicas\b/.test(change))
    return "Hosts like this one, over which requests are spread evenly: none waits while another host is free. A gateway that chooses at random does worse.";
  const { name, sign, amount } = parseChange(change, sizes?.name);
  if (name === "servers" && processors !== undefined && parameters !== undefined)
    return assumeCores(sign === "*" ? amount * parameters.servers : amount, processors, parameters);
  if (sizes === undefined || name !== "units") return undefined;
  const { min, mean, max } = sizes.units;
  const asked = sign === "*" ? amount * mean : amount;
  const all =
    sign === "*"
      ? `Every request has ${amount} × its ${sizes.name}`
      : `Every request has ${amount} ${sizes.name}`;
  if (asked >= min && asked <= max) return `${all}.`;
  return `${all}: outside the measured ${plain(min)} … ${plain(max)}, so the line is extended beyond what was observed.`;
}

/** What is known of a fit besides its predictions. */
export interface AssumptionFacts {
  readonly demandBySize?: Pick<DemandBySize, "name" | "units">;
  readonly processors?: ProcessorNeed;
  readonly parameters?: Pick<ModelParameters, "demandSeconds" | "servers">;
}

/** More servers than the cores can keep busy need more cores. */
function assumeCores(
  servers: number,
  { secondsPerRequest, cores = Number.POSITIVE_INFINITY }: ProcessorNeed,
  { demandSeconds }: Pick<ModelParameters, "demandSeconds">,
): string | undefined {
  const busy = (servers * secondsPerRequest) / demandSeconds;
  return busy <= CORES_TOLERANCE * cores
    ? undefined
    : `${plain(servers)} servers keep ${busy.toPrecision(2)} cores busy, but the function has ${plain(cores)}: this asks about a host with more.`;
}

/** Cores that are busy by less than this more than there are may be an error of measurement. */
const CORES_TOLERANCE = 1.1;

const plain = (value: number) => String(Number(value.toPrecision(4)));

/**
 * The model with one thing changed: `servers=8`, `replicas=3` (as many hosts like this one), `demand*0.5`,
 * `demand=2`, `contention=0`, `delay=0.1`, `timeout=60`, and `units=200` or `units*2` (or by their name: `tokens=200`)
 * if the demand depends on the size of a request.
 * @throws {SlbenchError} MODEL_BAD_QUESTION
 *
 * @example
 * ```ts
 * const clients = (users: number, seconds: number) =>
 *   Array.from({ length: users }, (_, client) => ({
 *     roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
 *     successfulRequests: 30,
 *   }));
 * const cells = [[1, 0.5], [2, 0.6], [4, 1.2], [8, 2.4]].map(([users = 1, seconds = 1]) => ({
 *   ...{ users, thinkTimeSeconds: 0, clients: clients(users, seconds) },
 * }));
 * const model = fitModel(cells, { limitSeconds: 25, seed: 1, replications: 5 });
 * applyWhatIf(model, "servers=8").parameters.servers; // 8
 * ```
 */
export function applyWhatIf(
  model: Pick<FittedStation, "prediction" | "demandBySize">,
  text: string,
): PredictionInput {
  const { prediction, demandBySize } = model;
  const { name, sign, amount } = parseChange(text, demandBySize?.name);
  const change = (before: number) => (sign === "*" ? before * amount : amount);
  if (name === "timeout") return { ...prediction, limitSeconds: change(prediction.limitSeconds) };
  if (name === "units") refuseUnits(text, change, model);
  const alter = (one: ModelParameters): ModelParameters => {
    switch (name) {
      case "servers":
        return { ...one, servers: change(one.servers) };
      case "replicas":
        // Each host contends only with itself.
        return { ...one, servers: one.servers * amount, replicas: (one.replicas ?? 1) * amount };
      case "demand":
        return withTimesDemand(one, change(one.demandSeconds) / one.demandSeconds);
      case "units":
        return sign === "*" ? withTimesUnits(one, amount) : withUnits(one, amount);
      case "contention":
        return { ...one, contention: change(one.contention) };
      default:
        return { ...one, delaySeconds: change(one.delaySeconds) };
    }
  };
  return {
    ...alterPrediction(prediction, alter),
    // A stated number of servers is no longer open.
    serversOpen: prediction.serversOpen && name !== "servers",
  };
}

const CHANGES = ["servers", "replicas", "demand", "contention", "delay", "timeout", "units"];

interface Change {
  /** One of CHANGES. */
  readonly name: string;
  readonly sign: "=" | "*";
  readonly amount: number;
}

/** @param unitsName another name of `units`: `tokens` */
function parseChange(text: string, unitsName?: string): Change {
  const [, written = "", sign, value] = /^\s*(\S+?)\s*([=*])\s*(\d+\.?\d*|\.\d+)\s*$/.exec(text) ?? [];
  const name = written === unitsName ? "units" : written;
  const amount = Number(value);
  const mayBeNothing = ["contention", "delay"].includes(name) || (name === "units" && sign === "=");
  if (!CHANGES.includes(name) || !(amount >= 0) || (amount === 0 && !mayBeNothing))
    throw bad(
      `"${text}" is no change`,
      "write servers=8, replicas=3, demand*0.5, contention=0, delay=0.1, timeout=60, units=200 or units*2",
    );
  return { name, sign: sign as Change["sign"], amount };
}

/** @throws {SlbenchError} MODEL_BAD_QUESTION if size has no effect, or the line gives no demand there */
function refuseUnits(
  text: string,
  change: (before: number) => number,
  { prediction, demandBySize }: Pick<FittedStation, "prediction" | "demandBySize">,
): void {
  const { demandSeconds, sizes } = prediction.parameters;
  if (sizes === undefined)
    throw bad(
      `"${text}" asks for another size of requests, but the model has one demand for all`,
      demandBySize?.reason ??
        "measure a function whose response.units are known, with payloads of several sizes",
    );
  const units = change(sizes.meanUnits);
  if (demandSeconds + sizes.perUnitSeconds * (units - sizes.meanUnits) <= 0)
    throw bad(
      `"${text}" lies where the line of demand over ${demandBySize?.name ?? "units"} is below 0`,
      "ask for a size nearer to the measured ones",
    );
}
