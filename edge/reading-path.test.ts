import test from "ava";
import { aMeasurement } from "../test-rigs/sim/a-measurement.ts";
import { POINT } from "../test-rigs/sim/a-point.ts";
import { SimClock } from "../test-rigs/sim/clock.ts";
import type { Reading } from "./core/reading.ts";
import { ReadingPath } from "./reading-path.ts";

const REPORT = { deadband: 10, maxSilenceMs: 3_600_000 };
const PEAK = {
  id: "peak.level",
  device: "peak",
  type: "float64",
  unit: null,
  everyMs: 1000,
  silentAfterMs: 3000,
  write: false,
  measurement: null,
  derivation: { kind: "max", of: ["d.level"], least: 1 },
} as const;

/** One point that is stored only when it moves by 10, and one that is derived from it. */
function rig({ telling = () => false as boolean } = {}) {
  const clock = new SimClock();
  const judged: string[] = [];
  const kept: string[] = [];
  const measured: string[] = [];
  const text = ({ point, value }: Reading) => `${point} ${value}`;
  const path = new ReadingPath({
    clock,
    config: {
      points: [{ ...POINT, measurement: aMeasurement({ report: REPORT }) }],
      talkers: [],
      boards: [],
      derived: [PEAK],
    },
    judge: (readings) => {
      judged.push(...readings.map(text));
      return readings.filter(telling);
    },
    onKept: (readings) => kept.push(...readings.map(text)),
    onMeasured: (readings) => measured.push(...readings.map(text)),
  });
  const tell = (value: number) => {
    const stamp = { at: clock.now(), uptime: clock.uptime() };
    return path.measure([{ point: "d.level", value, quality: "good", ...stamp }]);
  };
  return { clock, path, tell, judged, kept, measured };
}

test("what is told is judged at once and kept only when it is due, what is derived both at once", (t) => {
  const { path, tell, judged, kept } = rig();
  const due = tell(5);
  t.deepEqual(judged, ["d.level 5", "peak.level 5"]);
  t.deepEqual(kept, ["peak.level 5"]);
  path.keep(due);
  t.deepEqual(kept, ["peak.level 5", "d.level 5"]);
});

test("what is no news is told of and not stored, unless it tells the story of an alarm", (t) => {
  const story = { isOn: false };
  const { path, tell, kept, measured } = rig({ telling: () => story.isOn });
  for (const value of [5, 6]) path.keep(tell(value));
  const own = (all: readonly string[]) => all.filter((each) => each.startsWith("d."));
  t.deepEqual(own(measured), ["d.level 5", "d.level 6"]);
  t.deepEqual(own(kept), ["d.level 5"]);
  story.isOn = true;
  path.keep(tell(7));
  t.deepEqual(own(kept), ["d.level 5", "d.level 7"]);
});

test("the status has the newest of every point, and none before it is read", async (t) => {
  const { clock, path, tell } = rig();
  t.like(path.status(), [{ quality: "bad:not-yet-read" }, { quality: "bad:not-yet-read" }]);
  tell(5);
  tell(8);
  t.like(path.status(), [
    { point: "d.level", value: 8, quality: "good" },
    { point: "peak.level", value: 8 },
  ]);
  await clock.advance(60_000);
  t.like(path.status(), [{ value: null, quality: "bad:stale" }]);
});
