import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { PlanError } from "./errors.ts";
import { type Experiment, experimentSchema } from "./experiment.ts";

/**
 * Reads an experiment file's text.
 * @param name the file's name, for messages
 * @throws {PlanError} EXPERIMENT_NOT_YAML or EXPERIMENT_BAD_FIELD; the message names line, column, field and what was found
 */
export function parseExperiment(text: string, name: string): Experiment {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [fault] = document.errors;
  if (fault !== undefined) {
    const at = lines.linePos(fault.pos[0]);
    const what = fault.message.split("\n")[0]?.replace(/ at line .*$/, "");
    throw new PlanError(
      "EXPERIMENT_NOT_YAML",
      `${name}:${at.line}:${at.col}: ${what}`,
      "mend the YAML there",
    );
  }
  const checked = experimentSchema.safeParse(document.toJS() ?? {});
  if (checked.success) return checked.data;
  const messages = checked.error.issues.map((issue) => describe(issue, document, lines, name));
  throw new PlanError(
    "EXPERIMENT_BAD_FIELD",
    messages.join("\n"),
    "examples/quick.yaml is an experiment that runs as it stands; experiment.schema.json lists every field",
    checked.error,
  );
}

function describe(issue: z.core.$ZodIssue, document: Document, lines: LineCounter, name: string): string {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const path = [...issue.path, ...(unknown === undefined ? [] : [unknown])];
  const at = position(document, path, lines);
  const field = path.map(String).join(".") || "the file";
  const where = `${name}:${at.line}:${at.col}: ${field}`;
  if (unknown !== undefined) {
    const near = nearest(unknown, fieldNames(issue.path));
    return `${where} is not a field${near === undefined ? "" : `; did you mean ${near}?`}`;
  }
  const found = document.getIn(path);
  if (found === undefined) return `${where} is missing (${issue.message})`;
  const shown = JSON.stringify(document.toJS() === undefined ? null : document.getIn(path, false))?.slice(
    0,
    80,
  );
  return `${where} is ${shown}: ${issue.message}`;
}

/** Line and column of a field, or of the nearest field around it that the file has. */
function position(document: Document, path: readonly PropertyKey[], lines: LineCounter) {
  for (let length = path.length; length > 0; length--) {
    const key = path[length - 1];
    const parent =
      document.getIn(path.slice(0, length - 1), true) ?? (length === 1 ? document.contents : undefined);
    if (isMap(parent)) {
      const pair = parent.items.find((item) => String(item.key) === String(key));
      const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range;
      if (range !== undefined) return lines.linePos(range[0]);
    }
    const node = document.getIn(path.slice(0, length), true) as
      | { range?: [number, number, number] }
      | undefined;
    if (node?.range !== undefined) return lines.linePos(node.range[0]);
  }
  return { line: 1, col: 1 };
}

/** Names of the fields that an object at this place of the file may have. */
function fieldNames(path: readonly PropertyKey[]): readonly string[] {
  let shape: Record<string, unknown> = experimentSchema.shape;
  for (const key of path) {
    let inner = shape[String(key)] as { shape?: Record<string, unknown>; unwrap?: () => unknown } | undefined;
    while (inner !== undefined && inner.shape === undefined && inner.unwrap !== undefined)
      inner = inner.unwrap() as typeof inner;
    if (inner?.shape === undefined) return [];
    shape = inner.shape;
  }
  return Object.keys(shape);
}

/** The candidate with the fewest edits, where that is at most a third of its length. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  const rated = candidates
    .map((candidate) => ({ candidate, edits: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= Math.max(2, candidate.length / 3))
    .sort((a, b) => a.edits - b.edits);
  return rated[0]?.candidate;
}

/** Levenshtein distance: insertions, deletions, replacements. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
