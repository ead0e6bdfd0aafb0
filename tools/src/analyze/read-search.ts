import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SearchReport } from "@slbench/analyzer";
import { FIND_SCHEMA } from "@slbench/analyzer/logs";
import { type Fields, findFault } from "../results/check-record.ts";
import { FIND_FILE } from "../results/result-folder.ts";

const FIELDS: Fields = {
  schema: "text",
  goal: "text",
  for: "text",
  users: "count",
  confidence: "number",
  tolerance: "text",
  budgetSeconds: "number",
  criteria: "list",
  "criteria[]": "object",
  "criteria[].text": "text",
  "criteria[].kind": "text",
  "criteria[].limit": "number",
  "criteria[].quantile": "number",
  probes: "list",
  "probes[]": "object",
  "probes[].cell": "text",
  "probes[].load": "number",
  "probes[].role": "text",
  "probes[].seconds": "number",
  "probes[].values": "list",
  "probes[].values[]": "number",
  "probes[].isSaturated": "flag",
  "probes[].hasChanged": "flag",
  "probes[].isEndedEarly": "flag",
  "probes[].isReused": "flag",
  curve: "list",
  "curve[]": "object",
  "curve[].load": "number",
  "curve[].values": "list",
  "curve[].values[]": "number",
  answer: "object",
  "answer.verdict": "text",
  "answer.load": "number",
  "answer.atLeast": "number",
  "answer.atMost": "number",
  "answer.between": "object",
  "answer.between.low": "number",
  "answer.between.high": "number",
  "answer.limitedBy": "text",
  "answer.moreRuns": "number",
  "answer.deviationLoads": "number",
  "answer.runs": "number",
  "answer.seconds": "number",
  "answer.sweepSeconds": "number",
  "answer.fails": "object",
  "answer.fails.load": "number",
  "answer.fails.criteria": "list",
  "answer.fails.criteria[]": "object",
  "answer.fails.criteria[].text": "text",
  "answer.fails.criteria[].limit": "number",
  "answer.fails.criteria[].value": "number",
  "answer.fails.criteria[].runs": "number",
  "answer.fails.criteria[].low": "number",
  "answer.fails.criteria[].high": "number",
  prediction: "object",
  "prediction.queueingShare": "number",
  "prediction.replicas": "object",
  "prediction.replicas.count": "number",
  "prediction.replicas.conservativeUsers": "number",
  "prediction.replicas.users": "number",
  "prediction.needed": "object",
  "prediction.needed.replicas": "number",
  "prediction.needed.conservativeReplicas": "number",
  "prediction.needed.most": "number",
};

const REQUIRED: readonly string[] = [
  ...["goal", "for", "confidence", "tolerance", "criteria", "probes", "curve"],
  ...["criteria[].text", "criteria[].kind", "criteria[].limit"],
  ...["probes[].cell", "probes[].load", "probes[].role", "probes[].seconds", "probes[].values"],
  ...["curve[].load", "curve[].values"],
];
const ANSWER_REQUIRED: readonly string[] = [
  ...[
    "answer.verdict",
    "answer.load",
    "answer.atLeast",
    "answer.between.low",
    "answer.runs",
    "answer.seconds",
  ],
];
const ROLES: readonly string[] = ["bracket", "low", "high"];

/**
 * The search of a result folder, which may come from anybody; undefined if the result is no search. A file that cannot
 * be used is named on standard error, and everything else is analysed without it.
 */
export async function readSearch(folder: string): Promise<SearchReport | undefined> {
  const text = await readFile(join(folder, FIND_FILE), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const found = parseSearch(text);
  if (typeof found !== "string") return found;
  process.stderr.write(`Skipped: ${FIND_FILE}: ${found}; the report does without the search\n`);
  return undefined;
}

/** The record in a find.json, or what is wrong with it. */
export function parseSearch(text: string): SearchReport | string {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return "it is not JSON";
  }
  const fault = findFault(record, FIELDS, REQUIRED);
  if (fault !== undefined) return fault;
  const search = record as SearchReport;
  if (search.schema !== FIND_SCHEMA) return `its schema is not ${FIND_SCHEMA}`;
  const answerFault = search.answer === undefined ? undefined : findFault(record, FIELDS, ANSWER_REQUIRED);
  if (answerFault !== undefined) return answerFault;
  if (!/^\d+(\.\d+)?%?$/.test(search.tolerance)) return "tolerance is neither a number nor a share";
  if (!search.probes.every(({ role }) => ROLES.includes(role))) return "a probe has an unknown role";
  const count = search.criteria.length;
  const isWhole = [...search.probes, ...search.curve].every(({ values }) => values.length === count);
  return isWhole ? search : "a probe or point does not have one value for each criterion";
}
