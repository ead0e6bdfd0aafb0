import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { createResponseReader } from "./http-response.ts";

interface Read {
  readonly responses: { status: number; body: string; keepAlive: boolean }[];
  readonly problem: string | undefined;
}

/** Reads the pieces in order; then the server closes. */
function readAll(pieces: readonly Buffer[]): Read {
  const responses: Read["responses"] = [];
  let head = { status: 0, keepAlive: false };
  let body = "";
  const reader = createResponseReader({
    onHead: (found) => {
      head = found;
      body = "";
    },
    onBody: (bytes) => {
      body += bytes.toString("latin1");
    },
    onEndOfBody: () => responses.push({ status: head.status, body, keepAlive: head.keepAlive }),
  });
  for (const piece of pieces) {
    const problem = reader.read(piece);
    if (problem !== undefined) return { responses, problem };
  }
  reader.end();
  return { responses, problem: undefined };
}

const cut = (text: string, places: readonly number[]) => {
  const bytes = Buffer.from(text, "latin1");
  const sorted = [
    0,
    ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
};

const chunked = (parts: readonly string[]) =>
  parts
    .filter((part) => part !== "")
    .map((part) => `${part.length.toString(16)};x=1\r\n${part}\r\n`)
    .join("");

describe("createResponseReader()", () => {
  test.each([
    ["a length", "HTTP/1.1 200 OK\r\ncontent-LENGTH:  3\r\n\r\nabc", 200, "abc", true],
    ["no reason phrase", "HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", 404, "", true],
    [
      "a length given twice",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
      200,
      "a",
      true,
    ],
    ["no body by status", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true],
    ["the close", "HTTP/1.1 200 OK\r\n\r\nabc", 200, "abc", false],
    [
      "an interim response",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
      200,
      "a",
      true,
    ],
    [
      "a switch to another protocol",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
      101,
      "",
      false,
    ],
    [
      "Connection: close",
      "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 1\r\n\r\na",
      200,
      "a",
      false,
    ],
    ["HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", 200, "a", false],
    [
      "HTTP/1.0 kept",
      "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
      200,
      "a",
      true,
    ],
    [
      "trailers",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n",
      200,
      "a",
      true,
    ],
  ])("reads a body that ends by %s", (_name, text, status, body, keepAlive) => {
    expect(readAll([Buffer.from(text)])).toEqual({
      responses: [{ status, body, keepAlive }],
      problem: undefined,
    });
  });

  test.each([
    ["another protocol", "SSH-2.0-OpenSSH\r\n\r\n"],
    ["an invalid status", "HTTP/1.1 999 No\r\n\r\n"],
    ["an invalid length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 2\r\n\r\nabc"],
    ["an invalid chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc"],
    [
      "a chunk longer than its size",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
    ],
    ["an endless head", `HTTP/1.1 200 OK\r\nX: ${"y".repeat(70_000)}`],
  ])("reports what is wrong with %s", (_name, text) => {
    const { responses, problem } = readAll([Buffer.from(text)]);
    expect(responses).toEqual([]);
    expect(problem).toBeTruthy();
  });

  it("gives no response before its end has arrived", () => {
    const whole = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    for (let end = 0; end < whole.length; end++)
      expect(readAll([Buffer.from(whole.slice(0, end))]).responses).toEqual([]);
  });

  it("reads the same responses however the bytes are split", () => {
    const body = fc.string({ unit: "binary-ascii", maxLength: 200 });
    const response = fc.oneof(
      body.map((text) => ({
        text: `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
        body: text,
      })),
      fc.array(body, { maxLength: 4 }).map((parts) => ({
        text: `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(parts)}0\r\n\r\n`,
        body: parts.join(""),
      })),
    );
    fc.assert(
      fc.property(
        fc.array(response, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (all, places) => {
          const { responses, problem } = readAll(cut(all.map(({ text }) => text).join(""), places));
          expect(problem).toBeUndefined();
          expect(responses.map((found) => found.body)).toEqual(all.map((sent) => sent.body));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("reads a second response after a large one that arrived in one piece", () => {
    const text = `HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n${"a".repeat(200_000)}`;
    const { responses, problem } = readAll([Buffer.from(text), Buffer.from(text)]);
    expect(problem).toBeUndefined();
    expect(responses.map(({ body }) => body.length)).toEqual([200_000, 200_000]);
  });
});
