import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import { type PlanErrorCode, SlbenchError } from "../errors.ts";
import { redactUrls } from "../redact.ts";
import { type Autoscale, autoscaleField } from "./autoscale-fields.ts";
import { type Experiment, experimentSchema } from "./experiment.ts";
import { experimentFaults, type Fault, requestFaults } from "./experiment-faults.ts";

/**
 * Reads an experiment file's text.
 *
 * @param name the file's name, for messages
 * @throws {SlbenchError} EXPERIMENT_NOT_YAML or EXPERIMENT_BAD_FIELD; a line for each fault names line, column, field
 *   and what was found
 */
export function parseExperiment(text: string, name: string): Experiment {
  return readChecked(text, name, EXPERIMENT, (value) => {
    const result = experimentSchema.safeParse(value);
    const faults = result.success ? requestFaults(result.data) : experimentFaults(result.error.issues);
    return faults.length === 0 && result.success ? { value: result.data } : { faults, cause: result.error };
  });
}

/**
 * Reads a rule of replicas, as `function.autoscale` of an experiment has it.
 *
 * @param text YAML, for example `{rule: kpa, target: 1, maxReplicas: 10}`
 * @param name where it comes from, for messages
 * @throws {SlbenchError} EXPERIMENT_NOT_YAML or EXPERIMENT_BAD_FIELD
 */
export function parseAutoscale(text: string, name: string): Autoscale {
  const field = ["function", "autoscale"];
  return readChecked(text, name, RULE, (value) => {
    const result = autoscaleField.safeParse(value);
    if (result.success) return { value: result.data };
    const faults = experimentFaults(result.error.issues, field);
    return {
      faults: faults.map((fault) => ({ ...fault, path: fault.path.slice(field.length) })),
      cause: result.error,
    };
  });
}

/** A checked value, or what is wrong with it. */
type Checked<T> = { readonly value: T } | { readonly faults: readonly Fault[]; readonly cause: unknown };

/** What a text is, for messages. */
interface Kind {
  readonly whole: string;
  /** If a field is wrong. */
  readonly hint: string;
}

const EXPERIMENT: Kind = {
  whole: "the file",
  hint: "examples/quick.yaml is an experiment that runs as it stands; slbench schema prints every field",
};
const RULE: Kind = {
  whole: "the rule",
  hint: "write it as {rule: kpa, target: 1, maxReplicas: 10}; docs/experiment.md lists the fields of autoscale",
};

function readChecked<T>(
  text: string,
  name: string,
  { whole, hint }: Kind,
  check: (value: unknown) => Checked<T>,
): T {
  if (text.length > MAX_CHARACTERS) {
    throw new SlbenchError<PlanErrorCode>(
      "EXPERIMENT_NOT_YAML",
      `${name}: it has ${text.length} characters, more than the ${MAX_CHARACTERS} of an experiment`,
      { hint: "give an experiment file; examples/quick.yaml is one that runs as it stands", exitCode: 2 },
    );
  }
  const lines = new LineCounter();
  const document = readDocument(text, lines, name);
  const [fault] = document.errors;
  if (fault !== undefined) {
    const at = lines.linePos(fault.pos[0]);
    throw notYaml(`${name}:${at.line}:${at.col}`, fault);
  }
  if (document.contents === null)
    throw new SlbenchError<PlanErrorCode>("EXPERIMENT_BAD_FIELD", `${name} is empty`, { hint, exitCode: 2 });
  const checked = check(plainValue(document, name));
  if ("value" in checked) return checked.value;
  const { faults, cause } = checked;
  const more = faults.length - MAX_FAULTS;
  throw new SlbenchError<PlanErrorCode>(
    "EXPERIMENT_BAD_FIELD",
    [
      ...faults.slice(0, MAX_FAULTS).map((found) => describe(found, document, lines, name, whole)),
      ...(more > 0 ? [`${name}: and ${more} more`] : []),
    ].join("\n"),
    {
      hint,
      exitCode: 2,
      ...(cause !== undefined && { cause }),
    },
  );
}

/** More is no experiment: it would only take time and memory. */
const MAX_CHARACTERS = 100_000;
/** Described one by one. */
const MAX_FAULTS = 20;
/** Nodes that all aliases together may stand for; aliases of aliases multiply. */
const MAX_ALIASES = 100;

function readDocument(text: string, lineCounter: LineCounter, name: string): Document {
  try {
    return parseDocument(text, { lineCounter });
  } catch (error) {
    throw notYaml(name, error); // nested deeper than the reader can follow
  }
}

/** An empty file is an experiment without fields. */
function plainValue(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch (error) {
    // an alias without its anchor, or aliases that would grow without end
    throw notYaml(name, error);
  }
}

function notYaml(where: string, cause: unknown): SlbenchError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const what = /call stack/.test(message)
    ? "it is nested too deeply"
    : redactUrls(message.split("\n")[0]?.replace(/ at line .*$/, "") ?? "");
  return new SlbenchError<PlanErrorCode>("EXPERIMENT_NOT_YAML", `${where}: ${what}`, {
    hint: "fix the YAML at this position",
    exitCode: 2,
    cause,
  });
}

function describe(
  { path, rule, unknown }: Fault,
  document: Document,
  lines: LineCounter,
  name: string,
  whole: string,
): string {
  const at = position(document, path, lines);
  const where = `${name}:${at.line}:${at.col}: ${fieldText(path) || whole}`;
  if (unknown?.moved !== undefined) return `${where} is not a field any more; write ${unknown.moved}`;
  if (unknown?.ofAnotherRule) return `${where} is not a field of this rule`;
  if (unknown !== undefined) {
    return `${where} is not a field${unknown.meant === undefined ? "" : `; did you mean ${unknown.meant}?`}`;
  }
  const found = path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown>)?.[key],
    document.toJS(),
  );
  if (found === undefined && path.length > 0) return `${where} is missing: ${rule}`;
  return `${where} is ${quote(found)}: ${rule}`;
}

/** `load.users[2]`, counted from 0 as in most languages. */
function fieldText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text.replace(/^\./, "");
}

function quote(value: unknown): string {
  const text = typeof value === "number" ? String(value) : redactUrls(jsonOf(value));
  return text === "null" ? "empty" : text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "nothing";
  } catch {
    return "a block that contains itself"; // by an alias
  }
}

/** Line and column of a field, or of the nearest field around it that the file has. */
function position(document: Document, path: readonly PropertyKey[], lines: LineCounter) {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent)
      ? parent.items.find((item) => String(item.key) === String(path[length - 1]))
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) return lines.linePos(range[0]);
  }
  return { line: 1, col: 1 };
}
