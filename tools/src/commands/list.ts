import type { Command } from "commander";

export function registerList(program: Command): void {
  program
    .command("list")
    .argument("[folder]", "folder that contains result folders", "results")
    .description("List result folders, newest first")
    .option("--json", "print JSON (schema slbench.list/1)")
    .addHelpText("after", "\nExamples:\n  slbench list results\n  slbench list --json")
    .action(async (folder: string, options: { readonly json?: boolean }) => {
      const { runList } = await import("../list/command.ts");
      await runList(folder, options);
    });
}
