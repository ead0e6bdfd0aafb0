import { type ArrivalProcess, parseBursts } from "./condition.ts";
import { type ClientErrorCode, SlbenchError } from "./errors.ts";
import { parseThinkTime, type ThinkTime } from "./timing/think-time.ts";
import { MAX_TIMER_SECONDS } from "./timing/wait.ts";

/** What one virtual user does; what it sends is in the file `request`. */
export interface ClientOptions {
  /** A file with a specification `slbench.request/1`. */
  readonly request: string;
  /** A folder of files, or a text file with one payload per line. */
  readonly payloads: string | undefined;
  readonly thinkTime: ThinkTime;
  /** Requests to send; starts again with the first payload if there are fewer. Absent: each payload once. */
  readonly count: number | undefined;
  /** Instead of `count`: start no request after this many seconds. */
  readonly durationSeconds: number | undefined;
  readonly journal: string | undefined;
  readonly output: string | undefined;
  readonly user: string | undefined;
  /** Check each response's picture outside the timer. */
  readonly verify: boolean;
  /** Fewest faces that a response must report to pass the check. */
  readonly minFaces: number;
  /** Seconds after which it ends by itself. */
  readonly deadlineSeconds: number | undefined;
  /** Open loop: requests per second, started on schedule whether or not earlier ones have finished. */
  readonly ratePerSecond: number | undefined;
  readonly process: ArrivalProcess;
  readonly seed: number;
}

/** One request per longest timer, 24 days, rounded up. */
const MIN_RATE = 5e-7;
/** An open loop with a duration draws all arrivals beforehand. */
const MAX_SCHEDULED = 10_000_000;
/** The generator has 32 bits of state. */
const MAX_SEED = 2 ** 32 - 1;

export const HELP = `slbench-client: one virtual user that sends requests to an HTTP function

  slbench-client --request FILE --payloads PATH [options]

  --request FILE       what to send and how to read the response: JSON, slbench.request/1 (docs/data-formats.md)
  --payloads PATH      folder of files, sent in the order of their names, or a text file with a payload per line
  --count N            requests to send (default: each payload once; starts again after the last one)
  --duration S         instead of --count: start requests for S seconds
  --think-time T       seconds from a response to the next request: 1, exponential:1, uniform:0.5..1.5, or
                       idle:60/10: 60 s before every 10th request and none before the others (default 0)
  --rate R             open loop: R requests per second, each on schedule whether or not earlier ones have
                       finished (at most 100 in flight); the report shows how late each one started
  --process P          arrivals of the open loop: constant (default), poisson, or bursts:20/60/1: every 60 s 20
                       requests within 1 s, and Poisson arrivals for the rest of the rate
  --journal FILE       append one line per finished request
  --output DIR         save response bodies: the share response.save of them (default 1); of the preset slblur each
                       blurred frame, to join with: slbench video DIR --out blurred.mp4
  --verify             preset slblur: check each response outside the timer: it must decode, have the frame's size,
                       report faces and differ inside their boxes; otherwise the outcome is wrong-answer
  --min-faces N        fewest faces that --verify accepts (default 1)
  --user NAME          name of this virtual user in the report; users with one seed draw different numbers
  --seed N             seed of think times, arrivals, order of payloads and saved bodies (default 1)
  --deadline S         end by itself after S seconds
  --clock              alone: print this machine's clock (epoch microseconds) for each line of standard input
  --version, --help

Example:
  echo '{"schema": "slbench.request/1", "url": "http://127.0.0.1:8080/function/echo"}' > request.json
  slbench-client --request request.json --payloads files --count 37 --think-time 1

Exit codes: 0 done (requests may have failed: see the report), 1 could not run, 2 wrong usage`;

/**
 * Parses the arguments after the program's name.
 * @returns the options, or what to print for --help and --version
 * @throws {SlbenchError} CLIENT_USAGE
 */
export function parseOptions(args: readonly string[]): ClientOptions | "help" | "version" {
  const values = parseValues(args);
  if (values.help !== undefined) return "help";
  if (values.version !== undefined) return "version";
  if (values.request === undefined)
    throw usage("--request is missing", "name the file that describes the request");
  if (values.count !== undefined && values.duration !== undefined)
    throw usage("--count and --duration exclude each other", "give one of them");
  const rate = values.rate === undefined ? undefined : number("--rate", values.rate, MIN_RATE);
  if (rate !== undefined && values["think-time"] !== undefined) {
    throw usage(
      "--rate and --think-time exclude each other",
      "an open loop has a schedule, a closed loop a think time",
    );
  }
  if (rate !== undefined && values.verify !== undefined) {
    throw usage(
      "--rate and --verify exclude each other",
      "checking a response would delay the requests in flight",
    );
  }
  if (rate === undefined && values.process !== undefined)
    throw usage("--process needs --rate", "give the rate of the open loop, or leave --process out");
  const durationSeconds =
    values.duration === undefined
      ? undefined
      : number("--duration", values.duration, Number.MIN_VALUE, MAX_TIMER_SECONDS);
  if ((rate ?? 0) * (durationSeconds ?? 0) > MAX_SCHEDULED) {
    throw usage(
      `--rate and --duration make more than ${MAX_SCHEDULED} requests`,
      "give a lower rate or a shorter duration",
    );
  }
  return {
    request: values.request,
    payloads: values.payloads,
    thinkTime: parseThinkTime(values["think-time"] ?? "0"),
    count: values.count === undefined ? undefined : whole("--count", values.count, 1),
    durationSeconds,
    journal: values.journal,
    output: values.output,
    verify: values.verify !== undefined,
    minFaces: whole("--min-faces", values["min-faces"] ?? "1", 0),
    user: values.user,
    deadlineSeconds: values.deadline === undefined ? undefined : number("--deadline", values.deadline, 0),
    ratePerSecond: rate,
    process: arrivalProcess(values.process ?? "constant"),
    seed: whole("--seed", values.seed ?? "1", 0, MAX_SEED),
  };
}

const VALUES = [
  ...["request", "payloads", "count", "duration", "think-time", "rate", "process", "journal", "output"],
  ...["user", "seed", "deadline", "min-faces"],
];
const FLAGS = ["verify", "version", "help"];

/**
 * `--name value`, `--name=value` and flags, by name.
 * `parseArgs` of node:util does the same and costs a virtual user in Bun 2 ms and 2 MB.
 */
function parseValues(args: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] as string;
    const equals = argument.indexOf("=");
    const name = argument.slice(2, equals < 0 ? undefined : equals);
    const isFlag = FLAGS.includes(name);
    if (!argument.startsWith("--") || !(isFlag || VALUES.includes(name)))
      throw usage(`unknown option ${argument}`, "see slbench-client --help");
    const value = equals >= 0 ? argument.slice(equals + 1) : isFlag ? "" : args[++index];
    if (value === undefined || (isFlag && equals >= 0))
      throw usage(`--${name} ${isFlag ? "takes no value" : "needs a value"}`, "see slbench-client --help");
    values[name] = value;
  }
  return values;
}

function number(name: string, value: string, min: number, max = Number.MAX_VALUE): number {
  const parsed = Number(value);
  if (value.trim() !== "" && parsed >= min && parsed <= max) return parsed;
  const limit = max === Number.MAX_VALUE ? "" : ` up to ${max}`;
  const from = min === Number.MIN_VALUE ? "above 0" : `of at least ${min}`;
  throw usage(`${name} is "${value}"`, `give a number ${from}${limit}`);
}

function whole(name: string, value: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const parsed = Number(value);
  if (value.trim() !== "" && Number.isSafeInteger(parsed) && parsed >= min && parsed <= max) return parsed;
  const limit = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw usage(`${name} is "${value}"`, `give a whole number ${limit}`);
}

function arrivalProcess(value: string): ArrivalProcess {
  if (value === "constant" || value === "poisson" || parseBursts(value) !== undefined)
    return value as ArrivalProcess;
  throw usage(`--process is "${value}"`, "give constant, poisson or bursts:20/60/1");
}

function usage(message: string, hint: string): SlbenchError {
  return new SlbenchError<ClientErrorCode>("CLIENT_USAGE", message, { hint, exitCode: 2 });
}
