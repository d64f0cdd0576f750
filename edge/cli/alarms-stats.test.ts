import test from "ava";
import stringWidth from "string-width";
import { figuresOf, type Occurrence } from "../alarm/figures.ts";
import type { Severity } from "../core/alarm.ts";
import { statsView } from "./alarms-stats.ts";

const DAY = 86_400_000;

/** `count` calls of one alarm within a day, 20 s apart. */
function chatter(count: number, severity: Severity): readonly Occurrence[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ alarm: "level-high", severity, from: i * 20_000, to: i * 20_000 + 5000 },
    ...{ isAnswered: false, limit: "high" as const, setpoint: 50, returned: 49 },
  }));
}

test("each figure stands beside its target and says whether it is good", (t) => {
  const figures = figuresOf(chatter(200, "red"), 0, DAY);
  const proposal = { alarm: "level-high", kind: "deadband", to: 1.1, saved: 180, of: 200 } as const;
  const text = statsView(figures, [proposal], "en").join("\n");
  t.regex(text, /alarms a day +200 +≤ 150 +TOO MANY/);
  t.regex(text, /share of red +100 % +≤ 5 % +TOO MANY/);
  t.regex(text, /standing for over a day +0 +≤ 4 +good/);
  t.regex(text, /Chattering.*\n +level-high +3/);
  t.regex(text, /level-high: deadband: 1\.1 would have spared 180 of 200/);
});

test("it is told in Chinese too, and without proposals where there are none", (t) => {
  const text = statsView(figuresOf(chatter(2, "blue"), 0, DAY), [], "zh-CN").join("\n");
  t.regex(text, /每天报警数/);
  t.notRegex(text, /建议|TOO|good/);
});

test("it fits on a terminal of 80 cells, in both languages", (t) => {
  const figures = figuresOf(chatter(200, "red"), 0, DAY);
  const proposal = {
    alarm: "level-high",
    kind: "offDelay",
    to: 11_000,
    saved: 180,
    of: 200,
  } as const;
  for (const lang of ["en", "zh-CN"] as const) {
    for (const line of statsView(figures, [proposal], lang)) t.true(stringWidth(line) <= 80, line);
  }
});
