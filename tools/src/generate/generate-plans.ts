import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Cell, cellPlanOptions, type Experiment, renderPlan } from "@slbench/jmeter-plans";
import { findPayloads } from "../environment/payloads.ts";
import { makeRequestSpec, REQUEST_FILE, renderRequestSpec } from "../environment/request-file.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { makeFolder } from "../files/make-folder.ts";
import { findJMeter } from "../jmeter/home.ts";
import { readJob } from "../results/job.ts";
import { responseTimeWarnings } from "../results/load-forecast.ts";
import type { Warning } from "../results/result-folder.ts";
import { ensureClientExecutable } from "../setup/client.ts";
import { type SetupLog, stderrLog } from "../setup/steps.ts";
import { checkPlans } from "./check-plans.ts";

export interface GenerateOptions {
  readonly experimentFile: string;
  /** Default: `plans/<experiment>`. */
  readonly out?: string;
  /** The client's path on the workers; default: the one compiled on this machine. */
  readonly client?: string;
  /** The payloads' folder or text file on the workers; default: the one on this machine. */
  readonly payloads?: string;
  /** The request specification on the workers; default: request.json beside the plans. */
  readonly request?: string;
  /** Let JMeter load each plan. */
  readonly check?: boolean;
}

export interface GeneratedPlans {
  readonly folder: string;
  readonly files: readonly string[];
  readonly workers: number;
  /** Conditions whose users may not be active together. */
  readonly warnings: readonly Warning[];
  /** The JMeter version that accepted all plans, if checked. */
  readonly checkedBy?: string;
}

/**
 * Writes one plan per cell to run by hand; each plan writes its results beside it.
 * @throws {SlbenchError} FILE_BAD_PLAN if JMeter rejects a plan; errors of reading the experiment and of set-up
 */
export async function generatePlans(
  options: GenerateOptions,
  log: SetupLog = stderrLog,
): Promise<GeneratedPlans> {
  const { experiment, file, cells } = await readJob({
    experimentFile: options.experimentFile,
    order: "as-written",
  });
  const folder = await makeFolder(options.out ?? join("plans", experiment.name));
  const client = options.client ?? (await ensureClientExecutable(log)).path;
  const payloads = options.payloads ?? (await findPayloads(experiment, dirname(file), log)).path;
  const spec = await makeRequestSpec(experiment, file);
  const workers = workerCount(experiment);
  const request = options.request ?? join(folder, REQUEST_FILE);
  await writeFile(join(folder, REQUEST_FILE), renderRequestSpec(spec));
  const places = { folder, client, request, workers, ...(payloads !== undefined && { payloads }) };
  const files = cells.map((cell) => join(folder, `${cell.name}.jmx`));
  for (const [index, cell] of cells.entries()) {
    await writeFile(files[index]!, cellPlan(experiment, cell, places));
  }
  const warnings = responseTimeWarnings(experiment, workers);
  if (!options.check) return { folder, files, workers, warnings };
  const jmeter = await findJMeter(log);
  const refused = (await checkPlans(jmeter, files)).filter((plan) => plan.problem !== undefined);
  if (refused.length > 0) {
    const list = refused.map((plan) => `${plan.file}: ${plan.problem}`).join("\n");
    throw new SlbenchError<ToolErrorCode>(
      "FILE_BAD_PLAN",
      `JMeter ${jmeter.jmeterVersion} rejects\n${list}`,
      {
        hint: "check the experiment's names and paths; if they are plain, this is a bug in slbench",
      },
    );
  }
  return { folder, files, workers, warnings, checkedBy: jmeter.jmeterVersion };
}

const workerCount = ({ jmeter }: Experiment) => jmeter.remoteHosts.length || jmeter.localWorkers;

interface Places {
  readonly folder: string;
  readonly client: string;
  readonly request: string;
  readonly payloads?: string;
  readonly workers: number;
}

function cellPlan(experiment: Experiment, cell: Cell, { folder, workers, ...places }: Places): string {
  return renderPlan({
    ...cellPlanOptions(experiment, cell, workers),
    ...places,
    resultXml: join(folder, `${cell.name}.xml`),
    resultCsv: join(folder, `${cell.name}.csv`),
  });
}
