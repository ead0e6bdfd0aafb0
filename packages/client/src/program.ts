import { writeSync } from "node:fs";
import { chooseSocket } from "./choose-socket.ts";
import { epochMicros } from "./epoch.ts";
import { ClientError } from "./errors.ts";
import { listFrames } from "./frames.ts";
import { createHttpClient, type HttpClient } from "./http-client.ts";
import { openJournal } from "./journal.ts";
import { type ClientOptions, HELP, parseOptions } from "./options.ts";
import { makeOutput } from "./output.ts";
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
import { LONGEST_TIMER_SECONDS } from "./wait.ts";

/** From a signal or the deadline to the end at the latest, whoever does not read our output. */
const SIGNAL_GRACE_MS = 800;
const DEADLINE_GRACE_MS = 5000;

/**
 * Runs one virtual user and prints its report.
 * @returns the exit code: 0 done, 1 could not work, 2 wrong usage
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === "help") return (await printAll(`${HELP}\n`)) ? 0 : 1;
    if (options === "version") return (await printAll(`${versionLine()}\n`)) ? 0 : 1;
    return await work(options);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    say(error);
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
    // Nothing may keep it: not a pipe that nobody reads, not a disk that does not answer.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), graceMs);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.on(signal, () => end(signal, SIGNAL_GRACE_MS));
  const { deadlineSeconds } = options;
  // Longer than any timer holds (24 days) is no deadline: the timer would fire at once.
  if (deadlineSeconds !== undefined && deadlineSeconds <= LONGEST_TIMER_SECONDS)
    setTimeout(
      () => end("deadline", DEADLINE_GRACE_MS),
      // A negative time is one that Node warns of.
      Math.max(0, deadlineSeconds * 1000 - performance.now()),
    );

  const names = listFrames(options.framesFolder);
  const head = describe(options, plannedRequests(options, names), startedEpochMicros);
  if (options.output !== undefined) makeOutput(options.output, options.framesFolder);
  const journal = options.journal === undefined ? undefined : openJournal(options.journal, head);
  client = createHttpClient(options.url, await chooseSocket(options.url), options.timeoutSeconds);

  const requests: RequestResult[] = [];
  const inFlight = new Map<number, number>();
  let failure: ClientError | undefined;
  try {
    const onRequest = await createSink(options, journal, requests, say);
    await runUser({ options, names, client, stop: stop.signal, inFlight, onRequest });
  } catch (error) {
    // What is measured is not thrown away because a later request cannot be read.
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
  if (unfinished.length > 0) say(describeUnfinished(unfinished));
  if (failure !== undefined) say(failure);
  return failure === undefined && printed ? 0 : 1;
}

function describeUnfinished(unfinished: readonly UnfinishedRequest[]): Saying {
  const longest = unfinished.reduce((most, { waitedSeconds }) => Math.max(most, waitedSeconds), 0);
  const requests = unfinished.length === 1 ? "1 request" : `${unfinished.length} requests`;
  return {
    message: `ended with ${requests} unanswered, after up to ${longest.toFixed(1)} s`,
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
    encoding: options.encoding,
    format: options.format,
    ...(options.verify && { verified: true }),
    startedEpochMicros,
    plannedRequests: planned,
  };
}

type Saying = Pick<ClientError, "message" | "hint">;

/** A clear sentence for a person; JMeter joins it to the report, which is found all the same. */
function say({ message, hint }: Saying): void {
  // Not console.error: Bun paints that red where FORCE_COLOR is set, and JMeter would keep the paint.
  try {
    writeSync(2, `slbench-client: ${message}\n  Next: ${hint}\n`);
  } catch {
    // nobody reads
  }
}
