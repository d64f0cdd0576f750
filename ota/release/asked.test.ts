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
  const cases: readonly (readonly [string, RegExp])[] = [
    ["", /required option '--broker/],
    ["--broker nats --no-such-option", /unknown option '--no-such-option'/],
    ["--broker nats -x", /unknown option '-x'/],
    ["--broker nats --toString", /unknown option '--toString'/],
    ["--broker nats real stray", /too many arguments.*stray/],
    ["--broker nats fast", /'fast' is invalid.* real, virtual/],
    ["--broker rabbit", /'rabbit' is invalid.* mosquitto, nats/],
    ["--broker nats --only a,c", /--only.*There is no c; there are: a, b/],
    ["--broker nats --out", /'--out <DIR>' argument missing/],
    ["--broker nats --out --quick", /--out.*It lacks its value/],
    ["--broker nats --quick=yes", /unknown option '--quick=yes'/],
    ["--broker nats --times many", /--times.*'many' is invalid.*a whole number from 1 to 9/],
    ["--broker nats --times 0", /'0' is invalid.*a whole number from 1 to 9/],
    ["--broker nats --times 10", /'10' is invalid.*a whole number from 1 to 9/],
    ["--broker nats --times 1.5", /'1.5' is invalid.*a whole number from 1 to 9/],
    ["--broker nats --pace 0", /'0' is invalid.*a number, 0.1 or more/],
    ["--broker nats --pace 0x10", /'0x10' is invalid.*a number, 0.1 or more/],
  ];
  for (const [typed, told] of cases) t.regex(why(typed), told, typed);
});

test("the help names every option with its bounds and what is usual, in 80 columns", (t) => {
  const help = helpOf(SCRIPT);
  for (const name of Object.keys(SCRIPT.options)) t.true(help.includes(`--${name}`), name);
  t.regex(help, /^Usage: npm run example -- \[options\] \[KIND\]\n/);
  t.regex(help, /--times <N> .*how many \(default: 3\)/);
  t.regex(help, /--broker <NAME> .*which \(choices: "mosquitto", "nats"\)/);
  t.regex(help, /KIND .*choices: "real", "virtual"/);
  for (const line of help.split("\n")) t.true(line.length <= 80, line);
});
