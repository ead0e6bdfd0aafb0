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

it("names the command's own help after wrong usage", async () => {
  const usageError = async (...args: readonly string[]) => {
    const program = await createProgram(args);
    let text = "";
    for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)])
      command.configureOutput({ writeErr: (written) => (text += written) });
    await expect(program.parseAsync(args, { from: "user" })).rejects.toThrow();
    return text;
  };
  expect(await usageError("compare", "a")).toContain("(run slbench compare --help ");
  expect(await usageError("workers", "start")).toContain("(run slbench workers start --help ");
  expect(await usageError("inti")).toContain("(run slbench --help ");
});

it.each([
  ["run", "--metrics"],
  ["find", "--metrics"],
  ["serve", "--port"],
])("%s %s rejects what is no port", async (name, option) => {
  const args = [name, option, "99999"];
  const program = await createProgram(args);
  for (const command of program.commands) command.configureOutput({ writeErr: () => {} });
  await expect(program.parseAsync(args, { from: "user" })).rejects.toThrow("Give a port from 0 to 65535");
});
