import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printable } from "@slbench/analyzer/logs";
import { type ClientReport, parseReport, type RequestResult } from "@slbench/client";
import type { RequestSpec } from "@slbench/client/request-spec";
import { execa } from "execa";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { explainNoConnection } from "./explain-no-connection.ts";
import { bodyBeginning, explainResponse, type ResponseLine } from "./explain-response.ts";
import type { Payloads } from "./payloads.ts";
import { REQUEST_FILE, renderRequestSpec } from "./request-file.ts";

/** What one request showed. */
export interface Probe {
  readonly request: RequestResult;
  /** The shortest round trip of all valid responses, seconds: the first one may include a cold start. */
  readonly fastestSeconds?: number;
  readonly lines: readonly ResponseLine[];
  /** The beginning of the response's body, if it is known. */
  readonly body?: string;
}

export interface ProbeOptions {
  /** The compiled client. */
  readonly client: string;
  readonly spec: RequestSpec;
  readonly payloads: Payloads;
  /** Requests to send; the first one is judged. */
  readonly count?: number;
  readonly interrupted?: AbortSignal;
}

/** A client's own start and end around its requests. */
const CLIENT_SECONDS = 20;

/**
 * Sends one payload to the function with the compiled client, as a virtual user would on this machine.
 * @throws {SlbenchError} RUN_PROBE_FAILED if the client itself fails, for example because a secret is not set
 */
export async function probeFunction(options: ProbeOptions): Promise<Probe> {
  const { client, spec, payloads, count = 1, interrupted } = options;
  const folder = await mkdtemp(join(tmpdir(), "slbench-probe-"));
  try {
    const response = { ...spec.response, save: 1 };
    await writeFile(join(folder, REQUEST_FILE), renderRequestSpec({ ...spec, response }), { mode: 0o600 });
    const bodies = join(folder, "bodies");
    const args = [
      ...["--request", join(folder, REQUEST_FILE), "--count", String(count), "--output", bodies],
      ...(payloads.path === undefined ? [] : ["--payloads", payloads.path]),
    ];
    const done = await execa(client, args, {
      ...{ reject: false, stdin: "ignore", timeout: (count * spec.timeoutSeconds + CLIENT_SECONDS) * 1000 },
      ...(interrupted !== undefined && { cancelSignal: interrupted }),
    });
    const parsed = parseReport(done.stdout ?? "");
    const report = parsed.kind === "json" ? parsed.report : undefined;
    const body = await readBody(bodies);
    return readProbe(spec, report, body, done.stderr ?? "");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws {SlbenchError} RUN_PROBE_FAILED if there is no report with a request */
export function readProbe(
  spec: RequestSpec,
  report: ClientReport | undefined,
  body: string | undefined,
  stderr: string,
): Probe {
  const { requests = [] } = report ?? {};
  const [request] = requests;
  if (request !== undefined) {
    const fastestSeconds = fastestRoundTrip(requests);
    return {
      request,
      ...(fastestSeconds !== undefined && { fastestSeconds }),
      lines: explainResponse(spec, request, body),
      ...(body !== undefined && { body: bodyBeginning(body) }),
    };
  }
  const [message = "", hint = ""] = stderr.trim().split("\n").slice(-2);
  const reason = message === "" ? "it printed no report" : message.replace(/^slbench-client: /, "");
  throw new SlbenchError<ToolErrorCode>("RUN_PROBE_FAILED", `the client cannot send a request: ${reason}`, {
    hint: hint === "" ? "slbench doctor EXPERIMENT checks the rest" : hint.trim().replace(/^Next: /, ""),
  });
}

/** The shortest round trip of the valid responses, seconds; undefined without one. */
export function fastestRoundTrip(
  requests: readonly Pick<RequestResult, "outcome" | "roundTripSeconds">[],
): number | undefined {
  const valid = requests.filter(({ outcome }) => outcome === "ok");
  if (valid.length === 0) return undefined;
  // Warm-ups may be a million requests: too many arguments for Math.min().
  return valid.reduce(
    (least, { roundTripSeconds }) => Math.min(least, roundTripSeconds),
    Number.POSITIVE_INFINITY,
  );
}

async function readBody(folder: string): Promise<string | undefined> {
  const [name] = (await readdir(folder).catch(() => [])).sort();
  if (name === undefined) return undefined;
  return (await readFile(join(folder, name))).subarray(0, 1_000_000).toString("utf8");
}

/** Whether the response is what the experiment calls valid. */
export const isValid = ({ request }: Probe): boolean => request.outcome === "ok";

/** What a probe showed, line by line, for a terminal. */
export function describeProbe({ request, lines, body }: Probe): readonly string[] {
  const seconds = request.roundTripSeconds.toFixed(3);
  const outcome =
    request.outcome === "ok" ? `valid, in ${seconds} s` : `${request.outcome}, after ${seconds} s`;
  // A message about the body quotes it; it follows as a line of its own.
  const message = body === undefined ? request.message : request.message?.replace(`: ${body}`, "");
  const reason = message === undefined ? [] : [`  reason: ${message}`];
  const isMissing = request.outcome !== "ok" || lines.some(({ found }) => !found);
  return [
    `response: ${outcome}`,
    ...lines.map(({ found, text }) => `  ${found ? "✓" : "✗"} ${text}`),
    ...reason,
    ...(isMissing && body !== undefined ? [`  body: ${body}`] : []),
  ].map(printable);
}

/** The error that ends a run whose first response is not valid. */
export function probeError(url: string, probe: Probe, timeoutSeconds: number): SlbenchError {
  const { request } = probe;
  const details = describeProbe(probe).slice(1).join("\n");
  const because = details === "" ? "" : `\n${details}`;
  if (request.outcome === "timeout") {
    return new SlbenchError<ToolErrorCode>(
      "RUN_FUNCTION_SLOW",
      `the function at ${url} did not respond within ${timeoutSeconds} s`,
      {
        hint: "check its log and load, or raise function.timeoutSeconds",
      },
    );
  }
  if (request.outcome === "connect-error") {
    const { reason, hint } = explainNoConnection(request.message?.replace(/^no connection(: )?/, "") ?? "");
    return new SlbenchError<ToolErrorCode>(
      "RUN_FUNCTION_UNREACHABLE",
      `the function at ${url} cannot be reached: ${reason}`,
      { hint: hint ?? startHint(url) },
    );
  }
  return new SlbenchError<ToolErrorCode>(
    "RUN_FUNCTION_FAILS",
    `the function at ${url} gave no valid response (${request.outcome})${because}`,
    {
      hint:
        request.outcome === "connection-closed"
          ? CHECK_LOG
          : (statusHint(request.status) ?? (probe.body === undefined ? CHECK_URL : COMPARE)),
    },
  );
}

const startHint = (url: string): string =>
  /\/slblur\b/.test(url)
    ? "start it (slbench serve starts the face blur on this machine), or fix function.url"
    : "start it, or fix function.url in the experiment";

const CHECK_LOG = "check the function's log";
const CHECK_URL = "check function.url and the function's log";
const COMPARE = "compare the response block of the experiment with this body";

function statusHint(status: number | undefined): string | undefined {
  const hints: Readonly<Record<number, string>> = {
    401: "check function.headers: is the token set in the environment of every worker?",
    403: "check the token in function.headers and its rights",
    404: "check the path of function.url",
    405: "check function.method",
    413: "send smaller payloads, or raise the function's limit",
    415: "check request.contentType and request.encode",
    422: "check request.body: the function does not accept its fields",
    429: "the function limits requests: wait, or raise its limit",
  };
  return status === undefined ? undefined : (hints[status] ?? (status >= 500 ? CHECK_LOG : undefined));
}
