import { fork } from "node:child_process";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { ownModule } from "@slbench/handler/own-module";

/** The share of one core that reports may use during a run. */
const MAX_SHARE = 0.01;
/** Processor seconds that the first report is expected to take. */
const FIRST_COST_SECONDS = 1.5;

/** What the process of a report sends. */
export interface MadeReport {
  readonly html: string;
  /** All processor time of the process. */
  readonly cpuSeconds: number;
}

export interface InterimReports {
  /** Makes a report of the cells that have ended, if enough time has passed for its cost. */
  request(folder: string): void;
  /** Whether one is being made. */
  isBusy(): boolean;
  /** The last one; absent if none was made. */
  last(): string | undefined;
  close(): void;
}

export interface InterimReportOptions {
  readonly nowSeconds?: () => number;
  /** A module that sends a MadeReport of the folder in its first argument. */
  readonly program?: string;
}

/**
 * Makes reports of a running experiment in a process of lowest priority, each only when all of them together cost less
 * than 1% of a core since the start: so the measurement is not disturbed.
 */
export function createInterimReports(
  made: () => void,
  {
    nowSeconds = () => performance.now() / 1000,
    program = fileURLToPath(ownModule(import.meta.url, "./report-process")),
  }: InterimReportOptions = {},
): InterimReports {
  const startedAt = nowSeconds();
  let html: string | undefined;
  let nextSeconds = FIRST_COST_SECONDS;
  let spentSeconds = 0;
  let child: ReturnType<typeof fork> | undefined;
  return {
    isBusy: () => child !== undefined,
    last: () => html,
    close: () => child?.kill("SIGKILL"),
    request(folder) {
      const allowedSeconds = MAX_SHARE * (nowSeconds() - startedAt);
      if (child !== undefined || spentSeconds + nextSeconds > allowedSeconds) return;
      let cost = nextSeconds; // of a process that fails: unknown
      child = fork(program, [folder], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
      child.once("message", (message: MadeReport) => {
        html = message.html;
        cost = message.cpuSeconds;
        made();
      });
      child.once("error", () => {});
      child.once("exit", () => {
        child = undefined;
        spentSeconds += cost;
        nextSeconds = cost;
      });
    },
  };
}
