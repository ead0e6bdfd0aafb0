import { escapeXml as escapeHtml } from "../../plot/chart/svg.ts";
import type { LiveCell, LivePoint, LiveState } from "./live-state.ts";

/**
 * The inside of the live panel as markup. The server renders it first and the page's script after every event.
 *
 * @example
 * ```ts
 * const state = { atMs: 0, phase: "preparing", cells: [], points: [], errors: [], reports: 0 } as const;
 * renderLive(state).includes("Preparing"); // true
 * ```
 */
export function renderLive(state: LiveState): string {
  return `<div class="live-head">${head(state)}</div>
<div class="live-now">${tiles(state)}</div>
${strip(state.cells)}
${results(state.cells)}`;
}

const PHASES: Readonly<Record<LiveState["phase"], string>> = {
  preparing: "Preparing the first cell",
  measuring: "Measuring",
  "between cells": "Between two cells",
  reporting: "Making the report",
  ended: "The run has ended",
};

function head({ phase, current, cells, next, secondsLeft }: LiveState): string {
  const done = cells.filter(({ state }) => state !== "planned" && state !== "running").length;
  const now = current === undefined ? PHASES[phase] : `Measuring ${current.condition}`;
  const left = secondsLeft === undefined ? "" : `, about ${formatDuration(secondsLeft)} left`;
  const planned = cells.length === 0 ? "" : `<span>${done} of ${cells.length} cells${left}</span>`;
  const more = [
    ...(current?.reason === undefined ? [] : [current.reason]),
    ...(next === undefined ? [] : [`Next: ${next}`]),
  ];
  return `<b><i class="pulse" aria-hidden="true"></i>${escapeHtml(now)}</b>${planned}${more
    .map((words) => `<span class="about">${escapeHtml(words)}</span>`)
    .join("")}`;
}

function tiles({ current, points, errors }: LiveState): string {
  const last = points.at(-1);
  const active = current?.activeUsers;
  const failed = errors.reduce((sum, { count }) => sum + count, 0);
  const worst = errors[0];
  return [
    tile(
      "Active users",
      active === undefined || current === undefined ? "–" : `${active} of ${current.users}`,
      line(points, ({ activeUsers }) => activeUsers),
    ),
    tile(
      "Responses per second",
      last === undefined ? "–" : meanOf(points.slice(-5), ({ responses }) => responses).toFixed(1),
      line(points, ({ responses }) => responses),
    ),
    tile(
      "Requests in this cell",
      current === undefined
        ? "–"
        : `${current.requests}${current.plannedRequests === undefined ? "" : ` of ${current.plannedRequests}`}`,
      current?.plannedRequests === undefined ? "" : bar(current.requests / current.plannedRequests),
    ),
    tile(
      "Failed requests in this run",
      String(failed),
      worst === undefined ? "" : `<small>${escapeHtml(errors.map(describeError).join(", "))}</small>`,
    ),
    tile(
      "Processors of this machine",
      last?.busy === undefined ? "–" : `${Math.round(100 * last.busy)}% busy`,
      line(points, ({ busy }) => busy, 1),
    ),
  ].join("");
}

const describeError = ({ outcome, count }: LiveState["errors"][number]) => `${count} ${outcome}`;

const tile = (name: string, value: string, more: string) =>
  `<div class="tile"><span>${name}</span><b>${value}</b>${more}</div>`;

const bar = (share: number) =>
  `<span class="bar"><i style="width:${(100 * Math.min(1, share)).toFixed(0)}%"></i></span>`;

const meanOf = (points: readonly LivePoint[], of: (point: LivePoint) => number) =>
  points.reduce((sum, point) => sum + of(point), 0) / Math.max(1, points.length);

/** A line over the last minutes without axes; `top` is the value at its upper edge. */
function line(
  points: readonly LivePoint[],
  of: (point: LivePoint) => number | undefined,
  top = Math.max(1, ...points.map((point) => of(point) ?? 0)),
): string {
  if (points.length < 2) return "";
  const [width, height] = [120, 24];
  const path = points.map((point, index) => {
    const x = (width * index) / (points.length - 1);
    return `${x.toFixed(1)},${(height - (height * (of(point) ?? 0)) / top).toFixed(1)}`;
  });
  return `<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true"><polyline points="${path.join(" ")}"/></svg>`;
}

/** One mark per cell in the order of running. */
function strip(cells: readonly LiveCell[]): string {
  if (cells.length === 0) return "";
  const marks = cells.map(
    (cell) => `<li class="${cell.state.replace(" ", "-")}" title="${escapeHtml(titleOf(cell))}"></li>`,
  );
  return `<ol class="strip" aria-label="Cells in the order of running">${marks.join("")}</ol>`;
}

const titleOf = ({ condition, repetition, state }: LiveCell) =>
  `${condition}, repetition ${repetition}: ${state}`;

/** The cells that have ended, the last one first. */
function results(cells: readonly LiveCell[]): string {
  const ended = cells.filter(({ result }) => result !== undefined).reverse();
  if (ended.length === 0) return "";
  const rows = ended.map(({ condition, repetition, state, result }) => {
    const { sent = 0, successful = 0, meanSeconds, p95Seconds } = result ?? {};
    const values = [
      condition,
      String(repetition),
      state,
      sent === 0 ? "–" : `${((100 * successful) / sent).toFixed(1)}%`,
      meanSeconds?.toFixed(3) ?? "–",
      p95Seconds?.toFixed(3) ?? "–",
      `${successful} / ${sent}`,
    ];
    return `<tr>${values.map((value, column) => `<td${column === 0 || column === 2 ? ' class="text"' : ""}>${escapeHtml(value)}</td>`).join("")}</tr>`;
  });
  return `<details class="live-cells" open><summary>Cells so far</summary><div class="scroll" tabindex="0" role="region" aria-label="Cells so far"><table><thead><tr><th scope="col" class="text">Cell</th><th scope="col">Repetition</th><th scope="col" class="text">State</th><th scope="col">Success</th><th scope="col">Mean <small>s</small></th><th scope="col">p95 <small>s</small></th><th scope="col">Successful / sent</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div><p class="about">Whole runs, without intervals: the report has them.</p></details>`;
}

function formatDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
