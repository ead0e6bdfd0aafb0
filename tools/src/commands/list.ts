import type { Command } from "commander";

export function registerList(program: Command): void {
  program
    .command("list [folder]")
    .description("List result folders, newest first, a line each (default: results)")
    .addHelpText("after", "\nExample:\n  slbench list results")
    .action(async (folder: string | undefined) => {
      const { runList } = await import("../list/command.ts");
      await runList(folder ?? "results");
    });
}
