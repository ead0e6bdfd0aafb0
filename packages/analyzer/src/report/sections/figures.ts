import type { FigureSection, ReportFigure } from "../../plot/figure.ts";
import { renderFigure } from "../figure-html.ts";
import type { Section } from "../markup.ts";

interface FigureSectionText {
  readonly id: FigureSection;
  readonly name: string;
  readonly preview: string;
}

/** The sections that consist of figures, in order. */
const TEXTS: readonly FigureSectionText[] = [
  { id: "log-time", name: "Over time", preview: "response times, throughput, threads, return codes" },
  {
    id: "log-distribution",
    name: "Distribution",
    preview: "percentiles, histogram, latency, active threads",
  },
  { id: "load", name: "Over the load", preview: "success, mean response time, throughput" },
  { id: "time-parts", name: "Where the time goes", preview: "parts of the response time in every cell" },
  { id: "distribution", name: "Distributions", preview: "response times of all requests, per think time" },
  { id: "requests", name: "Request by request", preview: "every user's requests in order" },
  { id: "model", name: "Queueing model", preview: "what it predicts against what was measured" },
  { id: "replicas", name: "Replicas", preview: "what the autoscaler did" },
  { id: "timeline", name: "Timeline", preview: "active users and failures over the run" },
];

/** One section per kind of figure that there is. @param previews other words beside a section's name */
export function figureSections(
  figures: readonly ReportFigure[],
  previews: Partial<Record<FigureSection, string>> = {},
): readonly Section[] {
  return TEXTS.flatMap(({ id, name, preview }) => {
    const own = figures.filter(({ section }) => section === id);
    if (own.length === 0) return [];
    return [
      {
        id,
        name,
        preview: previews[id] ?? preview,
        html: own.map((figure) => renderFigure(figure, name)).join("\n"),
      },
    ];
  });
}
