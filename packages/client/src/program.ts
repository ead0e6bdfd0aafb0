import { writeSync } from "node:fs";
import { chooseSocket } from "./choose-socket.ts";
import { epochMicros } from "./epoch.ts";
import { ClientError } from "./errors.ts";
import { createHttpClient, type HttpClient } from "./http-client.ts";
import { openJournal } from "./journal.ts";
import { type ClientOptions, HELP, parseOptions } from "./options.ts";
import { makeOutput } from "./output.ts";
import { listPayloads } from "./payloads.ts";
import { printAll } from "./print.ts";
import {
  REPORT_SCHEMA,
  type ReportHead,
  type RequestResult,
  renderReport,
  type UnfinishedRequest,
} from "./report.ts";
import { listUnfinished, plannedRequests, runUser } from "./run.ts";
import { createSink } from "./sink.ts";
import { BUILD, runtimeName, VERSION, versionLine } from "./version.ts";
import { MAX_TIMER_SECONDS } from "./wait.ts";

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
    if (!(error instanceof ClientError)) throw error;
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

  const names = listPayloads(options.payloadsFolder);
  const head = describe(options, plannedRequests(options, names), startedEpochMicros);
  if (options.output !== undefined) makeOutput(options.output, options.payloadsFolder);
  const journal = options.journal === undefined ? undefined : openJournal(options.journal, head);
  client = createHttpClient(options.url, await chooseSocket(options.url), options.timeoutSeconds);

  const requests: RequestResult[] = [];
  const inFlight = new Map<number, number>();
  let failure: ClientError | undefined;
  try {
    const onRequest = await createSink(options, journal, requests, notify);
    await runUser({ options, names, client, stop: stop.signal, inFlight, onRequest });
  } catch (error) {
    // Keep the requests measured so far if a later payload cannot be read.
    if (!(error instanceof ClientError)) throw error;
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
    endedEpochMicros: epochMicros(),
    ...ending,
    requests,
  });
  const printed = await printAll(report);
  if (unfinished.length > 0) notify(describeUnfinished(unfinished));
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

function describe(options: ClientOptions, planned: number, startedEpochMicros: number): ReportHead {
  return {
    client: { version: VERSION, build: BUILD, runtime: runtimeName() },
    ...(options.user !== undefined && { user: options.user }),
    url: options.url.href,
    thinkTimeSeconds: options.thinkTime.meanSeconds,
    ...(options.thinkTime.isDrawn && { thinkTime: options.thinkTime.text, seed: options.seed }),
    ...(options.ratePerSecond !== undefined && { ratePerSecond: options.ratePerSecond }),
    timeoutSeconds: options.timeoutSeconds,
    form: `slblur-${options.format}`,
    ...(options.verify && { verified: true }),
    startedEpochMicros,
    plannedRequests: planned,
  };
}

type Notice = Pick<ClientError, "message" | "hint">;

/** Prints a message for a person. JMeter mixes it into the report's text; parseReport() copes with that. */
function notify({ message, hint }: Notice): void {
  // Not console.error: with FORCE_COLOR Bun colours its output, and JMeter would keep the escape codes.
  try {
    writeSync(2, `slbench-client: ${message}\n  Next: ${hint}\n`);
  } catch {
    // standard error is closed
  }
}
