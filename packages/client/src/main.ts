import { mkdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ClientError } from "./errors.ts";
import { listFrames } from "./frames.ts";
import { type Journal, openJournal } from "./journal.ts";
import { type ClientOptions, HELP, parseOptions } from "./options.ts";
import { pictureOf } from "./picture.ts";
import { type FrameResult, REPORT_SCHEMA, type ReportHead, renderReport } from "./report.ts";
import { type FrameSink, runUser } from "./run.ts";
import { BUILD, runtimeName, VERSION } from "./version.ts";

const epochMicros = () => Math.round((performance.timeOrigin + performance.now()) * 1000);

/** Runs one virtual user and prints its report. */
async function work(options: ClientOptions): Promise<void> {
  const names = await listFrames(options.framesFolder);
  const head: ReportHead = {
    client: { version: VERSION, build: BUILD, runtime: runtimeName() },
    ...(options.user !== undefined && { user: options.user }),
    url: options.url.href,
    thinkTimeSeconds: options.thinkTime.meanSeconds,
    timeoutSeconds: options.timeoutSeconds,
    encoding: options.encoding,
    format: options.format,
    startedEpochMicros: epochMicros(),
    plannedFrames: options.count ?? names.length,
  };
  const journal = options.journal === undefined ? undefined : openJournal(options.journal, head);
  if (options.output !== undefined) mkdirSync(options.output, { recursive: true });

  const stop = new AbortController();
  let cutShort: string | undefined;
  const end = (why: string) => {
    cutShort ??= why;
    stop.abort();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => end(signal));
  const deadline =
    options.deadlineSeconds === undefined
      ? undefined
      : setTimeout(() => end("deadline"), options.deadlineSeconds * 1000);

  const done: FrameResult[] = [];
  await runUser(options, stop.signal, keepFrames(options, journal, done));
  clearTimeout(deadline);
  journal?.end(cutShort);
  await print(
    renderReport({
      schema: REPORT_SCHEMA,
      ...head,
      endedEpochMicros: epochMicros(),
      ...(cutShort !== undefined && { cutShort }),
      frames: done,
    }),
  );
}

/** Journal first, then the blurred picture: what is finished is on disk before anything else happens. */
function keepFrames(options: ClientOptions, journal: Journal | undefined, done: FrameResult[]): FrameSink {
  return async (result, answer) => {
    journal?.frame(result);
    done.push(result);
    const { output } = options;
    if (output === undefined || answer === undefined || result.outcome !== "ok") return result;
    const picture = pictureOf(answer.body, options.format);
    if (picture !== undefined) {
      const name = `${String(result.sequence).padStart(5, "0")}.${picture.extension}`;
      await writeFile(join(output, name), picture.bytes);
    }
    return result;
  };
}

function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.on("error", () => process.exit(1)); // nobody reads any more
    process.stdout.write(text, () => resolve());
  });
}

async function main(): Promise<number> {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options === "help") await print(`${HELP}\n`);
    else if (options === "version")
      await print(`slbench-client ${VERSION} (build ${BUILD}, ${runtimeName()})\n`);
    else await work(options);
    return 0;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    process.stderr.write(`slbench-client: ${error.message}\n  Next: ${error.hint}\n`);
    return error.exitCode;
  }
}

// An idle keep-alive connection must not keep a finished user alive.
process.exit(await main());
