import type { Command, HelpConfiguration, Option } from "commander";

/** `--help` of slbench: a list of plain command names, and options without commander's noise. */
export const helpFormat: HelpConfiguration = {
  subcommandTerm: (command: Command) => command.name(),
  optionDescription: describeOption,
};

/** An option's meaning with its choices and default, as `--help` and docs/cli.md show it. */
export function describeOption({ description, argChoices, defaultValue, mandatory }: Option): string {
  const hasDefault =
    defaultValue !== undefined && !(Array.isArray(defaultValue) && defaultValue.length === 0);
  const notes = [
    ...(argChoices === undefined ? [] : [argChoices.join(", ")]),
    ...(hasDefault ? [`default: ${String(defaultValue)}`] : []),
    ...(mandatory ? ["required"] : []),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join("; ")})`;
}
