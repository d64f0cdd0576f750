import test from "ava";
import stringWidth from "string-width";
import { ALARM_STATES } from "../core/alarm.ts";
import type { AlarmEvent } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import { historyView, nothingOf } from "./alarms-history.ts";

const EVENT: AlarmEvent = {
  kind: "alarm",
  alarm: "gas-high",
  point: "gas-1.gas",
  from: "normal",
  to: "unacknowledged",
  severity: "red",
  value: 60,
  unit: "%[LEL]",
  setpoint: 50,
  cause: "high",
  at: 1_796_083_200_000 as WallMs,
  clock: "synced",
};

test("an event is told with its value, its cause, and who did it", (t) => {
  const shelved = { value: null, to: "shelved", cause: "shelved", active: true } as const;
  const [, raised, why, acted, who] = historyView(
    [
      { ...EVENT, first: true },
      { ...EVENT, ...shelved, who: "li", reason: "washed" },
    ],
    "en",
  );
  t.regex(raised ?? "", /^gas-high .* red +ACTIVE, unacked +60 %\[LEL\]$/);
  t.is(why, "  at or above the limit · first");
  t.regex(acted ?? "", /^gas-high .* red +shelved$/);
  t.is(who, "  shelved · condition present · li: washed");
});

for (const lang of ["en", "zh-CN"] as const) {
  test(`the history is at most 80 cells wide, whatever happened, in ${lang}`, (t) => {
    const wide = ALARM_STATES.map((to): AlarmEvent => {
      const told = { alarm: "gas-high-at-the-pump", cause: "configuration", active: true } as const;
      const by = { who: "maintenance", reason: "洗涤塔检修，暂时停用。".repeat(9) };
      return { ...EVENT, to, ...told, ...by, value: -123_456.789, unit: "mg/m3", first: true };
    });
    const text = { ...EVENT, alarm: "燃气浓度过高".repeat(5), value: "RUNNING".repeat(9) };
    const shown = historyView([...wide, text], lang);
    for (const line of shown) t.true(stringWidth(line) <= 80, `${stringWidth(line)} ${line}`);
    t.true(shown.join("\n").includes(text.alarm), "a name is never cut");
  });
}

test("of a name that nothing is stored of, the one that was most likely meant is told", (t) => {
  t.is(
    nothingOf("gas-hgih", [EVENT], "en"),
    "nothing is stored of an alarm gas-hgih. Did you mean 'gas-high'?",
  );
  t.is(nothingOf("siren", [EVENT], "zh-CN"), "没有存储报警 siren 的任何内容");
});
