/// <reference lib="dom" />

/** A legend's button hides its series in every panel of the figure, and shows it again. */
export function connectLegend(figure: HTMLElement): void {
  for (const button of figure.querySelectorAll<HTMLElement>(".legend button")) {
    button.addEventListener("click", () => {
      const isShown = button.getAttribute("aria-pressed") === "false";
      button.setAttribute("aria-pressed", String(isShown));
      for (const layer of figure.querySelectorAll(`.chart [data-series="${button.dataset.series}"]`))
        layer.toggleAttribute("data-hidden", !isShown);
    });
  }
}

/** What the legend calls the series that an element belongs to. */
export function seriesName(figure: HTMLElement, element: Element): string {
  const series = element.closest<SVGElement>("[data-series]")?.dataset.series;
  return figure.querySelector(`.legend button[data-series="${series}"]`)?.textContent ?? "";
}

export const isHidden = (element: Element): boolean => element.closest("[data-hidden]") !== null;
