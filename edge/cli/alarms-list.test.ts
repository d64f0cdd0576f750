import test from "ava";
import stringWidth from "string-width";
import { anAlarm } from "../../test-rigs/sim/an-alarm.ts";
import type { Status } from "../control/status.ts";
import { ALARM_STATES } from "../core/alarm.ts";
import type { Lang } from "../core/errors.ts";
import type { WallMs } from "../core/time.ts";
import { alarmList, styleOf } from "./alarms-list.ts";

const NOW = 1_796_083_200_000 as WallMs;

function statusOf(alarms: Status["alarms"], quality = "good"): Status {
  const points = alarms.map(({ point }) => ({ point, quality }));
  return { at: NOW, alarms, points } as unknown as Status;
}

/** The lines that a person sees, in plain text. */
function lines(...alarms: Status["alarms"]): readonly string[] {
  return alarmList(statusOf(alarms), "en", (_, line) => line);
}

/** The names in the order in which they are shown. */
function order(...alarms: Status["alarms"]): string {
  const shown = lines(...alarms).slice(1);
  return shown.flatMap((line) => line.match(/^\S+/) ?? []).join(" ");
}

test("what needs somebody comes first, and of two the graver", (t) => {
  const one = (alarm: string, state: Status["alarms"][number]["state"]) =>
    anAlarm({ alarm, state });
  t.is(
    order(
      one("at-rest", "normal"),
      one("quiet", "shelved"),
      one("stands", "acknowledged"),
      one("reset", "latched-acknowledged"),
      anAlarm({ alarm: "mild", state: "unacknowledged", severity: "blue" }),
      anAlarm({ alarm: "grave", state: "unacknowledged", severity: "red" }),
      one("gone", "returned-unacknowledged"),
    ),
    "grave mild gone reset stands quiet at-rest",
  );
});

test("a shelved alarm shows until when, that its condition is present, who did it and why", (t) => {
  const by = { who: "li", reason: "washed" };
  const until = (NOW + 60_000) as WallMs;
  const [, line, note] = lines(anAlarm({ state: "shelved", active: true, until, by }));
  t.regex(line ?? "", /shelved/);
  t.regex(note ?? "", /^ {2}gas-1\.gas · until .*:.* · condition present · li: washed$/);
});

test("value, limit and unit stand beside each other, and how long it has been so", (t) => {
  const since = (NOW - 7_500_000) as WallMs;
  const alarm = anAlarm({ state: "unacknowledged", value: 61.25, unit: "%[LEL]", since });
  const [, line, note] = lines(alarm);
  t.regex(line ?? "", /ACTIVE, unacked +61\.25 +≥ 50 %\[LEL\] +2 h 5 min$/);
  t.is(note, "  gas-1.gas");
});

test("an alarm at rest takes one line, but where its point is bad: then normal says nothing", (t) => {
  const alarm = anAlarm({ state: "normal" });
  t.is(lines(alarm).length, 2);
  const shown = alarmList(statusOf([alarm], "bad:timeout"), "en", (_, line) => line);
  t.regex(shown[2] ?? "", /^ {2}gas-1\.gas · bad/);
});

/** The widest that can be, in every state. */
const WIDE = ALARM_STATES.map((state) =>
  anAlarm({
    ...{ alarm: "gas-high-at-the-pump", state, severity: "yellow", unit: "mg/m3", setpoint: 1e-9 },
    ...{ value: -123_456.789, since: (NOW - 3_599_000) as WallMs, until: NOW, active: true },
    ...{ first: true, by: { who: "maintenance", reason: "洗涤塔检修，暂时停用。".repeat(9) } },
  }),
);

for (const lang of ["en", "zh-CN"] as const satisfies readonly Lang[]) {
  test(`the table is at most 80 cells wide, whatever stands in it, in ${lang}`, (t) => {
    const long = anAlarm({ alarm: "燃气浓度过高".repeat(5), setpoint: "x".repeat(99) });
    const all = [...WIDE, long, anAlarm({ limit: "equal", value: "RUNNING".repeat(9) })];
    const shown = alarmList(statusOf(all, "bad:timeout"), lang, (_, line) => line);
    for (const line of shown) t.true(stringWidth(line) <= 80, `${stringWidth(line)} ${line}`);
    for (const { alarm } of all) t.true(shown.join("\n").includes(alarm), "a name is never cut");
  });

  test(`the columns stand under their headings, Chinese taking two cells, in ${lang}`, (t) => {
    const names = ["gas-high", "水位高"];
    const alarms = names.map((alarm) => anAlarm({ alarm, state: "normal", since: NOW }));
    const [head = "", ...rows] = alarmList(statusOf(alarms), lang, (_, line) => line);
    const title = lang === "en" ? "SETPOINT" : "设定值";
    const column = stringWidth(head.slice(0, head.indexOf(title)));
    for (const row of rows) t.is(stringWidth(row.slice(0, row.indexOf("≥"))), column, row);
  });
}

test("what calls is bold in the colour of its severity, what was answered is plain, the quiet dim", (t) => {
  t.deepEqual(styleOf("unacknowledged", "red"), ["bold", "red"]);
  t.deepEqual(styleOf("latched-unacknowledged", "blue"), ["bold", "blueBright"]);
  t.deepEqual(styleOf("acknowledged", "yellow"), ["yellow"]);
  t.deepEqual(styleOf("shelved", "red"), ["dim"]);
  t.deepEqual(styleOf("normal", "red"), ["dim"]);
});
