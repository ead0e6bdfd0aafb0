import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, it } from "vitest";
import { renderCliDocs } from "./cli-docs.ts";
import { createProgram } from "./program.ts";

const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)];

it("docs/cli.md lists the commands and options that there are: npm run docs writes it again", () => {
  const written = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");
  expect(written).toBe(renderCliDocs(createProgram()));
});

it("an option that several commands have takes the same kind of value in each", () => {
  const kinds = new Map<string, Set<string>>();
  for (const command of all(createProgram())) {
    for (const { long, flags } of command.options) {
      const value = /[<[](.+?)[\]>]/.exec(flags)?.[1] ?? "none";
      kinds.set(long ?? flags, (kinds.get(long ?? flags) ?? new Set()).add(value));
    }
  }
  const several = [...kinds].filter(([, values]) => values.size > 1);
  // --out is where a command writes: a folder for many files, a file for one.
  expect(several.map(([name, values]) => [name, [...values].sort()])).toEqual([["--out", ["dir", "file"]]]);
});
