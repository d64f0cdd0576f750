import test from "ava";
import type { Reading, Reason } from "../core/reading.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { Pace } from "./pace.ts";

const at = (ms: number) => ms as UptimeMs;

function value(ms: number, number = ms): Reading {
  return { point: "a.x", value: number, quality: "good", at: ms as WallMs, uptime: at(ms) };
}

function bad(ms: number) {
  return (reason: Reason): Reading => ({ ...value(ms), value: null, quality: `bad:${reason}` });
}

const pace = () => new Pace({ everyMs: 1000, silentAfterMs: 3000 }, at(0));

test("the first value of a period is a reading at once", (t) => {
  const one = pace();
  t.is(one.hear(value(300))?.value, 300);
  t.is(one.hear(value(1300))?.value, 1300);
});

test("of the values after it the latest becomes the reading of the next period", (t) => {
  const one = pace();
  one.hear(value(100));
  t.is(one.hear(value(400)), null);
  t.is(one.hear(value(900)), null);
  t.is(one.wakeAt(true), at(1000));
  t.is(one.serve(at(999), true, bad(999)), null);
  t.deepEqual(one.serve(at(1000), true, bad(1000)), value(900));
  t.is(one.hear(value(1500)), null);
});

test("a loss is due at once, behind what was held, and only once", (t) => {
  const one = pace();
  one.opened(at(0));
  one.hear(value(100));
  one.hear(value(400));
  t.is(one.serve(at(500), false, bad(500)), null);
  t.deepEqual(one.lost(at(500)), value(400));
  t.is(one.serve(at(500), false, bad(500))?.quality, "bad:link-closed");
  t.is(one.lost(at(600)), null);
  t.is(one.serve(at(600), false, bad(600)), null);
});

test("a value that comes behind a later reading comes too late", (t) => {
  const one = pace();
  one.opened(at(0));
  t.is(one.serve(at(3000), true, bad(3000))?.quality, "bad:timeout");
  t.true(one.isLate(at(2900)));
  t.false(one.isLate(at(3000)));
  t.is(one.serve(at(4000), true, bad(4000))?.quality, "bad:timeout");
  t.is(one.hear(value(5000))?.value, 5000);
});

test("a device that speaks more rarely than every period is not silent", (t) => {
  const one = pace();
  for (let ms = 2000; ms < 20_000; ms += 2000) {
    t.is(one.serve(at(ms - 1), true, bad(ms - 1)), null);
    t.is(one.hear(value(ms))?.value, ms);
  }
});

test("silence gives one bad reading every period, until a value comes", (t) => {
  const one = pace();
  one.opened(at(0));
  one.hear(value(500));
  t.is(one.wakeAt(true), at(3500));
  t.false(one.isSilent(at(3499)));
  t.is(one.serve(at(3500), true, bad(3500))?.quality, "bad:timeout");
  t.is(one.serve(at(3999), true, bad(3999)), null);
  t.is(one.serve(at(4000), true, bad(4000))?.quality, "bad:timeout");
  t.is(one.hear(value(4500)), null);
  t.is(one.serve(at(5000), true, bad(5000))?.value, 4500);
});

test("a closed line gives a bad reading every period, after what was held", (t) => {
  const one = pace();
  one.hear(value(100));
  one.hear(value(200));
  t.is(one.serve(at(1000), false, bad(1000))?.value, 200);
  t.is(one.wakeAt(false), at(2000));
  t.is(one.serve(at(1999), false, bad(1999)), null);
  t.is(one.serve(at(2000), false, bad(2000))?.quality, "bad:link-closed");
  one.opened(at(2500));
  t.is(one.serve(at(3000), true, bad(3000)), null);
});

test("a line that is opened again and again does not hide that no value comes", (t) => {
  const one = pace();
  one.opened(at(0));
  one.hear(value(500));
  for (const ms of [1500, 2500, 3400]) one.opened(at(ms));
  t.is(one.serve(at(3500), true, bad(3500))?.quality, "bad:timeout");
  t.false(one.isSilent(at(3500)), "the device has had no time to speak yet");
  t.true(one.isSilent(at(6400)));
});

test("something unusable is a bad reading only where a reading was due", (t) => {
  const one = pace();
  t.is(one.miss(bad(100)("crc"))?.quality, "bad:crc");
  t.is(one.miss(bad(200)("crc")), null);
  one.hear(value(300));
  t.is(one.miss(bad(1100)("crc")), null);
  t.is(one.serve(at(1100), true, bad(1100))?.value, 300);
});
