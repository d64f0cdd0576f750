import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { KNOWN_COMMANDS } from "../../edge/cli/shell/operands.ts";
import { testWith } from "../debian/test-with.ts";
import { tempDir } from "../processes/child.ts";
import { MAIN } from "../processes/program.ts";
import { openTerminal } from "../processes/tmux.ts";

const YAML = `
gateway: { id: gw-0001 }
buses: { line-a: { kind: modbus-tcp, host: 127.0.0.1 } }
devices: { level-1: { bus: line-a, unit: 1, points: { level: { area: coil, address: 0, type: bool } } } }
alarms: { level-high: { point: level-1.level, high: 1, severity: red } }
`;

/** A folder with a configuration and `lifeline` as it is typed. */
function installed(): string {
  const dir = tempDir("completion");
  writeFileSync(join(dir, "gateway.yaml"), YAML);
  const lifeline = join(dir, "lifeline");
  writeFileSync(lifeline, `#!/bin/sh\nexec ${process.execPath} ${MAIN} "$@"\n`);
  chmodSync(lifeline, 0o755);
  return dir;
}

/** Prints what Tab offers in bash for each line of the input, whose last word is completed. */
const OFFERS = `
eval "$(lifeline completion bash)"
compopt() { :; }
while IFS= read -r line; do
  read -ra COMP_WORDS <<< "$line"
  if [[ $line == *" " ]]; then COMP_WORDS+=(""); fi
  COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
  COMPREPLY=()
  _lifeline
  echo "\${COMPREPLY[*]}"
done
`;

/** What bash offers for each of \`lines\`. */
function offers(dir: string, lines: readonly string[]): readonly string[] {
  const text = execFileSync("bash", ["-c", OFFERS], {
    cwd: dir,
    env: { ...process.env, PATH: `${dir}:${process.env.PATH}`, LANG: "C.UTF-8" },
    input: `${lines.join("\n")}\n`,
    encoding: "utf8",
  });
  return text.trimEnd().split("\n");
}

test("bash offers commands, their options, what they act on, and names of the configuration", (t) => {
  const cases = {
    "lifeline wa": "watch",
    "lifeline --lang zh-CN che": "check",
    "lifeline --lang ": "en zh-CN",
    "lifeline watch --ev": "--every",
    "lifeline watch --every ": "",
    "lifeline alarms sh": "shelve",
    "lifeline alarms ack level": "level-high",
    "lifeline alarms --for 2h shelve ": "level-high",
    "lifeline alarms stats ": "",
    "lifeline trace ": "line-a",
    "lifeline read ": "level-1.level line-a",
    "lifeline read --config gateway.yaml level-1.level lev": "level-1.level",
    "lifeline read --config nothing.yaml ": "",
    "lifeline check --config gate": "gateway.yaml",
    "lifeline completion z": "zsh",
  };
  t.deepEqual(
    Object.fromEntries(
      offers(installed(), Object.keys(cases)).map((x, i) => [Object.keys(cases)[i], x]),
    ),
    cases,
  );
});

test("every command that is known by its name is there", (t) => {
  const [commands = ""] = offers(installed(), ["lifeline "]);
  for (const name of KNOWN_COMMANDS) t.true(commands.split(" ").includes(name), name);
});

const SHELLS = {
  bash: {
    start: ["bash", "--norc", "--noprofile", "-i"],
    set: 'eval "$(lifeline completion bash)"',
  },
  zsh: {
    start: ["zsh", "-f", "-i"],
    set: 'autoload -U compinit; compinit -u -D; eval "$(lifeline completion zsh)"',
  },
  fish: { start: ["fish", "--no-config"], set: "lifeline completion fish | source" },
} as const;

for (const shell of ["bash", "zsh", "fish"] as const) {
  const needed = shell === "bash" ? [] : ([shell] as const);
  testWith("tmux", ...needed)(`Tab in ${shell} completes a command and a point`, async (t) => {
    const dir = installed();
    const { start, set } = SHELLS[shell];
    const terminal = openTerminal(80, 24, start);
    t.teardown(() => terminal.close());
    // zsh and fish prompt as they like.
    terminal.type(`cd ${dir}`);
    terminal.press("Enter");
    terminal.type(shell === "fish" ? `set -x PATH ${dir} $PATH` : `PATH=${dir}:$PATH`);
    terminal.press("Enter");
    terminal.type(
      `${set}; echo is-$((40+2))`.replace(
        "$((40+2))",
        shell === "fish" ? "(math 40+2)" : "$((40+2))",
      ),
    );
    terminal.press("Enter");
    await terminal.waitFor(/is-42/);
    terminal.type("echo lifeline; lifeline inter");
    terminal.press("Tab");
    await terminal.waitFor(/; lifeline interlock/);
    terminal.press("C-u");
    terminal.type("lifeline read lev");
    terminal.press("Tab");
    await terminal.waitFor(/lifeline read level-1\.level/);
    t.pass();
  });
}

test("a shell that is not known, or a kind of names, is refused with those there are", (t) => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [MAIN, "completion", ...args], { encoding: "utf8" });
  const none = run();
  t.is(none.status, 2);
  t.regex(none.stderr, /bash, zsh, fish/);
  t.is(run("tcsh").status, 2);
  t.is(run("--words", "things").status, 2);
  t.regex(JSON.parse(run("bash", "--json").stdout).script, /complete -F _lifeline lifeline/);
});
