import { ClientError } from "./errors.ts";
import { parseThinkTime, type ThinkTime } from "./think-time.ts";
import { LONGEST_TIMER_SECONDS } from "./wait.ts";

export type Encoding = "base64" | "binary";
export type AnswerFormat = "json" | "text" | "image";

/** What one virtual user is asked to do. */
export interface ClientOptions {
  readonly url: URL;
  readonly framesFolder: string;
  readonly thinkTime: ThinkTime;
  /** Frames to send; the folder is gone through again when it has fewer. Absent: each frame once. */
  readonly count: number | undefined;
  readonly timeoutSeconds: number;
  readonly encoding: Encoding;
  readonly format: AnswerFormat;
  readonly journal: string | undefined;
  readonly output: string | undefined;
  readonly user: string | undefined;
  /** Check each answer's picture, outside the timer. */
  readonly verify: boolean;
  /** Faces that an answer must report at least, to pass the check. */
  readonly leastFaces: number;
  /** Seconds of life after which it ends by itself. */
  readonly deadlineSeconds: number | undefined;
  /** Open loop: requests per second, started on schedule whatever the answers do. */
  readonly ratePerSecond: number | undefined;
  readonly seed: number;
}

/** One request in the longest time that is waited for, rounded up: 24 days. */
const MIN_RATE = 5e-7;
/** The generator has 32 bits of state. */
const MAX_SEED = 2 ** 32 - 1;

export const HELP = `slbench-client: one virtual user that posts frames to a face-blur function

  slbench-client --url URL --frames DIR [options]

  --url URL            the function, for example http://127.0.0.1:8080/function/slblur
  --frames DIR         folder of JPEG or PNG frames, sent in the order of their names
  --count N            frames to send (default: each once; more than there are goes round again)
  --think-time T       seconds from an answer to the next frame: 1, exponential:1, uniform:0.5..1.5 (default 0)
  --rate R             open loop: R frames per second, each on schedule whether or not the ones before are
                       answered (100 in flight at most); the report says how late each one began
  --timeout S          seconds to wait for an answer (default 25)
  --encoding E         base64 (default) or binary
  --format F           json (default), text (older functions) or image
  --journal FILE       append one line per finished frame
  --output DIR         keep the blurred frames in a folder without any: slbench video DIR --out blurred.mp4 joins them
  --verify             check each answer outside the timer: it decodes, has the frame's size, reports faces and
                       changed the pixels inside their boxes; else its outcome is wrong-answer
  --least-faces N      faces that --verify wants in each answer (default 1)
  --user NAME          name of this virtual user in the report
  --seed N             seed of drawn think times (default 1)
  --deadline S         end by itself after S seconds
  --clock              alone: answer each line of standard input with this machine's clock, epoch microseconds
  --version, --help

Example:
  slbench-client --url http://127.0.0.1:8080/function/slblur --frames frames --count 37 --think-time 1

Exit codes: 0 done (frames may have failed: see the report), 1 could not work, 2 wrong usage`;

/**
 * Parses the arguments after the program's name.
 * @returns the options, or what to print for --help and --version
 * @throws {ClientError} CLIENT_USAGE, CLIENT_BAD_URL
 */
export function parseOptions(args: readonly string[]): ClientOptions | "help" | "version" {
  const values = parseValues(args);
  if (values.help !== undefined) return "help";
  if (values.version !== undefined) return "version";
  const framesFolder = values.frames;
  if (framesFolder === undefined) throw usage("--frames is missing", "name the folder with the cut frames");
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
      "checking one answer would hold up the timers of those in flight",
    );
  }
  return {
    url: parseUrl(values.url),
    framesFolder,
    thinkTime: parseThinkTime(values["think-time"] ?? "0"),
    count: values.count === undefined ? undefined : whole("--count", values.count, 1),
    timeoutSeconds: number("--timeout", values.timeout ?? "25", Number.MIN_VALUE, LONGEST_TIMER_SECONDS),
    encoding: oneOf("--encoding", values.encoding ?? "base64", ["base64", "binary"]),
    format: oneOf("--format", values.format ?? "json", ["json", "text", "image"]),
    journal: values.journal,
    output: values.output,
    verify: values.verify !== undefined,
    leastFaces: whole("--least-faces", values["least-faces"] ?? "1", 0),
    user: values.user,
    deadlineSeconds: values.deadline === undefined ? undefined : number("--deadline", values.deadline, 0),
    ratePerSecond: rate,
    seed: whole("--seed", values.seed ?? "1", 0, MAX_SEED),
  };
}

const VALUES = [
  ...["url", "frames", "count", "think-time", "rate", "timeout", "encoding", "format", "journal", "output"],
  ...["user", "seed", "deadline", "least-faces"],
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
      throw usage(`${argument} is no option`, "slbench-client --help lists them");
    const value = equals >= 0 ? argument.slice(equals + 1) : isFlag ? "" : args[++index];
    if (value === undefined || (isFlag && equals >= 0))
      throw usage(
        `--${name} ${isFlag ? "takes no value" : "needs a value"}`,
        "slbench-client --help shows how",
      );
    values[name] = value;
  }
  return values;
}

function parseUrl(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && (url.username !== "" || url.password !== "")) {
    throw new ClientError("CLIENT_BAD_URL", "--url holds a user name or password", {
      hint: "functions are open: leave it out",
    });
  }
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new ClientError("CLIENT_BAD_URL", `--url is "${value.replace(/\/\/.*@/, "//***@")}"`, {
    hint: "give an address such as http://127.0.0.1:8080/function/slblur",
  });
}

function number(name: string, value: string, least: number, most = Number.MAX_VALUE): number {
  const parsed = Number(value);
  if (value.trim() !== "" && parsed >= least && parsed <= most) return parsed;
  const limit = most === Number.MAX_VALUE ? "" : ` up to ${most}`;
  const from = least === Number.MIN_VALUE ? "above 0" : `from ${least} on`;
  throw usage(`${name} is "${value}"`, `give a number ${from}${limit}`);
}

function whole(name: string, value: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const parsed = Number(value);
  if (value.trim() !== "" && Number.isSafeInteger(parsed) && parsed >= least && parsed <= most) return parsed;
  const limit = most === Number.MAX_SAFE_INTEGER ? "on" : `to ${most}`;
  throw usage(`${name} is "${value}"`, `give a whole number from ${least} ${limit}`);
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw usage(`${name} is "${value}"`, `give one of ${allowed.join(", ")}`);
}

function usage(message: string, hint: string): ClientError {
  return new ClientError("CLIENT_USAGE", message, { hint, exitCode: 2 });
}
