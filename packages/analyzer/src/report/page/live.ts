/// <reference lib="dom" />
import type { LiveState } from "../live/live-state.ts";
import { renderLive } from "../live/render-live.ts";

/** Where the sections that a reader opened, and the place on the page, survive a reload. */
const KEPT = "slbench-live";

/** Follows a run: draws each event, and loads the page again when there is a new report. */
export function connectLive(panel: HTMLElement): void {
  restore();
  const shown = Number(panel.dataset.reports);
  const events = new EventSource(panel.dataset.events ?? "");
  events.addEventListener("state", ({ data }: MessageEvent<string>) => {
    const state = JSON.parse(data) as LiveState;
    const isOpen = panel.querySelector("details")?.open ?? true;
    panel.innerHTML = renderLive(state);
    panel.querySelector("details")?.toggleAttribute("open", isOpen);
    if (state.reports > shown && !isBusy()) reload(events);
  });
  events.addEventListener("error", () => panel.classList.add("lost"));
  events.addEventListener("open", () => panel.classList.remove("lost"));
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
