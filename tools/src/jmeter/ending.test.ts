import { describe, expect, test } from "vitest";
import { checkController } from "./ending.ts";

const workers = ["10.0.0.2:8001", "10.0.0.3:8001"];
const finished = workers
  .map((worker) => `INFO o.a.j.JMeter: Finished remote host: ${worker} (1795427000)`)
  .join("\n");

describe("checkController()", () => {
  test.each([
    ["both finished, file closed", { exitCode: 143, log: finished, resultClosed: true }, true, undefined],
    [
      "exit 0, nothing finished",
      { exitCode: 0, log: "", resultClosed: false },
      false,
      /no end of test reported by/,
    ],
    [
      "one silent",
      { exitCode: 0, log: finished.split("\n")[0]!, resultClosed: true },
      false,
      /10\.0\.0\.3:8001/,
    ],
    ["not closed", { exitCode: 143, log: finished, resultClosed: false }, false, /not closed/],
    [
      "exit 0, callbacks could not listen",
      { exitCode: 0, output: "The following remote engines have not started:[10.0.0.3:8001]" },
      false,
      /10\.0\.0\.3:8001 did not start/,
    ],
    [
      "refused",
      { exitCode: 1, output: "Following remote engines could not be configured:[10.0.0.3:8001]" },
      false,
      /could not reach/,
    ],
    ["other key", { exitCode: 1, log: "PKIX path building failed: …" }, false, /different keys/],
    [
      "bad plan",
      { exitCode: 1, output: "Error in NonGUIDriver Problem loading XML from: x" },
      false,
      /the plan/,
    ],
  ] as const)("%s", (_name, evidence, complete, problem) => {
    const verdict = checkController({ output: "", log: "", resultClosed: false, workers, ...evidence });
    expect(verdict.complete).toBe(complete);
    if (problem === undefined) expect(verdict.problem).toBeUndefined();
    else expect(verdict.problem).toMatch(problem);
  });

  test("distinguishes workers if one address is a prefix of another", () => {
    const verdict = checkController({
      output: "",
      log: "Finished remote host: 10.0.0.2:80011 (1)",
      resultClosed: true,
      workers: ["10.0.0.2:8001"],
    });
    expect(verdict.unfinishedWorkers).toEqual(["10.0.0.2:8001"]);
  });
});
