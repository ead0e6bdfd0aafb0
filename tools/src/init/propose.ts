import { timingMetrics } from "@slbench/client/server-timing";
import { yamlText } from "./yaml-text.ts";

/** A response of the function for which an experiment is proposed. */
export interface SeenResponse {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long it took. */
  readonly seconds: number;
}

/** Lines of an experiment's `response` block, as YAML values. */
export interface Proposal {
  readonly preset?: string;
  readonly stream?: "sse";
  readonly valid: { readonly status: number; readonly json?: readonly string[] };
  /** By name: source and unit. */
  readonly times: Readonly<Record<string, string>>;
  readonly coldStart?: string;
  readonly replica?: string;
  readonly units?: string;
}

interface Leaf {
  readonly pointer: string;
  readonly name: string;
  /** The key of the object that it is in. */
  readonly parent: string;
  readonly value: unknown;
}

const MAX_DEPTH = 3;
const MAX_LEAVES = 200;

/**
 * Proposes how to read the responses of a function, from one of them. Fields that look like times, cold start,
 * replica or tokens are proposed by their names, and the metrics of `Server-Timing`; the user checks them.
 */
export function proposeResponse(seen: SeenResponse): Proposal {
  const valid = { status: seen.status };
  const fromHeaders = headerTimes(seen.headers);
  const withoutFields = { valid, times: named(fromHeaders) };
  if (seen.contentType.startsWith("text/event-stream"))
    return seen.body.includes("chat.completion.chunk")
      ? { preset: "openai-chat-stream", ...withoutFields }
      : { stream: "sse", ...withoutFields };
  const document = parseJson(seen.body);
  if (document === undefined) return withoutFields;
  const leaves = leavesOf(document);
  const has = (pointer: string) => leaves.some((leaf) => leaf.pointer.startsWith(pointer));
  const preset = presetFor(has);
  if (preset !== undefined) return { preset, ...withoutFields };
  const numbers = leaves.filter(({ value }) => typeof value === "number");
  const times = numbers.filter(isTime);
  // The same time in header and body is one time.
  const inHeaders = new Set(fromHeaders.map(({ name }) => ownName(name)));
  const onlyInBody = times.filter(({ name }) => !inHeaders.has(ownName(name)));
  const cold = leaves.find(({ name, value }) => /cold/i.test(name) && typeof value === "boolean");
  const replica = leaves.find(
    ({ name, value }) =>
      /^(instance|container|replica|pod|host)(_?id|_?name)?$/i.test(name) && typeof value === "string",
  );
  const replicaHeader = Object.keys(seen.headers).find((name) =>
    /^x-.*(instance|replica|container)/.test(name),
  );
  const units = numbers.find(({ name }) => /(completion|output)_tokens$/.test(name));
  // A field that is null does not count as present.
  const meant = leaves.find(
    ({ name, value }) =>
      value !== null && /^(label|result|output|text|prediction|class|answer)s?$/i.test(name),
  );
  const first = meant ?? leaves.find((leaf) => leaf.value !== null && !times.includes(leaf));
  return {
    valid: { ...valid, ...(first !== undefined && { json: [first.pointer] }) },
    times: named([
      ...fromHeaders,
      ...onlyInBody.map(({ name, parent, pointer }) => ({
        name,
        source: `{ json: ${yamlText(pointer)}${unitOf(name, parent)} }`,
      })),
    ]),
    ...(cold !== undefined && { coldStart: `json: ${yamlText(cold.pointer)}` }),
    ...(replica === undefined
      ? replicaHeader !== undefined && { replica: `header: ${yamlText(replicaHeader)}` }
      : { replica: `json: ${yamlText(replica.pointer)}` }),
    ...(units !== undefined && { units: `json: ${yamlText(units.pointer)}, name: tokens` }),
  };
}

/** A time that the response has: what it is called there, and its source as YAML. */
interface Found {
  readonly name: string;
  readonly source: string;
}

function headerTimes(headers: SeenResponse["headers"]): readonly Found[] {
  const own = Object.keys(headers).filter(
    (name) => /duration|seconds|elapsed/.test(name) && !NO_DURATION.test(name),
  );
  const metrics = timingMetrics(headers["server-timing"] ?? "");
  return [
    ...own.map((name) => ({ name, source: `{ header: ${yamlText(name)}${unitOf(name)} }` })),
    ...metrics
      .filter(({ durationMs }) => durationMs !== undefined)
      .map(({ name }) => ({ name, source: `{ serverTiming: ${JSON.stringify(name)} }` })),
  ];
}

/** What is named like a time, but is a moment or counts something else. */
const NO_DURATION = /timestamp|epoch|uptime|datetime|creat|expir|reset|retry|max-?age/i;

/** A unit's names. A map: `constructor` and the like are no units. */
const UNITS: ReadonlyMap<string, "s" | "ms" | "us"> = new Map([
  ...(["s", "sec", "secs", "second", "seconds"] as const).map((name) => [name, "s"] as const),
  ...(["ms", "millis", "milliseconds"] as const).map((name) => [name, "ms"] as const),
  ...(["us", "micros", "microseconds"] as const).map((name) => [name, "us"] as const),
]);

/** `queueTime` → queue, time. */
function wordsOf(name: string): readonly string[] {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return words.split(/[^a-z0-9]+/).filter((word) => word !== "");
}

/** Whether a number of this name, or in an object of this name, is a time: `inference_ms`, `elapsed`, `timings`. */
function namesTime(name: string): boolean {
  const last = wordsOf(name).at(-1) ?? "";
  return UNITS.has(last) || /time$|^(?:times|timings?|latenc(?:y|ies)|durations?|elapsed)$/.test(last);
}

function isTime({ name, parent }: Leaf): boolean {
  return !NO_DURATION.test(name) && (namesTime(name) || namesTime(parent));
}

function unitOf(...names: readonly string[]): string {
  const unit = names
    .map((name) => UNITS.get(wordsOf(name).at(-1) ?? ""))
    .find((found) => found !== undefined);
  return unit === undefined || unit === "s" ? "" : `, unit: ${unit}`;
}

/** Each time by the experiment's name for it; where two would have one name, the later one keeps its own. */
function named(found: readonly Found[]): Proposal["times"] {
  const times: Record<string, string> = {};
  for (const { name, source } of found) {
    const free = [timeName(name), ownName(name)].find((candidate) => !Object.hasOwn(times, candidate));
    if (free !== undefined) times[free] = source;
  }
  return times;
}

/** `inference_ms` → `mlSeconds`, `x-duration-seconds` → `handlerSeconds`, `queue_time` → `queueSeconds`. */
function timeName(name: string): string {
  if (wordsOf(name).some((word) => /^(?:infer|model|predict|compute|ml$)/.test(word))) return "mlSeconds";
  return ["", "total", "handler", "duration", "elapsed"].includes(stemOf(name).join(" "))
    ? "handlerSeconds"
    : ownName(name);
}

function ownName(name: string): string {
  const [first = "handler", ...others] = stemOf(name);
  return `${first}${others.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}Seconds`;
}

/** A time's words without prefix, unit and `time`. */
function stemOf(name: string): readonly string[] {
  const words = wordsOf(name).filter((word, index) => index > 0 || word !== "x");
  while (/^(?:time|latency)$/.test(words.at(-1) ?? "") || UNITS.has(words.at(-1) ?? "")) words.pop();
  return words;
}

function presetFor(has: (pointer: string) => boolean): string | undefined {
  if (has("/choices/0/message")) return "openai-chat";
  if (has("/outputs/0/datatype")) return "kserve-v2";
  if (has("/is_cold") && (has("/container_id") || has("/request_id"))) return "sebs";
  if (has("/faces") && has("/mlSeconds") && has("/image")) return "slblur";
  return undefined;
}

function parseJson(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function leavesOf(document: unknown): readonly Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (
    value: unknown,
    pointer: string,
    [name, parent]: readonly [string, string],
    depth: number,
  ) => {
    if (leaves.length >= MAX_LEAVES) return;
    const isTree = typeof value === "object" && value !== null && Object.keys(value).length > 0;
    if (!isTree || depth === MAX_DEPTH) {
      leaves.push({ pointer, name, parent, value });
      return;
    }
    for (const [key, inner] of Object.entries(value))
      walk(inner, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, [key, name], depth + 1);
  };
  walk(document, "", ["", ""], 0);
  return leaves;
}
