/** A response of the function for which an experiment is proposed. */
export interface SeenResponse {
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
  readonly value: unknown;
}

const MAX_DEPTH = 3;
const MAX_LEAVES = 200;

/**
 * Proposes how to read the responses of a function, from one of them. Fields that look like times, cold start,
 * replica or tokens are proposed by their names; the user checks them.
 */
export function proposeResponse(seen: SeenResponse): Proposal {
  const valid = { status: seen.status };
  const headerTimes = Object.keys(seen.headers).filter((name) => /duration|seconds|elapsed/.test(name));
  const fromHeaders = headerTimes.map((name) => timeOf(name, `header: ${name}`));
  if (seen.contentType.startsWith("text/event-stream")) {
    if (seen.body.includes("chat.completion.chunk"))
      return { preset: "openai-chat-stream", valid, times: Object.fromEntries(fromHeaders) };
    return { stream: "sse", valid, times: Object.fromEntries(fromHeaders) };
  }
  const document = parseJson(seen.body);
  if (document === undefined) return { valid, times: Object.fromEntries(fromHeaders) };
  const leaves = leavesOf(document);
  const has = (pointer: string) => leaves.some((leaf) => leaf.pointer.startsWith(pointer));
  const preset = presetFor(has);
  if (preset !== undefined) return { preset, valid, times: Object.fromEntries(fromHeaders) };
  const numbers = leaves.filter(({ value }) => typeof value === "number");
  const times = numbers.filter(({ name }) => TIME.test(name) && !/timestamp|epoch/i.test(name));
  const cold = leaves.find(({ name, value }) => /cold/i.test(name) && typeof value === "boolean");
  const replica = leaves.find(
    ({ name, value }) =>
      /^(instance|container|replica|pod|host)(_?id|_?name)?$/i.test(name) && typeof value === "string",
  );
  const replicaHeader = Object.keys(seen.headers).find((name) =>
    /^x-.*(instance|replica|container)/.test(name),
  );
  const units = numbers.find(({ name }) => /(completion|output)_tokens$/.test(name));
  const meant = leaves.find(({ name }) =>
    /^(label|result|output|text|prediction|class|answer)s?$/i.test(name),
  );
  const first = meant ?? leaves.find((leaf) => !times.includes(leaf));
  return {
    valid: { ...valid, ...(first !== undefined && { json: [first.pointer] }) },
    times: Object.fromEntries([
      ...fromHeaders,
      ...times.map(({ name, pointer }) => timeOf(name, `json: ${pointer}`)),
    ]),
    ...(cold !== undefined && { coldStart: `json: ${cold.pointer}` }),
    ...(replica === undefined
      ? replicaHeader !== undefined && { replica: `header: ${replicaHeader}` }
      : { replica: `json: ${replica.pointer}` }),
    ...(units !== undefined && { units: `json: ${units.pointer}, name: tokens` }),
  };
}

const TIME = /(time|ms|seconds?|latency|duration|elapsed|millis|micros)$/i;

function timeOf(name: string, source: string): readonly [string, string] {
  const unit = /(_us|micros|microseconds)$/i.test(name)
    ? ", unit: us"
    : /(_ms|Ms|millis|milliseconds)$/.test(name)
      ? ", unit: ms"
      : "";
  return [`${timeName(name)}`, `{ ${source}${unit} }`];
}

/** `inference_ms` → `mlSeconds`, `x-duration-seconds` → `handlerSeconds`, `queue_time` → `queueSeconds`. */
function timeName(name: string): string {
  if (/infer|model|predict|compute|^ml/i.test(name)) return "mlSeconds";
  const stem = name
    .replace(/^x-/, "")
    .replace(/[_-]?(ms|us|millis|micros|milliseconds|microseconds|seconds?|time|latency)$/i, "");
  if (stem === "" || /^(total|handler|duration|elapsed)$/i.test(stem)) return "handlerSeconds";
  return `${stem.replaceAll(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? "")}Seconds`;
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
  const walk = (value: unknown, pointer: string, name: string, depth: number) => {
    if (leaves.length >= MAX_LEAVES) return;
    const isTree = typeof value === "object" && value !== null && Object.keys(value).length > 0;
    if (!isTree || depth === MAX_DEPTH) {
      leaves.push({ pointer, name, value });
      return;
    }
    for (const [key, inner] of Object.entries(value))
      walk(inner, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, key, depth + 1);
  };
  walk(document, "", "", 0);
  return leaves;
}
