import { dirname, join } from "node:path";
import type { HostInfo, WorkerLoad } from "../environment/machine.ts";
import { endClients } from "../jmeter/clients.ts";
import type { JMeter } from "../jmeter/home.ts";
import type { RmiKeys } from "../jmeter/keys.ts";
import { type LocalWorker, type RunningWorker, startWorker } from "../jmeter/worker.ts";
import type { Guard } from "../process/guard.ts";
import type { ClockComparison } from "../results/worker-clocks.ts";
import type { AskPort } from "./heartbeat.ts";
import type { WorkCounters } from "./watchdog.ts";

/** The workers of a run, kept from cell to cell. */
export interface Fleet {
  readonly workers: readonly RunningWorker[];
  /** Address by which the workers reach the controller. */
  readonly controllerHost: string;
  /** The workers call back on this port + 1 and + 2; absent: on any free ones. */
  readonly portBase?: number;
  /**
   * Where the workers find what the plan names.
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
  /** Makes sure that all workers can take a test; gives the addresses of those that had to be replaced. */
  revive(): Promise<readonly string[]>;
  /** After a cell that did not end well: a worker may still be at it, and would take no other test. */
  distrust(): void;
  /** Ends the clients on the workers that can still be reached; their workers hand in what they have. */
  endClients(lost: readonly string[]): Promise<void>;
  /**
   * Brings the clients' journals into the cell's folder, unless they are there already.
   * @returns the workers whose journals stayed where they are
   */
  collectJournals(folder: string, awayJournals: string): Promise<readonly string[]>;
  /** Compares the workers' clocks with this machine's now; workers that cannot be asked are left out. */
  readClocks(): Promise<readonly ClockComparison[]>;
  /** A closer look at a worker on another machine; undefined if it cannot be asked. */
  inspect(
    address: string,
    awayJournals: string,
  ): Promise<(WorkCounters & { readonly ended?: string }) | undefined>;
  /** How many clients on other machines have written their journal's last line; undefined if not all can be asked. */
  countEnded(awayJournals: string): Promise<number | undefined>;
  /** Begins to watch the load of workers on other machines; the function that it gives ends that. */
  watchLoads(): () => Promise<readonly WorkerLoad[]>;
  /** The workers' machines, where they are others and can be asked. */
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
    // A worker that died leaves clients behind: they too write down what they have.
    endClients: async () => {
      await Promise.all(workers.map((worker) => endClients(worker.child.pid)));
    },
    collectJournals: async () => [],
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
