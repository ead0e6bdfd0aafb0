import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "./shell-word.ts";

test.each(["results/quick-20260101-120000", "my results/it's $HOME", "", "a\nb", "*"])(
  "a shell takes %j for one word",
  (word) => {
    const line = `printf %s ${shellWord(word)}; set -- ${shellWord(word)}; printf %s $#`;
    expect(execFileSync("sh", ["-c", line], { encoding: "utf8" })).toBe(`${word}1`);
  },
);

test("leaves plain paths as they are", () => {
  expect(shellWord("results/quick-20260101-120000")).toBe("results/quick-20260101-120000");
});
