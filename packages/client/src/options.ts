import { ClientError } from "./errors.ts";
import { parseThinkTime, type ThinkTime } from "./think-time.ts";
import { MAX_TIMER_SECONDS } from "./wait.ts";

export type Encoding = "base64" | "binary";
export type ResponseFormat = "json" | "text" | "image";

/** What one virtual user does. */
export interface ClientOptions {
  readonly url: URL;
  readonly payloadsFolder: string;
  readonly thinkTime: ThinkTime;
  /** Requests to send; starts again with the first payload if there are fewer. Absent: each payload once. */
  readonly count: number | undefined;
  readonly timeoutSeconds: number;
  readonly encoding: Encoding;
  readonly format: ResponseFormat;
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
  readonly seed: number;
}

/** One request per longest timer, 24 days, rounded up. */
const MIN_RATE = 5e-7;
/** The generator has 32 bits of state. */
const MAX_SEED = 2 ** 32 - 1;

export const HELP = `slbench-client: one virtual user that posts frames to a face-blur function

  slbench-client --url URL --frames DIR [options]

  --url URL            the function, for example http://127.0.0.1:8080/function/slblur
  --frames DIR         folder of JPEG or PNG frames, sent in the order of their names
  --count N            requests to send (default: each frame once; starts again after the last frame)
  --think-time T       seconds from a response to the next request: 1, exponential:1, uniform:0.5..1.5 (default 0)
  --rate R             open loop: R requests per second, each on schedule whether or not earlier ones have
                       finished (at most 100 in flight); the report shows how late each one started
  --timeout S          seconds to wait for a response (default 25)
  --encoding E         base64 (default) or binary
  --format F           json (default), text (older functions) or image
  --journal FILE       append one line per finished request
  --output DIR         save the blurred frames to a folder without frames; join them with:
                       slbench video DIR --out blurred.mp4
  --verify             check each response outside the timer: it must decode, have the frame's size, report faces
                       and differ inside their boxes; otherwise the outcome is wrong-answer
  --min-faces N        fewest faces that --verify accepts (default 1)
  --user NAME          name of this virtual user in the report
  --seed N             seed of drawn think times (default 1)
  --deadline S         end by itself after S seconds
  --clock              alone: print this machine's clock (epoch microseconds) for each line of standard input
  --version, --help

Example:
  slbench-client --url http://127.0.0.1:8080/function/slblur --frames frames --count 37 --think-time 1

Exit codes: 0 done (requests may have failed: see the report), 1 could not run, 2 wrong usage`;

/**
 * Parses the arguments after the program's name.
 * @returns the options, or what to print for --help and --version
 * @throws {ClientError} CLIENT_USAGE, CLIENT_BAD_URL
 */
export function parseOptions(args: readonly string[]): ClientOptions | "help" | "version" {
  const values = parseValues(args);
  if (values.help !== undefined) return "help";
  if (values.version !== undefined) return "version";
  const payloadsFolder = values.frames;
  if (payloadsFolder === undefined) throw usage("--frames is missing", "name the folder with the cut frames");
  if (values.url === undefined) throw usage("--url is missing", "give the function's address");
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
  return {
    url: parseUrl(values.url),
    payloadsFolder,
    thinkTime: parseThinkTime(values["think-time"] ?? "0"),
    count: values.count === undefined ? undefined : whole("--count", values.count, 1),
    timeoutSeconds: number("--timeout", values.timeout ?? "25", Number.MIN_VALUE, MAX_TIMER_SECONDS),
    encoding: oneOf("--encoding", values.encoding ?? "base64", ["base64", "binary"]),
    format: oneOf("--format", values.format ?? "json", ["json", "text", "image"]),
    journal: values.journal,
    output: values.output,
    verify: values.verify !== undefined,
    minFaces: whole("--min-faces", values["min-faces"] ?? "1", 0),
    user: values.user,
    deadlineSeconds: values.deadline === undefined ? undefined : number("--deadline", values.deadline, 0),
    ratePerSecond: rate,
    seed: whole("--seed", values.seed ?? "1", 0, MAX_SEED),
  };
}

const VALUES = [
  ...["url", "frames", "count", "think-time", "rate", "timeout", "encoding", "format", "journal", "output"],
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

function parseUrl(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && (url.username !== "" || url.password !== "")) {
    throw new ClientError("CLIENT_BAD_URL", "--url holds a user name or password", {
      hint: "remove them from the address",
    });
  }
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new ClientError("CLIENT_BAD_URL", `--url is "${value.replace(/\/\/.*@/, "//***@")}"`, {
    hint: "give an address such as http://127.0.0.1:8080/function/slblur",
  });
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

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw usage(`${name} is "${value}"`, `give one of ${allowed.join(", ")}`);
}

function usage(message: string, hint: string): ClientError {
  return new ClientError("CLIENT_USAGE", message, { hint, exitCode: 2 });
}
