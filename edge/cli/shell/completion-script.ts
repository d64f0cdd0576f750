import type { CommandNode, CommandTree, OptionNode } from "./command-tree.ts";
import { type Choice, operandsOf, valuesOf } from "./operands.ts";

/** The shells that a script can be made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** One of them. */
export type Shell = (typeof SHELLS)[number];

/** The script that completes what `tree` takes, for `shell`. */
export function completionScript(tree: CommandTree, shell: Shell): string {
  switch (shell) {
    case "bash":
      return look(tree) + BASH;
    case "zsh":
      return `#compdef lifeline\n${look(tree)}${zsh(tree)}`;
    case "fish":
      return fish(tree);
  }
}

/** Options of the program and of all commands that have a value which is not left out. */
function withValues({ options, commands }: CommandTree): readonly OptionNode[] {
  const all = [...options, ...commands.flatMap((command) => command.options)];
  const unique = new Map(all.map((option) => [option.long, option]));
  return [...unique.values()].filter(({ value, isOptional }) => value !== null && !isOptional);
}

/** The names of the options that may stand behind `command`. */
function optionNames(command: Pick<CommandNode, "options">, tree: CommandTree): string {
  const own = [...command.options, ...tree.options.filter(({ long }) => long !== "--version")];
  return own.map(({ long }) => long).join(" ");
}

/** What sets the variables of `look` to `choice`. */
function settingOf({ words = [], names = [], files }: Choice): string {
  const set = [
    ...(words.length > 0 ? [`_words="${words.join(" ")}"`] : []),
    ...(names.length > 0 ? [`_names="${names.join(",")}"`] : []),
    ...(files === true ? ["_files=1"] : []),
  ];
  return set.length === 0 ? ":" : set.join(" ");
}

/** A function of bash and zsh that finds what may stand at the end of a command line. */
function look(tree: CommandTree): string {
  const taking = withValues(tree);
  const values = taking.map(({ long, value }) => {
    return `    ${long}) ${settingOf(valuesOf(long, value ?? ""))}; return ;;`;
  });
  const options = tree.commands.map(
    (command) => `        ${command.name}) _words="${optionNames(command, tree)}" ;;`,
  );
  const operands = tree.commands.flatMap((command) =>
    operandsOf(command).map(({ at, behind, ...choice }) => {
      const place = at < 0 ? command.name : `${command.name} ${at}`;
      const places = behind?.map((first) => `"${place} ${first}"`) ?? [`"${place} "*`];
      return `    ${places.join(" | ")}) ${settingOf(choice)} ;;`;
    }),
  );
  return `# What may stand at the end of "$@", the words of a command line of lifeline.
_lifeline_look() {
  local word option="" command="" first="" at=0
  _words="" _names="" _files="" _config="" _begins=""
  shift
  while [ $# -gt 1 ]; do
    word=$1
    shift
    if [ -n "$option" ]; then
      if [ "$option" = --config ]; then _config=$word; fi
      option=""
      continue
    fi
    case $word in
    ${taking.map(({ long }) => long).join(" | ")}) option=$word ;;
    -*) ;;
    *)
      if [ -z "$command" ]; then
        command=$word
      else
        if [ $at -eq 0 ]; then first=$word; fi
        at=$((at + 1))
      fi
      ;;
    esac
  done
  case $option in
${values.join("\n")}
  esac
  case $1 in
    -*)
      case $command in
        "") _words="${tree.options.map(({ long }) => long).join(" ")}" ;;
${options.join("\n")}
      esac
      return
      ;;
  esac
  case "$command $at $first" in
    " "*) _begins=1 _words="${tree.commands.map(({ name }) => name).join(" ")} help" ;;
${operands.join("\n")}
  esac
}
`;
}

/** Asks for names with what is typed as the program, which need not be installed. */
const BASH = `
_lifeline() {
  local cur=\${COMP_WORDS[COMP_CWORD]} _words _names _files _config _begins
  _lifeline_look "\${COMP_WORDS[@]:0:COMP_CWORD+1}"
  if [ -n "$_names" ]; then
    _words+=" $("\${COMP_WORDS[0]}" completion --words "$_names" \${_config:+--config "$_config"} 2>/dev/null)"
  fi
  COMPREPLY=($(compgen -W "$_words" -- "$cur"))
  if [ -n "$_files" ]; then
    compopt -o filenames
    COMPREPLY+=($(compgen -f -- "$cur"))
  fi
}
complete -F _lifeline lifeline
`;

function zsh({ commands }: CommandTree): string {
  const described = commands.map(({ name, about }) => `    ${quoted(`${name}:${brief(about)}`)}`);
  return `
_lifeline() {
  local _words _names _files _config _begins
  local -a _commands _choices
  _commands=(
${described.join("\n")}
  )
  _lifeline_look "\${(@)words[1,CURRENT]}"
  if [[ -n $_begins ]]; then
    _describe command _commands
    return
  fi
  if [[ -n $_names ]]; then
    _words+=" $("$words[1]" completion --words "$_names" \${_config:+--config} \${_config:+"$_config"} 2>/dev/null)"
  fi
  _choices=(\${=_words})
  compadd -- $_choices
  if [[ -n $_files ]]; then _path_files; fi
}
if [[ $funcstack[1] == _lifeline ]]; then _lifeline "$@"; else compdef _lifeline lifeline; fi
`;
}

function fish(tree: CommandTree): string {
  const taking = withValues(tree).map(({ long }) => long);
  const place = (command: string, at: number, behind: readonly string[] = []) =>
    quoted(["__lifeline_at", command, at, ...behind].join(" "));
  const lines = tree.commands.flatMap((command) => [
    `complete -c lifeline -n "__lifeline_at '' 0" -a ${command.name} -d ${quoted(brief(command.about))}`,
    ...command.options.map((option) => fishOption(option, place(command.name, -1))),
    ...operandsOf(command).map(({ at, behind, ...choice }) =>
      [`complete -c lifeline -n ${place(command.name, at, behind)}`, ...fishChoice(choice)].join(
        " ",
      ),
    ),
  ]);
  return `# Whether the command is $argv[1] and its operand of number $argv[2] is typed, -1 for any; with
# more, whether the first operand is one of these.
function __lifeline_at
    set -l tokens (commandline -opc)
    set -l words
    set -l option ''
    for token in $tokens[2..-1]
        if test -n "$option"
            set option ''
            continue
        end
        switch $token
            case ${taking.map((each) => `'${each}'`).join(" ")}
                set option $token
            case '-*'
            case '*'
                set -a words $token
        end
    end
    test -n "$option"; and return 1
    set -l command "$words[1]"
    test "$command" = "$argv[1]"; or return 1
    set -l count (count $words)
    test -z "$command"; and return 0
    test $argv[2] -lt 0; or test $argv[2] -eq (math $count - 1); or return 1
    test (count $argv) -le 2; or contains -- "$words[2]" $argv[3..-1]
end

function __lifeline_names
    set -l tokens (commandline -opc)
    set -l config
    for i in (seq (count $tokens))
        test "$tokens[$i]" = --config; and set config --config $tokens[(math $i + 1)]
    end
    $tokens[1] completion --words $argv[1] $config 2>/dev/null
end

complete -c lifeline -f
${tree.options.map((option) => fishOption(option, null)).join("\n")}
${lines.join("\n")}
`;
}

function fishOption({ long, short, value, isOptional, about }: OptionNode, when: string | null) {
  const names = [`-l ${long.slice(2)}`, ...(short === null ? [] : [`-s ${short.slice(1)}`])];
  const choice = value === null || isOptional ? [] : ["-r", ...fishChoice(valuesOf(long, value))];
  const condition = when === null ? [] : [`-n ${when}`];
  const parts = ["complete -c lifeline", ...condition, ...names, ...choice];
  return [...parts, `-d ${quoted(brief(about))}`].join(" ");
}

function fishChoice({ words = [], names = [], files }: Choice): readonly string[] {
  const all = [...words, ...(names.length > 0 ? [`(__lifeline_names ${names.join(",")})`] : [])];
  return [
    ...(files === true ? ["-F"] : []),
    ...(all.length > 0 ? [`-a ${quoted(all.join(" "))}`] : []),
  ];
}

/** The first sentence of a help text. */
function brief(about: string): string {
  return (/^.*?(?=[.;。；：]( |$|(?<=[。；：])))/su.exec(about)?.[0] ?? about).trim();
}

/** In single quotes, which all three shells take as they are but for themselves. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "’")}'`;
}
