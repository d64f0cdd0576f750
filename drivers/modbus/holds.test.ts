import test from "ava";
import type { UptimeMs } from "../../edge/core/time.ts";
import { Holds } from "./holds.ts";

const SERIAL = { graceMs: 500, drainMs: 700, canSlip: true };
const SHAPE = { unit: 1, functionCode: 3, third: 4 };

const at = (ms: number) => ms as UptimeMs;

test("a unit that answered is not held back", (t) => {
  const holds = new Holds(SERIAL);
  holds.answered(SHAPE, false, at(100));
  t.is(holds.until(1), at(0));
});

test("a unit whose request was given up is held back for the grace time, and no other", (t) => {
  const holds = new Holds(SERIAL);
  holds.givenUp(SHAPE, at(1000));
  t.is(holds.until(1), at(1500));
  t.is(holds.until(2), at(0));
});

test("the late answer ends the hold", (t) => {
  const holds = new Holds(SERIAL);
  holds.givenUp(SHAPE, at(1000));
  t.is(holds.stray(1, at(1200)), "late");
  t.is(holds.until(1), at(0));
});

test("with two answers owed the first late one does not end the hold", (t) => {
  const holds = new Holds(SERIAL);
  holds.givenUp(SHAPE, at(1000));
  holds.givenUp(SHAPE, at(2000));
  t.is(holds.stray(1, at(2100)), "late");
  t.is(holds.until(1), at(2800));
  t.is(holds.stray(1, at(2200)), "late");
  t.is(holds.until(1), at(0));
});

test("an answer settles what was owed", (t) => {
  const holds = new Holds(SERIAL);
  holds.givenUp(SHAPE, at(1000));
  holds.answered(SHAPE, false, at(2000));
  t.is(holds.until(1), at(0));
  holds.givenUp(SHAPE, at(3000));
  t.is(holds.stray(1, at(3100)), "late");
  t.is(holds.until(1), at(0));
});

test("a frame that nobody asked for holds the unit back, and each further one anew", (t) => {
  const holds = new Holds(SERIAL);
  t.is(holds.stray(1, at(1000)), "unsolicited");
  t.is(holds.until(1), at(1500));
  t.is(holds.stray(1, at(1400)), "unsolicited");
  t.is(holds.until(1), at(1900));
});

test("an answer does not end a hold that began while it was awaited", (t) => {
  const holds = new Holds(SERIAL);
  holds.stray(1, at(1000));
  holds.answered(SHAPE, false, at(1100));
  t.is(holds.until(1), at(1500));
});

test("where answers say what they answer, nothing holds a unit back", (t) => {
  const holds = new Holds({ ...SERIAL, canSlip: false });
  t.is(holds.stray(1, at(1000)), "unsolicited");
  t.is(holds.until(1), at(0));
  holds.givenUp(SHAPE, at(1000));
  t.is(holds.until(1), at(0));
  t.is(holds.stray(1, at(2100)), "late");
  t.is(holds.until(1), at(0));
});

test("where answers say what they answer, a late one is told as such behind another answer", (t) => {
  const holds = new Holds({ ...SERIAL, canSlip: false });
  holds.givenUp(SHAPE, at(1000));
  holds.answered(SHAPE, false, at(1100));
  t.is(holds.stray(1, at(1200)), "late");
  t.is(holds.stray(1, at(1300)), "unsolicited");
  holds.givenUp(SHAPE, at(2000));
  holds.answered(SHAPE, false, at(2600));
  t.is(holds.stray(1, at(2700)), "unsolicited");
});

test("where copies are waited for, a request of the shape just answered is held back, its unit not", (t) => {
  const holds = new Holds({ ...SERIAL, connection: { quietMs: 50, waryMs: 300 } });
  holds.answered(SHAPE, false, at(1000));
  t.is(holds.untilClear(SHAPE), at(1050));
  t.is(holds.untilClear({ ...SHAPE, third: 6 }), at(0));
  t.is(holds.until(1), at(0));
});

test("after a frame that nobody asked for it is held back longer", (t) => {
  const holds = new Holds({ ...SERIAL, connection: { quietMs: 50, waryMs: 300 } });
  holds.stray(1, at(1000));
  holds.answered(SHAPE, false, at(2000));
  t.is(holds.untilClear(SHAPE), at(2300));
});
