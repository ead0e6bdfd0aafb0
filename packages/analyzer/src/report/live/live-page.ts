import { renderFigure } from "../figure-html.ts";
import { escapeHtml } from "../markup.ts";
import { renderPage } from "../page-html.ts";
import { firstLook } from "./first-look.ts";
import type { LiveCell, LiveState } from "./live-state.ts";
import { renderLive } from "./render-live.ts";

export interface LivePanel {
  readonly state: LiveState;
  /** The address of the server-sent events, which carry a LiveState each. */
  readonly eventsUrl: string;
}

/**
 * A page of slbench with the panel of a run that goes on, above everything else.
 * @param html of renderReport() or renderWaitingPage()
 *
 * @example
 * ```ts
 * const state = { atMs: 0, phase: "preparing", cells: [], points: [], errors: [], reports: 0 } as const;
 * const page = addLivePanel(renderWaitingPage("faces"), { state, eventsUrl: "events" });
 * page.includes('data-events="events"'); // true
 * ```
 */
export function addLivePanel(html: string, { state, eventsUrl }: LivePanel): string {
  const panel = `<section class="live" aria-label="The run now" data-events="${escapeHtml(eventsUrl)}" data-reports="${state.reports}">${renderLive(state)}</section>`;
  return html.replace("<main>", () => `<main>${panel}`);
}

/**
 * The page of a run before its first report: the response times of the cells that have ended.
 * @param experiment its name
 *
 * @example
 * ```ts
 * renderWaitingPage("faces").includes("<h1>How many users does the function serve?</h1>"); // true
 * ```
 */
export function renderWaitingPage(experiment: string, cells: readonly LiveCell[] = []): string {
  const figure = firstLook(cells);
  return renderPage({
    title: `${experiment}, running`,
    kicker: escapeHtml(`${experiment} · running`),
    question: "How many users does the function serve?",
    first:
      figure === undefined
        ? '<p class="certainty">Figures follow when the first cell has ended, and the report at the end of the run or before.</p>'
        : renderFigure(figure),
    sections: [],
    isLive: true,
  });
}
