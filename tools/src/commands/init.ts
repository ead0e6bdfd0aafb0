import { type Command, Option } from "commander";
import { collect } from "./collect.ts";

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
    .option("--payload <file>", "file to send to the address; of a .jsonl file, the first line")
    .option("--header <line>", "header to send, for example a token: see below (repeatable)", collect, [])
    .option("--out <dir>", "folder for the files (default: the current one)")
    .addHelpText(
      "after",
      `
Examples:
  slbench init --function python && slbench run experiment.yaml
  slbench init http://127.0.0.1:8080/classify --payload cat.jpg
  slbench init https://api.example/classify --payload cat.jpg \\
               --header 'Authorization: Bearer \${env:TOKEN}'

\${env:TOKEN} stands for the environment variable TOKEN: its value is sent, and
written nowhere.`,
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
  readonly header: readonly string[];
  readonly out?: string;
}
