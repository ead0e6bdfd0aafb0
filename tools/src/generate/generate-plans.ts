import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Cell, type Experiment, renderPlan } from "@slbench/jmeter-plans";
import { findFrames } from "../environment/prepare.ts";
import { ToolError } from "../errors.ts";
import { findJMeter } from "../jmeter/home.ts";
import { readJob } from "../results/job.ts";
import { ensureClientExecutable } from "../setup/client.ts";
import { type SetupLog, stderrLog } from "../setup/steps.ts";
import { checkPlans } from "./check-plans.ts";

export interface GenerateOptions {
  readonly experimentFile: string;
  /** Default: `plans/<experiment>`. */
  readonly out?: string;
  /** The client's path on the workers; default: the one compiled on this machine. */
  readonly client?: string;
  /** The frame folder on the workers; default: the one cut on this machine. */
  readonly frames?: string;
  /** Let JMeter load each plan. */
  readonly check?: boolean;
}

export interface GeneratedPlans {
  readonly folder: string;
  readonly files: readonly string[];
  readonly workers: number;
  /** The JMeter version that accepted all plans, if checked. */
  readonly checkedBy?: string;
}

/** Default address of `slbench serve`. */
const LOCAL_URL = "http://127.0.0.1:8080/function/slblur";

/**
 * Writes one plan per cell to run by hand; each plan writes its results beside it.
 * @throws {ToolError} FILE_BAD_PLAN if JMeter rejects a plan; errors of reading the experiment and of set-up
 */
export async function generatePlans(
  options: GenerateOptions,
  log: SetupLog = stderrLog,
): Promise<GeneratedPlans> {
  const { experiment, file, cells } = await readJob({
    experimentFile: options.experimentFile,
    order: "as-written",
  });
  const folder = resolve(options.out ?? join("plans", experiment.name));
  const client = options.client ?? (await ensureClientExecutable(log)).path;
  const framesFolder = options.frames ?? (await findFrames(experiment, dirname(file), log)).folder;
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw new ToolError("FILE_NOT_WRITABLE", `cannot make the folder ${folder}`, {
      hint: "name another with --out",
      cause,
    });
  });
  const workers = workerCount(experiment);
  const files = cells.map((cell) => join(folder, `${cell.name}.jmx`));
  for (const [index, cell] of cells.entries()) {
    await writeFile(files[index]!, cellPlan(experiment, cell, { folder, client, framesFolder, workers }));
  }
  if (!options.check) return { folder, files, workers };
  const jmeter = await findJMeter(log);
  const refused = (await checkPlans(jmeter, files)).filter((plan) => plan.problem !== undefined);
  if (refused.length > 0) {
    const list = refused.map((plan) => `${plan.file}: ${plan.problem}`).join("\n");
    throw new ToolError("FILE_BAD_PLAN", `JMeter ${jmeter.jmeterVersion} rejects\n${list}`, {
      hint: "check the experiment's names and paths; if they are plain, this is a bug in slbench",
    });
  }
  return { folder, files, workers, checkedBy: jmeter.jmeterVersion };
}

const workerCount = ({ jmeter }: Experiment) => jmeter.remoteHosts.length || jmeter.localWorkers;

interface Places {
  readonly folder: string;
  readonly client: string;
  readonly framesFolder: string;
  readonly workers: number;
}

function cellPlan(experiment: Experiment, cell: Cell, { folder, ...places }: Places): string {
  const { url, timeoutSeconds } = experiment.function;
  return renderPlan({
    ...places,
    name: `${experiment.name} ${cell.name}`,
    users: cell.users,
    thinkTimeSeconds: cell.thinkTimeSeconds,
    requestsPerUser: experiment.requestsPerUser,
    startRatePerSecond: experiment.load.startRatePerSecond,
    url: url === "local" ? LOCAL_URL : url,
    timeoutSeconds,
    encoding: experiment.encoding,
    format: experiment.format,
    resultXml: join(folder, `${cell.name}.xml`),
    resultCsv: join(folder, `${cell.name}.csv`),
  });
}
