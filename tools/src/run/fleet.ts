import type { AskPort } from "../jmeter/heartbeat.ts";
import type { JMeter } from "../jmeter/home.ts";
import type { RmiKeys } from "../jmeter/keys.ts";
import { type LocalSlave, type RunningSlave, startSlave } from "../jmeter/slave.ts";
import type { Guard } from "./guard.ts";

/** The slaves of a run, kept alive from cell to cell. */
export interface Fleet {
  readonly slaves: readonly RunningSlave[];
  /** Replaces slaves of this machine that died or fell silent; gives the addresses of the dead. */
  revive(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly jmeter: JMeter;
  readonly keys: RmiKeys | undefined;
  readonly guard: Guard;
  readonly askPort: AskPort;
  readonly count: number;
  readonly logFolder: string;
}

/** Starts `count` slaves on loopback, all at once. */
export async function startLocalFleet(options: FleetOptions): Promise<Fleet> {
  const start = (index: number) => startSlave({ ...options, host: "127.0.0.1", index });
  const started = await Promise.allSettled(Array.from({ length: options.count }, (_, index) => start(index)));
  const slaves = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const stop = () => Promise.all(slaves.map((slave) => slave.child.stop())).then(() => {});
  const failed = started.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return {
    slaves,
    stop,
    async revive() {
      const dead: string[] = [];
      for (const [at, slave] of slaves.entries()) {
        if (await alive(slave, options.askPort)) continue;
        dead.push(slave.address);
        await slave.child.stop(500);
        slaves[at] = await start(slave.index);
      }
      return dead;
    },
  };
}

async function alive(slave: LocalSlave, askPort: AskPort): Promise<boolean> {
  return slave.child.ending === undefined && (await askPort(slave.address, 5_000)) === "answers";
}
