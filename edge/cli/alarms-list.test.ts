import test from "ava";
import { anAlarm } from "../../test-rigs/sim/an-alarm.ts";
import type { Status } from "../control/status.ts";
import type { WallMs } from "../core/time.ts";
import { alarmList } from "./alarms-list.ts";

const NOW = 1_796_083_200_000 as WallMs;

/** The lines that a person sees, in plain text. */
function lines(...alarms: Status["alarms"]): readonly string[] {
  const status = { at: NOW, alarms, points: [] } as unknown as Status;
  return alarmList(status, "en", (_, line) => line);
}

/** The names in the order in which they are shown. */
function order(...alarms: Status["alarms"]): string {
  const shown = lines(...alarms).slice(1);
  return shown.map((line) => line.split(" ")[0]).join(" ");
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
  const [, line] = lines(anAlarm({ state: "shelved", active: true, until, by }));
  t.regex(line ?? "", /shelved .* until .*:.* · condition present · li: washed/);
});

test("value, limit and unit stand beside each other, and how long it has been so", (t) => {
  const since = (NOW - 7_500_000) as WallMs;
  const [, line] = lines(anAlarm({ state: "unacknowledged", value: 61.25, unit: "%[LEL]", since }));
  t.regex(line ?? "", /ACTIVE, not acknowledged +61\.25 +≥ 50 +%\[LEL\] +2 h 5 min +gas-1\.gas/);
});
