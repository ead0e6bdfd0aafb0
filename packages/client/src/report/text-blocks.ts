/** The three lists that older clients printed, as a Python program would. */
import type { RequestResult } from "./report.ts";

/** The three lists, in seconds. */
export interface TextBlocks {
  readonly mlSeconds: readonly number[];
  readonly handlerSeconds: readonly number[];
  /** One per sent request, failed ones included. */
  readonly roundTripSeconds: readonly number[];
}

const HEADERS = {
  mlSeconds: "Elapsed ML time in the handler:",
  handlerSeconds: "Elapsed total time in the handler:",
  roundTripSeconds: "Elapsed round trip time in the client:",
} as const;

/** ML and handler lists are quoted strings, one per successful request; round trips are numbers, one per sent request. */
export function renderTextBlocks(requests: readonly RequestResult[]): string {
  const answered = requests.filter((request) => request.outcome === "ok");
  const quoted = (values: readonly (number | undefined)[]) =>
    `[${values.flatMap((value) => (value === undefined ? [] : [`'${value}'`])).join(", ")}]`;
  return [
    `${HEADERS.mlSeconds} `,
    quoted(answered.map((request) => request.mlSeconds)),
    `${HEADERS.handlerSeconds} `,
    quoted(answered.map((request) => request.handlerSeconds)),
    `${HEADERS.roundTripSeconds} `,
    `[${requests.map((request) => request.roundTripSeconds).join(", ")}]`,
  ].join("\n");
}

/** Reads the lists among other text; undefined if it has none of them. `problems` lists what is missing or torn. */
export function parseTextBlocks(text: string, problems: string[]): TextBlocks | undefined {
  const listAfter = (header: string) => {
    const at = text.lastIndexOf(header);
    if (at >= 0) return parseList(text.slice(at + header.length), header, problems);
    problems.push(`no line "${header}"`);
    return undefined;
  };
  const mlSeconds = listAfter(HEADERS.mlSeconds);
  const handlerSeconds = listAfter(HEADERS.handlerSeconds);
  const roundTripSeconds = listAfter(HEADERS.roundTripSeconds);
  if ((mlSeconds ?? handlerSeconds ?? roundTripSeconds) === undefined) return undefined;
  return {
    mlSeconds: mlSeconds ?? [],
    handlerSeconds: handlerSeconds ?? [],
    roundTripSeconds: roundTripSeconds ?? [],
  };
}

/** The numbers of a Python list after a header. A torn last number is dropped and listed as a problem. */
function parseList(text: string, header: string, problems: string[]): number[] {
  const open = /^\s*\[/.exec(text);
  if (open === null) {
    problems.push(`no list after "${header}"`);
    return [];
  }
  const rest = text.slice(open[0].length);
  const close = rest.indexOf("]");
  const items = (close < 0 ? rest : rest.slice(0, close)).split(",");
  if (close < 0) {
    items.pop(); // the last value may be incomplete
    problems.push(`the list after "${header}" is cut after ${items.length} values`);
  }
  const numbers: number[] = [];
  for (const item of items) {
    const bare = item.trim().replace(/^(['"])(.*)\1$/, "$2");
    if (bare === "") continue;
    const value = Number(bare);
    if (Number.isFinite(value)) numbers.push(value);
    else problems.push(`"${bare.slice(0, 80)}" after "${header}" is not a number`);
  }
  return numbers;
}
