import { fork } from "node:child_process";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";

/** The share of one core that reports may use during a run. */
const MAX_SHARE = 0.01;
/** Until one was made, a report is expected to take this long, s. */
const FIRST_COST_SECONDS = 2;

export interface InterimReports {
  /** Makes a report of the cells that have ended, if enough time has passed for its cost. */
  request(folder: string): void;
  /** The last one; absent if none was made. */
  last(): string | undefined;
  close(): void;
}

/**
 * Makes reports of a running experiment in a process of lowest priority. The pauses between them keep the cost below 1%
 * of a core, so that the measurement is not disturbed.
 */
export function createInterimReports(
  made: () => void,
  nowSeconds: () => number = () => performance.now() / 1000,
): InterimReports {
  let html: string | undefined;
  let cost = FIRST_COST_SECONDS;
  let lastAt = nowSeconds();
  let child: ReturnType<typeof fork> | undefined;
  return {
    last: () => html,
    close: () => child?.kill("SIGKILL"),
    request(folder) {
      const begin = nowSeconds();
      if (child !== undefined || (begin - lastAt) * MAX_SHARE < cost) return;
      child = fork(program(), [folder], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
      child.once("message", (message) => {
        html = String(message);
        made();
      });
      child.once("error", () => {});
      child.once("exit", () => {
        child = undefined;
        lastAt = nowSeconds();
        cost = lastAt - begin;
      });
    },
  };
}

function program(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./report-process.${extension}`, import.meta.url));
}
