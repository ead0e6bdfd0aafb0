import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type DeployOptions, deploySteps } from "@slbench/handler";

/** Prints a shell script with every step; the README.md beside stack.yaml explains them. */
export function printDeployment(options: DeployOptions): void {
  const folder = join(dirname(fileURLToPath(import.meta.resolve("@slbench/handler"))), "..", "deploy");
  const shown = relative(process.cwd(), folder);
  const lines = [
    `# Explained, with what the Community Edition refuses, in ${join(shown, "README.md")}`,
    `cd ${shown || "."}`,
    ...deploySteps(options).flatMap(({ title, commands }) => ["", `# ${title}`, ...commands]),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
