import type { Experiment } from "@slbench/jmeter-plans";
import type { SetupLog } from "../setup/steps.ts";

/** The function that is measured: one of ours on this machine, or one somewhere else. */
export interface FunctionUnderTest {
  readonly url: string;
  readonly local: boolean;
  /** Where it is known before it is asked. */
  readonly backend?: string;
  close(): Promise<void>;
}

/** Starts the local function where the experiment says `url: local`; a busy port 8080 is said aloud. */
export async function openFunction(experiment: Experiment, log: SetupLog): Promise<FunctionUnderTest> {
  const { url } = experiment.function;
  if (url !== "local") return { url, local: false, close: async () => {} };
  void log;
  throw new Error("not yet");
}
