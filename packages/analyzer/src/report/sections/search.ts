import { renderSearchAnswer } from "../../finding/render-answer.ts";
import type { SearchReport } from "../../finding/search-report.ts";
import { searchFigure } from "../../plot/search/figure.ts";
import { renderFigure } from "../figure-html.ts";
import { escapeHtml, type Section } from "../markup.ts";

/** How `slbench find` came to its answer; none if the result is no search. */
export function searchSection(search: SearchReport | undefined): readonly Section[] {
  if (search === undefined) return [];
  const figure = searchFigure(search);
  const [first = "The search has not ended.", ...more] = renderSearchAnswer(search)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return [
    {
      id: "search",
      name: "Search",
      preview: first.replace(/ \(.*/, ""),
      html: `<p>Goal: <code>${escapeHtml(search.goal)}</code></p>
<p><b>${escapeHtml(first)}</b></p>
${more.map((line) => `<p>${escapeHtml(line)}</p>`).join("\n")}
${figure === undefined ? "" : renderFigure(figure)}`,
    },
  ];
}
