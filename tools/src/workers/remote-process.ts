import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { checkJournalFolder } from "./journal-folder.ts";
import { quote, type RunCommand, type WorkerHome } from "./ssh.ts";
import type { WorkCounters } from "./watchdog.ts";

/** Controls a worker's processes. */
export interface RemoteProcess {
  /** @throws {SlbenchError} RUN_WORKER_NOT_READY */
  start(): Promise<void>;
  stop(): Promise<void>;
  restart(): Promise<void>;
  endClients(): Promise<void>;
  /** Whether JMeter is running, its processor time, and the size of its clients' journals. */
  inspect(away: string): Promise<WorkCounters & { readonly ended?: string }>;
}

export function remoteProcess(home: WorkerHome, run: RunCommand): RemoteProcess {
  const stop = () => run(STOP).then(() => {});
  const start = async () => {
    await run(startCommand(home.address));
    await run(WAIT_UNTIL_READY, { timeoutMs: 45_000 }).catch(async (cause) => {
      const lastLines = await run("tail -n 3 logs/out.txt").catch(() => "");
      throw new SlbenchError<ToolErrorCode>(
        "RUN_WORKER_NOT_READY",
        `the worker ${home.address} did not start: ${lastLines.trim().slice(-300)}`,
        { hint: `read its log: ssh ${home.sshTarget} 'cat ${home.folder}/logs/out.txt'`, cause },
      );
    });
  };
  return {
    start,
    stop,
    async restart() {
      await stop();
      await start();
    },
    endClients: () => run(END_CLIENTS).then(() => {}),
    async inspect(away) {
      checkJournalFolder(away);
      const bytes = `{ cat ${quote(away)}/*.jsonl 2>/dev/null || true; } | wc -c`;
      const lines = (await run(`${ALIVE}; ${bytes}; ${PROCESS_STATE}`)).split("\n");
      const [life, journalBytes, process = ""] = lines;
      const [letter, ticks] = process.split(" ");
      return {
        journalBytes: Number(journalBytes),
        ...(ticks !== undefined && { processorTicks: Number(ticks) }),
        ...((life === "ended" || letter === "Z") && { ended: "seen through ssh" }),
      };
    },
  };
}

/** To the process group: setsid made the worker its leader. Without -s, dash takes no --. */
const signal = (name: string) =>
  `[ ! -f worker.pid ] || kill -s ${name} -- "-$(cat worker.pid)" 2>/dev/null || true`;

const WAIT_UNTIL_GONE =
  'i=0; while [ $i -lt 30 ] && kill -s 0 -- "-$(cat worker.pid)" 2>/dev/null; do sleep 0.1; i=$((i+1)); done';
const STOP = `[ ! -f worker.pid ] || { ${signal("TERM")}; ${WAIT_UNTIL_GONE}; ${signal("KILL")}; rm -f worker.pid; }`;

/** Detaches stdin, stdout and stderr, or ssh would wait until the worker ends. */
const startCommand = (address: string) =>
  `mkdir -p logs && { setsid ./start-worker.sh --host ${quote(address)} < /dev/null > logs/out.txt 2>&1 & }`;
const WAIT_UNTIL_READY =
  'i=0; until grep -q "Created remote object" logs/out.txt; do i=$((i+1)); [ $i -lt 300 ] || exit 9; sleep 0.1; done';

const END_CLIENTS =
  "for p in $(ps -A -o pid=,pgid= | awk -v g=\"$(cat worker.pid)\" '$2 == g && $1 != g {print $1}'); do kill -TERM $p 2>/dev/null || true; done";

const ALIVE = '{ [ -f worker.pid ] && kill -0 "$(cat worker.pid)" 2>/dev/null && echo alive || echo ended; }';
/** State letter and processor ticks. */
const PROCESS_STATE = `sed 's/.*) //' "/proc/$(cat worker.pid)/stat" 2>/dev/null | awk '{print $1, $12 + $13}'`;
