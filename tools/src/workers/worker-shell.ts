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

/** Where `slbench workers start` put a bundle; kept in the cache folder as `workers/<experiment>.json`. */
export interface WorkerHome {
  /** `host:port`, as in the experiment. */
  readonly address: string;
  /** `user@host`, or a name from ~/.ssh/config. */
  readonly sshTarget: string;
  readonly sshConfig?: string;
  /** The bundle's folder on the worker, relative to the home folder. */
  readonly folder: string;
}

/** Access to a worker's machine through ssh. */
export interface WorkerShell {
  readonly home: WorkerHome;
  /** Runs a shell command in the bundle's folder. @throws {ToolError} RUN_SSH_FAILED */
  run(command: string, options?: { readonly timeoutMs?: number }): Promise<string>;
  /** The worker's clock minus this machine's, in seconds. @throws {ToolError} RUN_SSH_FAILED */
  compareClock(): Promise<Interval>;
  /** Name, system, processor and memory of the machine. */
  facts(): Promise<HostInfo>;
  /**
   * Copies the journals of one run and cell into a local folder. Deletes them on the worker only if each has its last
   * line. A missing folder on the worker counts as empty.
   * @param away a name from journalFolderName()
   */
  fetchJournals(away: string, folder: string): Promise<void>;
  /** Whether JMeter is running, its processor time, and the size of its clients' journals. */
  inspect(away: string): Promise<WorkCounters & { readonly ended?: string }>;
  /** Number of journals that have their last line. */
  countEnded(away: string): Promise<number>;
  /** Records the machine's load until the returned function is called. Never rejects. */
  watchLoad(): () => Promise<WorkerLoad | undefined>;
  endClients(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
  restart(): Promise<void>;
}

/** Arguments for ssh without prompts: a password prompt would hang an unattended run. */
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
    "--", // a target that begins with a dash is not an option
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
  /** To the process group: setsid made the worker its leader. */
  const signal = (name: string) =>
    `[ ! -f worker.pid ] || kill -${name} -- "-$(cat worker.pid)" 2>/dev/null || true`;
  const stop = async () => {
    const gone =
      'i=0; while [ $i -lt 30 ] && kill -0 -- "-$(cat worker.pid)" 2>/dev/null; do sleep 0.1; i=$((i+1)); done';
    await run(`[ ! -f worker.pid ] || { ${signal("TERM")}; ${gone}; ${signal("KILL")}; rm -f worker.pid; }`);
  };
  const start = async () => {
    // Detach stdin, stdout and stderr, or ssh would wait until the worker ends.
    const away = "< /dev/null > logs/out.txt 2>&1";
    await run(`mkdir -p logs && { setsid ./start-worker.sh --host ${quote(home.address)} ${away} & }`);
    const ready =
      'i=0; until grep -q "Created remote object" logs/out.txt; do i=$((i+1)); [ $i -lt 300 ] || exit 9; sleep 0.1; done';
    await run(ready, { timeoutMs: 45_000 }).catch(async (cause) => {
      const lastLines = await run("tail -n 3 logs/out.txt").catch(() => "");
      throw new ToolError(
        "RUN_WORKER_NOT_READY",
        `the worker ${home.address} did not start: ${lastLines.trim().slice(-300)}`,
        {
          hint: `read its log: ssh ${home.sshTarget} 'cat ${home.folder}/logs/out.txt'`,
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
      // A client may still be writing, or was killed: keep those journals for a later fetch.
      if (texts.every((text) => text.includes('\n{"end":true'))) await run(`rm -rf ${path}`);
    },
    async inspect(away) {
      checkJournalFolder(away);
      const state = `sed 's/.*) //' "/proc/$(cat worker.pid)/stat" 2>/dev/null | awk '{print $1, $12 + $13}'`;
      const alive =
        '{ [ -f worker.pid ] && kill -0 "$(cat worker.pid)" 2>/dev/null && echo alive || echo ended; }';
      const bytes = `{ cat ${quote(away)}/*.jsonl 2>/dev/null || true; } | wc -c`;
      const lines = (await run(`${alive}; ${bytes}; ${state}`)).split("\n");
      const [life, journalBytes, process = ""] = lines;
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
      // The loop ends when ssh does, because its output is closed then.
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
  const lastLine =
    String(done.stderr ?? "")
      .trim()
      .split("\n")
      .at(-1) ?? "";
  const what = done.code === "ENOENT" ? "ssh is not installed" : done.timedOut ? "time-out" : lastLine;
  return new ToolError(
    "RUN_SSH_FAILED",
    `ssh ${target} failed: ${what.slice(0, 200) || "no error message"}`,
    {
      hint: `check that this works without a prompt: ssh -o BatchMode=yes ${target} true`,
      cause: done,
    },
  );
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
