import type { Command } from "commander";

export function registerGenerate(program: Command): void {
  program
    .command("generate <experiment>")
    .description("Write one JMeter plan per cell, to inspect or to run by hand")
    .option("--out <dir>", "folder for the plans (default: plans/<experiment>)")
    .option("--check", "let JMeter load each plan; nothing runs")
    .option("--client <path>", "the client's path on the workers (default: the one compiled here)")
    .option(
      "--request <file>",
      "the request specification on the workers (default: request.json beside the plans)",
    )
    .option("--payloads <path>", "the payloads on the workers (default: those on this machine)")
    .addHelpText(
      "after",
      `
Users are the total over all workers. Tell each worker its index (the second
one: 1); without these properties it starts no user:
  jmeter-server -Jslbench.worker.count=2 -Jslbench.worker.index=0
  jmeter -n -Jmode=Standard -t plans/paper/u04-t1-r1.jmx -R 10.0.0.2,10.0.0.3
slbench run does all this for you.

Warns of conditions whose users are active together only if responses take long
enough (LOAD_NOT_REACHED).

Examples:
  slbench generate examples/paper.yaml
  slbench generate examples/paper.yaml --out /tmp/plans --check`,
    )
    .action(async (experimentFile: string, flags: GenerateFlags) => {
      const { generatePlans } = await import("../generate/generate-plans.ts");
      const made = await generatePlans({ ...flags, experimentFile });
      for (const { code, message, hint } of made.warnings)
        process.stderr.write(`generate: WARNING ${code}: ${message}\n  ${hint}\n`);
      const checked = made.checkedBy === undefined ? "" : `, each loaded by JMeter ${made.checkedBy}`;
      const plans = made.files.length === 1 ? "1 plan" : `${made.files.length} plans`;
      process.stdout.write(
        `${plans} for ${made.workers} JMeter workers together in ${made.folder}${checked}\n`,
      );
    });
}

interface GenerateFlags {
  readonly out?: string;
  readonly check?: boolean;
  readonly client?: string;
  readonly request?: string;
  readonly payloads?: string;
}
