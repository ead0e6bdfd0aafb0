import type { GatewayOptions } from "@slbench/handler";
import { type Command, Option } from "commander";

export function registerSetup(program: Command): void {
  program
    .command("setup")
    .description("Install what is missing: JMeter, client executable, face detector")
    .addOption(
      new Option("--backend <name>", "what detects the faces; native: builds TensorFlow with g++ (586 MB)")
        .choices(["auto", "onnx-int8", "onnx", "native", "wasm", "none"])
        .default("auto"),
    )
    .addHelpText("after", "\nExamples:\n  slbench setup\n  slbench setup --backend native")
    .action(async ({ backend }: { readonly backend: GatewayOptions["backend"] }) => {
      const { setUpAll } = await import("../environment/set-up-all.ts");
      await setUpAll(backend);
    });
}
