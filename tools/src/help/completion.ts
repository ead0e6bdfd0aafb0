import type { Command, Option } from "commander";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What one command line may continue with. */
interface Completions {
  /** `workers start`; empty for slbench itself. */
  readonly path: string;
  readonly commands: readonly Command[];
  readonly options: readonly Option[];
  /** Of its arguments: `bash`, `zsh`, `fish`. */
  readonly choices: readonly string[];
}

/** A script that completes commands, options and their choices in a shell. */
export function renderCompletion(program: Command, shell: Shell): string {
  const all = collect(program, "");
  return shell === "fish" ? fish(all) : bash(all, shell === "zsh");
}

function collect(command: Command, path: string): readonly Completions[] {
  const own = {
    ...{ path, commands: command.commands, options: command.options.filter(({ hidden }) => !hidden) },
    choices: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
  };
  const below = command.commands.flatMap((inner) => collect(inner, `${path} ${inner.name()}`.trim()));
  return [own, ...below];
}

const namesOf = ({ commands, options, choices }: Completions) => [
  ...commands.map((command) => command.name()),
  ...choices,
  ...options.flatMap(({ long }) => long ?? []),
];

/** Whether an argument may be a file: neither a command nor a choice follows. */
const takesFiles = ({ commands, choices }: Completions) => commands.length === 0 && choices.length === 0;

/** zsh runs bash's script with its own module for that. */
function bash(all: readonly Completions[], isZsh: boolean): string {
  const words = all.map((one) => {
    const files = takesFiles(one) ? " files=yes" : "";
    return `    ${quote(one.path)}) words=${quote(namesOf(one).join(" "))}${files} ;;`;
  });
  const choices = new Map<string, Set<string>>();
  for (const { long, argChoices } of all.flatMap(({ options }) => options))
    if (long !== undefined && argChoices !== undefined)
      choices.set(long, new Set([...(choices.get(long) ?? []), ...argChoices]));
  const values = [...choices].map(([long, names]) => `    ${long}) words=${quote([...names].join(" "))} ;;`);
  const known = all.flatMap(({ path }) => (path === "" ? [] : [quote(path)])).join("|");
  return `# slbench ${isZsh ? "zsh" : "bash"} completion
${isZsh ? "autoload -U +X bashcompinit && bashcompinit\n" : ""}_slbench() {
  local word words="" files="" path="" current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
    ${known}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$previous" in
${values.join("\n")}
  esac
  if [[ -z $words ]]; then
    case "$path" in
${words.join("\n")}
    esac
    [[ $current != -* && -n $files ]] && COMPREPLY=($(compgen -f -- "$current"))
  fi
  COMPREPLY+=($(compgen -W "$words" -- "$current"))
}
complete -o filenames -F _slbench slbench
`;
}

function fish(all: readonly Completions[]): string {
  const lines = all.flatMap(({ path, commands, options, choices }) => {
    const inner = commands.map((command) => command.name()).join(" ");
    const isHere =
      path === ""
        ? "__fish_use_subcommand"
        : `${path
            .split(" ")
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join("; and ")}${inner === "" ? "" : `; and not __fish_seen_subcommand_from ${inner}`}`;
    return [
      ...commands.map(
        (command) =>
          `complete -c slbench -n ${quote(isHere)} -f -a ${command.name()} -d ${quote(command.description())}`,
      ),
      ...(choices.length === 0
        ? []
        : [`complete -c slbench -n ${quote(isHere)} -f -a ${quote(choices.join(" "))}`]),
      ...options.map(({ long = "", description, argChoices, required, optional }) => {
        const value =
          argChoices === undefined
            ? required || optional
              ? " -r"
              : ""
            : ` -xa ${quote(argChoices.join(" "))}`;
        return `complete -c slbench -n ${quote(isHere)} -l ${long.slice(2)}${value} -d ${quote(description)}`;
      }),
    ];
  });
  return `# slbench fish completion\n${lines.join("\n")}\n`;
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
