import type { Command } from "commander";
import type { Finding } from "../environment/finding.ts";

const marks = { ok: "ok     ", warning: "WARNING", failed: "FAILED ", unknown: "unknown" } as const;

export function registerDoctor(program: Command): void {
  program
    .command("doctor <experiment>")
    .description("Check everything a run needs, on this machine and on every worker, and suggest fixes")
    .option("--json", "print JSON (schema slbench.doctor/1)")
    .addHelpText(
      "after",
      `
Ends with a smoke test: one user per worker sends two requests to the function.
Their response time shows whether all users of a cell will be active together.

Example:
  slbench doctor examples/quick.yaml

Exit codes: 0 nothing failed, 1 something failed, 2 wrong usage`,
    )
    .action(async (file: string, options: { readonly json?: boolean }) => {
      const { runDoctor } = await import("../doctor/doctor.ts");
      const findings: Finding[] = [];
      const print = ({ state, what, found, fix }: Finding) => {
        process.stdout.write(`${marks[state]}  ${what}: ${found}\n`);
        if (fix !== undefined) process.stdout.write(`         → ${fix}\n`);
      };
      const good = await runDoctor(file, options.json === true ? (one) => void findings.push(one) : print);
      if (options.json === true)
        process.stdout.write(
          `${JSON.stringify({ schema: "slbench.doctor/1", good, findings }, undefined, 2)}\n`,
        );
      if (!good) process.exitCode = 1;
    });
}
