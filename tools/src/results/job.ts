import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Experiment, experimentCells, isStart, parseExperiment } from "@slbench/jmeter-plans";
import { parse } from "yaml";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { fileOrExample } from "../files/examples.ts";
import { shellWord } from "../help/shell-word.ts";
import { interleave } from "./order.ts";
import { type FindRequest, isDone, type RunCell, type RunRecord, readRunRecord } from "./result-folder.ts";
import { salvageCell } from "./salvage.ts";

export interface RunOptions {
  /** Needed unless a run is resumed. */
  readonly experimentFile?: string;
  /** Parent of the result folder; default `results`. */
  readonly out?: string;
  /** Requests per client, instead of the experiment's. */
  readonly requestsPerUser?: number;
  readonly order?: "random" | "as-written";
  /** Result folder of an earlier run to resume. */
  readonly resume?: string;
}

/** The work of a new or resumed run. */
export interface Job {
  readonly experiment: Experiment;
  /** The experiment file; relative paths in it start at its folder. */
  readonly file: string;
  readonly text: string;
  /** In the order of running. */
  readonly cells: readonly RunCell[];
  readonly resumed?: { readonly folder: string; readonly record: RunRecord };
  /** Of a search: its cells are added as they are decided. */
  readonly find?: FindRequest;
}

/** @throws {SlbenchError} FILE_NO_EXPERIMENT, FILE_NO_RESULT, USAGE_NO_EXPERIMENT; SlbenchError of the experiment */
export async function readJob(options: RunOptions): Promise<Job> {
  if (options.resume !== undefined) return resumeJob(resolve(options.resume), options);
  if (options.experimentFile === undefined) {
    throw new SlbenchError<ToolErrorCode>("USAGE_NO_EXPERIMENT", "no experiment file given", {
      hint: "slbench run examples/quick.yaml, or slbench run --resume FOLDER",
      exitCode: 2,
    });
  }
  const file = fileOrExample(options.experimentFile);
  const text = await readFile(file, "utf8").catch((cause) => {
    throw unreadableExperiment(options.experimentFile as string, cause);
  });
  const experiment = withOverrides(parseExperiment(text, options.experimentFile), options);
  await checkExperimentThresholds(experiment, options.experimentFile);
  if (experiment.function.url === "local" && experiment.jmeter.remoteHosts.length > 0) {
    throw new SlbenchError<ToolErrorCode>(
      "USAGE_LOCAL_FUNCTION",
      `${options.experimentFile}: function.url is local, which workers on other machines cannot reach`,
      {
        hint: "start it by hand (slbench serve --host ADDRESS) and give its address as function.url",
        exitCode: 2,
      },
    );
  }
  return { experiment, file, text, cells: planCells(experiment) };
}

function unreadableExperiment(file: string, cause: NodeJS.ErrnoException): SlbenchError {
  const [message, hint] =
    cause.code === "ENOENT"
      ? [
          `${file} does not exist`,
          "check the path; slbench init writes an experiment, slbench run examples/quick.yaml runs one",
        ]
      : cause.code === "EISDIR"
        ? [
            `${file} is a folder, not an experiment file`,
            `name a file in it; slbench run --resume ${shellWord(file)} continues a run`,
          ]
        : [`cannot read the experiment ${file}`, "check the path and its permissions"];
  return new SlbenchError<ToolErrorCode>("FILE_NO_EXPERIMENT", message, { hint, exitCode: 2, cause });
}

/** They are evaluated after the run, so a mistake in one would cost the whole run. */
async function checkExperimentThresholds({ thresholds }: Experiment, file: string): Promise<void> {
  if (thresholds.length === 0) return;
  const { parseThreshold } = await import("@slbench/analyzer/logs");
  for (const text of thresholds) {
    try {
      parseThreshold(text);
    } catch (error) {
      if (!(error instanceof SlbenchError)) throw error;
      const { code, message, hint, context } = error;
      throw new SlbenchError(code, `${file}: thresholds: ${message}`, {
        hint,
        exitCode: 2,
        context,
        cause: error,
      });
    }
  }
}

/** The cells of an experiment in the order of running. */
export function planCells(experiment: Experiment): readonly RunCell[] {
  const cells = experimentCells(experiment);
  const { order, seed } = experiment.load;
  const ordered = order === "random" ? interleave(cells, seed) : cells;
  return ordered.map((cell) => ({ ...cell, state: "planned" }));
}

/** Complete cells stay; a cell whose data is whole but not recorded as complete is salvaged; the rest is planned. */
async function resumeJob(folder: string, options: RunOptions): Promise<Job> {
  const record = await readRunRecord(folder);
  for (const name of ["experimentFile", "requestsPerUser", "order"] as const) {
    if (options[name] === undefined) continue;
    throw new SlbenchError<ToolErrorCode>(
      "USAGE_RESUME",
      "--resume continues the run as it began and takes no experiment, --requests-per-user or --order",
      {
        hint: `slbench run --resume ${shellWord(options.resume ?? "")}`,
        exitCode: 2,
      },
    );
  }
  if (record.start !== undefined && !isStart(record.start)) {
    throw new SlbenchError<ToolErrorCode>(
      "FILE_NO_RESULT",
      `${folder}/run.json: start is ${JSON.stringify(record.start.slice(0, 80))}, not together or a rate such as 0.25/s`,
      { hint: "name a folder that slbench run made", exitCode: 2 },
    );
  }
  const text = await readFile(join(folder, "experiment.yaml"), "utf8");
  const { requestsPerUser, order } = record;
  const written = parseExperiment(text, join(folder, "experiment.yaml"));
  const experiment = withOverrides(written, {
    ...(requestsPerUser !== undefined && { requestsPerUser }),
    ...{ order, start: record.start ?? writtenStart(text) ?? EARLIER_START },
  });
  const cells = await Promise.all(
    record.cells.map(async (cell): Promise<RunCell> => {
      if (isDone(cell)) return cell;
      const { requestsPerUser } = experiment.load;
      const whole = await salvageCell(join(folder, "cells", cell.name), cell, requestsPerUser);
      return { ...cell, state: whole ? "complete" : "planned" };
    }),
  );
  return { experiment, file: record.experimentFile, text, cells, resumed: { folder, record } };
}

/** The default start of versions that did not record it. */
const EARLIER_START = "0.25/s";

/** `load.start` as an experiment file gives it. */
function writtenStart(text: string): string | undefined {
  const { load } = parse(text) as { readonly load: { readonly start?: string } };
  return load.start;
}

function withOverrides(
  experiment: Experiment,
  { requestsPerUser, order, start }: Pick<RunOptions, "requestsPerUser" | "order"> & { start?: string },
): Experiment {
  const { durationSeconds: _, ...load } = experiment.load;
  return {
    ...experiment,
    load: {
      ...(requestsPerUser === undefined ? experiment.load : { ...load, requestsPerUser }),
      order: order ?? load.order,
      start: start ?? load.start,
    },
  };
}
