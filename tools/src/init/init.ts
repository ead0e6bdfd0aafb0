// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${env:NAME} is literal text here
import { readFile, writeFile } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import { createRedactor, resolveHeaders } from "@slbench/client";
import { contentTypeOf } from "@slbench/client/request-spec";
import { parseExperiment, redactUrls } from "@slbench/jmeter-plans";
import { explainNoConnection } from "../environment/explain-no-connection.ts";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { exists } from "../files/exists.ts";
import { makeFolder } from "../files/make-folder.ts";
import { proposeResponse, type SeenResponse } from "./propose.ts";
import { functionTemplates, LINES, LINES_FILE, PORT } from "./templates.ts";
import { yamlText } from "./yaml-text.ts";

export interface InitOptions {
  /** The function's address; absent with `function`. */
  readonly url?: string;
  /** Write a small function that runs on this machine. */
  readonly function?: "python" | "node";
  /** A file to send to the address. */
  readonly payload?: string;
  /** `Name: value`, in which `${env:NAME}` stands for an environment variable. */
  readonly header?: readonly string[];
  /** Default: the current folder. */
  readonly out?: string;
}

export interface InitResult {
  readonly files: readonly string[];
  /** What the function responded, for the terminal. */
  readonly seen?: string;
}

export const EXPERIMENT_FILE = "experiment.yaml";
const TIMEOUT_MS = 30_000;
const MAX_BODY_BYTES = 1_000_000;
/** Three repetitions of so many successes show a success rate of 99% even if some lie outside the steady part. */
const ENOUGH_REQUESTS = 120;
const ENOUGH_LINE = `${ENOUGH_REQUESTS} # 3 × ${ENOUGH_REQUESTS} can show 99% success`;
const FEWEST_REQUESTS = 20;
const USER_SECONDS = 15;

/**
 * Writes an experiment with comments: for a function at an address, after one request to it, or for a new small
 * function.
 * @throws {SlbenchError} USAGE_INIT, CLIENT_SECRET, FILE_EXISTS, FILE_NO_PAYLOADS, RUN_FUNCTION_UNREACHABLE, RUN_FUNCTION_FAILS
 */
export async function initExperiment(options: InitOptions): Promise<InitResult> {
  const { url, payload } = options;
  if ((url === undefined) === (options.function === undefined)) {
    throw new SlbenchError<ToolErrorCode>(
      "USAGE_INIT",
      "give the function's address, or --function python or node",
      {
        hint: "slbench init http://127.0.0.1:8080/classify, or slbench init --function python",
        exitCode: 2,
      },
    );
  }
  const folder = await makeFolder(options.out ?? ".");
  if (options.function !== undefined) return initFunction(options.function, folder);
  const address = checkAddress(url ?? "");
  const sent = payload === undefined ? undefined : await readPayload(payload);
  const headers = parseHeaders(options.header ?? []);
  const { headers: resolved, secrets } = resolveHeaders(headers, process.env);
  const { seen, method } = await ask(address, sent, resolved);
  const body = beginning((createRedactor(secrets) ?? String)(seen.body));
  if (seen.status >= 400) {
    throw new SlbenchError<ToolErrorCode>(
      "RUN_FUNCTION_FAILS",
      `the function at ${redactUrls(address)} responds with HTTP ${seen.status}: ${body}`,
      {
        hint: [401, 403].includes(seen.status)
          ? "send its token: --header 'Authorization: Bearer ${env:TOKEN}'"
          : "check the path; send what it expects with --payload FILE",
      },
    );
  }
  const file = payload === undefined ? undefined : pathFrom(folder, payload);
  const text = renderExperiment({ url: address, method, headers, payload: file }, seen);
  parseExperiment(text, EXPERIMENT_FILE); // a proposal that slbench itself rejects is a bug
  const files = await writeNew(folder, [[EXPERIMENT_FILE, text]]);
  return { files, seen: `${method} ${seen.status} ${seen.contentType}: ${body}` };
}

/** Relative if the file is in the experiment's folder, so that the folder can move. */
function pathFrom(folder: string, file: string): string {
  const path = relative(folder, resolve(file));
  return path.startsWith("..") || isAbsolute(path) ? resolve(file) : path;
}

async function initFunction(kind: "python" | "node", folder: string): Promise<InitResult> {
  const { file, command, source } = functionTemplates[kind];
  const text = `# A small ${kind} function on this machine and how to measure it: slbench run ${EXPERIMENT_FILE}
name: guess-language
function:
  url: http://127.0.0.1:${PORT}/
  command: [${command.join(", ")}] # slbench starts and ends it
request:
  lines: ${LINES_FILE} # one payload per line
response:
  valid: { status: 200, json: { /label: present } }
  times:
    mlSeconds: { json: /inference_ms, unit: ms }
load:
  users: [1, 2, 4] # virtual users, one cell each
  thinkTimeSeconds: 0
  requestsPerUser: ${ENOUGH_LINE}
  start: together
  repetitions: 3 # shows how much runs differ
`;
  const files = await writeNew(folder, [
    [file, source],
    [LINES_FILE, LINES],
    [EXPERIMENT_FILE, text],
  ]);
  return { files };
}

function checkAddress(url: string): string {
  if (/^https?:\/\/./.test(url) && URL.canParse(url)) return url;
  throw new SlbenchError<ToolErrorCode>("USAGE_INIT", `${redactUrls(url)} is not an address`, {
    hint: "give http:// or https:// and the path, for example http://127.0.0.1:8080/classify",
    exitCode: 2,
  });
}

/** @throws {SlbenchError} USAGE_INIT */
function parseHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers = lines.map((line) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(\S.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) return [name, value.trim()] as const;
    throw new SlbenchError<ToolErrorCode>("USAGE_INIT", "--header has no name and value", {
      hint: "write it as --header 'Authorization: Bearer ${env:TOKEN}'",
      exitCode: 2,
    });
  });
  return Object.fromEntries(headers);
}

interface Payload {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

async function readPayload(file: string): Promise<Payload> {
  const bytes = await readFile(file).catch((cause) => {
    throw new SlbenchError<ToolErrorCode>("FILE_NO_PAYLOADS", `cannot read the payload ${file}`, {
      hint: "check the path",
      exitCode: 2,
      cause,
    });
  });
  if (!holdsLines(file)) return { bytes: new Uint8Array(bytes), type: contentTypeOf(file) };
  const first = bytes
    .toString("utf8")
    .split(/\r?\n/)
    .find((line) => line.trim() !== "");
  return { bytes: new TextEncoder().encode(first ?? ""), type: "application/json" };
}

/** Whether each line of a file is a payload: the first one is sent. */
const holdsLines = (file: string) => /\.(?:jsonl|ndjson)$/i.test(file);

/** One request: the payload by POST; without one, an empty JSON object, or GET if the function wants that. */
async function ask(
  url: string,
  payload: Payload | undefined,
  headers: Readonly<Record<string, string>>,
): Promise<{ seen: SeenResponse; method: string }> {
  const posted = await send(
    url,
    "POST",
    payload ?? { bytes: new TextEncoder().encode("{}"), type: "application/json" },
    headers,
  );
  if (payload !== undefined || ![404, 405, 501].includes(posted.status))
    return { seen: posted, method: "POST" };
  return { seen: await send(url, "GET", undefined, headers), method: "GET" };
}

async function send(
  url: string,
  method: string,
  payload: Payload | undefined,
  ownHeaders: Readonly<Record<string, string>>,
): Promise<SeenResponse> {
  try {
    const startMs = performance.now();
    const response = await fetch(url, {
      method,
      headers: { ...(payload !== undefined && { "Content-Type": payload.type }), ...ownHeaders },
      ...(payload !== undefined && { body: payload.bytes }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const headers = Object.fromEntries(response.headers);
    const contentType = headers["content-type"] ?? "";
    const body = await readBody(response);
    const seconds = (performance.now() - startMs) / 1000;
    return { status: response.status, contentType, headers, body, seconds };
  } catch (cause) {
    const { code, message } = ((cause as Error).cause ?? cause) as NodeJS.ErrnoException;
    const isSlow = (cause as Error).name === "TimeoutError";
    const { reason, hint } = isSlow
      ? { reason: `no response within ${TIMEOUT_MS / 1000} s` }
      : explainNoConnection(typeof code === "string" ? code : message);
    throw new SlbenchError<ToolErrorCode>(
      "RUN_FUNCTION_UNREACHABLE",
      `the function at ${redactUrls(url)} cannot be reached: ${reason}`,
      { hint: hint ?? "start it, or check the address", cause },
    );
  }
}

/** At most a megabyte: a stream need not end. */
async function readBody(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > MAX_BODY_BYTES) break;
  }
  return text;
}

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A file. */
  readonly payload: string | undefined;
}

function renderExperiment({ url, method, headers, payload }: Asked, seen: SeenResponse): string {
  const { valid, times, coldStart, replica, units, preset, stream } = proposeResponse(seen);
  const pointers = (valid.json ?? []).map((pointer) => `${yamlText(pointer)}: present`);
  const json = pointers.length === 0 ? "" : `, json: { ${pointers.join(", ")} }`;
  const request =
    payload !== undefined
      ? payloadLines(payload)
      : method === "GET"
        ? ["  # files: payloads/ # what to send; a GET request carries nothing", "  order: same"]
        : [
            "  body: '{}' # replace it, or send files: a folder, or lines: a text file",
            "  contentType: application/json",
          ];
  const timeLines = Object.entries(times).map(([name, source]) => `    ${name}: ${source}`);
  const headerLines = Object.entries(headers).map(([name, value]) => `    ${name}: ${yamlText(value)}`);
  return `${[
    "# Measure the function and end with a report: slbench run experiment.yaml",
    "# slbench doctor experiment.yaml shows what each line of response finds.",
    `name: ${yamlText(nameOf(url))}`,
    "function:",
    `  url: ${yamlText(url)}`,
    `  method: ${method}`,
    "  timeoutSeconds: 25",
    ...(headerLines.length === 0
      ? ['  # headers: { Authorization: "Bearer ${env:TOKEN}" } # read when a worker runs, stored nowhere']
      : ["  headers: # ${env:NAME} is read when a worker runs, and stored nowhere", ...headerLines]),
    "request:",
    ...request,
    "response: # proposed from one response: check it",
    ...(preset === undefined ? [] : [`  preset: ${preset}`]),
    ...(stream === undefined ? [] : [`  stream: ${stream}`]),
    ...(preset === undefined ? [`  valid: { status: ${valid.status}${json} }`] : []),
    ...(timeLines.length === 0 ? [] : ["  times:", ...timeLines]),
    ...(coldStart === undefined ? [] : [`  coldStart: { ${coldStart} }`]),
    ...(replica === undefined ? [] : [`  replica: { ${replica} }`]),
    ...(units === undefined ? [] : [`  units: { ${units} }`]),
    "load:",
    "  users: [1, 2, 4] # virtual users, one cell each",
    "  thinkTimeSeconds: 0 # seconds between a response and the next request",
    `  requestsPerUser: ${requestsLine(seen.seconds)}`,
    "  start: together",
    "  repetitions: 3 # shows how much runs differ",
  ].join("\n")}\n`;
}

const payloadLines = (payload: string): readonly string[] =>
  holdsLines(payload)
    ? [`  lines: ${yamlText(payload)} # one payload per line`, "  contentType: application/json"]
    : [`  files: ${yamlText(payload)} # a file, a folder, or a pattern such as images/*.jpg`];

/**
 * Requests of one user in a repetition: enough for a verdict, if they take no longer than `USER_SECONDS`.
 * @param seconds of one request
 */
function requestsLine(seconds: number): string {
  const count = Math.round(USER_SECONDS / seconds);
  return count >= ENOUGH_REQUESTS
    ? ENOUGH_LINE
    : `${Math.max(FEWEST_REQUESTS, count)} # ${ENOUGH_REQUESTS} would show a success rate of 99%, and take longer`;
}

/** The experiment's name: what the address calls the function, for example `slblur` of `/function/slblur`. */
function nameOf(url: string): string {
  const names = new URL(url).pathname
    .split("/")
    .map((part) => part.replaceAll(/(?:%[0-9a-f]{2}|[^a-z0-9-])+/gi, "-"));
  return names.findLast((name) => /^[A-Za-z][A-Za-z0-9-]{1,39}$/.test(name)) ?? "function";
}

const beginning = (body: string) => {
  const text = body.replaceAll(/\s+/g, " ").trim();
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
};

async function writeNew(
  folder: string,
  files: readonly (readonly [string, string])[],
): Promise<readonly string[]> {
  for (const [name] of files) {
    if (!(await exists(join(folder, name)))) continue;
    throw new SlbenchError<ToolErrorCode>("FILE_EXISTS", `${join(folder, name)} exists already`, {
      hint: `choose another folder with --out, or delete ${basename(name)}`,
      exitCode: 2,
    });
  }
  for (const [name, text] of files) await writeFile(join(folder, name), text, { flag: "wx" });
  return files.map(([name]) => join(folder, name));
}
