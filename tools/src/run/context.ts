import type { Experiment } from "@slbench/jmeter-plans";
import type { FunctionUnderTest } from "../environment/function.ts";
import type { Prepared } from "../environment/prepare.ts";
import type { RmiKeys } from "../jmeter/keys.ts";
import type { Guard } from "../process/guard.ts";
import type { RunRecord } from "../results/result-folder.ts";
import type { AskPort } from "../workers/heartbeat.ts";
import type { Fleet } from "../workers/local-fleet.ts";
import type { Progress } from "./progress.ts";

/** What all cells of a run share. */
export interface RunContext {
  readonly experiment: Experiment;
  readonly prepared: Prepared;
  readonly target: FunctionUnderTest;
  readonly guard: Guard;
  readonly keys: RmiKeys | undefined;
  readonly askPort: AskPort;
  readonly fleet: Fleet;
  readonly progress: Progress;
  readonly interrupted: AbortSignal;
  /** The result folder. */
  readonly folder: string;
  /** How the cell was measured; written to each cell's folder. */
  readonly about: Pick<
    RunRecord,
    "experiment" | "requestsPerUser" | "durationSeconds" | "backend" | "versions" | "hosts"
  >;
}
