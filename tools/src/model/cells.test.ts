import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { analyze, answerQuestions, type ModelCell } from "@slbench/analyzer";
import { afterAll, describe, expect, it, test } from "vitest";
import { localRun as local, toLog } from "../testing/local-run.ts";
import { readModelCells } from "./cells.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "slbench-model-cells-"));
afterAll(() => rmSync(work, { recursive: true }));

const questions = {
  whatIf: [],
  timeout: 25,
  seed: 1,
  replications: 40,
  train: "users<=4",
  predict: "users=6,8 think=0,1",
};

describe("readModelCells()", () => {
  it("takes the clients' own time limit, which the model uses unless --timeout is given", async () => {
    const run = (timeoutSeconds: number) => ({
      ...{ schema: "slbench.client-report/2", client: { version: "1", build: "a", runtime: "b" } },
      ...{ url: "http://a/", thinkTimeSeconds: 0, timeoutSeconds, plannedRequests: 3 },
      ...{ startedEpochMicros: 1e15, endedEpochMicros: 1e15 + 4e6 },
      requests: [1, 2, 3].map((sequence) => ({
        ...{ sequence, payload: "a", outcome: "ok", status: 200, sentBytes: 1, roundTripSeconds: 1 },
        ...{ startEpochMicros: 1e15 + 1e6 * sequence, startMonotonicSeconds: sequence },
      })),
    });
    const files = [20, 30].map((limit, index) => {
      const file = join(work, `limit-${limit}.xml`);
      const data = JSON.stringify(run(limit)).replaceAll('"', "&quot;");
      writeFileSync(
        file,
        `<testResults version="1.2"><sample t="9" ts="${1e12}" s="true" lb="x" rc="0" rm="OK" tn="u 1-${index + 1}"><responseData class="java.lang.String">${data}</responseData></sample></testResults>`,
      );
      return `users=${index + 1},think=0,path=${file}`;
    });
    const cells = await readModelCells([], files, () => {});
    expect(cells.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([20, 30]);
    const text = spawnSync(process.execPath, [
      ...["--conditions=@slbench/source", "--disable-warning=ExperimentalWarning"],
      ...[main, "model", "--json", ...files.flatMap((file) => ["--cell", file])],
    ]).stdout.toString("utf8");
    expect(JSON.parse(text).timeoutSeconds).toBe(30);
  });

  it("accepts a summary.json without its folder, and predicts nearly the same", async () => {
    const { summary } = analyze(local.map(toLog));
    const file = join(work, "copied.json");
    writeFileSync(file, JSON.stringify(summary));
    const said: string[] = [];
    const cells = await readModelCells([file], [], (line) => said.push(line));
    expect(said.join("")).toContain("the model uses means and standard errors of its 12 cells");
    const short = answerQuestions(cells, questions);
    const whole = answerQuestions(
      local.map(
        (cell): ModelCell => ({
          ...cell,
          clients: cell.clients.map((client) => ({
            ...client,
            successfulRequests: client.roundTripSeconds.length,
          })),
        }),
      ),
      questions,
    );
    expect(short.parameters.discipline).toBe(whole.parameters.discipline);
    expect(short.verdict.reasons.join(" ")).toContain("Only the summary of 8 cells was available");
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
    ['its schema is "slbench.summary/1"', '{"schema":"slbench.summary/1","cells":[]}'],
    ["it contains no cells", '{"schema":"slbench.summary/2","cells":[]}'],
  ])("rejects a summary: %s", async (problem, text) => {
    const file = join(work, "bad.json");
    writeFileSync(file, text);
    await expect(readModelCells([file], [], () => {})).rejects.toThrow(problem);
  });

  const lean = (change: object = {}) => {
    const cell = (users: number) => ({
      ...{ users, thinkTimeSeconds: 0, requests: { sent: 40, successful: 40, failed: 0 } },
      roundTripSeconds: { mean: users < 3 ? 1 : users / 2, stdev: 0.1 },
    });
    return JSON.stringify({
      schema: "slbench.summary/2",
      cells: [{ ...cell(1), ...change }, ...[2, 3, 4, 6].map(cell)],
    });
  };

  it("accepts a summary with round trips only", async () => {
    const file = join(work, "lean.json");
    writeFileSync(file, lean());
    const cells = await readModelCells([file], [], () => {});
    const { predictions } = answerQuestions(cells, { whatIf: [], timeout: 25, seed: 1, predict: "users=8" });
    expect(Math.abs((predictions[0]?.meanRoundTripSeconds ?? 0) / 4 - 1)).toBeLessThan(0.05);
  });

  test.each([
    ["users is -1; give a whole number, 1 or more", { users: -1 }],
    ['users is "1"', { users: "1" }],
    ["thinkTimeSeconds is null; give seconds", { thinkTimeSeconds: null }],
    ["requests.sent is missing", { requests: undefined }],
    [
      "requests.successful and requests.failed are 40 and 3",
      { requests: { sent: 40, successful: 40, failed: 3 } },
    ],
    ["roundTripSeconds.mean is 0; give seconds above 0", { roundTripSeconds: { mean: 0, stdev: 0 } }],
    ["roundTripSeconds.mean is null", { roundTripSeconds: { mean: null, stdev: 0 } }],
    ["roundTripSeconds.mean is 1e-300", { roundTripSeconds: { mean: 1e-300, stdev: 0 } }],
    ["roundTripSeconds.stdev is 1e+200", { roundTripSeconds: { mean: 1, stdev: 1e200 } }],
    [
      "successfulRoundTripSeconds.stdev is 1001",
      { successfulRoundTripSeconds: { count: 40, mean: 1, stdev: 1001 } },
    ],
    ['handlerSeconds.mean is "3"', { handlerSeconds: { mean: "3" } }],
  ])("names file, cell and field: %s", async (problem, change) => {
    const file = join(work, "bad-cell.json");
    writeFileSync(file, lean(change));
    const reading = readModelCells([file], [], () => {});
    await expect(reading).rejects.toMatchObject({ code: "FILE_BAD_SUMMARY", exitCode: 2 });
    await expect(reading).rejects.toThrow(problem);
    await expect(reading).rejects.toThrow(`${file}: cell 1 of 5`);
  });

  it("leaves out open loops, and says so", async () => {
    const file = join(work, "open.json");
    writeFileSync(file, lean({ ratePerSecond: 2.5 }));
    const said: string[] = [];
    const cells = await readModelCells([file], [], (line) => said.push(line));
    expect(cells.map(({ users }) => users)).toEqual([2, 3, 4, 6]);
    expect(said.join("")).toContain("1 cell of open loops left out");
    const all = JSON.parse(lean());
    for (const cell of all.cells) cell.ratePerSecond = 1;
    writeFileSync(file, JSON.stringify(all));
    const reading = readModelCells([file], [], () => {});
    await expect(reading).rejects.toMatchObject({ code: "MODEL_NO_CELLS", exitCode: 1 });
    await expect(reading).rejects.toThrow("all cells (5) are open loops");
  });

  it("rejects means in different units", async () => {
    const file = join(work, "units.json");
    writeFileSync(file, lean({ roundTripSeconds: { mean: 2e-6, stdev: 0 } }));
    await expect(readModelCells([file], [], () => {})).rejects.toThrow("run from 0.000002 to 3 s");
  });

  it("accepts any standard deviation and error without an unexpected error", async () => {
    const file = join(work, "wide.json");
    writeFileSync(
      file,
      lean({
        roundTripSeconds: { mean: 1, stdev: 900 },
        roundTripInterval: { low: 0, high: 1e300 },
      }),
    );
    const cells = await readModelCells([file], [], () => {});
    const answer = answerQuestions(cells, { whatIf: [], timeout: 25, seed: 1, predict: "users=1,8" });
    for (const { interval } of answer.predictions) {
      expect(Number.isFinite(interval.low)).toBe(true);
      expect(Number.isFinite(interval.high)).toBe(true);
    }
  });

  test.each([
    ['"x", not a list', '"x"'],
    ["cell 2 of 2: is null", JSON.stringify([JSON.parse(lean()).cells[0], null])],
  ])("rejects cells that are %s", async (problem, cells) => {
    const file = join(work, "bad-cells.json");
    writeFileSync(file, `{"schema":"slbench.summary/2","cells":${cells}}`);
    await expect(readModelCells([file], [], () => {})).rejects.toThrow(problem);
  });

  const head = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success";
  const logOf = (name: string, rows: readonly string[]) => {
    const path = join(work, name);
    writeFileSync(path, `${[head, ...rows].join("\n")}\n`);
    return `users=2,think=0,path=${path}`;
  };

  it("treats each sample of an HTTP log as a request of its thread", async () => {
    const said: string[] = [];
    const rows = [500, 510, 520, 530].map(
      (ms, row) => `${1e12 + row},${ms},HTTP,200,OK,tg 1-${1 + (row % 2)},true`,
    );
    const cells = await readModelCells([], [logOf("http.csv", rows)], (line) => said.push(line));
    expect(cells).toEqual([
      {
        ...{ users: 2, thinkTimeSeconds: 0 },
        clients: [
          { roundTripSeconds: [0.5, 0.52], successful: [true, true], successfulRequests: 2, repetition: 1 },
          { roundTripSeconds: [0.51, 0.53], successful: [true, true], successfulRequests: 2, repetition: 1 },
        ],
      },
    ]);
    expect(said.join("")).toContain("no clients' reports in 1 log: each sample counts as a request");
  });

  it("excludes requests that failed at once from the demand, and reports their number", async () => {
    const labels = [1, 2, 3, 4].map((users) => {
      const rows = Array.from({ length: 20 * users }, (_, row) => {
        const isFailed = row % 5 === 0;
        const thread = `tg 1-${1 + (row % users)}`;
        const ms = isFailed ? 5 : 500 * Math.max(1, users / 2) + (row % 3);
        return `${1e12 + row},${ms},HTTP,${isFailed ? 504 : 200},x,${thread},${!isFailed}`;
      });
      return logOf(`quick-${users}.csv`, rows).replace("users=2", `users=${users}`);
    });
    const cells = await readModelCells([], labels, () => {});
    const answer = answerQuestions(cells, { ...questions, replications: 8 });
    expect(answer.parameters.demandSeconds).toBeCloseTo(0.5, 1);
    expect(answer.verdict.level).not.toBe("trust");
    expect(answer.verdict.reasons.join(" ")).toContain(
      "40 of 200 requests failed for another reason than the time limit.",
    );
  });

  test.each([
    ["process samples without their reports", ["1,9000,OS Process Sampler,0,OK,tg 1-1,true"]],
    ["requests of 2 labels", ["1,90,one,200,OK,tg 1-1,true", "2,90,two,200,OK,tg 1-1,true"]],
  ])("rejects a log of %s", async (problem, rows) => {
    const reading = readModelCells([], [logOf("other.csv", rows)], () => {});
    await expect(reading).rejects.toMatchObject({ code: "MODEL_NO_REPORTS" });
    await expect(reading).rejects.toThrow(problem);
  });

  it("rejects other inputs and no input", async () => {
    await expect(readModelCells([work], [], () => {})).rejects.toMatchObject({ code: "FILE_NO_RESULT" });
    await expect(readModelCells([], [], () => {})).rejects.toMatchObject({ code: "MODEL_NO_INPUT" });
  });
});
