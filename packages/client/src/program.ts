import { readFileSync, statSync, writeSync } from "node:fs";
import { type ClientErrorCode, SlbenchError } from "./errors.ts";
import { chooseSocket } from "./http/choose-socket.ts";
import { createRedactor, resolveHeaders } from "./http/headers.ts";
import { createHttpClient, type HttpClient } from "./http/http-client.ts";
import { type ClientOptions, HELP, parseOptions } from "./options.ts";
import { openJournal } from "./report/journal.ts";
import { makeOutput } from "./report/output.ts";
import { printAll } from "./report/print.ts";
import { renderReport } from "./report/render-report.ts";
import {
  REPORT_SCHEMA,
  type ReportHead,
  type RequestResult,
  type UnfinishedRequest,
} from "./report/report.ts";
import { createSink } from "./report/sink.ts";
import { openPayloads } from "./request/payloads.ts";
import { createEncoder } from "./request/request.ts";
import type { FieldReader } from "./response/read-fields.ts";
import { listUnfinished, plannedRequests, runUser } from "./run.ts";
import { createResultMaker, needsFieldReader } from "./send.ts";
import { parseRequestSpec } from "./spec/check-request.ts";
import type { RequestSpec } from "./spec/request-spec.ts";
import { epochMicros } from "./timing/epoch.ts";
import { seedOf, shuffledIndices } from "./timing/schedule.ts";
import { MAX_TIMER_SECONDS } from "./timing/wait.ts";
import { BUILD, runtimeName, VERSION, versionLine } from "./version.ts";

/** Longest time from a signal or the deadline to the end, even if the output has no reader. */
const SIGNAL_GRACE_MS = 800;
const DEADLINE_GRACE_MS = 5000;

/**
 * Runs one virtual user and prints its report.
 * @returns the exit code: 0 done, 1 could not run, 2 wrong usage
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === "help") return (await printAll(`${HELP}\n`)) ? 0 : 1;
    if (options === "version") return (await printAll(`${versionLine()}\n`)) ? 0 : 1;
    return await work(options);
  } catch (error) {
    if (!(error instanceof SlbenchError)) throw error;
    notify(error);
    return error.exitCode;
  }
}

async function work(options: ClientOptions): Promise<number> {
  const startedEpochMicros = epochMicros();
  const stop = new AbortController();
  let client: HttpClient | undefined;
  let cutShort: string | undefined;
  const end = (why: string, graceMs: number) => {
    cutShort ??= why;
    stop.abort();
    client?.close();
    // Nothing may keep it alive: neither a pipe without a reader nor a disk that hangs.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), graceMs);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.on(signal, () => end(signal, SIGNAL_GRACE_MS));
  const { deadlineSeconds } = options;
  // A deadline above a timer's limit (24 days) is ignored: the timer would fire at once.
  if (deadlineSeconds !== undefined && deadlineSeconds <= MAX_TIMER_SECONDS)
    setTimeout(
      () => end("deadline", DEADLINE_GRACE_MS),
      // Node warns about negative times.
      Math.max(0, deadlineSeconds * 1000 - performance.now()),
    );

  const spec = readSpec(options);
  const { headers, secrets } = resolveHeaders(spec.headers, process.env);
  const redact = createRedactor(secrets);
  const payloads = openPayloads(spec, options.payloads ?? "");
  const { names } = payloads;
  const order =
    spec.order === "same"
      ? names.map((_, index) => index)
      : shuffledIndices(names.length, seedOf(options.seed, options.user));
  const fieldReader = await loadFieldReader(spec.response, names);
  const planned = plannedRequests({ options, order });
  const head = describe(options, spec, planned ?? 0, startedEpochMicros);
  if (options.output !== undefined)
    makeOutput(options.output, spec.payloads === "files" ? options.payloads : undefined);
  const journal = options.journal === undefined ? undefined : openJournal(options.journal, head);
  const url = new URL(spec.url);
  client = createHttpClient({
    ...{ url, openSocket: await chooseSocket(url, spec.tls), timeoutSeconds: spec.timeoutSeconds },
    stream: spec.response.stream,
  });
  const results = createResultMaker({ response: spec.response, fieldReader, redact });

  const requests: RequestResult[] = [];
  const inFlight = new Map<number, number>();
  let failure: SlbenchError | undefined;
  try {
    const { response } = spec;
    const onRequest = await createSink({ options, response, journal, requests, redact, notify });
    const encode = createEncoder({ spec, headers, user: options.user });
    await runUser({
      ...{ options, payloads, order, planned, encode, results, client },
      ...{ stop: stop.signal, inFlight, onRequest },
    });
  } catch (error) {
    // Keep the requests measured so far if a later payload cannot be read.
    if (!(error instanceof SlbenchError)) throw error;
    failure = error;
    cutShort ??= error.code;
  }
  const unfinished = listUnfinished(inFlight);
  const ending = {
    ...(cutShort !== undefined && { cutShort }),
    ...(unfinished.length > 0 && { unfinished }),
  };
  journal?.end(ending);
  requests.sort((left, right) => left.sequence - right.sequence);
  const report = renderReport({
    schema: REPORT_SCHEMA,
    ...head,
    plannedRequests: planned ?? requests.length + unfinished.length,
    endedEpochMicros: epochMicros(),
    ...ending,
    requests,
  });
  const printed = await printAll(report);
  if (unfinished.length > 0) notify(describeUnfinished(unfinished));
  const missing = results.neverFound();
  if (missing.length > 0) notify(describeMissing(missing, requests.length));
  if (failure !== undefined) notify(failure);
  return failure === undefined && printed ? 0 : 1;
}

function describeUnfinished(unfinished: readonly UnfinishedRequest[]): Notice {
  const longest = unfinished.reduce((most, { waitedSeconds }) => Math.max(most, waitedSeconds), 0);
  const requests = unfinished.length === 1 ? "1 request" : `${unfinished.length} requests`;
  return {
    message: `ended with ${requests} without a response, after up to ${longest.toFixed(1)} s`,
    hint: "the report lists them as unfinished; let it end by itself to know how long they take",
  };
}

/** Loads the reader of other functions' responses only if it is needed: it costs memory. */
async function loadFieldReader(
  spec: RequestSpec["response"],
  payloads: readonly string[],
): Promise<FieldReader | undefined> {
  if (!needsFieldReader(spec)) return undefined;
  const { createFieldReader } = await import("./response/read-fields.ts");
  const { expected: folder } = spec.valid;
  if (folder === undefined) return createFieldReader(spec);
  return createFieldReader(spec, (await import("./response/expected.ts")).openExpected(folder, payloads));
}

function describeMissing(missing: readonly string[], count: number): Notice {
  return {
    message: `no response of ${count === 1 ? "1 request" : `${count} requests`} has ${missing.join(", ")}`,
    hint: "fix these lines of response, or remove them",
  };
}

/** @throws {SlbenchError} CLIENT_BAD_REQUEST, CLIENT_USAGE */
function readSpec({ request, payloads, verify }: ClientOptions): RequestSpec {
  let text: string;
  try {
    // Opening a pipe would block signals forever.
    if (!statSync(request).isFile()) throw new Error("it is not a file");
    text = readFileSync(request, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SlbenchError<ClientErrorCode>(
      "CLIENT_BAD_REQUEST",
      `cannot read --request ${request}: ${why}`,
      {
        hint: "name a file with a request specification",
        cause,
      },
    );
  }
  const spec = parseRequestSpec(text);
  const usage = (message: string, hint: string) =>
    new SlbenchError<ClientErrorCode>("CLIENT_USAGE", message, { hint, exitCode: 2 });
  if (payloads === undefined && spec.payloads !== "none")
    throw usage(
      "--payloads is missing",
      `name the ${spec.payloads === "files" ? "folder" : "file"} with the payloads`,
    );
  if (verify && spec.response.form === undefined)
    throw usage("--verify needs response.form", "use response.valid to check other functions");
  return spec;
}

function describe(
  options: ClientOptions,
  spec: RequestSpec,
  planned: number,
  startedEpochMicros: number,
): ReportHead {
  const { thinkTime, ratePerSecond, durationSeconds } = options;
  const { form, preset = form && "slblur", stream, units } = spec.response;
  const isUneven = ratePerSecond !== undefined && options.process !== "constant";
  const isRandom = thinkTime.isDrawn || isUneven || spec.order === "per-user";
  return {
    client: { version: VERSION, build: BUILD, runtime: runtimeName() },
    ...(options.user !== undefined && { user: options.user }),
    url: new URL(spec.url).href,
    thinkTimeSeconds: thinkTime.meanSeconds,
    ...(!thinkTime.isConstant && { thinkTime: thinkTime.text }),
    ...(isRandom && { seed: options.seed }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(isUneven && { process: options.process }),
    ...(durationSeconds !== undefined && { durationSeconds }),
    timeoutSeconds: spec.timeoutSeconds,
    ...(preset !== undefined && { preset }),
    ...(form !== undefined && { form }),
    ...(stream !== undefined && { stream }),
    ...(units !== undefined && { unitsName: units.name }),
    ...(options.verify && { verified: true }),
    startedEpochMicros,
    plannedRequests: planned,
  };
}

type Notice = Pick<SlbenchError, "message" | "hint">;

/** Prints a message for a person. JMeter mixes it into the report's text; parseReport() copes with that. */
function notify({ message, hint }: Notice): void {
  // Not console.error: with FORCE_COLOR Bun colours its output, and JMeter would keep the escape codes.
  try {
    writeSync(2, `slbench-client: ${message}\n  Next: ${hint}\n`);
  } catch {
    // standard error is closed
  }
}
