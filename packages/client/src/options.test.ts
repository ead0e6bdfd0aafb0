import { describe, expect, it, test } from "vitest";
import { HELP, parseOptions } from "./options.ts";
import { createRandom } from "./random.ts";
import { parseThinkTime } from "./timing/think-time.ts";

const needed = ["--request", "request.json", "--payloads", "frames"];

describe("parseOptions()", () => {
  it("has a default for everything except the request and its payloads", () => {
    expect(parseOptions(needed)).toMatchObject({
      ...{ request: "request.json", payloads: "frames", count: undefined, durationSeconds: undefined },
      ...{ verify: false, minFaces: 1, seed: 1, ratePerSecond: undefined, process: "constant" },
      deadlineSeconds: undefined,
    });
  });

  it("takes --name value and --name=value", () => {
    const args = [
      ...needed,
      "--count=37",
      "--think-time",
      "1",
      "--deadline=2.5",
      "--verify",
      "--user",
      "w1-u1",
    ];
    expect(parseOptions(args)).toMatchObject({
      count: 37,
      deadlineSeconds: 2.5,
      verify: true,
      user: "w1-u1",
    });
  });

  it("accepts --help and --version, and the help names every option", () => {
    expect(parseOptions(["--help"])).toBe("help");
    expect(parseOptions([...needed, "--version"])).toBe("version");
    for (const name of ["rate", "journal", "output", "seed", "deadline", "min-faces", "duration", "process"])
      expect(HELP).toContain(`--${name} `);
  });

  test.each([
    ["an unknown option", ["--fames", "x"], "CLIENT_USAGE"],
    ["a word", ["x"], "CLIENT_USAGE"],
    ["no request", ["--payloads", "f"], "CLIENT_USAGE"],
    ["a count and a duration", [...needed, "--count", "1", "--duration", "1"], "CLIENT_USAGE"],
    ["a duration of 0", [...needed, "--duration", "0"], "CLIENT_USAGE"],
    ["too many requests", [...needed, "--rate", "1e6", "--duration", "1e6"], "CLIENT_USAGE"],
    [
      "bursts longer than their interval",
      [...needed, "--rate", "1", "--process", "bursts:2/5/6"],
      "CLIENT_USAGE",
    ],
    ["a process without rate", [...needed, "--process", "poisson"], "CLIENT_USAGE"],
    ["an unknown process", [...needed, "--rate", "1", "--process", "bursts"], "CLIENT_USAGE"],
    ["a missing value", [...needed, "--count"], "CLIENT_USAGE"],
    ["a value for a flag", [...needed, "--verify=yes"], "CLIENT_USAGE"],
    ["a count of 0", [...needed, "--count", "0"], "CLIENT_USAGE"],
    ["half a request", [...needed, "--count", "1.5"], "CLIENT_USAGE"],
    ["an empty number", [...needed, "--duration", ""], "CLIENT_USAGE"],
    ["a negative time", [...needed, "--deadline", "-1"], "CLIENT_USAGE"],
    ["a time above a timer's limit", [...needed, "--duration", "3000000"], "CLIENT_USAGE"],
    ["a rate below a timer's limit", [...needed, "--rate", "1e-7"], "CLIENT_USAGE"],
    ["a rate of 0", [...needed, "--rate", "0"], "CLIENT_USAGE"],
    ["a think time above a timer's limit", [...needed, "--think-time", "3000000"], "CLIENT_USAGE"],
    ["a seed with a fraction", [...needed, "--seed", "0.2"], "CLIENT_USAGE"],
    ["a seed of more than 32 bits", [...needed, "--seed", "4294967296"], "CLIENT_USAGE"],
    ["an option of earlier versions", [...needed, "--url", "http://a/"], "CLIENT_USAGE"],
    ["a rate and a think time", [...needed, "--rate", "1", "--think-time", "1"], "CLIENT_USAGE"],
    ["a rate and checks", [...needed, "--rate", "1", "--verify"], "CLIENT_USAGE"],
  ])("rejects %s", (_name, args, code) => {
    expect(() => parseOptions(args)).toThrow(expect.objectContaining({ code }));
  });

  it("exits with 2 after wrong usage", () => {
    expect(() => parseOptions([...needed, "--count", "0"])).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});

describe("parseThinkTime()", () => {
  const draw = (text: string, count: number) => {
    const random = createRandom(7);
    const { draw: next } = parseThinkTime(text);
    return Array.from({ length: count }, (_, index) => next(random, index + 1));
  };

  test.each([
    ["1.5", 1.5, 0],
    ["0", 0, 0],
    // variance of an exponential distribution: the mean squared; of a uniform one: width² / 12
    ["exponential:2", 2, 4],
    ["uniform:1..3", 2, 4 / 12],
    ["uniform:0.5..0.5", 0.5, 0],
    // 20 with probability 1 in 10
    ["idle:20/10", 2, 36],
  ])("%s has mean %d and variance %d", (text, mean, variance) => {
    const values = draw(text, 20_000);
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
    expect(parseThinkTime(text).meanSeconds).toBeCloseTo(mean, 12);
    expect(Math.abs(average - mean)).toBeLessThan(0.03 * mean + 1e-12);
    expect(Math.abs(spread - variance)).toBeLessThan(0.06 * variance + 1e-12);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  });

  it("draws the same times from the same seed, and others from another seed", () => {
    expect(draw("exponential:1", 5)).toEqual(draw("exponential:1", 5));
    const other = createRandom(8);
    expect(parseThinkTime("exponential:1").draw(other, 1)).not.toBe(draw("exponential:1", 1)[0]);
  });

  it("pauses before every n-th request only", () => {
    expect(draw("idle:60/3", 7)).toEqual([0, 0, 60, 0, 0, 60, 0]);
  });

  test.each([
    "idle:60",
    "idle:60/0",
    "",
    "-1",
    "soon",
    "exponential:",
    "exponential:0",
    "exponential:x",
    "exponential:3000000",
    "uniform:3..1",
    "uniform:1",
    "uniform:a..b",
  ])("rejects %j", (text) => {
    expect(() => parseThinkTime(text)).toThrow(expect.objectContaining({ code: "CLIENT_USAGE" }));
  });
});
