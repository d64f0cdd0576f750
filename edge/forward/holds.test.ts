import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { Holds } from "./holds.ts";

function rig() {
  const clock = new SimClock();
  const told: unknown[] = [];
  const holds = new Holds({ clock, random: () => 1 }, (why) => told.push(why));
  return { clock, told, holds };
}

test("what is refused is held, and everything else goes on", async (t) => {
  const { clock, holds } = rig();
  holds.refused("events", "refused");
  t.false(holds.mayGo("events", 0));
  t.true(holds.mayGo("readings", 7));
  t.is(holds.why, "refused");
  await clock.advance(500);
  holds.endDue();
  t.true(holds.mayGo("events", 0));
  t.false(holds.mayGo("events", 1), "one first, to see");
  holds.taken("events");
  t.true(holds.mayGo("events", 7));
  t.is(holds.why, null);
});

test("the holds of one kind grow longer although the other kind is taken", async (t) => {
  const { clock, holds } = rig();
  const waits: number[] = [];
  for (let n = 0; n < 7; n++) {
    holds.refused("events", "refused");
    waits.push((holds.nextEnd ?? 0) - clock.uptime());
    holds.taken("readings");
    await clock.advance(10_000);
    holds.endDue();
  }
  t.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test("when one kind is taken again the other may be tried at once", async (t) => {
  const { clock, holds } = rig();
  holds.refused("events", "no-subscriber");
  await clock.advance(500);
  holds.endDue();
  holds.refused("events", "no-subscriber");
  holds.refused("readings", "no-subscriber");
  await clock.advance(500);
  holds.endDue();
  t.false(holds.mayGo("events", 0));
  holds.taken("readings");
  t.true(holds.mayGo("events", 0));
  holds.refused("events", "no-subscriber");
  holds.taken("readings");
  t.false(holds.mayGo("events", 0), "readings were not held");
});

test("a hold is told when it is over, once a reason, and called off when all is taken", async (t) => {
  const { clock, told, holds } = rig();
  const hold = async (topic: "events" | "readings", why: "refused" | "no-subscriber") => {
    holds.refused(topic, why);
    await clock.advance(10_000);
    holds.endDue();
  };
  holds.refused("events", "refused");
  t.deepEqual(told, []);
  await hold("events", "refused");
  await hold("events", "refused");
  await hold("readings", "no-subscriber");
  t.deepEqual(told, ["refused", "no-subscriber"]);
  await clock.advance(10_000);
  holds.taken("readings");
  t.deepEqual(told, ["refused", "no-subscriber"], "events are still refused");
  holds.taken("events");
  t.deepEqual(told, ["refused", "no-subscriber", null]);
});

test("a new session holds nothing and calls nothing off", async (t) => {
  const { clock, told, holds } = rig();
  holds.refused("status", "status-refused");
  await clock.advance(10_000);
  holds.endDue();
  holds.restart();
  await clock.advance(10_000);
  holds.taken("readings");
  t.is(holds.nextEnd, null);
  t.deepEqual(told, ["status-refused"]);
});
