import { type Result, success } from "../failure.ts";
import { type Answer, type Outcome } from "./answer.ts";
import {
  type CommandEntry,
  COMMANDS,
  GLOBAL_OPTIONS,
  type Option,
  optionsOf,
} from "./command_table.ts";

/** Completions for a shell, made from the table of commands. */
export function completions(shell: string): Outcome {
  const texts: Record<string, () => string> = { bash, zsh, fish };
  const text = texts[shell];
  if (text === undefined) throw new Error(`the table of commands lets ${shell} pass`);
  return Promise.resolve<Result<Answer>>(success({ stdout: text() }));
}

const MADE = "# Made by “binfmt-dispatcher completions”.";
const WORDS = [...new Set(COMMANDS.map(({ name }) => name.split(" ")[0]!))];

/** The second words of two-word commands. */
function actions(first: string): string[] {
  return COMMANDS.map(({ name }) => name.split(" "))
    .flatMap(([word, action]) => word === first && action !== undefined ? [action] : []);
}

/** The options of several commands, each once. */
function options(entries: readonly CommandEntry[]): Option[] {
  return [...new Map(entries.flatMap(optionsOf).map((each) => [each.name, each])).values()];
}

function entriesOf(word: string): CommandEntry[] {
  return COMMANDS.filter(({ name }) => name.split(" ")[0] === word);
}

/** The words that can follow a command's name, except options. */
function operands(word: string): readonly string[] {
  const more = actions(word);
  return more.length > 0 ? more : entriesOf(word).flatMap(({ values }) => values ?? []);
}

function bash(): string {
  const dashed = (word: string) => options(entriesOf(word)).map(({ name }) => `--${name}`);
  const commands = WORDS.map((word) => {
    const values = operands(word);
    const words = [...values, ...dashed(word)].join(" ");
    return `    ${word}) words="${words}"; files=${values.length === 0 ? 1 : 0} ;;`;
  });
  const valued = new Map(
    options(COMMANDS).flatMap((option) =>
      option.values === undefined ? [] : [[option.name, option.values] as const]
    ),
  );
  const values = [...valued].map(([name, list]) =>
    `    --${name}) mapfile -t COMPREPLY < <(compgen -W "${list.join(" ")}" -- "$word"); return ;;`
  );
  const paths = options(COMMANDS).filter(({ value }) => value === "DIR" || value === "PATH")
    .map(({ name }) => `--${name}`);
  return `${MADE}
_binfmt_dispatcher() {
  local word="$2" before="$3" words="${WORDS.join(" ")}" files=0 i
  case "$before" in
${values.join("\n")}
    ${paths.join("|")})
      mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      -*) continue ;;
    esac
    case "\${COMP_WORDS[i]}" in
${commands.map((line) => `  ${line}`).join("\n")}
    esac
    break
  done
  if ((i >= COMP_CWORD)); then words+=" ${bashGlobals()}"; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  if ((files)) && [[ $word != -* ]]; then
    mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -o filenames -F _binfmt_dispatcher binfmt-dispatcher
`;
}

function bashGlobals(): string {
  return GLOBAL_OPTIONS.map(({ name }) => `--${name}`).join(" ");
}

/** Text between single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function zsh(): string {
  const spec = ({ name, value, values, many, help }: Option) => {
    const text = help.replaceAll(":", "\\:").replaceAll("[", "(").replaceAll("]", ")");
    const after = value === undefined
      ? ""
      : `=:${value}:${values === undefined ? "_files" : `(${values.join(" ")})`}`;
    return quoted(
      `${many ? "*" : ""}--${name}${after === "" ? "" : "="}[${text}]${after.slice(1)}`,
    );
  };
  const cases = WORDS.map((word) => {
    const values = operands(word);
    const operand = values.length === 0
      ? "'*:file:_files'"
      : quoted(`1:what:(${values.join(" ")})`);
    const specs = [...options(entriesOf(word)).map(spec), operand];
    return `    ${word})\n      _arguments ${specs.join(" \\\n        ")} ;;`;
  });
  const described = WORDS.map((word) => quoted(`${word}:${entriesOf(word)[0]!.summary}`));
  return `#compdef binfmt-dispatcher
${MADE}
_binfmt_dispatcher() {
  local curcontext="$curcontext" state line
  local -a commands=(
    ${described.join("\n    ")}
  )
  _arguments -C ${GLOBAL_OPTIONS.map(spec).join(" ")} '1:command:->command' '*::argument:->rest'
  case "$state" in
    command) _describe command commands; return ;;
    rest) ;;
    *) return ;;
  esac
  case "$line[1]" in
${cases.join("\n")}
  esac
}
# Autoloaded from fpath, this file runs as the completion; sourced, it registers one.
if [[ $funcstack[1] == _binfmt-dispatcher ]]; then
  _binfmt_dispatcher "$@"
else
  compdef _binfmt_dispatcher binfmt-dispatcher
fi
`;
}

function fish(): string {
  const seen = (words: readonly string[]) =>
    quoted(`__fish_seen_subcommand_from ${words.join(" ")}`);
  const complete = (...rest: string[]) => `complete -c binfmt-dispatcher ${rest.join(" ")}`;
  const option = ({ name, short, value, values, help }: Option) => [
    ...(short === undefined ? [] : [`-s ${short}`]),
    `-l ${name}`,
    ...(value === undefined ? [] : ["-r"]),
    ...(values === undefined ? [] : [`-f -a ${quoted(values.join(" "))}`]),
    `-d ${quoted(help)}`,
  ];
  const lines = WORDS.flatMap((word) => {
    const values = operands(word);
    const first = entriesOf(word)[0]!;
    return [
      complete("-n __fish_use_subcommand -f", `-a ${word}`, `-d ${quoted(first.summary)}`),
      ...options(entriesOf(word)).filter((each) => !GLOBAL_OPTIONS.includes(each)).map((one) =>
        complete(`-n ${seen([word])}`, ...option(one))
      ),
      ...(values.length === 0
        ? []
        : [complete(`-n ${seen([word])}`, "-f", `-a ${quoted(values.join(" "))}`)]),
    ];
  });
  return `${
    [MADE, ...GLOBAL_OPTIONS.map((one) => complete(...option(one))), ...lines].join("\n")
  }\n`;
}
