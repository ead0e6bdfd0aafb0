import type { Command } from "commander";

export function registerList(program: Command): void {
  program
    .command("list")
    .argument("[folder]", "folder that contains result folders", "results")
    .description("List result folders, newest first")
    .addHelpText("after", "\nExample:\n  slbench list results")
    .action(async (folder: string) => {
      const { runList } = await import("../list/command.ts");
      await runList(folder);
    });
}
