import { renderSearchAnswer } from "../finding/render-answer.ts";
import type { SearchReport } from "../finding/search-report.ts";
import type { ServingAnswer } from "./serving/answer.ts";

/**
 * The answer of a search in place of those of its cells one by one: it counts every run of both ends, and how runs
 * differ. Undefined while the search has none.
 *
 * @param own of the same cells
 */
export function searchAnswer(
  search: SearchReport | undefined,
  own: ServingAnswer,
): ServingAnswer | undefined {
  if (search?.answer === undefined) return undefined;
  const { verdict, atLeast, atMost } = search.answer;
  const holdsAt = search.for === "replicas" ? atMost : atLeast;
  const [headline = "", ...more] = renderSearchAnswer(search)
    .split("\n")
    .map((line) => line.trim());
  const [, words = headline, bounds = ""] = /^(.*?)(?:, \d.*| \((.*?)\).*)$/.exec(headline) ?? [];
  const cell = own.judged.find(
    ({ cell: { users, ratePerSecond, replicaCount } }) =>
      (replicaCount ?? ratePerSecond ?? users) === holdsAt,
  )?.cell;
  const short = words.replace(/^Not decided: /, "");
  return {
    ...own,
    state: verdict === "undecided" ? "undecided" : "served",
    short: `${short.slice(0, 1).toUpperCase()}${short.slice(1)}`,
    beyond: bounds.replace(/^\d+% confident(: )?/, ""),
    ...(cell !== undefined && { cell }),
    answer: headline,
    sentence: [headline, ...more].join(" ").trim(),
  };
}
