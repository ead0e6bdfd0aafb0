import { type Command, Option } from "commander";

interface BuildClientOptions {
  readonly compiler: "auto" | "bun" | "node";
  readonly out?: string;
}

export function registerBuildClient(program: Command): void {
  program
    .command("build-client")
    .description("Compile the virtual user into one executable file")
    .addOption(
      new Option("--compiler <name>", "bun, node (single executable application), or auto: bun if available")
        .choices(["auto", "bun", "node"])
        .default("auto"),
    )
    .option("--out <file>", "also copy it to this path, for a machine without slbench")
    .addHelpText(
      "after",
      `
Examples:
  slbench build-client
  slbench build-client --out dist/slbench-client
  scp dist/slbench-client generator-2:`,
    )
    .action(async (options: BuildClientOptions) => {
      const { copyClient, ensureClientExecutable } = await import("../setup/client.ts");
      const { stderrLog } = await import("../setup/steps.ts");
      const built = await ensureClientExecutable(stderrLog, options.compiler);
      const client = options.out === undefined ? built : await copyClient(built, options.out);
      process.stdout.write(`${client.path}\n  built with ${client.builtWith}\n  SHA-256 ${client.sha256}\n`);
    });
}
