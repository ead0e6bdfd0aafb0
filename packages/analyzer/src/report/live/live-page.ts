import { escapeHtml } from "../markup.ts";
import { renderPage } from "../page-html.ts";
import type { LiveState } from "./live-state.ts";
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
 * The page of a run before its first report.
 * @param experiment its name
 *
 * @example
 * ```ts
 * renderWaitingPage("faces").includes("<h1>How many users does faces serve?</h1>"); // true
 * ```
 */
export function renderWaitingPage(experiment: string): string {
  return renderPage({
    title: `${experiment}, running`,
    kicker: escapeHtml(`${experiment} · no report yet`),
    question: `How many users does ${experiment} serve?`,
    first: '<p class="certainty">The first report follows when cells have ended.</p>',
    sections: [],
  });
}
