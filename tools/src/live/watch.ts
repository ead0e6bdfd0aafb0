import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { addLivePanel, renderWaitingPage } from "@slbench/analyzer";
import { lookHere } from "../environment/machine.ts";
import type { Progress } from "../run/progress.ts";
import { createInterimReports } from "./interim-report.ts";
import { createLiveRun } from "./live-run.ts";
import { EVENTS, type LiveServer, startLiveServer } from "./live-server.ts";

/** A run's live page. */
export interface Watch {
  readonly url: string;
  /** Give it everything that the terminal gets. */
  readonly progress: Progress;
  /** Turns the page into the final report, if there is one, and stops serving it. */
  end(reportFile: string | undefined): Promise<void>;
}

/**
 * Serves the live page of a run.
 * @param experiment its file, or its name
 * @throws {SlbenchError} RUN_WATCH_PORT
 */
export async function startWatch(experiment: string): Promise<Watch> {
  const fileName = basename(experiment).replace(/\.ya?ml$/, "");
  let server: LiveServer | undefined;
  let final: string | undefined;
  const reports = createInterimReports(() => live.reported());
  const live = createLiveRun({
    changed: () => server?.send(),
    look: lookHere,
    cellEnded: () => {
      const folder = live.folder();
      // Making a report takes seconds of processor time: skip it while nobody is watching.
      if (folder !== undefined && (server?.watchers() ?? 0) > 0) reports.request(folder);
      // Until then, the page is a first look at the cells.
      if (reports.last() === undefined) live.reported();
    },
  });
  server = await startLiveServer({
    state: live.state,
    page: () =>
      final ??
      addLivePanel(reports.last() ?? renderWaitingPage(live.experiment() ?? fileName, live.state().cells), {
        ...{ state: live.state(), eventsUrl: EVENTS },
      }),
  });
  return {
    url: server.url,
    progress: live,
    async end(reportFile) {
      reports.close();
      if (reportFile !== undefined) final = await readFile(reportFile, "utf8");
      live.ended();
      await server.close();
    },
  };
}
