import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createProgram } from "../program.ts";
import { renderCompletion } from "./completion.ts";

const program = await createProgram();

/** What bash offers for a line that ends with the given words. */
function complete(...words: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "slbench-completion-"));
  try {
    const script = join(folder, "slbench.bash");
    writeFileSync(script, renderCompletion(program, "bash"));
    writeFileSync(join(folder, "log.jtl"), "");
    const text = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _slbench; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const output = execFileSync("bash", ["-c", text, script, "slbench", ...words], {
      cwd: folder,
      encoding: "utf8",
    });
    return output.split("\n").filter((line) => line !== "" && line !== "slbench.bash");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it.each([
  [["an"], ["analyze"]],
  [
    ["workers", "st"],
    ["start", "stop", "status"],
  ],
  [["run", "--conf"], ["--confidence"]],
  [
    ["analyze", "--plots", ""],
    ["png", "svg", "pdf"],
  ],
  [["completion", "--"], ["--help"]],
  [
    ["completion", ""],
    ["bash", "zsh", "fish"],
  ],
  [
    ["workers", ""],
    ["start", "stop", "status", "collect"],
  ],
  [["analyze", "log"], ["log.jtl"]],
])("bash completes slbench %s", (words, offered) => {
  expect(new Set(complete(...words))).toEqual(new Set(offered.filter((one) => one !== "--help")));
});

it("names every command and option for fish", () => {
  const script = renderCompletion(program, "fish");
  for (const command of program.commands) expect(script).toContain(`-a ${command.name()} `);
  expect(script).toContain("-l threshold -r");
  expect(script).toContain("-f -a 'bash zsh fish'");
  expect(script).toContain("-l plots -xa 'png svg pdf'");
});
