/// <reference lib="dom" />
import type { LiveState } from "../live/live-state.ts";
import { renderLive } from "../live/render-live.ts";
import { keepScrollable } from "./scrollable.ts";

/** Where the sections that a reader opened, and the place on the page, survive a reload. */
const KEPT = "slbench-live";

/** Follows a run: draws each event, and loads the page again when there is a new report. */
export function connectLive(panel: HTMLElement): void {
  restore();
  const shown = Number(panel.dataset.reports);
  const draw = drawChanges(panel);
  const events = new EventSource(panel.dataset.events ?? "");
  events.addEventListener("state", ({ data }: MessageEvent<string>) => {
    const state = JSON.parse(data) as LiveState;
    draw(renderLive(state));
    if (state.reports > shown && !isBusy()) reload(events);
  });
  events.addEventListener("error", () => panel.classList.add("lost"));
  events.addEventListener("open", () => panel.classList.remove("lost"));
}

/**
 * Replaces the parts of the panel that changed. The table of cells stays as the reader left it, scrolled or folded,
 * until the next cell has ended.
 */
function drawChanges(panel: HTMLElement): (markup: string) => void {
  const drawn: string[] = [];
  const draw = (part: Element, at: number) => {
    const markup = part.outerHTML;
    if (markup === drawn[at]) return;
    drawn[at] = markup;
    const before = panel.children[at];
    const left = before?.querySelector(".scroll")?.scrollLeft ?? 0;
    if (part instanceof HTMLDetailsElement && before instanceof HTMLDetailsElement) part.open = before.open;
    if (before === undefined) panel.append(part);
    else before.replaceWith(part);
    const boxes = part.querySelectorAll<HTMLElement>(".scroll");
    for (const box of boxes) box.scrollLeft = left;
    keepScrollable(boxes);
  };
  return (markup) => {
    const template = document.createElement("template");
    template.innerHTML = markup;
    [...template.content.children].forEach(draw);
  };
}

/** Whether the reader is typing or has selected text, which a reload would interrupt. */
function isBusy(): boolean {
  const selection = document.getSelection();
  return document.activeElement instanceof HTMLInputElement || (selection !== null && !selection.isCollapsed);
}

function reload(events: EventSource): void {
  events.close();
  const open = [...document.querySelectorAll("details.section[open]")].map(({ id }) => id);
  sessionStorage.setItem(KEPT, JSON.stringify({ open, top: scrollY }));
  location.reload();
}

function restore(): void {
  const kept = sessionStorage.getItem(KEPT);
  if (kept === null) return;
  sessionStorage.removeItem(KEPT);
  const { open, top } = JSON.parse(kept) as { open: readonly string[]; top: number };
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  scrollTo({ top });
}
