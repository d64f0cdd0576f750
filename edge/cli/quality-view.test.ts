import test from "ava";
import stringWidth from "string-width";
import type { Quality } from "../core/reading.ts";
import type { WallMs } from "../core/time.ts";
import { REASON_WORDS } from "./quality-text.ts";
import { qualityNotes, type Shown } from "./quality-view.ts";

const point = (name: string, quality: Quality, some: Partial<Shown> = {}): Shown => {
  return { point: name, quality, ...some };
};

/** The end of the first of May 2027, where days end last on Earth. */
const DUE = (Date.UTC(2027, 4, 2) + 12 * 3_600_000) as WallMs;

test("where all is good nothing is said", (t) => {
  t.deepEqual(qualityNotes([point("a", "good")], "en"), []);
});

test("each reason is explained once for all its points, with what to do", (t) => {
  const points = [
    point("a.x", "bad:loop-fault"),
    point("a.y", "uncertain:loop-fault"),
    point("b.z", "bad:exception:2"),
  ];
  const [title, first, todo, second, ...rest] = qualityNotes(points, "en");
  t.is(title, "POINTS TO LOOK AFTER");
  t.regex(first ?? "", /^ {2}a\.x, a\.y: .*NE 43/);
  t.regex(todo ?? "", /^ {4}→ .*broken wire/);
  t.regex(second ?? "", /^ {2}b\.z: the device refuses/);
  t.is(rest.length, 1);
  t.regex(qualityNotes(points, "zh-CN").join("\n"), /a\.x、a\.y：.*\n {4}→ .*断线/);
});

test("a value that is old is not laid to the bus where no bus reads it", (t) => {
  const points = [
    point("a.asked", "bad:stale", { origin: "asked" }),
    point("b.told", "bad:stale", { origin: "told" }),
    point("c.derived", "bad:stale", { origin: "derived" }),
  ];
  for (const lang of ["en", "zh-CN"] as const) {
    const lines = qualityNotes(points, lang);
    t.is(lines.length, 7);
    t.true(lines[2]?.includes("lifeline check"));
    for (const line of lines.slice(3)) {
      t.notRegex(line, /bus|lifeline|总线/);
      t.true(stringWidth(line) <= 80, line);
    }
  }
  t.deepEqual(qualityNotes(points, "en", { reasons: ["stale"] }), []);
});

test("what was told before is left out", (t) => {
  t.deepEqual(qualityNotes([point("a", "bad:timeout")], "en", { reasons: ["timeout"] }), []);
});

test("a calibration is told with its last day, and what to do when it has run out", (t) => {
  const holds = point("a", "good", { calibration: { due: DUE, isOverdue: false } });
  t.deepEqual(qualityNotes([holds], "en").slice(1), [
    "  a: its calibration holds until 2027-05-01",
  ]);
  t.deepEqual(qualityNotes([holds], "en", { dueFrom: DUE }), []);
  t.is(qualityNotes([holds], "en", { dueFrom: DUE + 1 }).length, 2);
  const over = point("a", "bad:crc", { calibration: { due: DUE, isOverdue: true } });
  const lines = qualityNotes([over], "en", { reasons: ["crc"] });
  t.is(lines[1], "  a: its calibration ran out on 2027-05-01");
  t.regex(lines[2] ?? "", /→ .*calibrate/);
});

test("that a device asks for maintenance is told though its value is good", (t) => {
  const lines = qualityNotes([point("a", "good", { maintenance: true })], "zh-CN");
  t.regex(lines.join("\n"), /a：设备请求维护.*\n {4}→ /);
});

test("every reason has words, a meaning and something to do that fits on a line", (t) => {
  for (const reason of Object.keys(REASON_WORDS)) {
    for (const lang of ["en", "zh-CN"] as const) {
      const lines = qualityNotes([point("gas-1.gas", `bad:${reason}` as Quality)], lang);
      t.is(lines.length, 3, reason);
      for (const line of lines) t.true(stringWidth(line) <= 80, `${stringWidth(line)}: ${line}`);
    }
  }
});
