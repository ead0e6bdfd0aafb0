import { readFileSync } from "node:fs";
import type { LogInput } from "@slbench/analyzer";

export interface LocalCell {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly clients: readonly {
    readonly roundTripSeconds: readonly number[];
    readonly handlerSeconds: readonly number[];
  }[];
}
/** Measurements of the face blur on one machine. */
export const localRun = JSON.parse(
  readFileSync(new URL("../../../packages/analyzer/testdata/local-run.json", import.meta.url), "utf8"),
) as readonly LocalCell[];

/** A log of that cell, as clients that print text blocks leave it. */
export function toLog({ users, thinkTimeSeconds, clients }: LocalCell): LogInput {
  const list = (values: readonly number[], quote = "") =>
    `[${values.map((value) => quote + value + quote).join(", ")}]`;
  const samples = clients.map(
    (
      { roundTripSeconds, handlerSeconds },
      index,
    ) => `<sample t="9" ts="${1e12 + index}" s="true" lb="x" rc="0" rm="OK" tn="u 1-${index + 1}"><responseData class="java.lang.String">Elapsed ML time in the handler: 
${list(handlerSeconds, "'")}
Elapsed total time in the handler: 
${list(handlerSeconds, "'")}
Elapsed round trip time in the client: 
${list(roundTripSeconds)}
</responseData></sample>`,
  );
  return {
    ...{ users, thinkTimeSeconds, repetition: 1, source: `${users}-${thinkTimeSeconds}.xml` },
    text: `<?xml version="1.0" encoding="UTF-8"?><testResults version="1.2">${samples.join("\n")}</testResults>`,
  };
}
