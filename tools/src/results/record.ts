import { join } from "node:path";
import { describeHosting } from "../environment/describe-hosting.ts";
import type { FunctionUnderTest } from "../environment/function.ts";
import { type HostInfo, hostInfo } from "../environment/machine.ts";
import type { Prepared } from "../environment/prepare.ts";
import { VERSION } from "../version.ts";
import type { Job } from "./job.ts";
import {
  isDone,
  type LoadForecast,
  type RunCell,
  type RunRecord,
  type Warning,
  writeJson,
} from "./result-folder.ts";
import { LOAD_NOT_REACHED, resumedChanged } from "./warnings.ts";

/** Keeps run.json up to date after every change. */
export interface Recorder {
  readonly record: RunRecord;
  /** Records a cell's state; the warnings replace its earlier ones. */
  cell(name: string, state: RunCell["state"], warnings: readonly Warning[]): Promise<void>;
  /** Adds a cell that was not planned at the start. */
  add(cell: RunCell): Promise<void>;
  hosts(more: readonly HostInfo[]): Promise<void>;
  /** Records what load to expect; the warnings replace those of an earlier part of the run. */
  expectLoad(forecast: LoadForecast, warnings: readonly Warning[]): Promise<void>;
  end(interrupted: boolean): Promise<void>;
}

export async function startRecorder(folder: string, first: RunRecord): Promise<Recorder> {
  let record = first;
  const save = async (change: Partial<RunRecord>) => {
    record = { ...record, ...change };
    await writeJson(join(folder, "run.json"), record);
  };
  await save({});
  return {
    get record() {
      return record;
    },
    cell: (name, state, warnings) =>
      save({
        cells: record.cells.map((cell) => (cell.name === name ? { ...cell, state } : cell)),
        warnings: [...record.warnings.filter((warning) => warning.cell !== name), ...warnings],
      }),
    add: (cell) => save({ cells: [...record.cells, cell] }),
    hosts: (more) => save({ hosts: [hostInfo(), ...more] }),
    expectLoad: (expectedLoad, warnings) =>
      save({
        expectedLoad,
        warnings: [...warnings, ...record.warnings.filter(({ code }) => code !== LOAD_NOT_REACHED)],
      }),
    end: (interrupted) => {
      const complete = record.cells.every(isDone);
      const state = complete ? "complete" : interrupted ? "interrupted" : "incomplete";
      return save({ state, ended: new Date().toISOString() });
    },
  };
}

/** run.json of a new or resumed run; changes since the first part become warnings. */
export function createRecord(
  job: Job,
  prepared: Prepared,
  target: FunctionUnderTest,
  backend: string | undefined,
): RunRecord {
  const { experiment, resumed } = job;
  const { jmeter, client, payloads } = prepared;
  const { requestsPerUser, durationSeconds } = experiment.load;
  const record: RunRecord = {
    schema: "slbench.run/2",
    experiment: experiment.name,
    experimentFile: job.file,
    state: "running",
    started: new Date().toISOString(),
    ...(requestsPerUser !== undefined && { requestsPerUser }),
    ...(durationSeconds !== undefined && { durationSeconds }),
    seed: experiment.load.seed,
    order: experiment.load.order,
    start: experiment.load.start,
    function: {
      url: target.url,
      local: target.local,
      ...(target.local && {
        hosting: describeHosting(experiment.function, job.find?.for === "replicas"),
      }),
    },
    ...(backend !== undefined && { backend }),
    payloads: {
      ...(payloads.path !== undefined && { folder: payloads.path }),
      count: payloads.count,
      ...(payloads.sha256 !== undefined && { sha256: payloads.sha256 }),
      ...(payloads.videoSha256 !== undefined && { videoSha256: payloads.videoSha256 }),
    },
    versions: {
      slbench: VERSION,
      node: process.versions.node,
      java: jmeter.version,
      jmeter: jmeter.jmeterVersion,
      client: client.sha256,
      clientBuiltWith: client.builtWith,
    },
    hosts: [hostInfo()],
    ...(job.find !== undefined && { find: job.find }),
    cells: job.cells,
    warnings: [],
  };
  if (resumed === undefined) return record;
  const before = resumed.record;
  return {
    ...record,
    started: before.started,
    resumed: [...(before.resumed ?? []), record.started],
    warnings: [...before.warnings, ...changes(before, record)],
  };
}

function changes(before: RunRecord, now: RunRecord): readonly Warning[] {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ["the machine", JSON.stringify(before.hosts[0]), JSON.stringify(now.hosts[0])],
    ["the function's backend", before.backend, now.backend],
    ["the payloads", before.payloads.sha256, now.payloads.sha256],
    ["the client", before.versions.client, now.versions.client],
    ["JMeter", before.versions.jmeter, now.versions.jmeter],
    ["Java", before.versions.java, now.versions.java],
  ];
  return pairs.filter(([, was, is]) => was !== is).map(([what, was, is]) => resumedChanged(what, was, is));
}
