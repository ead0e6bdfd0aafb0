import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Cell, type Experiment, experimentCells, parseExperiment } from "@slbench/jmeter-plans";
import { ToolError } from "../errors.ts";
import { createAskPort } from "../jmeter/heartbeat.ts";
import { createKeys } from "../jmeter/keys.ts";
import { stderrLog } from "../setup/steps.ts";
import { startLocalFleet } from "./fleet.ts";
import { type FunctionUnderTest, openFunction } from "./function.ts";
import { type Guard, startGuard } from "./guard.ts";
import { type Interrupt, interruptedError, listenForInterrupt } from "./interrupt.ts";
import { hostFacts } from "./machine.ts";
import { measureCell, type RunContext } from "./measure-cell.ts";
import { shuffle } from "./order.ts";
import { firstFrame, type Prepared, prepare } from "./prepare.ts";
import { probeFunction } from "./probe.ts";
import { createProgress } from "./progress.ts";
import { createResultFolder, type RunCell, type RunRecord, writeJson } from "./result-folder.ts";

export interface RunOptions {
  readonly experimentFile: string;
  /** Parent of the result folder; default `results`. */
  readonly out?: string;
  /** Frames per client, instead of the experiment's. */
  readonly frames?: number;
  readonly order?: "random" | "as-written";
}

export interface RunResult {
  readonly folder: string;
  /** False where a cell is missing data. */
  readonly complete: boolean;
}

/**
 * Runs an experiment: sets up what is missing, starts function and slaves, runs all cells, leaves nothing
 * running. The result folder is as in docs/data-formats.md, whatever happens in between.
 *
 * @throws {ToolError} RUN_INTERRUPTED (exit 130) after all has ended; what set-up and probing throw
 */
export async function runExperiment(options: RunOptions): Promise<RunResult> {
  const { text, experiment } = await readExperiment(options);
  const interrupt = listenForInterrupt();
  const guard = startGuard();
  try {
    const prepared = await interrupt.race(prepare(experiment, options.experimentFile, stderrLog));
    const target = await interrupt.race(openFunction(experiment, stderrLog));
    try {
      return await withFunction(options, text, experiment, prepared, target, guard, interrupt);
    } finally {
      await target.close();
    }
  } finally {
    await guard.release();
    interrupt.close();
  }
}

async function readExperiment(options: RunOptions): Promise<{ text: string; experiment: Experiment }> {
  const text = await readFile(options.experimentFile, "utf8").catch((cause) => {
    throw new ToolError("FILE_NO_EXPERIMENT", `cannot read the experiment ${options.experimentFile}`, {
      hint: "check the path; examples/quick.yaml is one that runs as it stands",
      exitCode: 2,
      cause,
    });
  });
  const read = parseExperiment(text, options.experimentFile);
  const experiment = {
    ...read,
    framesPerClient: options.frames ?? read.framesPerClient,
    load: { ...read.load, order: options.order ?? read.load.order },
  };
  return { text, experiment };
}

async function withFunction(
  options: RunOptions,
  text: string,
  experiment: Experiment,
  prepared: Prepared,
  target: FunctionUnderTest,
  guard: Guard,
  interrupt: Interrupt,
): Promise<RunResult> {
  const answer = await probeFunction(
    target.url,
    firstFrame(prepared.frames),
    experiment.encoding,
    experiment.function.timeoutSeconds,
    interrupt.signal,
  );
  const backend = answer.backend ?? target.backend;
  const folder = await createResultFolder(resolve(options.out ?? "results"), experiment.name, new Date());
  await writeFile(join(folder, "experiment.yaml"), text);
  const cells = orderCells(experiment);
  let record = createRecord(experiment, prepared, target, backend, cells);
  const save = async (change: Partial<RunRecord>) => {
    record = { ...record, ...change };
    await writeJson(join(folder, "run.json"), record);
  };
  await save({});
  const progress = createProgress();
  progress.say(
    `run: ${cells.length} cells, function at ${target.url} (${backend ?? "backend not told"}), results in ${folder}`,
  );

  const keys = await createKeys(prepared.jmeter.keytool);
  guard.watchFolder(keys.folder);
  const askPort = await createAskPort(keys);
  const logFolder = join(folder, "logs");
  await mkdir(logFolder);
  const fleet = await interrupt.race(
    startLocalFleet({
      jmeter: prepared.jmeter,
      keys,
      guard,
      askPort,
      count: experiment.jmeter.localSlaves,
      logFolder,
    }),
  );
  try {
    const context: RunContext = {
      ...{ experiment, prepared, target, guard, keys, askPort, fleet, progress },
      interrupted: interrupt.signal,
      folder,
    };
    for (const [index, cell] of cells.entries()) {
      if (interrupt.signal.aborted) break;
      const mark = (state: RunCell["state"]) =>
        save({
          cells: record.cells.map((other) => (other.name === cell.name ? { ...other, state } : other)),
        });
      await mark("running");
      const { state, warnings } = await measureCell(context, cell, index + 1, cells.length);
      await mark(state);
      await save({ warnings: [...record.warnings, ...warnings] });
    }
    const complete = record.cells.every((cell) => cell.state === "complete");
    const state = interrupt.signal.aborted ? "interrupted" : complete ? "complete" : "incomplete";
    await save({ state, ended: new Date().toISOString() });
    if (interrupt.signal.aborted) {
      progress.say(`run: interrupted; what was measured is in ${folder}`);
      throw interruptedError();
    }
    return { folder, complete };
  } finally {
    await fleet.stop();
    await rm(keys.folder, { recursive: true, force: true });
  }
}

function orderCells(experiment: Experiment): readonly Cell[] {
  const cells = experimentCells(experiment);
  return experiment.load.order === "random" ? shuffle(cells, experiment.load.seed) : cells;
}

function createRecord(
  experiment: Experiment,
  prepared: Prepared,
  target: FunctionUnderTest,
  backend: string | undefined,
  cells: readonly Cell[],
): RunRecord {
  const { jmeter, client, frames } = prepared;
  return {
    schema: "slbench.run/1",
    experiment: experiment.name,
    state: "running",
    started: new Date().toISOString(),
    framesPerClient: experiment.framesPerClient,
    seed: experiment.load.seed,
    order: experiment.load.order,
    function: { url: target.url, local: target.local },
    ...(backend !== undefined && { backend }),
    frames: {
      folder: frames.folder,
      count: frames.names.length,
      ...(frames.sha256 !== undefined && { sha256: frames.sha256 }),
    },
    versions: {
      slbench: "0.1.0",
      node: process.versions.node,
      java: jmeter.version,
      jmeter: jmeter.jmeterVersion,
      client: client.sha256,
      clientBuiltWith: client.builtWith,
    },
    hosts: [hostFacts()],
    cells: cells.map((cell) => ({ ...cell, state: "planned" })),
    warnings: [],
  };
}
