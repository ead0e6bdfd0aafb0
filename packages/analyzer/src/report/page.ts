/** Style and script of the report: nothing is fetched. */

export const STYLE = `
:root { color-scheme: light dark; --line: #8886; --soft: #8882; --accent: #005a92; font: 16px/1.5 system-ui, sans-serif }
@media (prefers-color-scheme: dark) { :root { --accent: #8accf7 } }
body { background: Canvas; color: CanvasText; max-width: 62rem; margin: 1.5rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.25rem; margin-top: 2.2rem; border-bottom: 1px solid var(--line) }
a { color: var(--accent) } nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .95rem }
.answer { font-size: 1.15rem; border-left: .35rem solid var(--accent); padding: .4rem 1rem; background: var(--soft) } .answer p { margin: .4rem 0 }
.answer b { font-size: 1.3rem }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem }
th, td { padding: .25rem .4rem; text-align: right; border-bottom: 1px solid var(--line); vertical-align: bottom } td:not(:last-child) { white-space: nowrap }
.scroll { overflow-x: auto } .bad { font-weight: 700 } .bad::before { content: "▲ " }
figure { margin: 1.4rem 0; break-inside: avoid } figure svg { width: 100%; height: auto; max-width: 60rem; display: block }
@media screen { .drawing { overflow-x: auto } figure svg { min-width: var(--least) } }
.picture { position: relative } .readout { position: absolute; pointer-events: none; background: Canvas; border: 1px solid var(--line); border-radius: .3rem; padding: .1rem .5rem; font-size: .85rem; white-space: nowrap }
figcaption { font-size: .9rem } summary { cursor: pointer; font-size: .9rem } .legend { display: flex; flex-wrap: wrap; gap: .4rem; margin: .3rem 0 }
.legend button { font: inherit; font-size: .85rem; color: inherit; background: none; border: 1px solid var(--line); border-radius: .4rem; padding: .1rem .6rem; cursor: pointer }
.legend button::before { content: ""; display: inline-block; width: .8em; height: .8em; margin-right: .4em; background: var(--of); border-radius: 2px }
.legend button[aria-pressed="false"] { opacity: .45; text-decoration: line-through }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
dt { font-weight: 600 } dd { margin: 0 0 .4rem 0; overflow-wrap: anywhere } pre { white-space: pre-wrap; background: var(--soft); padding: .6rem }
@media screen and (prefers-color-scheme: dark) { figure svg, .legend button::before { filter: brightness(1.4) } figure svg [fill-opacity="0.18"] { fill-opacity: .35 } }
@page { margin: 12mm }
@media print {
  nav { display: none } body { max-width: none; margin: 0; padding: 0 } details:not([open]) { display: none } h2 { break-after: avoid }
  .legend button { border: none; padding: 0 .4rem 0 0 } .legend button::before { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  .scroll { overflow: visible } table { font-size: 7.5pt } th, td { padding: 1pt 2.5pt } tr { break-inside: avoid }
}
`;

/**
 * A legend's button hides and shows what has its colour; the page says the mark or the point of a line that is nearest
 * to the mouse; a drawing that scrolls can be reached by keyboard.
 */
export const SCRIPT = `
for (const button of document.querySelectorAll(".legend button")) button.addEventListener("click", () => {
  const show = button.getAttribute("aria-pressed") === "false";
  button.setAttribute("aria-pressed", String(show));
  const color = button.dataset.color;
  for (const mark of button.closest("figure").querySelectorAll(\`svg [stroke="\${color}"], svg [fill="\${color}"]\`))
    mark.style.display = show ? "" : "none";
});
const drawings = document.querySelectorAll(".drawing");
const reach = () => { for (const drawing of drawings) drawing.tabIndex = drawing.scrollWidth > drawing.clientWidth ? 0 : -1; };
addEventListener("resize", reach);
reach();
for (const svg of document.querySelectorAll("figure svg")) {
  const panels = JSON.parse(svg.dataset.panels ?? "[]");
  const figure = svg.closest("figure");
  const readout = figure.querySelector(".readout");
  let marks, lines;
  const marksOf = () => [...svg.querySelectorAll("path > title")].map((title) => {
    const { parentElement: path, textContent: words } = title;
    title.remove(); // else the browser says it again, later
    return { path, words };
  });
  const linesOf = () => [...svg.querySelectorAll('path[fill="none"][stroke^="#"]:not([transform], [stroke-opacity="0"])')].map((path) => ({
    path,
    points: [...path.getAttribute("d").matchAll(/[ML](-?[\\d.]+) (-?[\\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]),
  }));
  const wordsOf = ({ edges: [left, top, right, bottom], x: [x0, x1], y: [y0, y1], names, whole }, { path, x, y }) => {
    const value = (axis, from, to, share) => {
      const exact = from + (to - from) * share;
      return names[axis] + " " + (whole[axis] ? Math.round(exact) : Number(exact.toPrecision(3)));
    };
    const name = [...figure.querySelectorAll(".legend button")].find((button) => button.dataset.color === path.getAttribute("stroke"));
    return (name ? name.textContent + ": " : "") + value(0, x0, x1, (x - left) / (right - left)) + ", " + value(1, y0, y1, (y - top) / (bottom - top));
  };
  svg.addEventListener("pointermove", (event) => {
    marks ??= marksOf();
    lines ??= linesOf();
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const panel = panels.find(({ edges: [left, top, right, bottom] }) => at.x > left - 9 && at.x < right + 9 && at.y > top - 9 && at.y < bottom + 9);
    let words, nearest, least = 14;
    for (const mark of marks) if (mark.path.style.display !== "none") {
      const box = mark.path.getBoundingClientRect();
      const distance = Math.hypot(Math.max(box.left - event.clientX, 0, event.clientX - box.right), Math.max(box.top - event.clientY, 0, event.clientY - box.bottom));
      if (distance < least) [words, least] = [mark.words, distance];
    }
    for (const { path, points } of panel?.lines ? lines : []) if (path.style.display !== "none") for (const [x, y] of points) {
      const distance = Math.hypot(x - at.x, y - at.y);
      if (distance < least) [words, nearest, least] = [undefined, { path, x, y }, distance];
    }
    if (nearest !== undefined && words === undefined) words = wordsOf(panel, nearest);
    readout.hidden = words === undefined;
    if (words === undefined) return;
    readout.textContent = words;
    const request = readout.parentElement.getBoundingClientRect();
    readout.style.left = Math.max(0, Math.min(event.clientX - request.left + 12, request.width - readout.offsetWidth)) + "px";
    readout.style.top = event.clientY - request.top + 14 + "px";
  });
  svg.addEventListener("pointerleave", () => { readout.hidden = true; });
}
`;

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] as string);

/** A table whose first row names its columns. */
export function htmlTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  label: string,
): string {
  const cells = (tag: string, values: readonly string[]) =>
    values
      .map((value) => `<${tag}${tag === "th" ? ' scope="col"' : ""}>${escapeHtml(value)}</${tag}>`)
      .join("");
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label)}"><table><thead><tr>${cells("th", head)}</tr></thead>
<tbody>${rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n")}</tbody></table></div>`;
}
