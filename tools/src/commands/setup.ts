import type { Command } from "commander";

export function registerSetup(program: Command): void {
  program
    .command("setup")
    .description("Set up what is missing: JMeter, the client executable, the native TensorFlow addon")
    .addHelpText("after", "\nExample:\n  slbench setup")
    .action(async () => {
      const { setUpAll } = await import("../environment/set-up-all.ts");
      await setUpAll();
    });
}
