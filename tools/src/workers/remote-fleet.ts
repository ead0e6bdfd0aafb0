import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { makeInside } from "../files/output-file.ts";
import { stopTests } from "../jmeter/clients.ts";
import type { JMeter } from "../jmeter/home.ts";
import type { RmiKeys } from "../jmeter/keys.ts";
import { controllerPortBase, splitAddress } from "../jmeter/start-worker.ts";
import { bundlePaths } from "./bundle.ts";
import type { AskPort, PortState } from "./heartbeat.ts";
import { responseFolderName } from "./journal-folder.ts";
import { fetchFromEach } from "./left-on-workers.ts";
import type { Fleet } from "./local-fleet.ts";
import type { WorkerShell } from "./worker-shell.ts";

export interface RemoteFleetOptions {
  readonly jmeter: JMeter;
  readonly keys: RmiKeys | undefined;
  readonly askPort: AskPort;
  /** As `host:port`, in the experiment's order. */
  readonly addresses: readonly string[];
  /** Shells of the workers that `slbench workers start` started, by address. */
  readonly shells: ReadonlyMap<string, WorkerShell>;
  /** Requests carry payloads. */
  readonly hasPayloads: boolean;
  /** Clients save response bodies. */
  readonly saveResponses: boolean;
  /** A worker may still be running the test of an earlier part of this run. */
  readonly resumed: boolean;
}

/** Time that JMeter needs to end its clients before it accepts another test. */
const STOP_MS = 2_500;

/**
 * Connects to workers that are running on other machines.
 * @throws {SlbenchError} RUN_WORKER_UNREACHABLE naming each unreachable worker and what to do
 */
export async function connectRemoteFleet(options: RemoteFleetOptions): Promise<Fleet> {
  const { addresses, shells, jmeter, keys } = options;
  const dead = new Set(await wake(options));
  const controllerHost = await ownAddress(addresses[0] ?? "");
  /** Workers that may still be running a test without a controller. */
  const busy = new Set(options.resumed ? addresses : []);
  const eachShell = (work: (shell: WorkerShell) => Promise<void>) =>
    Promise.all([...shells.values()].map((shell) => work(shell).catch(() => {}))).then(() => {});
  /** The workers for which the work failed, or that have no shell. */
  const unreached = async (work: (shell: WorkerShell) => Promise<unknown>) =>
    (await fetchFromEach(addresses, shells, work)).stillLeft.map(({ address }) => address);
  return {
    workers: addresses.map((address, index) => ({ address, index })),
    controllerHost,
    portBase: controllerPortBase(),
    paths: (_journals, awayJournals) => ({
      client: bundlePaths.client,
      request: bundlePaths.request,
      ...(options.hasPayloads && { payloads: bundlePaths.payloads }),
      journalFolder: awayJournals,
      ...(options.saveResponses && { responseFolder: responseFolderName(awayJournals) }),
    }),
    async revive() {
      for (const address of await wake(options)) dead.add(address);
      if (busy.size > 0) {
        await stopTests(jmeter, keys, controllerHost, [...busy]);
        await sleep(STOP_MS);
        busy.clear();
      }
      const replaced = [...dead];
      dead.clear();
      return replaced;
    },
    distrust() {
      for (const address of addresses) busy.add(address);
    },
    async endClients(lost) {
      // If a worker died, its clients live on and still write their journals: end them through ssh too.
      const reached = new Set<string>();
      await eachShell((shell) => shell.endClients().then(() => void reached.add(shell.home.address)));
      const others = addresses.filter((address) => !reached.has(address) && !lost.includes(address));
      await stopTests(jmeter, keys, controllerHost, others);
    },
    async readClocks() {
      const read = [...shells.values()].map(async (shell) => ({
        worker: shell.home.address,
        method: "shell" as const,
        offset: await shell.compareClock(),
      }));
      const compared = await Promise.allSettled(read);
      return compared.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    },
    async collectJournals(folder, awayJournals) {
      return unreached((shell) => shell.fetchJournals(awayJournals, folder));
    },
    async collectResponses(cellFolder, awayJournals) {
      if (!options.saveResponses) return [];
      const makeFolder = () => makeInside(cellFolder, "responses");
      return unreached((shell) => shell.fetchResponses(awayJournals, makeFolder));
    },
    watchLoads(maxSeconds) {
      const watched = machinesOf([...shells.values()]).map((workers) => ({
        workers,
        end: workers[0].watchLoad(maxSeconds),
      }));
      return async () => {
        const seen = watched.map(async ({ workers, end }) => {
          const samples = await end();
          return workers.map(({ home }) => ({ worker: home.address, ...samples }));
        });
        return (await Promise.all(seen)).flat();
      };
    },
    inspect: async (address, awayJournals) => shells.get(address)?.inspect(awayJournals),
    async countEnded(awayJournals) {
      if (addresses.some((address) => !shells.has(address))) return undefined;
      const counts = await Promise.allSettled(
        [...shells.values()].map((shell) => shell.countEnded(awayJournals)),
      );
      let sum = 0;
      for (const count of counts) {
        if (count.status === "rejected") return undefined;
        sum += count.value;
      }
      return sum;
    },
    async hosts() {
      const asked = await Promise.allSettled([...shells.values()].map((shell) => shell.facts()));
      return asked.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    },
    stop: async () => {}, // they ran before this run and keep running
  };
}

/** Workers by machine: those behind one ssh target. */
function machinesOf(shells: readonly WorkerShell[]): readonly [WorkerShell, ...WorkerShell[]][] {
  const machines = new Map<string, [WorkerShell, ...WorkerShell[]]>();
  for (const shell of shells) {
    const key = JSON.stringify([shell.home.sshConfig, shell.home.sshTarget]);
    const others = machines.get(key);
    if (others === undefined) machines.set(key, [shell]);
    else others.push(shell);
  }
  return [...machines.values()];
}

interface Silent {
  readonly address: string;
  readonly state: PortState;
}

async function silent({ addresses, askPort }: RemoteFleetOptions): Promise<readonly Silent[]> {
  const states = await Promise.all(addresses.map((address) => askPort(address, 5_000)));
  return addresses.flatMap((address, index) => {
    const state = states[index]!;
    return state === "answers" ? [] : [{ address, state }];
  });
}

/** Restarts unresponsive workers through ssh if possible; returns their addresses. */
async function wake(options: RemoteFleetOptions): Promise<readonly string[]> {
  const restarted = (await silent(options)).map(({ address }) => options.shells.get(address));
  const shells = restarted.filter((shell) => shell !== undefined);
  await Promise.all(shells.map((shell) => shell.restart().catch(() => {})));
  await askAll(options);
  return shells.map((shell) => shell.home.address);
}

/** Asks all workers for a few seconds, because one that was just started needs time. */
async function askAll(options: RemoteFleetOptions): Promise<void> {
  let missing = await silent(options);
  for (let i = 0; i < 10 && missing.some(({ state }) => state === "refused"); i++) {
    await sleep(500);
    missing = await silent(options);
  }
  if (missing.length === 0) return;
  const what = missing.map(({ address, state }) => `${address} ${STATE_TEXTS[state]}`).join("; ");
  const hints = [...new Set(missing.map(({ address, state }) => hint(address, state)))];
  throw new SlbenchError<ToolErrorCode>("RUN_WORKER_UNREACHABLE", `JMeter workers do not respond: ${what}`, {
    hint: hints.join("; "),
  });
}

const STATE_TEXTS: Readonly<Record<PortState, string>> = {
  answers: "responds",
  refused: "refuses connections (no worker is running)",
  silent: "does not respond (host down, or blocked by a firewall)",
  "other-key": "has different keys",
};

function hint(address: string, state: PortState): string {
  const { host, port } = splitAddress(address);
  if (state === "refused")
    return `start the worker: slbench workers start EXPERIMENT, or ./start-worker.sh on ${host}`;
  if (state === "other-key")
    return `install the bundle of this experiment on ${host}: slbench bundle EXPERIMENT`;
  return `on ${host}: ufw allow ${port}/tcp, or firewall-cmd --add-port=${port}/tcp; check everything with slbench doctor EXPERIMENT`;
}

/** This machine's address as a worker sees it. */
function ownAddress(address: string): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(splitAddress(address), () => {
      done(socket.localAddress ?? "127.0.0.1");
      socket.destroy();
    });
    socket.on("error", fail);
  });
}
