import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, it } from "vitest";
import { createProgram } from "../program.ts";
import { renderCliDocs } from "./cli-docs.ts";
import { renderManPage } from "./man-page.ts";

const program = await createProgram();
const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];

it("docs/cli.md matches the command line (npm run docs writes it)", () => {
  const written = readFileSync(new URL("../../../docs/cli.md", import.meta.url), "utf8");
  expect(written).toBe(renderCliDocs(program));
});

it("tools/man/slbench.1 matches the command line (npm run docs writes it)", () => {
  const written = readFileSync(new URL("../../man/slbench.1", import.meta.url), "utf8");
  expect(written).toBe(renderManPage(program));
});

it("an option takes the same kind of value in every command", () => {
  const kinds = new Map<string, Set<string>>();
  for (const command of all(program)) {
    for (const { long, flags } of command.options) {
      const value = /[<[](.+?)[\]>]/.exec(flags)?.[1] ?? "none";
      kinds.set(long ?? flags, (kinds.get(long ?? flags) ?? new Set()).add(value));
    }
  }
  const several = [...kinds].filter(([, values]) => values.size > 1);
  // --out names a folder if the command writes many files; a search for replicas has one number of users.
  expect(several.map(([name, values]) => [name, [...values].sort()])).toEqual([
    ["--out", ["dir", "file"]],
    ["--users", ["list", "n"]],
  ]);
});

it.each(all(program).map((command) => [command.name(), command] as const))(
  "the help of %s fits 80 columns and has an example",
  (_, command) => {
    let text = "";
    command.configureOutput({
      writeOut: (part) => {
        text += part;
      },
      getOutHelpWidth: () => 80,
    });
    command.outputHelp();
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text).toMatch(/\nExamples?:\n/);
  },
);
