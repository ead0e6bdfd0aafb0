import { expect, it } from "vitest";
import { createProgram } from "./program.ts";

it("loads only the command that runs, and all of them for an unknown one", async () => {
  const names = async (...args: readonly string[]) =>
    (await createProgram(args)).commands.map((command) => command.name());
  expect(await names("analyze", "x.jtl")).toEqual(["analyze"]);
  expect(await names("verify")).toEqual(["verify"]);
  expect(await names("--version")).toEqual([]);
  const every = (await createProgram()).commands.map((command) => command.name());
  for (const first of ["analyse", "help", "--help", "-q", "completion"])
    expect(await names(first)).toEqual(every);
});
