import { Argument, type Command } from "commander";
import { renderCompletion, SHELLS, type Shell } from "../help/completion.ts";

export function registerCompletion(program: Command): void {
  program
    .command("completion")
    .addArgument(new Argument("<shell>", "your shell").choices(SHELLS))
    .description("Print a script that completes commands and options in a shell")
    .addHelpText(
      "after",
      `
Examples:
  slbench completion bash > ~/.local/share/bash-completion/completions/slbench
  slbench completion zsh >> ~/.zshrc
  slbench completion fish > ~/.config/fish/completions/slbench.fish`,
    )
    .action((shell: Shell) => {
      process.stdout.write(renderCompletion(program, shell));
    });
}
