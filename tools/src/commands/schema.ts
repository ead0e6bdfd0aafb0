import type { Command } from "commander";

export function registerSchema(program: Command): void {
  program
    .command("schema")
    .description("Print the JSON Schema of the experiment file, for an editor")
    .addHelpText(
      "after",
      `
Example:
  slbench schema > experiment.schema.json

An editor with the YAML language server then completes the fields of an
experiment that begins with this line, and explains them:

  # yaml-language-server: $schema=experiment.schema.json`,
    )
    .action(async () => {
      const { experimentJsonSchema } = await import("@slbench/jmeter-plans");
      process.stdout.write(`${JSON.stringify(experimentJsonSchema(), null, 2)}\n`);
    });
}
