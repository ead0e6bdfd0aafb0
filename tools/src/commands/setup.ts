import type { Command } from "commander";

export function registerSetup(program: Command): void {
  program
    .command("setup")
    .description("Install what is missing: JMeter, client executable, TensorFlow")
    .addHelpText("after", "\nExample:\n  slbench setup")
    .action(async () => {
      const { setUpAll } = await import("../environment/set-up-all.ts");
      await setUpAll();
    });
}
