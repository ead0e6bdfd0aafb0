import { type Command, Option } from "commander";

export function registerInit(program: Command): void {
  program
    .command("init [url]")
    .description("Write a commented experiment for a function, after one request to it")
    .addOption(
      new Option("--function <kind>", "write a small function that runs on this machine").choices([
        "python",
        "node",
      ]),
    )
    .option("--payload <file>", "file to send to the address")
    .option("--out <dir>", "folder for the files (default: the current one)")
    .addHelpText(
      "after",
      `
Examples:
  slbench init --function python && slbench run experiment.yaml
  slbench init http://127.0.0.1:8080/classify --payload cat.jpg`,
    )
    .action(async (url: string | undefined, options: InitFlags) => {
      const { initExperiment } = await import("../init/init.ts");
      const { files, seen } = await initExperiment({ ...options, ...(url !== undefined && { url }) });
      if (seen !== undefined) process.stderr.write(`init: ${seen}\n`);
      for (const file of files) process.stdout.write(`${file}\n`);
      process.stderr.write("init: next: slbench run experiment.yaml\n");
    });
}

interface InitFlags {
  readonly function?: "python" | "node";
  readonly payload?: string;
  readonly out?: string;
}
