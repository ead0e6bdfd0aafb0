import { dirname, join } from "node:path";
import type { MachineSamples } from "../environment/load-samples.ts";
import type { HostInfo } from "../environment/machine.ts";
import { endClients } from "../jmeter/clients.ts";
import type { JMeter } from "../jmeter/home.ts";
import type { RmiKeys } from "../jmeter/keys.ts";
import { type LocalWorker, type RunningWorker, startWorker } from "../jmeter/worker.ts";
import type { Guard } from "../process/guard.ts";
import type { ClockComparison } from "../results/worker-clocks.ts";
import type { AskPort } from "./heartbeat.ts";
import type { WorkCounters } from "./watchdog.ts";

/** What was seen of a worker's machine; workers on one machine share it. */
export interface WorkerSamples extends MachineSamples {
  readonly worker: string;
}

/** The workers of a run; they serve all cells. */
export interface Fleet {
  readonly workers: readonly RunningWorker[];
  /** Address by which the workers reach the controller. */
  readonly controllerHost: string;
  /** The workers call back on this port + 1 and + 2; absent: on any free port. */
  readonly portBase?: number;
  /**
   * Paths on the workers that the plan refers to.
   * @param journals the cell's own folder, used by workers on this machine
   * @param awayJournals the folder for this run and cell inside a bundle, used by workers on other machines
   */
  paths(
    journals: string,
    awayJournals: string,
  ): {
    readonly client: string;
    readonly request: string;
    readonly payloads?: string;
    readonly responseFolder?: string;
    readonly journalFolder: string;
  };
  /** Makes sure that all workers accept a test; returns the addresses of those that were restarted. */
  revive(): Promise<readonly string[]>;
  /** Call this after an incomplete cell: a worker may still be running it and would refuse another test. */
  distrust(): void;
  /** Ends the clients on all reachable workers, which then deliver the results so far. */
  endClients(lost: readonly string[]): Promise<void>;
  /**
   * Copies the clients' journals into the cell's folder, unless they are there already.
   * @returns the workers whose journals could not be fetched
   */
  collectJournals(folder: string, awayJournals: string): Promise<readonly string[]>;
  /**
   * Copies the response bodies that clients saved into `responses` of the cell's folder, unless they are there already.
   * @returns the workers whose bodies could not be fetched
   */
  collectResponses(cellFolder: string, awayJournals: string): Promise<readonly string[]>;
  /** Compares the workers' clocks with this machine's; skips workers that cannot be asked. */
  readClocks(): Promise<readonly ClockComparison[]>;
  /** A closer look at a worker on another machine; undefined if it cannot be asked. */
  inspect(
    address: string,
    awayJournals: string,
  ): Promise<(WorkCounters & { readonly ended?: string }) | undefined>;
  /** Number of clients on other machines that have finished their journal; undefined if a worker cannot be asked. */
  countEnded(awayJournals: string): Promise<number | undefined>;
  /**
   * Watches the machines of workers on other machines until the returned function is called.
   * @param maxSeconds after which watching ends in any case
   */
  watchLoads(maxSeconds: number): () => Promise<readonly WorkerSamples[]>;
  /** Descriptions of the workers' machines, if they are other machines and can be asked. */
  hosts(): Promise<readonly HostInfo[]>;
  stop(): Promise<void>;
}

export interface LocalFleetOptions {
  readonly jmeter: JMeter;
  readonly keys: RmiKeys | undefined;
  readonly guard: Guard;
  readonly askPort: AskPort;
  readonly count: number;
  readonly logFolder: string;
  readonly client: string;
  /** The request specification. */
  readonly request: string;
  /** Folder or text file of payloads; absent: none. */
  readonly payloads?: string;
  /** Clients save response bodies beside their journals. */
  readonly saveResponses: boolean;
}

/** Starts `count` workers on loopback, all at once. */
export async function startLocalFleet(options: LocalFleetOptions): Promise<Fleet> {
  const start = (index: number) => startWorker({ ...options, host: "127.0.0.1", index });
  const started = await Promise.allSettled(Array.from({ length: options.count }, (_, index) => start(index)));
  const workers = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const stop = () => Promise.all(workers.map((worker) => worker.child.stop())).then(() => {});
  const failed = started.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  let trusted = true;
  return {
    workers,
    distrust() {
      trusted = false;
    },
    controllerHost: "127.0.0.1",
    paths: (journalFolder) => ({
      ...{ client: options.client, request: options.request, journalFolder },
      ...(options.payloads !== undefined && { payloads: options.payloads }),
      ...(options.saveResponses && { responseFolder: join(dirname(journalFolder), "responses") }),
    }),
    stop,
    async revive() {
      const dead: string[] = [];
      for (const [at, worker] of workers.entries()) {
        const living = await alive(worker, options.askPort);
        if (living && trusted) continue;
        if (!living) dead.push(worker.address);
        await worker.child.stop(500);
        workers[at] = await start(worker.index);
      }
      trusted = true;
      return dead;
    },
    // The clients of a dead worker live on and still write their journals.
    endClients: async () => {
      await Promise.all(workers.map((worker) => endClients(worker.child.pid)));
    },
    collectJournals: async () => [],
    collectResponses: async () => [],
    readClocks: async () =>
      workers.map(({ address }) => ({ worker: address, method: "same-host", offset: { low: 0, high: 0 } })),
    watchLoads: () => async () => [],
    inspect: async () => undefined,
    countEnded: async () => undefined,
    hosts: async () => [],
  };
}

async function alive(worker: LocalWorker, askPort: AskPort): Promise<boolean> {
  return worker.child.ending === undefined && (await askPort(worker.address, 5_000)) === "answers";
}
