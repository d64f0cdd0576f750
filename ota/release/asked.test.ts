import test from "ava";
import { type Asked, askedBy, helpOf, type Option, type Script } from "./asked.ts";

const SCRIPT = {
  name: "npm run example",
  about: "Does nothing.",
  options: {
    times: { kind: "whole", least: 1, most: 9, usual: 3, says: "how many" },
    pace: { kind: "number", least: 0.1, says: "how fast" },
    broker: { kind: "choice", of: ["mosquitto", "nats"], needed: true, says: "which" },
    only: { kind: "list", value: "PART,…", of: ["a", "b"], says: "parts" },
    out: {
      kind: "text",
      value: "DIR",
      says: "where everything that came of it is left behind, drawn and written down",
    },
    quick: { kind: "flag", says: "shorter" },
  },
  operands: { value: "KIND", least: 0, most: 1, of: ["real", "virtual"] },
} as const satisfies Script<Readonly<Record<string, Option>>>;

const read = (typed: string) =>
  askedBy(
    SCRIPT,
    typed.split(" ").filter((word) => word !== ""),
  );

/** Why what was typed is not done. */
function why(typed: string): string {
  const asked: Asked<typeof SCRIPT.options> = read(typed);
  return asked.kind === "misuse" ? asked.why : asked.kind;
}

test("what was typed is read, and what was left out is as usual", (t) => {
  const none = { pace: undefined, out: undefined, only: [], quick: false };
  t.deepEqual(read("--broker nats"), {
    kind: "do",
    values: { ...none, times: 3, broker: "nats" },
    operands: [],
  });
  t.deepEqual(read("real --times=5 --pace 0.5 --only a,b --out x --broker mosquitto --quick"), {
    kind: "do",
    values: { times: 5, pace: 0.5, broker: "mosquitto", only: ["a", "b"], out: "x", quick: true },
    operands: ["real"],
  });
});

test("whoever asks for help gets it, whatever else was typed", (t) => {
  for (const typed of ["--help", "-h", "real --help", "--times 5 --help"]) {
    t.is(read(typed).kind, "help", typed);
  }
});

test("what is wrong is named, with what would be right, and never done as if it were left out", (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ["", "--broker is missing"],
    ["--no-such-option", "there is no option --no-such-option"],
    ["-x", "there is no option -x"],
    ["--toString", "there is no option --toString"],
    ["--broker nats real stray", "nothing is to be done with stray: options stand behind --"],
    ["--broker nats fast", "there is no fast; there are: real, virtual"],
    ["--broker rabbit", "--broker: there is no rabbit; there are: mosquitto, nats"],
    ["--broker nats --only a,c", "--only: there is no c; there are: a, b"],
    ["--broker nats --out", "--out lacks its value"],
    ["--broker nats --out --quick", "--out lacks its value"],
    ["--broker nats --quick=yes", "--quick takes no value"],
    ["--broker nats --times many", "--times takes a whole number from 1 to 9, not many"],
    ["--broker nats --times 0", "--times takes a whole number from 1 to 9, not 0"],
    ["--broker nats --times 10", "--times takes a whole number from 1 to 9, not 10"],
    ["--broker nats --times 1.5", "--times takes a whole number from 1 to 9, not 1.5"],
    ["--broker nats --pace 0", "--pace takes a number, 0.1 or more, not 0"],
    ["--broker nats --pace 0x10", "--pace takes a number, 0.1 or more, not 0x10"],
  ];
  for (const [typed, told] of cases) t.is(why(typed), told, typed);
});

test("the help names every option with its bounds and what is usual, in 80 columns", (t) => {
  const help = helpOf(SCRIPT);
  for (const name of Object.keys(SCRIPT.options)) t.true(help.includes(`--${name}`), name);
  t.regex(help, /^npm run example -- \[KIND\] \[OPTION…\]\n/);
  t.regex(help, /--times N .*how many \(3\)/);
  t.regex(help, /--broker NAME .*which: mosquitto, nats; needed/);
  t.regex(help, /KIND: real, virtual/);
  for (const line of help.split("\n")) t.true(line.length <= 80, line);
});
