import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Interval } from "@slbench/analyzer/logs";
import { execa } from "execa";
import { extract } from "tar";
import { cacheFolder } from "../cache.ts";
import { type HostInfo, readWorkerLoad, type WorkerLoad } from "../environment/machine.ts";
import { ToolError } from "../errors.ts";
import { bundlePaths } from "./bundle.ts";
import { compareClock } from "./compare-clock.ts";
import { checkJournalFolder } from "./journal-folder.ts";
import type { WorkCounters } from "./watchdog.ts";

/** Where `slbench workers start` put a bundle: cache folder, `workers/<experiment>.json`. */
export interface WorkerHome {
  /** As in the experiment, with port. */
  readonly address: string;
  /** What ssh is given: `user@host` or a name of ~/.ssh/config. */
  readonly sshTarget: string;
  readonly sshConfig?: string;
  /** The bundle's folder over there, relative to the home folder. */
  readonly folder: string;
}

/** What a run does on a worker's machine through ssh. */
export interface WorkerShell {
  readonly home: WorkerHome;
  /** Runs a shell command in the bundle's folder. @throws {ToolError} RUN_SSH_FAILED */
  run(command: string, options?: { readonly timeoutMs?: number }): Promise<string>;
  /** The machine's clock minus this one's, in seconds. @throws {ToolError} RUN_SSH_FAILED */
  compareClock(): Promise<Interval>;
  /** What machine it is. */
  facts(): Promise<HostInfo>;
  /**
   * Brings the journals of one run and cell here. Over there they go only after they are here whole: each of
   * them with its last line. A folder that does not exist holds no journals.
   * @param away as journalFolderName() gives it
   */
  fetchJournals(away: string, folder: string): Promise<void>;
  /** Whether JMeter runs, what processor time it has used, how much its clients have written. */
  inspect(away: string): Promise<WorkCounters & { readonly ended?: string }>;
  /** Journals that have their last line. */
  countEnded(away: string): Promise<number>;
  /** Watches the machine's load; the function that it gives ends that. Never rejects. */
  watchLoad(): () => Promise<WorkerLoad | undefined>;
  endClients(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  restart(): Promise<void>;
}

/** ssh without questions: a password prompt in the middle of the night is a hang. */
export function sshArguments(home: Pick<WorkerHome, "sshTarget" | "sshConfig">): readonly string[] {
  const config = home.sshConfig === undefined ? [] : ["-F", home.sshConfig];
  return [
    ...config,
    "-o",
    "BatchMode=yes",
    "-o",
    "ConnectTimeout=8",
    "-o",
    "ServerAliveInterval=5",
    "--", // a target that begins with a dash is no option
    home.sshTarget,
  ];
}

export function openWorkerShell(home: WorkerHome): WorkerShell {
  const ssh = async (command: string, timeout = 30_000) => {
    const inFolder = `cd && cd ${quote(home.folder)} && ${command}`;
    const options = { reject: false, stdin: "ignore", encoding: "buffer", timeout } as const;
    const done = await execa("ssh", [...sshArguments(home), inFolder], options);
    if (!done.failed) return done.stdout;
    const stderr = new TextDecoder().decode(done.stderr);
    throw sshError(home.sshTarget, { stderr, timedOut: done.timedOut, code: done.code });
  };
  const run: WorkerShell["run"] = async (command, options) =>
    new TextDecoder().decode(await ssh(command, options?.timeoutMs));
  /** Its process group: setsid made it a leader. */
  const signal = (name: string) =>
    `[ ! -f worker.pid ] || kill -${name} -- "-$(cat worker.pid)" 2>/dev/null || true`;
  const stop = async () => {
    const gone =
      'i=0; while [ $i -lt 30 ] && kill -0 -- "-$(cat worker.pid)" 2>/dev/null; do sleep 0.1; i=$((i+1)); done';
    await run(`[ ! -f worker.pid ] || { ${signal("TERM")}; ${gone}; ${signal("KILL")}; rm -f worker.pid; }`);
  };
  const start = async () => {
    // stdin, stdout and stderr away from ssh, or it would wait for the worker's end.
    const away = "< /dev/null > logs/out.txt 2>&1";
    await run(`mkdir -p logs && { setsid ./start-worker.sh --host ${quote(home.address)} ${away} & }`);
    const ready =
      'i=0; until grep -q "Created remote object" logs/out.txt; do i=$((i+1)); [ $i -lt 300 ] || exit 9; sleep 0.1; done';
    await run(ready, { timeoutMs: 45_000 }).catch(async (cause) => {
      const said = await run("tail -n 3 logs/out.txt").catch(() => "");
      throw new ToolError(
        "RUN_WORKER_NOT_READY",
        `the worker ${home.address} did not start: ${said.trim().slice(-300)}`,
        {
          hint: `ssh ${home.sshTarget} 'cat ${home.folder}/logs/out.txt'`,
          cause,
        },
      );
    });
  };
  return {
    home,
    run,
    stop,
    start,
    async compareClock() {
      const command = `cd && cd ${quote(home.folder)} && exec ${bundlePaths.client} --clock`;
      const child = execa("ssh", [...sshArguments(home), command], { reject: false, timeout: 20_000 });
      const offset = await compareClock(child.stdin, child.stdout);
      child.stdin.end();
      const done = await child;
      if (offset !== undefined) return offset;
      throw sshError(home.sshTarget, done);
    },
    async facts() {
      const memory = "awk '/^MemTotal/ {print $2}' /proc/meminfo";
      const model = "sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1";
      const [name = "", system = "", cores = "", kilobytes = "", processor = ""] = (
        await run(`hostname; uname -srm; nproc; ${memory}; ${model}`)
      ).split("\n");
      return {
        ...{ name, system, processor, worker: home.address },
        cores: Number(cores),
        memoryBytes: Number(kilobytes) * 1024,
      };
    },
    async fetchJournals(away, folder) {
      checkJournalFolder(away);
      const path = quote(away);
      const packed = Buffer.from(await ssh(`{ [ ! -d ${path} ] || tar -C ${path} -cf - .; }`, 60_000));
      if (packed.length === 0) return;
      await mkdir(folder, { recursive: true });
      const names: string[] = [];
      const unpack = extract({
        cwd: folder,
        filter: (name, entry) => {
          const wanted = /^(\.\/)?[\w-]+\.jsonl$/.test(name) && "type" in entry && entry.type === "File";
          if (wanted) names.push(name);
          return wanted;
        },
      });
      unpack.end(packed);
      await new Promise((done, fail) => unpack.on("close", done).on("error", fail));
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
      // A client may still be writing, or have been killed: those journals stay for another look.
      if (texts.every((text) => text.includes('\n{"end":true'))) await run(`rm -rf ${path}`);
    },
    async inspect(away) {
      checkJournalFolder(away);
      const state = `sed 's/.*) //' "/proc/$(cat worker.pid)/stat" 2>/dev/null | awk '{print $1, $12 + $13}'`;
      const alive =
        '{ [ -f worker.pid ] && kill -0 "$(cat worker.pid)" 2>/dev/null && echo alive || echo ended; }';
      const bytes = `{ cat ${quote(away)}/*.jsonl 2>/dev/null || true; } | wc -c`;
      const said = await run(`${alive}; ${bytes}; ${state}`);
      const [life, journalBytes, process = ""] = said.split("\n");
      const [letter, ticks] = process.split(" ");
      return {
        journalBytes: Number(journalBytes),
        ...(ticks !== undefined && { processorTicks: Number(ticks) }),
        ...((life === "ended" || letter === "Z") && { ended: "seen through ssh" }),
      };
    },
    async countEnded(away) {
      checkJournalFolder(away);
      return Number(await run(`{ grep -ls '^{"end":true' ${quote(away)}/*.jsonl || true; } | wc -l`));
    },
    watchLoad() {
      // Ends by itself once ssh is gone: then nobody takes what it prints.
      const looks = "while head -n 1 /proc/stat && grep MemAvailable /proc/meminfo; do sleep 1; done";
      const watching = execa("ssh", [...sshArguments(home), looks], { reject: false, stdin: "ignore" });
      return async () => {
        watching.kill();
        return readWorkerLoad(home.address, String((await watching).stdout ?? ""));
      };
    },
    endClients: () =>
      run(
        "for p in $(ps -A -o pid=,pgid= | awk -v g=\"$(cat worker.pid)\" '$2 == g && $1 != g {print $1}'); do kill -TERM $p 2>/dev/null || true; done",
      ).then(() => {}),
    async restart() {
      await stop();
      await start();
    },
  };
}

export function sshError(
  target: string,
  done: { stderr?: unknown; timedOut?: boolean; code?: string | undefined },
): ToolError {
  const said =
    String(done.stderr ?? "")
      .trim()
      .split("\n")
      .at(-1) ?? "";
  const what = done.code === "ENOENT" ? "ssh is not installed" : done.timedOut ? "no answer in time" : said;
  return new ToolError("RUN_SSH_FAILED", `ssh ${target} failed: ${what.slice(0, 200) || "no word of why"}`, {
    hint: `try: ssh -o BatchMode=yes ${target} true (a key without a passphrase prompt, a known host key)`,
    cause: done,
  });
}

/** Shells of the workers that `slbench workers start` started for an experiment. */
export async function readWorkerShells(experiment: string): Promise<ReadonlyMap<string, WorkerShell>> {
  const file = join(await cacheFolder("workers"), `${experiment}.json`);
  const homes: readonly WorkerHome[] = await readFile(file, "utf8").then(JSON.parse, () => []);
  return new Map(homes.map((home) => [home.address, openWorkerShell(home)]));
}

/** For a POSIX shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
