import { readFile } from "node:fs/promises";
import { type ModelCell, SUMMARY_SCHEMA } from "@slbench/analyzer";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";

type SummarizedCell = NonNullable<ModelCell["summary"]>;

/** A field of a cell that the model reads, and its valid values. */
interface Field {
  readonly path: string;
  readonly wanted: string;
  readonly fits: (value: number) => boolean;
  /** The model works without it. */
  readonly optional?: true;
}

/** No round trip takes less than a nanosecond. */
const MIN_MEAN = 1e-9;
/** Larger factors show mixed units: a standard deviation over its mean, and one cell's mean over another's. */
const MAX_SCATTER = 1000;
const MAX_RATIO = 1e6;

const isSeconds = (value: unknown) => typeof value === "number" && Number.isFinite(value) && value >= 0;
const isRun = (run: unknown) =>
  isSeconds(fieldOf(run, "mean.value")) &&
  isSeconds(fieldOf(run, "p95.value")) &&
  [fieldOf(run, "sent"), fieldOf(run, "successful")].every(
    (count) => typeof count === "number" && isCount(count),
  );
const isCount = (value: number) => Number.isInteger(value) && value >= 0;
const seconds = (path: string): Field => ({
  path,
  wanted: "seconds, 0 or more",
  fits: (value) => value >= 0,
  optional: true,
});

const FIELDS: readonly Field[] = [
  { path: "users", wanted: "a whole number, 1 or more", fits: (value) => isCount(value) && value > 0 },
  { path: "thinkTimeSeconds", wanted: "seconds, 0 or more", fits: (value) => value >= 0 },
  { path: "requests.sent", wanted: "a number of requests", fits: isCount },
  { path: "requests.successful", wanted: "a number of requests", fits: isCount },
  { path: "requests.failed", wanted: "a number of requests", fits: isCount },
  { path: "roundTripSeconds.mean", wanted: "seconds above 0", fits: (value) => value >= MIN_MEAN },
  { path: "roundTripSeconds.stdev", wanted: "seconds, 0 or more", fits: (value) => value >= 0 },
  { ...seconds("roundTripSeconds.count"), wanted: "a number of requests", fits: isCount },
  seconds("roundTripSeconds.max"),
  { ...seconds("ratePerSecond"), wanted: "requests per second above 0", fits: (value) => value > 0 },
  { ...seconds("clients"), wanted: "a number of clients", fits: isCount },
  {
    ...seconds("successRate.meanOverClients"),
    wanted: "a ratio from 0 to 1",
    fits: (value) => value >= 0 && value <= 1,
  },
  { ...seconds("meanActiveUsers"), wanted: "a number of users, 0 or more" },
  seconds("roundTripInterval.low"),
  seconds("roundTripInterval.high"),
  { ...seconds("successfulRoundTripSeconds.count"), wanted: "a number of requests", fits: isCount },
  seconds("successfulRoundTripSeconds.mean"),
  seconds("successfulRoundTripSeconds.stdev"),
  seconds("successfulRoundTripSeconds.max"),
  seconds("handlerSeconds.mean"),
  seconds("functionCpu.secondsPerRequest"),
  { ...seconds("functionCpu.cores"), wanted: "a number of cores above 0", fits: (value) => value > 0 },
  seconds("times.cpuSeconds.mean"),
  { ...seconds("outcomes.timeout"), wanted: "a number of requests", fits: isCount },
];

/**
 * Reads the cells of a summary.json and checks each field that the model uses, because the file may come from anywhere.
 * @throws {SlbenchError} FILE_BAD_SUMMARY with file, cell, field and what to give
 */
export async function readSummaryCells(path: string): Promise<readonly SummarizedCell[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw problem(path, "cannot be read", cause);
  });
  let summary: unknown;
  try {
    summary = JSON.parse(text);
  } catch (cause) {
    throw problem(path, "is not JSON", cause);
  }
  const schema = fieldOf(summary, "schema");
  if (schema !== SUMMARY_SCHEMA)
    throw problem(path, `its schema is ${JSON.stringify(schema)}, not "${SUMMARY_SCHEMA}"`);
  const cells = fieldOf(summary, "cells");
  if (Array.isArray(cells) && cells.length === 0) throw problem(path, "it contains no cells");
  if (!Array.isArray(cells)) throw problem(path, `its cells are ${shown(cells)}, not a list`);
  const checked = cells.map((cell: unknown, index) =>
    checkCell(cell, `${path}: cell ${index + 1} of ${cells.length}`),
  );
  const means = checked.flatMap(({ roundTripSeconds }) => roundTripSeconds.mean ?? []);
  const [least, most] = [Math.min(...means), Math.max(...means)];
  if (most > MAX_RATIO * least)
    throw problem(path, `its mean round trips run from ${least} to ${most} s; give all of them in seconds`);
  return checked;
}

function checkCell(cell: unknown, place: string): SummarizedCell {
  if (typeof cell !== "object" || cell === null) throw problem(place, `is ${shown(cell)}, not an object`);
  for (const { path, wanted, fits, optional } of FIELDS) {
    const value = fieldOf(cell, path);
    if (value === undefined && optional === true) continue;
    if (typeof value === "number" && Number.isFinite(value) && fits(value)) continue;
    // Without requests there is no mean, with one no standard deviation.
    if (value === undefined && path.startsWith("roundTripSeconds.") && isEmpty(cell)) continue;
    const label = `users ${shown(fieldOf(cell, "users"))}, think time ${shown(fieldOf(cell, "thinkTimeSeconds"))}`;
    throw problem(`${place} (${label})`, `${path} is ${shown(value)}; give ${wanted}`);
  }
  const { sent, successful, failed } = (cell as SummarizedCell).requests;
  if (successful + failed !== sent)
    throw problem(
      place,
      `requests.successful and requests.failed are ${successful} and ${failed}; together they must be ${sent}`,
    );
  for (const name of ["roundTripSeconds", "successfulRoundTripSeconds"] as const) {
    const { mean = 0, stdev = 0 } = (cell as SummarizedCell)[name] ?? {};
    if (stdev > MAX_SCATTER * mean)
      throw problem(
        place,
        `${name}.stdev is ${stdev}, more than ${MAX_SCATTER} times its mean of ${mean}; give both in seconds`,
      );
  }
  const runs = fieldOf(cell, "runs") ?? [];
  if (!Array.isArray(runs) || !runs.every(isRun))
    throw problem(place, `runs is ${shown(runs)}; give a list with each run's mean and p95 in seconds`);
  // A missing count defaults to all sent requests.
  const { roundTripSeconds } = cell as SummarizedCell;
  return { ...(cell as SummarizedCell), roundTripSeconds: { ...roundTripSeconds, count: sent } };
}

const isEmpty = (cell: object) =>
  fieldOf(cell, "requests.successful") === 0 || Number(fieldOf(cell, "requests.sent")) < 2;

function fieldOf(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}

const shown = (value: unknown) => (value === undefined ? "missing" : JSON.stringify(value).slice(0, 80));

function problem(place: string, what: string, cause?: unknown): SlbenchError {
  return new SlbenchError<ToolErrorCode>("FILE_BAD_SUMMARY", `${place}: ${what}`, {
    hint: "give a summary.json that slbench run or slbench analyze --json wrote",
    exitCode: 2,
    cause,
  });
}
