import { SlbenchError } from "@slbench/client/error";
import { checkRequestSpec } from "@slbench/client/request-spec";
import type { z } from "zod";
import { experimentJsonSchema } from "./experiment.ts";
import { nearest } from "./nearest.ts";
import { type RequestBlocks, requestSpec } from "./request-spec.ts";

type Issue = z.core.$ZodIssue;

/** What is wrong with one field of an experiment file. */
export interface Fault {
  /** Names and list indices from the top of the file. */
  readonly path: readonly PropertyKey[];
  /** What is wrong; follows the value found. */
  readonly rule: string;
  /** The field does not exist. */
  readonly unknown?: { readonly meant?: string; readonly moved?: string; readonly ofAnotherRule?: true };
}

/** Fields of earlier versions, by path, and what to write instead. */
const MOVED: Readonly<Record<string, string>> = {
  video: "request.video",
  frames: "request.frames",
  requestsPerUser: "load.requestsPerUser",
  encoding: "request.encode: base64 or binary",
  format: "response.form: json, text or image",
  "load.startRatePerSecond": "load.start, for example start: 0.25/s",
};

/** Schema issues as faults of single fields. If a field has several forms, the faults of the intended one. */
export function experimentFaults(issues: readonly Issue[], above: readonly PropertyKey[] = []): Fault[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...issue.path];
    if (issue.code === "invalid_union") {
      const meant = issue.errors.find((branch) => !branch.some(isOfAnotherForm));
      if (meant !== undefined) return experimentFaults(meant, path);
      return [{ path, rule: unionRule(path) }];
    }
    if (issue.code === "unrecognized_keys") {
      const names = fieldNames(path);
      return issue.keys.map((key) => {
        const moved = MOVED[[...path, key].join(".")];
        if (moved !== undefined) return { path: [...path, key], rule: "", unknown: { moved } };
        if (names.includes(key)) return { path: [...path, key], rule: "", unknown: { ofAnotherRule: true } };
        const meant = nearest(key, names);
        return {
          path: [...path, key],
          rule: "",
          unknown: { ...(meant !== undefined && { meant }) },
        };
      });
    }
    return [{ path, rule: sentence(issue) }];
  });
}

/** The value has another type than this form of the field. A fraction still counts as a number. */
const isOfAnotherForm = (issue: Issue) =>
  issue.path.length === 0 && issue.code === "invalid_type" && issue.expected !== "int";

/** The value has no accepted form: name the forms. */
function unionRule(path: readonly PropertyKey[]): string {
  if (path.at(-1) === "rule") return "it must be kpa, openfaas or per-request";
  if (path[0] === "function") return "it must be local, an address, or fields with values";
  if (path[1] === "users") return "it must be a number, a range such as 1..8, or a list of them";
  if (path[1] === "thinkTimeSeconds")
    return "it must be seconds, exponential:1, uniform:0.5..1.5, idle:60/10, or a list of them";
  if (path[1] === "valid") return "it must be one value, not a list or fields; present accepts any";
  return "it must be a number or a list of numbers";
}

const nouns: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  array: "a list",
  object: "fields with values",
};

function sentence(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `it must be ${nouns[issue.expected] ?? issue.expected}`;
    case "too_small":
      if (issue.origin === "array" || issue.origin === "string") return "it must not be empty";
      return `it must be ${issue.inclusive ? "at least" : "above"} ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "array") return `it may have at most ${issue.maximum} entries`;
      if (issue.origin === "string") return `it may have at most ${issue.maximum} characters`;
      return `it must be at most ${issue.maximum}`;
    case "invalid_key":
      return issue.issues.map(({ message }) => message).join("; ");
    case "invalid_value":
      return `it must be ${issue.values.map(String).join(" or ")}`;
    default:
      return issue.message;
  }
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** The fields allowed at this path. */
function fieldNames(path: readonly PropertyKey[]): readonly string[] {
  let at: JsonSchema | undefined = experimentJsonSchema() as JsonSchema;
  const forms = (schema: JsonSchema): readonly JsonSchema[] => [
    ...[schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])],
  ];
  for (const key of path) {
    if (at === undefined) return [];
    at = forms(at)
      .map((form) => form.properties?.[String(key)])
      .find((found) => found !== undefined);
  }
  return at === undefined ? [] : forms(at).flatMap((form) => Object.keys(form.properties ?? {}));
}

/** Faults that the client would find in the request specification, such as a GET with a body. */
export function requestFaults(experiment: RequestBlocks): readonly Fault[] {
  const { tls: _, ...target } = experiment.function; // its certificate is a file's path here
  try {
    checkRequestSpec(requestSpec({ ...experiment, function: target }));
    return [];
  } catch (error) {
    if (!(error instanceof SlbenchError)) throw error;
    const problems = (error.context as { readonly problems?: readonly string[] }).problems ?? [error.message];
    return problems.map((rule) => {
      const [, block] = /^(response|headers|method|url)\b/.exec(rule) ?? [];
      return { rule, path: [block === undefined ? "request" : block === "response" ? block : "function"] };
    });
  }
}
