import type { Command } from "commander";

const marks = { ok: "ok     ", warning: "WARNING", failed: "FAILED ", unknown: "unknown" } as const;

export function registerDoctor(program: Command): void {
  program
    .command("doctor <experiment>")
    .description(
      "Look at everything that a run needs, on this machine and on every worker, and say what mends it",
    )
    .addHelpText(
      "after",
      `
Ends with a real try-out: one user per worker sends one frame to the function.

Example:
  slbench doctor examples/quick.yaml

Exit codes: 0 nothing failed, 1 something failed, 2 wrong usage`,
    )
    .action(async (file: string) => {
      const { runDoctor } = await import("../doctor/doctor.ts");
      const good = await runDoctor(file, ({ state, what, found, mend }) => {
        process.stdout.write(`${marks[state]}  ${what}: ${found}\n`);
        if (mend !== undefined) process.stdout.write(`         → ${mend}\n`);
      });
      if (!good) process.exitCode = 1;
    });
}
