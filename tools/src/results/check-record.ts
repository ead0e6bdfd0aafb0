import { readFile } from "node:fs/promises";
import { MAX_THINK_SECONDS } from "@slbench/client/think-time";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";

/** What a field has to be. */
type Kind = "text" | "number" | "think time" | "clock offset" | "count" | "flag" | "object" | "list";

/** As the experiment file allows it; it becomes part of paths. */
const EXPERIMENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Path to kind: `hosts[].cores`; `*` stands for any name. A field that is not there is not checked. */
export type Fields = Readonly<Record<string, Kind>>;

const WANTED: Readonly<Record<Kind, string>> = {
  text: "text",
  number: "a number from 0 on",
  "think time": "a number of seconds from 0 to 86,400",
  "clock offset": "a number of seconds between -1e9 and 1e9",
  count: "a whole number from 1 on",
  flag: "true or false",
  object: "an object",
  list: "a list",
};

const FITS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  number: (value) => typeof value === "number" && Number.isFinite(value) && value >= 0,
  "think time": (value) => typeof value === "number" && value >= 0 && value <= MAX_THINK_SECONDS,
  "clock offset": (value) => typeof value === "number" && Math.abs(value) <= 1e9,
  count: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  flag: (value) => typeof value === "boolean",
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  list: Array.isArray,
};

/** The largest part of a message that a wrong value takes. */
const MAX_SHOWN_CHARS = 80;

/**
 * Looks for a field of a foreign record that is not what slbench writes there.
 *
 * @param required paths of fields that must be there
 * @returns the first fault in words, `hosts[2].cores is "many", not a number from 0 on`
 */
export function findFault(
  record: unknown,
  fields: Fields,
  required: readonly string[] = [],
): string | undefined {
  if (!FITS.object(record)) return `it holds ${shown(record)}, not an object`;
  for (const path of required)
    if (valuesAt(record, path).some(({ value }) => value === undefined)) return `${path} is missing`;
  for (const [path, kind] of Object.entries(fields)) {
    const wrong = valuesAt(record, path).find(({ value }) => value !== undefined && !FITS[kind](value));
    if (wrong !== undefined) return `${wrong.path} is ${shown(wrong.value)}, not ${WANTED[kind]}`;
  }
  return undefined;
}

interface Found {
  readonly path: string;
  readonly value: unknown;
}

function valuesAt(record: unknown, path: string): readonly Found[] {
  let found: readonly Found[] = [{ path: "", value: record }];
  for (const part of path.split(".")) {
    const name = part.replace(/\[\]$/, "");
    found = found.flatMap((parent) => below(parent, name));
    if (part.endsWith("[]")) found = found.flatMap(elements);
  }
  return found;
}

function below({ path, value }: Found, name: string): readonly Found[] {
  if (!FITS.object(value)) return [];
  const children = value as Readonly<Record<string, unknown>>;
  const names = name === "*" ? Object.keys(children) : [name];
  return names.map((child) => ({
    path: path === "" ? child : `${path}.${child}`,
    value: Object.hasOwn(children, child) ? children[child] : undefined,
  }));
}

const elements = ({ path, value }: Found): readonly Found[] =>
  Array.isArray(value) ? value.map((element, index) => ({ path: `${path}[${index}]`, value: element })) : [];

const shown = (value: unknown): string =>
  (JSON.stringify(value) ?? "nothing").slice(0, MAX_SHOWN_CHARS).replaceAll(/[\p{Cc}\p{Cf}]/gu, "?");

/** Of run.json: docs/data-formats.md. */
const RUN_FIELDS: Fields = {
  schema: "text",
  experiment: "text",
  experimentFile: "text",
  state: "text",
  started: "text",
  resumed: "list",
  "resumed[]": "text",
  ended: "text",
  requestsPerUser: "count",
  durationSeconds: "number",
  seed: "number",
  order: "text",
  start: "text",
  expectedLoad: "object",
  "expectedLoad.responseSeconds": "number",
  "expectedLoad.conditions": "list",
  "expectedLoad.conditions[]": "object",
  "expectedLoad.conditions[].users": "count",
  "expectedLoad.conditions[].thinkTimeSeconds": "think time",
  "expectedLoad.conditions[].thinkTime": "text",
  "expectedLoad.conditions[].isTogether": "flag",
  "expectedLoad.conditions[].meanActiveUsers": "number",
  "expectedLoad.conditions[].busySeconds": "number",
  "expectedLoad.conditions[].requestsNeeded": "count",
  "expectedLoad.conditions[].secondsNeeded": "number",
  "expectedLoad.conditions[].responseSecondsNeeded": "number",
  find: "object",
  "find.goal": "text",
  "find.for": "text",
  "find.confidence": "number",
  "find.tolerance": "text",
  "find.budgetSeconds": "number",
  "find.users": "count",
  "find.start": "number",
  "find.max": "number",
  "find.step": "number",
  "find.with": "list",
  "find.with[]": "text",
  function: "object",
  "function.url": "text",
  "function.local": "flag",
  "function.hosting": "text",
  backend: "text",
  payloads: "object",
  "payloads.folder": "text",
  "payloads.count": "number",
  "payloads.sha256": "text",
  "payloads.videoSha256": "text",
  versions: "object",
  "versions.*": "text",
  hosts: "list",
  "hosts[]": "object",
  "hosts[].name": "text",
  "hosts[].system": "text",
  "hosts[].processor": "text",
  "hosts[].cores": "number",
  "hosts[].memoryBytes": "number",
  "hosts[].node": "text",
  "hosts[].worker": "text",
  cells: "list",
  "cells[]": "object",
  "cells[].name": "text",
  "cells[].users": "count",
  "cells[].thinkTimeSeconds": "think time",
  "cells[].thinkTime": "text",
  "cells[].ratePerSecond": "number",
  "cells[].replicaCount": "count",
  "cells[].process": "text",
  "cells[].repetition": "count",
  "cells[].state": "text",
  warnings: "list",
  "warnings[]": "object",
  "warnings[].code": "text",
  "warnings[].message": "text",
  "warnings[].hint": "text",
  "warnings[].cell": "text",
};

/** What a run needs of the record that it resumes. */
export const RESUMABLE_FIELDS: readonly string[] = [
  ...["schema", "experiment", "experimentFile", "started", "requestsPerUser", "order"],
  ...["payloads", "versions", "hosts", "warnings"],
  ...["cells[].name", "cells[].users", "cells[].thinkTimeSeconds", "cells[].repetition", "cells[].state"],
];

/** What every run.json has of what it lists. */
const RUN_REQUIRED: readonly string[] = [
  ...["hosts[].name", "hosts[].cores", "cells[].name", "cells[].state"],
  ...["warnings[].code", "warnings[].message", "warnings[].hint"],
];

/** What every cell.json has, from its start on. */
const CELL_REQUIRED: readonly string[] = [
  ...["users", "thinkTimeSeconds", "repetition", "load.cpuBusyRatio"],
  ...["workerLoads[].worker", "workerLoads[].cpuBusyRatio", "workerLoads[].aboveLimitRatio"],
  ...["startLateness.lateRatio", "startLateness.maxSeconds", "startLateness.workers[].worker"],
];

/** Of cell.json, what is read again. */
const CELL_FIELDS: Fields = {
  clocks: "list",
  "clocks[]": "object",
  "clocks[].offsetSeconds": "clock offset",
  name: "text",
  state: "text",
  users: "count",
  thinkTimeSeconds: "think time",
  thinkTime: "text",
  ratePerSecond: "number",
  replicaCount: "count",
  process: "text",
  repetition: "count",
  workers: "list",
  "workers[]": "text",
  journalFolder: "text",
  journalsLeftOn: "list",
  "journalsLeftOn[]": "text",
  responsesLeftOn: "list",
  "responsesLeftOn[]": "text",
  lostWorkers: "list",
  problem: "text",
  load: "object",
  "load.cpuBusyRatio": "number",
  "load.aboveLimitRatio": "number",
  "load.runQueuePerCore": "number",
  "load.memoryAvailableBytesMin": "number",
  "load.workers": "list",
  "load.workers[]": "text",
  functionCpu: "object",
  "functionCpu.cpuSeconds": "number",
  "functionCpu.cores": "number",
  "functionCpu.seconds": "number",
  workerLoads: "list",
  "workerLoads[]": "object",
  "workerLoads[].worker": "text",
  "workerLoads[].cpuBusyRatio": "number",
  "workerLoads[].aboveLimitRatio": "number",
  "workerLoads[].runQueuePerCore": "number",
  "workerLoads[].memoryAvailableBytesMin": "number",
  startLateness: "object",
  "startLateness.lateRatio": "number",
  "startLateness.maxSeconds": "number",
  "startLateness.workers": "list",
  "startLateness.workers[]": "object",
  "startLateness.workers[].worker": "text",
  "startLateness.workers[].lateRatio": "number",
  "startLateness.workers[].maxSeconds": "number",
};

/**
 * Reads the text of a run.json that may come from anybody.
 * @param file as the message names it
 * @throws {SlbenchError} FILE_NO_RESULT
 */
export function parseRunRecord<T extends object>(
  text: string,
  file: string,
  hint: string,
  required: readonly string[] = [],
): Partial<T> {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (cause) {
    throw new SlbenchError<ToolErrorCode>("FILE_NO_RESULT", `${file} is not JSON`, {
      hint,
      exitCode: 2,
      cause,
    });
  }
  const fault = findFault(record, RUN_FIELDS, [...RUN_REQUIRED, ...required]);
  const { experiment } = (record ?? {}) as { readonly experiment?: unknown };
  const isNamed = typeof experiment !== "string" || EXPERIMENT_NAME.test(experiment);
  if (fault === undefined && isNamed) return record as Partial<T>;
  const what = fault ?? `experiment is ${shown(experiment)}, not a name of letters, digits, dots and dashes`;
  throw new SlbenchError<ToolErrorCode>("FILE_NO_RESULT", `${file}: ${what}`, { hint, exitCode: 2 });
}

/** The text of a cell.json that may come from anybody: the record, or what is wrong with it. */
export function parseCellRecord<T extends object>(text: string): T | string {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return "it is not JSON";
  }
  return findFault(record, CELL_FIELDS, CELL_REQUIRED) ?? (record as T);
}

/** The record in a cell.json; undefined if it cannot be read or is wrong. */
export async function readCellFile<T extends object>(file: string): Promise<T | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  const record = text === undefined ? undefined : parseCellRecord<T>(text);
  return typeof record === "string" ? undefined : record;
}
