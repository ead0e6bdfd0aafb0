import { basename } from "node:path";
import type { Command } from "commander";

export function registerBundle(program: Command): void {
  program
    .command("bundle <experiment>")
    .description("Pack a JMeter worker for remote hosts, which only need Java")
    .option("--platform <name>", "linux-x64, linux-arm64, darwin-x64, darwin-arm64 (default: this machine)")
    .option("--out <file>", "archive to write (default: slbench-worker-<experiment>-<platform>.tar.gz)")
    .addHelpText(
      "after",
      `
The archive contains JMeter, the virtual user, the payloads and the experiment's
private key: treat it like a password. On the worker, run:

  tar xf FILE && slbench-worker/start-worker.sh

Examples:
  slbench bundle examples/remote.yaml --out worker.tar.gz
  slbench bundle examples/remote.yaml --platform linux-arm64`,
    )
    .action(async (file: string, options: { readonly platform?: string; readonly out?: string }) => {
      const { parsePlatform } = await import("../setup/platform.ts");
      const { packBundle } = await import("../workers/pack-bundle.ts");
      const bundle = await packBundle(
        file,
        options.platform === undefined ? undefined : parsePlatform(options.platform),
        options.out,
      );
      process.stdout.write(`${bundle.file}\n`);
      process.stderr.write(
        `The archive contains the experiment's private key: treat it like a password. On each worker, run:
  tar xf ${basename(bundle.file)} && slbench-worker/start-worker.sh
If there is a firewall (workers listen on port 8001, the controller on 8002 and 8003):
  on each worker:  ufw allow from CONTROLLER to any port 8001 proto tcp
                  firewall-cmd --add-port=8001/tcp
  on the controller:  ufw allow from WORKER to any port 8002:8003 proto tcp
                  firewall-cmd --add-port=8002-8003/tcp
`,
      );
    });
}
