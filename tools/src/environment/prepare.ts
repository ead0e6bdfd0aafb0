import { dirname, resolve } from "node:path";
import type { Experiment } from "@slbench/jmeter-plans";
import { findJMeter, type JMeter } from "../jmeter/home.ts";
import { type ClientExecutable, ensureClientExecutable } from "../setup/client.ts";
import { ensureDetector } from "../setup/detector.ts";
import type { SetupLog } from "../setup/steps.ts";
import { findPayloads, type Payloads } from "./payloads.ts";

/** Everything on this machine that the cells of a run share. */
export interface Prepared {
  readonly jmeter: JMeter;
  readonly client: ClientExecutable;
  readonly payloads: Payloads;
}

/** Sets up what is missing: JMeter, the client's executable, the payloads, the local function's detector. */
export async function prepare(experiment: Experiment, file: string, log: SetupLog): Promise<Prepared> {
  const { url, command, backend } = experiment.function;
  const isLocal = url === "local" && command === undefined;
  const steps = [
    findJMeter(log),
    ensureClientExecutable(log),
    findPayloads(experiment, dirname(resolve(file)), log),
    // openFunction() finds it in place.
    ...(isLocal ? [ensureDetector(backend, log)] : []),
  ] as const;
  await Promise.allSettled(steps); // so that an error is printed last
  const [jmeter, client, payloads] = await Promise.all(steps);
  return { jmeter, client, payloads };
}
