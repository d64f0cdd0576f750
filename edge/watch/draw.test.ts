import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import test, { type ExecutionContext } from "ava";
import stringWidth from "string-width";
import {
  aBus,
  aDestination,
  aPointStatus,
  aStatus,
  TOLD_AT,
} from "../../test-rigs/sim/a-status.ts";
import { anAlarm } from "../../test-rigs/sim/an-alarm.ts";
import type { PointStatus, Status } from "../control/status.ts";
import type { WallMs } from "../core/time.ts";
import { draw } from "./draw.ts";
import type { Frame } from "./frame.ts";
import { type Line, textOf } from "./line.ts";
import { changes, rowOf } from "./screen.ts";
import { answered, firstState, PAGES, unanswered, type WatchState } from "./state.ts";
import { inColour } from "./style.ts";

const LANGS = ["en", "zh-CN"] as const;
const GOLDEN = new URL("../../test-rigs/golden/watch/", import.meta.url);

/** Compares with `NAME.txt` of the golden pictures; written anew when UPDATE_GOLDEN is set. */
function isGolden(t: ExecutionContext, name: string, lines: readonly Line[]): void {
  const file = new URL(`${name}.txt`, GOLDEN);
  const text = lines.map((line) => `${textOf(line)}\n`).join("");
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(file, text);
  }
  t.is(text, readFileSync(file, "utf8"));
}

const at = (ms: number) => (TOLD_AT + ms) as WallMs;

/** A site on which something of everything happens. */
const POINTS: readonly PointStatus[] = [
  aPointStatus({ point: "gas-1.gas", value: 62.137 }),
  aPointStatus({ point: "gas-1.temp", unit: "Cel", value: 14.25, ageMs: 12_000 }),
  aPointStatus({ point: "gas-2.gas", value: null, quality: "bad:timeout", ageMs: 125_000 }),
  aPointStatus({ point: "gas-10.gas", value: 0.4 }),
  aPointStatus({ point: "level-1.level", unit: "m", value: 1.204, quality: "uncertain:stuck" }),
  aPointStatus({ point: "main-1.pressure", unit: "MPa", value: 0.34 }),
  aPointStatus({ point: "main-1.flow", unit: "m3/h", value: 1_234_567.8 }),
  aPointStatus({ point: "valve-1.shut", unit: null, value: false, everyMs: 30_000 }),
  aPointStatus({
    ...{ point: "bridge-north-pier-3.strain-gauge-outer", unit: "um/m", value: -121.9 },
    ageMs: 7_300_000,
  }),
  aPointStatus({
    ...{ point: "pump-1.speed", value: null, quality: "bad:not-yet-read" },
    ...{ at: null, ageMs: null, unit: "/min" },
  }),
];

const ALARMS = [
  anAlarm({
    ...{ alarm: "gas-high", point: "gas-1.gas", state: "unacknowledged", active: true },
    ...{ value: 62.137, unit: "%[LEL]", since: at(-23_400) },
  }),
  anAlarm({
    ...{ alarm: "gas-low", point: "gas-1.gas", severity: "yellow", state: "acknowledged" },
    ...{ active: true, setpoint: 25, value: 62.137, unit: "%[LEL]", since: at(-95_000) },
    by: { who: "li.wei", reason: "on my way" },
  }),
  anAlarm({
    ...{ alarm: "main-burst", point: "main-1.pressure", severity: "orange", limit: "low" },
    ...{ setpoint: 0.2, value: 0.34, unit: "MPa", since: at(-3_700_000) },
    state: "latched-unacknowledged",
  }),
  anAlarm({ alarm: "level-high", point: "level-1.level", severity: "blue", setpoint: 3 }),
  anAlarm({
    ...{ alarm: "flow-high", point: "main-1.flow", state: "shelved", since: at(-60_000) },
  }),
] as const;

const SITE: Status = aStatus({
  points: POINTS,
  alarms: ALARMS,
  buses: [
    aBus({ silent: ["gas-2"] }),
    aBus({ bus: "pump", state: "closed", since: at(-125_000), trouble: "connect ECONNREFUSED" }),
  ],
  destinations: [
    aDestination(),
    aDestination({
      ...{ destination: "water-office", state: "disconnected", since: at(-320_000) },
      ...{ trouble: "gone", owed: { readings: 1042, events: 3 } },
    }),
  ],
});

/** What the view knows after half a minute of `SITE`. */
function someState(some: Partial<WatchState> = {}): WatchState {
  let state = firstState();
  for (let second = -30; second <= 0; second++) {
    const points = POINTS.map((point, i) => ({
      ...point,
      value:
        typeof point.value === "number" && second < 0 ? wave(point.value, second, i) : point.value,
      at: point.at === null ? null : at(1000 * second - 400),
    }));
    state = answered(state, { ...SITE, points });
  }
  return { ...state, ...some };
}

function wave(value: number, second: number, phase: number): number {
  return value * (1 + 0.1 * Math.sin((second + phase) / 4));
}

function frame(some: Partial<Frame> = {}): Frame {
  const timeOf = () => "2025-11-24 14:00:00";
  return { width: 80, height: 24, lang: "en", now: TOLD_AT, timeOf, ...some };
}

for (const lang of LANGS) {
  for (const [width, height] of [
    [80, 24],
    [120, 40],
    [40, 10],
  ] as const) {
    test(`the points and the alarms at ${width}×${height} (${lang})`, (t) => {
      const { lines } = draw(someState(), frame({ width, height, lang }));
      isGolden(t, `points-${width}x${height}.${lang}`, lines);
    });
  }

  for (const page of PAGES.slice(1)) {
    test(`the page of ${page} (${lang})`, (t) => {
      isGolden(t, `${page}.${lang}`, draw(someState({ page }), frame({ lang })).lines);
    });
  }

  test(`the page of keys (${lang})`, (t) => {
    isGolden(t, `help.${lang}`, draw(someState({ isHelp: true }), frame({ lang })).lines);
  });

  test(`a gateway that does not answer is said to, with what to do (${lang})`, (t) => {
    const failure = {
      ...{ meaning: lang === "en" ? "no gateway answers" : "网关无应答", message: "ENOENT" },
      ...{
        advice: lang === "en" ? "start it" : "请启动网关",
        code: "control.unreachable" as const,
      },
    };
    const gone = unanswered(someState(), failure, TOLD_AT - 65_000);
    isGolden(t, `gone.${lang}`, draw(gone, frame({ lang })).lines);
    const never = unanswered(firstState(), failure, TOLD_AT);
    isGolden(t, `never.${lang}`, draw(never, frame({ lang })).lines);
  });

  test(`no picture is larger than its frame, whatever is shown (${lang})`, (t) => {
    for (const [width, height] of [
      [60, 12],
      [79, 23],
      [200, 60],
      [12, 3],
      [1, 1],
    ] as const) {
      for (const page of PAGES) {
        const { lines } = draw(someState({ page }), frame({ width, height, lang }));
        t.true(lines.length <= height, `${page} ${width}×${height}`);
        for (const line of lines.slice(0, 1))
          t.true(stringWidth(textOf(line)) <= Math.max(2, width));
      }
    }
  });
}

/** The ids that the page of points shows, in order. */
function shownPoints(some: Partial<WatchState>): readonly string[] {
  const { lines } = draw(someState(some), frame({ height: 60, width: 120 }));
  return lines.map(textOf).flatMap((line) => /^[ !*] ([a-z0-9-]+\.[a-z-]+) /.exec(line)?.[1] ?? []);
}

test("points are sorted by name with numbers as numbers, or by what needs a look", (t) => {
  t.is(shownPoints({ sort: "name" }).indexOf("gas-10.gas"), 4);
  t.deepEqual(shownPoints({ sort: "age" }).slice(0, 3), [
    "pump-1.speed",
    "bridge-north-pier-3.strain-gauge-outer",
    "gas-2.gas",
  ]);
  t.deepEqual(shownPoints({ sort: "quality" }).slice(0, 3), [
    "gas-2.gas",
    "pump-1.speed",
    "level-1.level",
  ]);
  t.deepEqual(shownPoints({ sort: "alarm" }).slice(0, 2), ["gas-1.gas", "main-1.pressure"]);
  t.is(shownPoints({ sort: "alarm", isReversed: true }).at(-1), "gas-1.gas");
});

test("a filter leaves what has it in its name, unit or quality, and says where nothing has", (t) => {
  t.deepEqual(shownPoints({ filter: "MAIN" }), ["main-1.flow", "main-1.pressure"]);
  t.deepEqual(shownPoints({ filter: "timeout" }), ["gas-2.gas"]);
  const { lines } = draw(someState({ filter: "nowhere" }), frame());
  t.true(lines.map(textOf).some((line) => line.includes("nothing matches the filter")));
  const buses = draw(someState({ page: "buses", filter: "pump" }), frame()).lines.map(textOf);
  t.true(buses.some((line) => line.startsWith(" pump")));
  t.false(buses.some((line) => line.startsWith(" line-a")));
});

test("what is beyond the last row is not scrolled to", (t) => {
  const { lines, top, rows } = draw(someState({ top: 999 }), frame({ height: 16 }));
  t.is(top + rows, POINTS.length);
  t.true(lines.map(textOf).some((line) => line.includes(`${top + 1}-${POINTS.length} of`)));
});

test("alarms stand out in the colour of their severity, and bad values are marked without any", (t) => {
  const { lines } = draw(someState(), frame({ height: 40, width: 120 }));
  const lineOf = (text: string) => lines.find((line) => textOf(line).includes(text)) ?? [];
  const stylesOf = (text: string) => new Set(lineOf(text).map(({ style }) => style));
  t.true(stylesOf("! gas-high").has("red"));
  t.true(stylesOf("* gas-low").has("yellow"));
  t.true(stylesOf("! main-burst").has("orange"));
  t.true(stylesOf("gas-2.gas").has("bad"));
  t.regex(textOf(lineOf("gas-2.gas")), /x bad:timeout/);
  t.regex(textOf(lineOf("level-1.level")), /\? uncertain:stuck/);
});

test("a paused view says so and stands still while the gateway goes on", (t) => {
  const state = someState();
  const frozen = { status: state.status ?? SITE, trends: state.trends };
  const later = answered({ ...state, frozen }, aStatus({ points: [] }));
  const lines = draw(later, frame()).lines.map(textOf);
  t.regex(lines[0] ?? "", /\[PAUSED\]/);
  t.true(lines.some((line) => line.includes("gas-1.gas")));
});

test("a second in which every value moves takes little of a slow line", (t) => {
  const told = (second: number) =>
    aStatus({
      points: Array.from({ length: 40 }, (_, i) =>
        aPointStatus({
          ...{ point: `row-${i}.value`, at: at(1000 * second) },
          value: Math.round(500 + 300 * Math.sin(second / 5 + i)) / 10,
        }),
      ),
    });
  let state = firstState();
  let before = draw(answered(state, told(0)), frame()).lines.map((line) => rowOf(line, 80));
  let bytes = 0;
  for (let second = 0; second < 30; second++) {
    state = answered(state, told(second));
    const after = draw(state, frame()).lines.map((line) => rowOf(line, 80));
    bytes += Buffer.byteLength(changes(before, after, inColour));
    before = after;
  }
  t.true(bytes / 30 < 1400, `${bytes / 30} bytes a second`);
});

test("a release that is on trial is told beside its name", (t) => {
  const trial = { previous: "0.1.0", tries: 1, state: "judged", reason: null } as const;
  const own = { slot: "0.2.0", counter: 17, channel: "stable", order: null, last: null };
  const tried = answered(firstState(), aStatus({ release: "0.2.0", update: { ...own, trial } }));
  t.regex(textOf(draw(tried, frame()).lines[0] ?? []), / 0\.2\.0 ON TRIAL /);
  const kept = aStatus({ release: "0.2.0", update: { ...own, trial: null } });
  t.notRegex(textOf(draw(answered(firstState(), kept), frame()).lines[0] ?? []), /TRIAL/);
});
