import type { Command } from "commander";

export function registerBundle(program: Command): void {
  program
    .command("bundle <experiment>")
    .description(
      "Pack a JMeter slave for the experiment's remoteHosts: a machine with Java needs nothing else",
    )
    .option("--out <file>", "the archive (default: slbench-slave-<experiment>-<platform>.tar.gz)")
    .addHelpText(
      "after",
      `
The archive holds JMeter, the client, the frames and the experiment's private key: treat it like a password.
On the other machine:  tar xf FILE && slbench-slave/start-slave.sh

Example:
  slbench bundle examples/remote.yaml --out slave.tar.gz`,
    )
    .action(async (file: string, options: { readonly out?: string }) => {
      const { packBundle } = await import("../run/pack-bundle.ts");
      const bundle = await packBundle(file, options.out);
      process.stdout.write(`${bundle.file}\n`);
    });
}
