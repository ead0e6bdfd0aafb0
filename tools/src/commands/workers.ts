import type { Command } from "commander";

interface WorkersFlags {
  readonly hosts?: string;
  readonly sshConfig?: string;
}

export function registerWorkers(program: Command): void {
  const workers = program
    .command("workers")
    .description("Manage the experiment's workers on other machines through ssh")
    .addHelpText(
      "after",
      "\nExample:\n  slbench workers status examples/remote.yaml \\\n    --hosts me@10.0.0.2,me@10.0.0.3",
    );
  const actions = {
    start: "Copy the bundle if needed, start the workers and wait until they are ready",
    stop: "Stop the workers and their clients",
    status: "Show which workers are running",
  } as const;
  for (const [action, description] of Object.entries(actions)) {
    workers
      .command(`${action} <experiment>`)
      .description(description)
      .option("--hosts <list>", "ssh targets in the order of remoteHosts (default: remoteHosts)")
      .option("--ssh-config <file>", "ssh configuration file (ssh -F)")
      .addHelpText(
        "after",
        `\nExample:\n  slbench workers ${action} examples/remote.yaml \\\n    --hosts me@10.0.0.2,me@10.0.0.3`,
      )
      .exitOverride()
      .action(async (experimentFile: string, flags: WorkersFlags) => {
        const { runWorkers } = await import("../workers/manage-workers.ts");
        const complete = await runWorkers(action as keyof typeof actions, experimentFile, toOptions(flags));
        if (!complete) process.exitCode = 1;
      });
  }
  workers
    .command("collect <result>")
    .description("Fetch journals and response bodies that a run left on lost workers")
    .option("--hosts <list>", "ssh targets in the order of remoteHosts (default: as started)")
    .option("--ssh-config <file>", "ssh configuration file (ssh -F)")
    .addHelpText(
      "after",
      `
Completes the cells of the result. Journals and saved response bodies are
deleted from a worker only after they were fetched completely.

Example:
  slbench workers collect results/remote-20260101-120000

Exit codes:
  0 fetched everything, 3 some workers are still unreachable`,
    )
    .exitOverride()
    .action(async (result: string, flags: WorkersFlags) => {
      const { runCollect } = await import("../workers/manage-workers.ts");
      const complete = await runCollect(result, toOptions(flags));
      if (!complete) process.exitCode = 3;
    });
}

const toOptions = ({ hosts, sshConfig }: WorkersFlags) => ({
  ...(hosts !== undefined && { hosts: hosts.split(",").map((host) => host.trim()) }),
  ...(sshConfig !== undefined && { sshConfig }),
});
