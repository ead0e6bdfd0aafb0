import type { Command } from "commander";

interface SlavesFlags {
  readonly hosts?: string;
  readonly sshConfig?: string;
}

export function registerSlaves(program: Command): void {
  const slaves = program
    .command("slaves")
    .description("Start, stop or look at the experiment's slaves on other machines, through ssh")
    .addHelpText(
      "after",
      "\nExample:\n  slbench slaves status examples/remote.yaml --hosts me@10.0.0.2,me@10.0.0.3",
    );
  const actions = {
    start: "Bring the bundle where it is missing, start the slaves, wait until they are ready",
    stop: "Stop the slaves and their clients",
    status: "Say which slaves run",
  } as const;
  for (const [action, description] of Object.entries(actions)) {
    slaves
      .command(`${action} <experiment>`)
      .description(description)
      .option("--hosts <list>", "ssh targets (user@host), in the order of remoteHosts (default: remoteHosts)")
      .option("--ssh-config <file>", "ssh configuration, as ssh -F")
      .addHelpText(
        "after",
        `\nExample:\n  slbench slaves ${action} examples/remote.yaml --hosts me@10.0.0.2,me@10.0.0.3`,
      )
      .exitOverride()
      .action(async (experimentFile: string, flags: SlavesFlags) => {
        const { runSlaves } = await import("../workers/manage-workers.ts");
        const complete = await runSlaves(action as keyof typeof actions, experimentFile, {
          ...(flags.hosts !== undefined && { hosts: flags.hosts.split(",").map((host) => host.trim()) }),
          ...(flags.sshConfig !== undefined && { sshConfig: flags.sshConfig }),
        });
        if (!complete) process.exitCode = 1;
      });
  }
}
