import { describe, expect, test } from "vitest";
import { serverTiming, timingMetrics } from "./server-timing.ts";

describe("serverTiming()", () => {
  test.each([
    ["one metric", ["model;dur=53.2"], 53.2],
    ["one of several", ["queue;dur=2, model;dur=53.2, total;dur=60"], 53.2],
    ["blanks and more parameters", ['model ; desc="face, blur; v2" ; dur = 53.2'], 53.2],
    ["a description that looks like one", ['model;desc="x;dur=5";dur=3'], 3],
    ["a quoted duration", ['model;dur="53.2"'], 53.2],
    ["a gateway's line and the function's", ["gateway;dur=1", "model;dur=53.2"], 53.2],
    ["a name that another one begins with", ["model2;dur=1, model;dur=53.2"], 53.2],
    ["the same name twice: the sum", ["model;dur=50, model;dur=3.5"], 53.5],
    ["no duration", ["model"], undefined],
    ["an empty duration", ["model;dur="], undefined],
    ["a duration that is no number", ["model;dur=fast"], undefined],
    ["another metric", ["queue;dur=2"], undefined],
    ["no header", [], undefined],
    ["an unclosed quote", ['model;dur=53.2, cache;desc="hit'], 53.2],
  ])("reads %s", (_, lines, milliseconds) => {
    expect(serverTiming(lines, "model")).toBe(milliseconds);
  });

  test("reads a long line without metrics at once", () => {
    expect(timingMetrics(`${" ,".repeat(30_000)};;`)).toEqual([]);
  });
});
