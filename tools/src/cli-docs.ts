import type { Command, Option } from "commander";

const HEAD = `# Commands and options

Written by \`npm run docs\` from the command line itself; do not edit it by hand. Every command has \`--help\`, with examples.

One thing has one name everywhere:
`;

const NAMES: readonly (readonly [string, string])[] = [
  ["`--out`", "where a command writes its result: a file or a folder"],
  ["`--json`", "the result as JSON on standard output instead of text"],
  ["`--cell`", "a file with its condition: `users=8,think=0,path=FILE`"],
  ["`--threshold`, `--filter`, `--train`, `--max-users`", "an expression: [expressions.md](expressions.md)"],
  ["`--timeout`", "a time limit in seconds; `timeoutSeconds` in files"],
  ["`--frames`", "a folder of pictures"],
  ["`--requests`", "the table with one row per request, as csv or arrow"],
  ["`--requests-per-user`", "how many requests each user sends"],
  ["`--plots`", "figures as files: png, svg or pdf"],
];

/** docs/cli.md: every command with its options, in the order of \`slbench --help\`. */
export function renderCliDocs(program: Command): string {
  const commands = program.commands.flatMap((command) => describeCommand(command, program.name()));
  const lines = [...table("name", "what it is", NAMES), "", ...commands];
  return `${HEAD}\n${lines.join("\n").trimEnd()}\n`;
}

function describeCommand(command: Command, parents: string): readonly string[] {
  const name = `${parents} ${command.name()}`;
  const rows = command.options
    .filter((option) => !option.hidden)
    .map((option) => [`\`${option.flags}\``, escapeCell(describeOption(option))] as const);
  const options = rows.length === 0 ? [] : [...table("option", "meaning", rows), ""];
  const usage = `${parents} ${command.name()} ${command.usage()}`.trim();
  const own = [`## ${name}`, "", `${command.description()}.`, "", `\`${usage}\``, "", ...options];
  return [...own, ...command.commands.flatMap((inner) => describeCommand(inner, name))];
}

function describeOption({ description, argChoices, defaultValue, mandatory }: Option): string {
  const isShown = defaultValue !== undefined && !(Array.isArray(defaultValue) && defaultValue.length === 0);
  return [
    description,
    ...(argChoices === undefined ? [] : [` (one of ${argChoices.join(", ")})`]),
    ...(isShown ? [` (default: ${String(defaultValue)})`] : []),
    ...(mandatory ? [" (required)"] : []),
  ].join("");
}

/** Aligned as the formatter aligns tables, so that it changes nothing. */
function table(left: string, right: string, rows: readonly (readonly [string, string])[]): readonly string[] {
  const all = [[left, right] as const, ...rows];
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => row[column as 0 | 1].length)));
  const line = ([first, second]: readonly [string, string]) =>
    `| ${first.padEnd(widths[0] ?? 0)} | ${second.padEnd(widths[1] ?? 0)} |`;
  const rule = line(["-".repeat(widths[0] ?? 0), "-".repeat(widths[1] ?? 0)]);
  return [line([left, right]), rule, ...rows.map(line)];
}

const escapeCell = (text: string) => text.replaceAll(/[|\\*<]/g, (character) => `\\${character}`);
