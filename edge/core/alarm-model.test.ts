import test from "ava";
import fc from "fast-check";
import { type AlarmRule, type AlarmState, NEVER_RAISED } from "./alarm.ts";
import { type AlarmStep, stepAlarm } from "./alarm-life.ts";
import { type AlarmMemory, memoryOf, resumed, resumedState } from "./alarm-memory.ts";
import type { Stamp } from "./time.ts";

/*
 * What ISA-18.2 / IEC 62682 say, written down once more and by hand. States by their letters:
 *
 *   A normal   B unacknowledged   C acknowledged   D returned, unacknowledged
 *   E latched, unacknowledged     F latched, acknowledged
 *   G shelved  H suppressed by design  I out of service; a capital + where the condition is present
 *
 * Columns: the condition comes, it goes, acknowledge, reset, shelve, unshelve (or its time is over),
 * suppress, no more suppressed, remove from service, put back. A dot: nothing happens.
 */
const PLAIN = `
      on  off ack rst shl uns sup uns oos ret
  A   B   .   .   .   G   .   H   .   I   .
  B   .   D   C   .   G+  .   H+  .   I+  .
  C   .   A   .   .   G+  .   H+  .   I+  .
  D   B   .   A   .   G   .   H   .   I   .
  G   G+  .   .   .   G   A   .   .   I   .
  G+  .   G   .   .   G+  B   .   .   I+  .
  H   H+  .   .   .   G   .   .   A   I   .
  H+  .   H   .   .   G+  .   .   B   I+  .
  I   I+  .   .   .   .   .   .   .   .   A
  I+  .   I   .   .   .   .   .   .   .   B
`;

/** What is different of a latching alarm: nothing silences it before it was reset. */
const LATCHING = `
      on  off ack rst shl uns sup uns oos ret
  A   B   .   .   .   G   .   H   .   I   .
  B   .   E   C   .   G+  .   H+  .   I+  .
  C   .   F   .   .   G+  .   H+  .   I+  .
  E   B   .   F   .   .   .   .   .   .   .
  F   C   .   .   A   .   .   .   .   .   .
  G   G+  .   .   .   G   A   .   .   I   .
  G+  .   G   .   .   G+  B   .   .   I+  .
  H   H+  .   .   .   G   .   .   A   I   .
  H+  .   H   .   .   G+  .   .   B   I+  .
  I   I+  .   .   .   .   .   .   .   .   A
  I+  .   I   .   .   .   .   .   .   .   B
`;

/** And of one that needs no acknowledgement: it stands as if somebody had answered. */
const UNANSWERED = `
      on  off ack rst shl uns sup uns oos ret
  A   C   .   .   .   G   .   H   .   I   .
  C   .   A   .   .   G+  .   H+  .   I+  .
  G   G+  .   .   .   G   A   .   .   I   .
  G+  .   G   .   .   G+  C   .   .   I+  .
  H   H+  .   .   .   G   .   .   A   I   .
  H+  .   H   .   .   G+  .   .   C   I+  .
  I   I+  .   .   .   .   .   .   .   .   A
  I+  .   I   .   .   .   .   .   .   .   C
`;

const LETTERS: Readonly<Record<string, string>> = {
  normal: "A",
  unacknowledged: "B",
  acknowledged: "C",
  "returned-unacknowledged": "D",
  "latched-unacknowledged": "E",
  "latched-acknowledged": "F",
  shelved: "G",
  suppressed: "H",
  "out-of-service": "I",
};

const STIMULI = [
  "on",
  "off",
  "ack",
  "rst",
  "shl",
  "unshelve",
  "sup",
  "unsup",
  "oos",
  "ret",
] as const;
type Stimulus = (typeof STIMULI)[number];

const NOW = { at: 1000, uptime: 1000 } as Stamp;

const RULE: AlarmRule = {
  name: "gas",
  point: "d.gas",
  limit: "high",
  setpoint: 50,
  deadband: 0,
  onDelayMs: 0,
  severity: "red",
  latch: false,
};

const KINDS = [
  { name: "an alarm", rule: RULE, table: tableOf(PLAIN) },
  { name: "a latching alarm", rule: { ...RULE, latch: true }, table: tableOf(LATCHING) },
  {
    name: "one without acknowledgement",
    rule: { ...RULE, ack: false },
    table: tableOf(UNANSWERED),
  },
];

function tableOf(text: string): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const [, ...rows] = text.trim().split("\n");
  return new Map(
    rows.map((row) => {
      const [state = "", ...cells] = row.trim().split(/\s+/);
      return [state, Object.fromEntries(STIMULI.map((key, i) => [key, cells[i] ?? "?"]))];
    }),
  );
}

function letterOf({ name, isOn }: AlarmState): string {
  const letter = LETTERS[name] ?? "?";
  return "GHI".includes(letter) && isOn ? `${letter}+` : letter;
}

function apply(rule: AlarmRule, state: AlarmState, stimulus: Stimulus): AlarmStep | null {
  const by = { who: "li", reason: "why" };
  const step = (what: Parameters<typeof stepAlarm>[2]) => stepAlarm(rule, state, what, NOW);
  switch (stimulus) {
    case "on":
      return step({ kind: "judged", verdict: "tripped", value: 60, uptime: NOW.uptime });
    case "off":
      return step({ kind: "judged", verdict: "back", value: 10, uptime: NOW.uptime });
    case "ack":
      return step({ kind: "acknowledge", who: "li" });
    case "rst":
      return step({ kind: "reset", who: "li" });
    case "shl": {
      const shelf = { kind: "timed", from: NOW.at, clock: "synced", forMs: 5, until: NOW.uptime };
      return step({ kind: "shelve", shelf, ...by } as Parameters<typeof stepAlarm>[2]);
    }
    case "unshelve":
      return step({ kind: "unshelve", who: "li" });
    case "sup":
    case "unsup":
      return step({ kind: "suppress", isSuppressed: stimulus === "sup" });
    case "oos":
      return step({ kind: "remove", ...by });
    case "ret":
      return step({ kind: "return", ...by });
  }
}

/** A state that `letter` stands for, with nothing else in it. */
function stateOf(letter: string): AlarmState {
  const [name = "normal"] = Object.entries(LETTERS).find(([, of]) => letter.startsWith(of)) ?? [];
  const isOn = letter.endsWith("+") || letter === "B" || letter === "C";
  const shelf = { kind: "timed", from: 0, clock: "synced", forMs: 9, until: 9000 };
  return {
    ...NEVER_RAISED,
    name,
    isOn,
    shelf: letter.startsWith("G") ? shelf : null,
    isOut: letter.startsWith("I"),
    isSuppressed: letter.startsWith("H"),
  } as AlarmState;
}

for (const { name, rule, table } of KINDS) {
  for (const [from, row] of table) {
    test(`${name} in ${from} goes where the table says, whatever happens`, (t) => {
      for (const stimulus of STIMULI) {
        const step = apply(rule, stateOf(from), stimulus);
        const to = row[stimulus] ?? "?";
        const transition = step?.transition ?? null;
        t.is(step === null ? from : letterOf(step.state), to === "." ? from : to, stimulus);
        t.is(transition !== null, to !== ".", `${stimulus} is told when something changes`);
        if (transition !== null) t.is(transition.from, stateOf(from).name);
      }
    });
  }

  test(`${name} goes the way of the table through any story, restarts included`, (t) => {
    const story = fc.array(fc.constantFrom(...STIMULI, "restart" as const), { maxLength: 60 });
    fc.assert(
      fc.property(story, (stimuli) => {
        let state: AlarmState = NEVER_RAISED;
        let model: Model = { letter: "A", isSuppressed: false };
        for (const stimulus of stimuli) {
          if (stimulus === "restart") {
            // The desk sees to it anew whether an alarm is suppressed.
            const { isSuppressed } = state;
            state = { ...restarted(rule, memoryOf(rule, state, NOW.at)), isSuppressed };
          } else {
            state = apply(rule, state, stimulus)?.state ?? state;
            model = modelled(table, model, stimulus);
          }
          if (letterOf(state) !== model.letter) return false;
        }
        return true;
      }),
      { numRuns: 1000 },
    );
    t.pass();
  });

  test(`${name} is after a kill what it was before`, (t) => {
    const story = fc.array(fc.constantFrom(...STIMULI), { maxLength: 40 });
    fc.assert(
      fc.property(story, (stimuli) => {
        let state: AlarmState = NEVER_RAISED;
        let kept: AlarmMemory | null = null;
        for (const stimulus of stimuli) {
          const step = apply(rule, state, stimulus);
          state = step?.state ?? state;
          if (step?.transition) kept = memoryOf(rule, state, NOW.at);
        }
        if (kept === null) return true;
        return letterOf(restarted(rule, kept)) === letterOf(state);
      }),
    );
    t.pass();
  });
}

/** Where an alarm is by the table, and whether it is to be suppressed, though something hides it. */
type Model = { readonly letter: string; readonly isSuppressed: boolean };

function modelled(
  table: ReadonlyMap<string, Readonly<Record<string, string>>>,
  { letter, isSuppressed: was }: Model,
  stimulus: Stimulus,
): Model {
  const isSuppressed = stimulus === "sup" || (was && stimulus !== "unsup");
  const cell = table.get(letter)?.[stimulus] ?? "?";
  const to = cell === "." ? letter : cell;
  // What comes out from under a shelf, or a latch, is suppressed where it is to be.
  const isPlain = "ABCD".includes(to);
  if (!isSuppressed || !isPlain) return { letter: to, isSuppressed };
  return { letter: to === "B" || to === "C" ? "H+" : "H", isSuppressed };
}

function restarted(rule: AlarmRule, memory: AlarmMemory): AlarmState {
  const text = JSON.parse(JSON.stringify(memory)) as AlarmMemory;
  return resumedState(resumed(text, rule, NOW.at), { ...NOW, clock: "synced" });
}
