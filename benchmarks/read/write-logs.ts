import { closeSync, openSync, writeSync } from "node:fs";
import { createRandom } from "@slbench/client/random";
import { REPORT_SCHEMA, type RequestResult, renderReport } from "@slbench/client/report";

const FLUSH = 1 << 22;

/** Writes pieces to a file as they come; many at a time, one write each would take minutes. */
function writePieces(path: string, pieces: Iterable<string>): void {
  const file = openSync(path, "w");
  let text = "";
  for (const piece of pieces) {
    text += piece;
    if (text.length < FLUSH) continue;
    writeSync(file, text);
    text = "";
  }
  writeSync(file, text);
  closeSync(file);
}

/** One is quoted because of its comma, as JMeter does. */
const LABELS = [
  "GET /",
  "GET /items/{id}",
  "POST /function/slblur",
  '"GET /items?sort=price,name"',
  "DELETE /items/{id}",
];
const HEADER =
  "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n";

/** A CSV log as JMeter's defaults have it, about 135 bytes a row: five labels, 50 threads, 1 % failures; `quoted`: every field. */
export function writeCsv(path: string, rows: number, { seed = 1, quoted = false } = {}): void {
  const random = createRandom(seed);
  function* lines() {
    yield HEADER;
    for (let row = 0; row < rows; row++) {
      const elapsed = 5 + Math.round(-200 * Math.log(1 - random()));
      const ok = random() < 0.99;
      const thread = 1 + Math.floor(random() * 50);
      yield `${1_700_000_000_000 + 4 * row},${elapsed},${LABELS[Math.floor(random() * LABELS.length)]},${ok ? "200,OK" : "500,Internal Server Error"},Thread Group 1-${thread},text,${ok},,${Math.floor(random() * 5000)},120,50,50,http://shop.example.com:8080/items/${row % 1000},${elapsed - 2},0,1\n`;
    }
  }
  writePieces(path, quoted ? quotedRows(lines()) : lines());
}

/** As JMeter writes fields that hold a delimiter; here all of them. */
function* quotedRows(lines: Iterable<string>) {
  // Commas within quotes divide no fields.
  const comma = /,(?=(?:[^"]*"[^"]*")*[^"]*$)/;
  for (const line of lines)
    yield `${line
      .trimEnd()
      .split(comma)
      .map((field) => (field.startsWith('"') ? field : `"${field}"`))
      .join(",")}\n`;
}

const escaped = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");

function* xmlOf(count: number, dataOf: (index: number) => string, code: string) {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<testResults version="1.2">\n';
  for (let index = 0; index < count; index++) {
    yield `<sample t="${(index * 7919) % 1000}" it="0" lt="3" ct="0" ts="${1_700_000_000_000 + index}" s="true" lb="GET /" rc="${code}" rm="OK" tn="Users 1-${index % 50}" dt="text" by="4000" sby="120" ng="50" na="50">\n  <responseData class="java.lang.String">${dataOf(index)}</responseData>\n  <java.net.URL>http://127.0.0.1/</java.net.URL>\n</sample>\n`;
  }
  yield "</testResults>\n";
}

/** An XML log whose samples carry an HTML page of about so many bytes each. */
export function writeXml(path: string, samples: number, dataBytes: number): void {
  const line = escaped('<p class="x">Lorem ipsum dolor sit amet, consectetur adipiscing elit</p>\n');
  const page = line.repeat(Math.max(1, Math.round(dataBytes / line.length)));
  writePieces(
    path,
    xmlOf(samples, () => page, "200"),
  );
}

export const REQUESTS_PER_USER = 37;

/** An XML log of slbench's own clients, 37 requests each; times in whole microseconds, as client and function write them. */
export function writeReports(path: string, clients: number): void {
  const random = createRandom(1);
  const digits = () => Math.floor(random() * 1e12).toString();
  const seconds = (least: number, most: number) =>
    Math.round((least + random() * (most - least)) * 1e6) / 1e6;
  const request = (client: number, sequence: number): RequestResult => ({
    sequence,
    payload: `request-${sequence}.jpg`,
    startEpochMicros: 1_700_000_000_000_000 + client * 4_000 + Math.round((sequence + random() / 2) * 1e6),
    startMonotonicSeconds: seconds(sequence, sequence + 0.5),
    roundTripSeconds: seconds(0.5, 1.5),
    connectSeconds: seconds(0, 0.001),
    sendSeconds: seconds(0, 0.002),
    waitSeconds: seconds(0.4, 0.5),
    receiveSeconds: seconds(0, 0.003),
    status: 200,
    sentBytes: 190_000,
    receivedBytes: 190_000,
    handlerSeconds: seconds(0.3, 0.4),
    mlSeconds: seconds(0.2, 0.3),
    faces: 2,
    backend: "native",
    coldStart: false,
    replica: "replica-1",
    callId: `0b1c2d3e-0000-4000-8000-${digits().padStart(12, "0")}`,
    outcome: "ok",
  });
  const dataOf = (index: number) =>
    escaped(
      renderReport({
        schema: REPORT_SCHEMA,
        client: { version: "0.1.0", build: "benchmark", runtime: "bun" },
        user: `127.0.0.1:8101-${index}`,
        url: "http://127.0.0.1:8080/function/slblur",
        thinkTimeSeconds: 0,
        timeoutSeconds: 25,
        form: "slblur-json",
        startedEpochMicros: 1,
        endedEpochMicros: 2,
        plannedRequests: REQUESTS_PER_USER,
        requests: Array.from({ length: REQUESTS_PER_USER }, (_, at) => request(index, at + 1)),
      }),
    );
  writePieces(path, xmlOf(clients, dataOf, "0"));
}
