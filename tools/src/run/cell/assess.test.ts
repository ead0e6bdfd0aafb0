import { expect, test } from "vitest";
import { assessCell } from "./assess.ts";

const time = { cpuSeconds: 3, cores: 2 };
/** A cell of one user with two requests, of a function with metrics or without. */
const codes = (metrics: object | undefined, functionTime: typeof time | undefined, state = "complete") =>
  assessCell(
    { experiment: { load: { requestsPerUser: 2 }, function: { ...(metrics && { metrics }) } } } as never,
    { name: "u01", users: 1 } as never,
    { workers: ["127.0.0.1:1"] } as never,
    { outcome: { state, problem: "" }, ...(functionTime && { functionTime }) } as never,
    {
      data: [
        {
          ...{ worker: 1, user: 1, sample: { responseCode: "0", success: true } },
          report: { requests: 2, successful: 2 },
          journal: {
            ...{ head: {}, ended: true, problems: [] },
            requests: [{ sequence: 1 }, { sequence: 2 }],
          },
        },
      ],
    } as never,
  ).warnings.map(({ code, cell }) => `${code} ${cell}`);

test.each([
  [
    "warns if the metrics did not tell the processor time",
    { url: "" },
    undefined,
    "complete",
    ["FUNCTION_TIME_UNKNOWN u01"],
  ],
  ["does not warn if they did", { url: "" }, time, "complete", []],
  ["does not warn of a function without metrics", undefined, undefined, "complete", []],
  ["does not add to what ended the cell", { url: "" }, undefined, "failed", []],
] as const)("assessCell() %s", (_, metrics, functionTime, state, expected) => {
  expect(codes(metrics, functionTime, state)).toEqual(expected);
});
