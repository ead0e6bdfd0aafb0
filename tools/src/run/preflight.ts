import type { Experiment } from "@slbench/jmeter-plans";
import { checkMachine } from "../environment/check-machine.ts";
import type { Prepared } from "../environment/prepare.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import type { Progress } from "./progress.ts";

/** Warns of what would distort the measurement and stops for what would end it. */
export async function preflight(
  experiment: Experiment,
  prepared: Prepared,
  progress: Progress,
  output: string | undefined,
): Promise<void> {
  for (const { state, what, found, fix } of await checkMachine(experiment, prepared.client.path, output)) {
    if (state === "failed") {
      throw new SlbenchError<ToolErrorCode>("RUN_PREFLIGHT", `${what}: ${found}`, {
        hint: fix ?? "slbench doctor EXPERIMENT",
      });
    }
    if (state === "warning" || state === "unknown")
      progress.warn(
        `run: ${state === "warning" ? "WARNING" : "NOT CHECKED"}: ${what}: ${found}${fix === undefined ? "" : `\n  ${fix}`}`,
      );
  }
}
