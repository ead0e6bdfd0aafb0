import type { EncodedFrame } from "./frames.ts";
import type { AnswerFormat } from "./options.ts";
import type { FrameResult, Outcome } from "./report.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** One timed exchange: what can be said without looking into the answer. */
export interface Exchange {
  readonly startEpochMicros: number;
  readonly startMonotonicSeconds: number;
  readonly roundTripSeconds: number;
  /** Request begun to answer's head. */
  readonly waitSeconds?: number;
  /** Answer's head to its last byte. */
  readonly receiveSeconds?: number;
  readonly answer?: Answer;
  readonly failure?: { readonly outcome: Outcome; readonly message: string };
}

export interface SendOptions {
  readonly url: URL;
  readonly format: AnswerFormat;
  readonly timeoutSeconds: number;
  /** Ends the request at once; its exchange is then of no use. */
  readonly stop: AbortSignal;
}

const ACCEPT: Record<AnswerFormat, string> = {
  json: "application/json",
  text: "text/plain",
  image: "image/*",
};

/**
 * Posts one frame and reads the whole answer. The timer runs from the request's begin to the answer's
 * last byte or to the failure; nothing else happens inside it. Never throws for what the network does.
 */
export async function sendFrame(frame: EncodedFrame, options: SendOptions): Promise<Exchange> {
  const timeout = new AbortController();
  const request: RequestInit = {
    method: "POST",
    body: frame.body,
    headers: { "content-type": frame.contentType, accept: ACCEPT[options.format] },
    signal: AbortSignal.any([timeout.signal, options.stop]),
    redirect: "manual",
  };
  const startEpochMicros = Math.round((performance.timeOrigin + performance.now()) * 1000);
  const start = performance.now();
  const timer = setTimeout(() => timeout.abort(), options.timeoutSeconds * 1000);
  const begun = { startEpochMicros, startMonotonicSeconds: start / 1000 };
  let head: number | undefined;
  try {
    const response = await fetch(options.url, request);
    head = performance.now();
    const body = new Uint8Array(await response.arrayBuffer());
    const end = performance.now();
    return {
      ...begun,
      roundTripSeconds: (end - start) / 1000,
      waitSeconds: (head - start) / 1000,
      receiveSeconds: (end - head) / 1000,
      answer: { status: response.status, headers: response.headers, body },
    };
  } catch (error) {
    const roundTripSeconds = (performance.now() - start) / 1000;
    const failure = timeout.signal.aborted
      ? { outcome: "timeout" as const, message: `no whole answer within ${options.timeoutSeconds} s` }
      : { outcome: outcomeOf(error, head !== undefined), message: describe(error) };
    return { ...begun, roundTripSeconds, failure };
  } finally {
    clearTimeout(timer);
  }
}

/** Error codes of Node, Bun and Deno for a connection that never was. */
const NO_CONNECTION =
  /ECONNREFUSED|ConnectionRefused|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|FailedToOpenSocket|Unable to connect|client error \(Connect\)|tcp connect/i;

function outcomeOf(error: unknown, sawHead: boolean): Outcome {
  return !sawHead && NO_CONNECTION.test(describe(error)) ? "connect-error" : "connection-closed";
}

/** Code and message of an error and its causes, one line. */
function describe(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error && parts.length < 4; at = at.cause) {
    const code = "code" in at && typeof at.code === "string" ? `${at.code}: ` : "";
    parts.push(`${code}${at.message}`);
  }
  return (parts.join("; ") || String(error)).replaceAll(/\s+/g, " ").slice(0, 200);
}

/** Joins an exchange and what its answer says to the frame's row. Not inside any timer. */
export function frameResult(
  sequence: number,
  frame: EncodedFrame,
  format: AnswerFormat,
  exchange: Exchange,
): FrameResult {
  const { answer, failure, ...timed } = exchange;
  const base = { sequence, frame: frame.name, ...timed, sentBytes: frame.sizeBytes };
  if (answer === undefined) {
    return {
      ...base,
      outcome: failure?.outcome ?? "connection-closed",
      ...(failure && { message: failure.message }),
    };
  }
  const callId = answer.headers.get("x-call-id");
  const received = {
    ...base,
    status: answer.status,
    receivedBytes: answer.body.byteLength,
    ...(callId !== null && { callId }),
  };
  if (answer.status < 200 || answer.status > 299) {
    const said = new TextDecoder().decode(answer.body.subarray(0, 200)).replaceAll(/\s+/g, " ").trim();
    return {
      ...received,
      outcome: "http-error",
      message: `HTTP ${answer.status}${said === "" ? "" : `: ${said}`}`,
    };
  }
  const said = readAnswer(answer, format);
  if (typeof said === "string") return { ...received, outcome: "bad-response", message: said };
  return { ...received, ...said, outcome: "ok" };
}

type Said = Pick<FrameResult, "mlSeconds" | "handlerSeconds" | "faces" | "backend" | "coldStart" | "replica">;

/** What a good answer says of itself, or why it is not a good answer. */
function readAnswer(answer: Answer, format: AnswerFormat): Said | string {
  const header = (name: string) => answer.headers.get(`x-slbench-${name}`) ?? undefined;
  const numeric = (text: string | undefined) =>
    text === undefined || text === "" || !Number.isFinite(Number(text)) ? undefined : Number(text);
  const fromHeaders = {
    mlSeconds: numeric(header("ml-seconds")),
    handlerSeconds: numeric(header("total-seconds")),
    faces: numeric(header("faces")),
    backend: header("backend"),
    coldStart: header("cold-start") === undefined ? undefined : header("cold-start") === "true",
    replica: header("replica"),
  };
  if (answer.body.byteLength === 0) return "empty answer";
  if (format === "image") {
    const [first, second] = answer.body;
    const isPicture = (first === 0xff && second === 0xd8) || (first === 0x89 && second === 0x50);
    return isPicture ? known(fromHeaders) : "the answer is neither JPEG nor PNG";
  }
  const text = new TextDecoder().decode(answer.body);
  if (format === "text") {
    const mlSeconds = numeric(/Elapsed ML time: *([0-9.eE+-]+)/.exec(text)?.[1]);
    const handlerSeconds = numeric(/Total time: *([0-9.eE+-]+)/.exec(text)?.[1]);
    if (mlSeconds === undefined || handlerSeconds === undefined)
      return "no 'Elapsed ML time:' and 'Total time:' in the answer";
    return known({ ...fromHeaders, mlSeconds, handlerSeconds });
  }
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return `the answer is not JSON: ${text.slice(0, 60)}`;
  }
  if (typeof json !== "object" || json === null || typeof json.image !== "string" || json.image === "") {
    return "the answer's JSON holds no image";
  }
  return known({
    mlSeconds: typeof json.mlSeconds === "number" ? json.mlSeconds : fromHeaders.mlSeconds,
    handlerSeconds: typeof json.totalSeconds === "number" ? json.totalSeconds : fromHeaders.handlerSeconds,
    faces: Array.isArray(json.faces) ? json.faces.length : fromHeaders.faces,
    backend: typeof json.backend === "string" ? json.backend : fromHeaders.backend,
    coldStart: typeof json.coldStart === "boolean" ? json.coldStart : fromHeaders.coldStart,
    replica: typeof json.replica === "string" ? json.replica : fromHeaders.replica,
  });
}

/** Leaves out what is undefined. */
function known<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
