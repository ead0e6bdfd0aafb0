import { endClients } from "../jmeter/clients.ts";
import type { AskPort } from "../jmeter/heartbeat.ts";
import type { JMeter } from "../jmeter/home.ts";
import type { RmiKeys } from "../jmeter/keys.ts";
import { type LocalSlave, type RunningSlave, startSlave } from "../jmeter/slave.ts";
import type { WorkCounters } from "../jmeter/watchdog.ts";
import type { Guard } from "./guard.ts";
import type { HostFacts, WorkerLoad } from "./machine.ts";

/** The slaves of a run, kept from cell to cell. */
export interface Fleet {
  readonly slaves: readonly RunningSlave[];
  /** Address by which the slaves reach the master. */
  readonly masterHost: string;
  /** The slaves call back on this port + 1 and + 2; absent: on any free ones. */
  readonly portBase?: number;
  /**
   * Where the slaves find what the plan names.
   * @param journals the cell's own folder, used by workers on this machine
   * @param awayJournals the folder for this run and cell inside a bundle, used by workers on other machines
   */
  paths(
    journals: string,
    awayJournals: string,
  ): {
    readonly client: string;
    readonly framesFolder: string;
    readonly journalFolder: string;
  };
  /** Makes sure that all slaves can take a test; gives the addresses of those that had to be replaced. */
  revive(): Promise<readonly string[]>;
  /** After a cell that did not end well: a slave may still be at it, and would take no other test. */
  distrust(): void;
  /** Ends the clients on the slaves that can still be reached; their slaves hand in what they have. */
  endClients(lost: readonly string[]): Promise<void>;
  /**
   * Brings the clients' journals into the cell's folder, unless they are there already.
   * @returns the workers whose journals stayed where they are
   */
  collectJournals(folder: string, awayJournals: string): Promise<readonly string[]>;
  /** A closer look at a worker on another machine; undefined if it cannot be asked. */
  inspect(
    address: string,
    awayJournals: string,
  ): Promise<(WorkCounters & { readonly ended?: string }) | undefined>;
  /** How many clients on other machines have written their journal's last line; undefined if not all can be asked. */
  countEnded(awayJournals: string): Promise<number | undefined>;
  /** Begins to watch the load of workers on other machines; the function that it gives ends that. */
  watchLoads(): () => Promise<readonly WorkerLoad[]>;
  /** The slaves' machines, where they are others and can be asked. */
  hosts(): Promise<readonly HostFacts[]>;
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
  readonly framesFolder: string;
}

/** Starts `count` slaves on loopback, all at once. */
export async function startLocalFleet(options: LocalFleetOptions): Promise<Fleet> {
  const start = (index: number) => startSlave({ ...options, host: "127.0.0.1", index });
  const started = await Promise.allSettled(Array.from({ length: options.count }, (_, index) => start(index)));
  const slaves = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const stop = () => Promise.all(slaves.map((slave) => slave.child.stop())).then(() => {});
  const failed = started.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  let trusted = true;
  return {
    slaves,
    distrust() {
      trusted = false;
    },
    masterHost: "127.0.0.1",
    paths: (journalFolder) => ({ client: options.client, framesFolder: options.framesFolder, journalFolder }),
    stop,
    async revive() {
      const dead: string[] = [];
      for (const [at, slave] of slaves.entries()) {
        const living = await alive(slave, options.askPort);
        if (living && trusted) continue;
        if (!living) dead.push(slave.address);
        await slave.child.stop(500);
        slaves[at] = await start(slave.index);
      }
      trusted = true;
      return dead;
    },
    // A slave that died leaves clients behind: they too write down what they have.
    endClients: async () => {
      await Promise.all(slaves.map((slave) => endClients(slave.child.pid)));
    },
    collectJournals: async () => [],
    watchLoads: () => async () => [],
    inspect: async () => undefined,
    countEnded: async () => undefined,
    hosts: async () => [],
  };
}

async function alive(slave: LocalSlave, askPort: AskPort): Promise<boolean> {
  return slave.child.ending === undefined && (await askPort(slave.address, 5_000)) === "answers";
}
