import { type Command, Option } from "commander";

interface DeployCommandOptions {
  readonly print?: true;
  readonly name: "slblur" | "slblur-fork" | "slblur-node22";
  readonly prefix: string;
  readonly gateway: string;
}

export function registerDeploy(program: Command): void {
  program
    .command("deploy")
    .description("Print the commands that deploy the function to OpenFaaS")
    .requiredOption("--print", "print the commands; slbench does not run them")
    .addOption(
      new Option("--name <name>", "variant of the function")
        .choices(["slblur", "slblur-fork", "slblur-node22"])
        .default("slblur"),
    )
    .option("--prefix <registry/user>", "registry and user to push images to", "docker.io/you")
    .option("--gateway <url>", "URL of the OpenFaaS gateway", "http://127.0.0.1:8080")
    .addHelpText(
      "after",
      `
Examples:
  slbench deploy --print
  slbench deploy --print --prefix docker.io/ada --gateway http://10.0.0.5:8080`,
    )
    .action(async (options: DeployCommandOptions) => {
      const { printDeployment } = await import("../environment/deploy.ts");
      printDeployment({
        functionName: options.name,
        prefix: options.prefix,
        gateway: options.gateway,
      });
    });
}
