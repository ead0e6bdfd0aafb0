import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyze, type LogInput, type ModelCell } from "@slbench/analyzer";
import { afterAll, describe, expect, it, test } from "vitest";
import { answerQuestions } from "./answer.ts";
import { readModelCells } from "./cells.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-model-cells-"));
afterAll(() => rmSync(work, { recursive: true }));

interface LocalCell {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly clients: readonly {
    readonly roundTripSeconds: readonly number[];
    readonly handlerSeconds: readonly number[];
  }[];
}
const local = JSON.parse(
  readFileSync(new URL("../../../packages/analyzer/testdata/local-run.json", import.meta.url), "utf8"),
) as readonly LocalCell[];

/** A log of that cell, as clients that print text blocks leave it. */
function toLog({ users, thinkTimeSeconds, clients }: LocalCell): LogInput {
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

const questions = {
  whatIf: [],
  limit: 25,
  seed: 1,
  replications: 40,
  train: "users<=4",
  predict: "users=6,8 think=0,1",
};

describe("readModelCells()", () => {
  it("takes a summary.json without its folder, says so, and predicts nearly the same", async () => {
    const { summary } = analyze(local.map(toLog));
    const file = join(work, "copied.json");
    writeFileSync(file, JSON.stringify(summary));
    const said: string[] = [];
    const cells = await readModelCells([file], [], (line) => said.push(line));
    expect(said.join("")).toContain("12 cells are taken by their means and errors");
    const short = answerQuestions(cells, questions);
    const whole = answerQuestions(
      local.map(
        (cell): ModelCell => ({
          ...cell,
          clients: cell.clients.map((client) => ({
            ...client,
            answeredFrames: client.roundTripSeconds.length,
          })),
        }),
      ),
      questions,
    );
    expect(short.variant).toBe(whole.variant);
    expect(short.verdict.reasons.join(" ")).toContain("Of 8 cells only the summary was there");
    for (const [index, prediction] of short.predictions.entries()) {
      const other = whole.predictions[index];
      expect(Math.abs(prediction.meanRoundTripSeconds / (other?.meanRoundTripSeconds ?? 0) - 1)).toBeLessThan(
        0.03,
      );
      const width = prediction.interval.high - prediction.interval.low;
      const otherWidth = (other?.interval.high ?? 0) - (other?.interval.low ?? 0);
      expect(width / otherWidth).toBeGreaterThan(0.5);
      expect(width / otherWidth).toBeLessThan(2);
    }
  });

  test.each([
    ["is not JSON", "{"],
    ["its schema is", '{"schema":"slbench.summary/2","cells":[]}'],
    ["it holds no cells", '{"schema":"slbench.summary/1","cells":[]}'],
  ])("refuses a summary because %s", async (problem, text) => {
    const file = join(work, "bad.json");
    writeFileSync(file, text);
    await expect(readModelCells([file], [], () => {})).rejects.toThrow(problem);
  });

  it("refuses what is neither, and nothing", async () => {
    await expect(readModelCells([work], [], () => {})).rejects.toMatchObject({ code: "FILE_NO_RESULT" });
    await expect(readModelCells([], [], () => {})).rejects.toMatchObject({ code: "MODEL_NO_INPUT" });
  });
});
