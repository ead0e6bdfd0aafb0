/** A response's status line and headers. */
export interface ResponseHead {
  readonly status: number;
  /** A header's first value by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** All values of a header by its lower-case name, one per line. */
  readonly headerLines: (name: string) => readonly string[];
  /** May the connection serve another request? */
  readonly keepAlive: boolean;
}

export interface ResponseEvents {
  onHead(head: ResponseHead): void;
  /** `endsPiece` is false only for a chunk whose end has not arrived. */
  onBody(bytes: Buffer, endsPiece: boolean): void;
  onEndOfBody(): void;
}

export interface ResponseReader {
  /** Reads the bytes that arrived. @returns what is wrong if they are not HTTP */
  read(bytes: Buffer): string | undefined;
  /** Whether the next byte begins a response. */
  readonly isBetween: boolean;
  /** The server closed: completes a response that ends with the connection. */
  end(): void;
}

/** No function sends longer heads or chunk sizes. */
const MAX_HEAD_BYTES = 1 << 16;
/** How a head begins. */
const START = "HTTP/1.";
/** The status of a server that speaks another protocol on the connection from here on. */
const SWITCHING = 101;
/** Characters of an invalid head that the message quotes. */
const SHOWN = 20;

/** What the next byte belongs to. `body` ends after `left` bytes, `endless` with the connection. */
type State = "head" | "body" | "endless" | "chunk-size" | "chunk" | "chunk-end" | "trailer";

/**
 * Reads HTTP/1.1 responses one after the other, however their bytes are split; skips 1xx responses but 101, the last
 * one that its connection has.
 * Every search is a native one over the whole piece. A loop over bytes would start the just-in-time compilers,
 * which take most of a virtual user's memory (docs/decisions/client-transport.md).
 */
export function createResponseReader(events: ResponseEvents): ResponseReader {
  let state: State = "head";
  let left = 0;
  let held: Buffer | undefined; // the beginning of a head or line whose end has not arrived

  /** Consumes the bytes of the current state. @returns the rest, or undefined if more bytes are needed */
  const step = (bytes: Buffer): Buffer | undefined => {
    if (state === "head") {
      const begin = bytes.toString("latin1", 0, START.length);
      // Another protocol's greeting may have no end to wait for.
      if (begin !== START.slice(0, begin.length)) throw notHttp(bytes.toString("latin1", 0, SHOWN));
      const taken = until(bytes, "\r\n\r\n");
      if (taken === undefined) return undefined;
      const head = parseHead(taken.text);
      if (head.status < 200 && head.status !== SWITCHING) return taken.rest;
      events.onHead(head);
      [state, left] = framing(head);
      if (state === "body" && left === 0) whole();
      return taken.rest;
    }
    if (state === "body" || state === "chunk" || state === "endless") {
      const size = state === "endless" ? bytes.length : Math.min(left, bytes.length);
      left -= size;
      events.onBody(bytes.subarray(0, size), state !== "chunk" || left === 0);
      if (left === 0 && state === "body") whole();
      if (left === 0 && state === "chunk") state = "chunk-end";
      return bytes.subarray(size);
    }
    const taken = until(bytes, "\r\n");
    if (taken === undefined) return undefined;
    if (state === "chunk-size") {
      left = parseChunkSize(taken.text);
      state = left === 0 ? "trailer" : "chunk";
    } else if (state === "trailer") {
      if (taken.text === "") whole();
    } else if (taken.text === "") state = "chunk-size";
    else throw new SyntaxError("a chunk is longer than its size");
    return taken.rest;
  };
  const whole = () => {
    state = "head";
    events.onEndOfBody();
  };

  return {
    read(bytes) {
      let rest: Buffer | undefined = held === undefined ? bytes : Buffer.concat([held, bytes]);
      held = undefined;
      try {
        while (rest.length > 0) {
          const next = step(rest);
          if (next === undefined) {
            if (rest.length > MAX_HEAD_BYTES) return "a head without end";
            held = Buffer.from(rest);
            break;
          }
          rest = next;
        }
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return error.message;
      }
      return undefined;
    },
    get isBetween() {
      return state === "head" && held === undefined;
    },
    end() {
      if (state === "endless") whole();
    },
  };
}

/** The text before a separator and the bytes behind it. */
function until(bytes: Buffer, separator: string) {
  const at = bytes.indexOf(separator);
  if (at < 0) return undefined;
  return { text: bytes.toString("latin1", 0, at), rest: bytes.subarray(at + separator.length) };
}

function notHttp(text: string): SyntaxError {
  return new SyntaxError(`it begins with ${JSON.stringify(text.slice(0, SHOWN))}`);
}

/** @throws {SyntaxError} if the text is no HTTP/1 head */
function parseHead(text: string): ResponseHead {
  const status = Number(text.slice(9, 12));
  if (!(status >= 100 && status <= 599)) throw notHttp(text);
  const names = text.toLowerCase();
  const lineAfter = (name: string, from: number) => {
    const at = names.indexOf(`\r\n${name}:`, from);
    if (at < 0) return undefined;
    const start = at + name.length + 3;
    const end = text.indexOf("\r\n", start);
    return { start, value: text.slice(start, end < 0 ? undefined : end).trim() };
  };
  const header = (name: string) => lineAfter(name, 0)?.value;
  const headerLines = (name: string) => {
    const values: string[] = [];
    for (let line = lineAfter(name, 0); line !== undefined; line = lineAfter(name, line.start))
      values.push(line.value);
    return values;
  };
  const connection = header("connection")?.toLowerCase() ?? "";
  const asked = text.startsWith("HTTP/1.0")
    ? connection.includes("keep-alive")
    : !connection.includes("close");
  const keepAlive =
    asked && status !== SWITCHING && framing({ status, header, headerLines })[0] !== "endless";
  return { status, header, headerLines, keepAlive };
}

/** How the body ends: RFC 9112, section 6.3. */
function framing({
  status,
  header,
  headerLines,
}: Pick<ResponseHead, "status" | "header" | "headerLines">): readonly [State, number] {
  if (status === SWITCHING || status === 204 || status === 304) return ["body", 0];
  if (header("transfer-encoding")?.toLowerCase().endsWith("chunked")) return ["chunk-size", 0];
  const length = header("content-length");
  if (length === undefined) return ["endless", 0];
  if (new Set(headerLines("content-length")).size > 1) throw new SyntaxError("it has two Content-Lengths");
  const size = Number(length);
  if (length === "" || !Number.isSafeInteger(size) || size < 0)
    throw new SyntaxError(`its Content-Length is ${JSON.stringify(length.slice(0, 20))}`);
  return ["body", size];
}

function parseChunkSize(line: string): number {
  const size = Number(`0x${line.split(";", 1)[0]?.trim()}`);
  if (Number.isSafeInteger(size)) return size;
  throw new SyntaxError(`a chunk has the size ${JSON.stringify(line.slice(0, 20))}`);
}
