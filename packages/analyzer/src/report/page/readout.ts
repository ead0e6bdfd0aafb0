/// <reference lib="dom" />
import { isHidden, seriesName } from "./legend.ts";

/** How far from the pointer a mark may be, pixels of the screen or of the drawing. */
const REACH_PX = 14;

/** One axis of a panel, as `plot/chart/render.ts` writes it. */
interface ReadoutAxis {
  readonly label: string;
  readonly isWhole: boolean;
  readonly domain: readonly [number, number];
  readonly lengthPx: number;
}

interface ReadoutPanel {
  readonly element: SVGGElement;
  readonly axes: { readonly x: ReadoutAxis; readonly y: ReadoutAxis };
  readonly lines: readonly { readonly line: Element; readonly points: readonly (readonly number[])[] }[];
}

interface ReadoutMark {
  readonly shape: Element;
  readonly words: string;
}

interface Found {
  readonly words: () => string;
  readonly distancePx: number;
}

/** Shows the values of the mark or of the line's point that is nearest to the pointer. */
export function connectReadout(figure: HTMLElement, picture: HTMLElement): void {
  const chart = picture.querySelector<SVGSVGElement>(".chart");
  const readout = picture.querySelector<HTMLElement>(".readout");
  if (chart === null || readout === null) return;
  // A large page has many thousand points: they are read when the pointer first comes.
  let read: { readonly marks: readonly ReadoutMark[]; readonly panels: readonly ReadoutPanel[] } | undefined;
  chart.addEventListener("pointermove", (event) => {
    read ??= { marks: readMarks(chart), panels: readPanels(chart) };
    const found = nearestOf([
      ...read.marks.map((mark) => findMark(mark, event)),
      ...read.panels.map((panel) => findPoint(panel, event, figure)),
    ]);
    readout.hidden = found === undefined;
    if (found === undefined) return;
    readout.textContent = found.words();
    place(readout, event);
  });
  chart.addEventListener("pointerleave", () => {
    readout.hidden = true;
  });
}

/** Takes each mark's words out of its title, which the browser would show a second time. */
function readMarks(chart: SVGSVGElement): readonly ReadoutMark[] {
  return [...chart.querySelectorAll("[data-series] title")].flatMap((title) => {
    const shape = title.parentElement;
    title.remove();
    return shape === null ? [] : [{ shape, words: title.textContent ?? "" }];
  });
}

function readPanels(chart: SVGSVGElement): readonly ReadoutPanel[] {
  return [...chart.querySelectorAll<SVGGElement>("[data-panel]")].map((element) => ({
    element,
    axes: JSON.parse(element.dataset.panel ?? "") as ReadoutPanel["axes"],
    lines: [...element.querySelectorAll("polyline.read")].map((line) => ({
      line,
      points: (line.getAttribute("points") ?? "").split(" ").map((point) => point.split(",").map(Number)),
    })),
  }));
}

function findMark({ shape, words }: ReadoutMark, { clientX, clientY }: PointerEvent): Found | undefined {
  if (isHidden(shape)) return undefined;
  const box = shape.getBoundingClientRect();
  const x = Math.max(box.left - clientX, 0, clientX - box.right);
  const y = Math.max(box.top - clientY, 0, clientY - box.bottom);
  return { words: () => words, distancePx: Math.hypot(x, y) };
}

function findPoint(panel: ReadoutPanel, event: PointerEvent, figure: HTMLElement): Found | undefined {
  const matrix = panel.element.getScreenCTM();
  if (matrix === null) return undefined;
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  const { axes } = panel;
  if (x < -REACH_PX || x > axes.x.lengthPx + REACH_PX || y < -REACH_PX || y > axes.y.lengthPx + REACH_PX)
    return undefined;
  let nearest: { readonly line: Element; readonly at: readonly number[] } | undefined;
  let distancePx = REACH_PX;
  for (const { line, points } of panel.lines) {
    if (isHidden(line)) continue;
    for (const at of points) {
      const distance = Math.hypot((at[0] ?? 0) - x, (at[1] ?? 0) - y);
      if (distance < distancePx) [nearest, distancePx] = [{ line, at }, distance];
    }
  }
  if (nearest === undefined) return undefined;
  const { line, at } = nearest;
  return { words: () => `${seriesName(figure, line)}: ${pointWords(axes, at)}`, distancePx };
}

function pointWords({ x, y }: ReadoutPanel["axes"], [atX = 0, atY = 0]: readonly number[]): string {
  const value = ({ label, isWhole, domain: [from, to] }: ReadoutAxis, share: number) => {
    const exact = from + (to - from) * share;
    return `${label} ${isWhole ? Math.round(exact) : Number(exact.toPrecision(3))}`;
  };
  return `${value(x, atX / x.lengthPx)}, ${value(y, 1 - atY / y.lengthPx)}`;
}

function nearestOf(all: readonly (Found | undefined)[]): Found | undefined {
  let nearest: Found | undefined;
  for (const found of all)
    if (found !== undefined && found.distancePx < (nearest?.distancePx ?? REACH_PX)) nearest = found;
  return nearest;
}

/** Below and right of the pointer, and within the figure. */
function place(readout: HTMLElement, { clientX, clientY }: PointerEvent): void {
  const around = readout.parentElement?.getBoundingClientRect();
  if (around === undefined) return;
  const left = Math.min(clientX - around.left + 12, around.width - readout.offsetWidth);
  readout.style.left = `${Math.max(0, left)}px`;
  readout.style.top = `${clientY - around.top + 14}px`;
}
