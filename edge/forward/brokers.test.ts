import test from "ava";
import { forwarderRig, SECOND } from "../../test-rigs/sim/forwarder-rig.ts";

const MINUTE = 60_000;

const rig = () => forwarderRig({ urls: ["mqtt://127.0.0.1", SECOND], returnAfterMs: 10 * MINUTE });

const readingsOf = (received: readonly string[]) =>
  received.filter((what) => /^(readings|backlog)/.test(what));

test("the first broker that takes a session has it, and the first is returned to", async (t) => {
  const { clock, broker, second, turns, start, commit, stop } = rig();
  broker.up = false;
  const { forwarder } = await start();
  await clock.advance(1000);
  t.is(forwarder.status().broker, SECOND);
  for (let i = 0; i < 3; i++) await commit(forwarder, "reading");
  await clock.advance(1000);
  broker.up = true;
  await clock.advance(9 * MINUTE);
  t.is(forwarder.status().broker, SECOND);
  for (let i = 0; i < 30; i++) {
    await commit(forwarder, "reading");
    await clock.advance(3000);
  }
  t.is(forwarder.status().broker, "mqtt://127.0.0.1");
  const all = [...readingsOf(second.received), ...readingsOf(broker.received)];
  t.deepEqual(
    all,
    Array.from({ length: 33 }, (_, i) => `readings ${i + 1}`),
  );
  t.true(readingsOf(broker.received).length > 5);
  t.is(second.received.at(-1), "status offline");
  t.deepEqual(turns, ["connected"]);
  t.deepEqual(forwarder.status().owed, { readings: 0, events: 0 });
  t.is(second.held, 0);
  stop.abort();
});

test("a first broker that stays away disturbs nothing", async (t) => {
  const { clock, broker, second, turns, start, commit, stop } = rig();
  broker.up = false;
  const { forwarder } = await start();
  for (let i = 0; i < 120; i++) {
    await clock.advance(MINUTE);
    await commit(forwarder, "reading");
  }
  await clock.advance(1000);
  t.is(readingsOf(second.received).length, 120);
  t.deepEqual(turns, ["connected"]);
  stop.abort();
});

test("what the second broker did not answer in time goes again to the first", async (t) => {
  const { clock, broker, second, start, commit, stop } = rig();
  broker.up = false;
  const { forwarder } = await start();
  await clock.advance(1000);
  broker.up = true;
  await clock.advance(10 * MINUTE - 1100);
  second.forgets = 2;
  await commit(forwarder, "reading");
  await commit(forwarder, "event");
  await clock.advance(4000);
  t.is(forwarder.status().broker, SECOND);
  await clock.advance(4000);
  t.is(forwarder.status().broker, "mqtt://127.0.0.1");
  await clock.advance(1000);
  t.deepEqual(broker.received, ["status online", "events 1", "readings 1"]);
  t.deepEqual(forwarder.status().owed, { readings: 0, events: 0 });
  stop.abort();
});

test("a second broker that dies too is left for whichever is there", async (t) => {
  const { clock, broker, second, start, commit, stop } = rig();
  broker.up = false;
  const { forwarder } = await start();
  await clock.advance(1000);
  broker.up = true;
  second.drop();
  await commit(forwarder, "reading");
  await clock.advance(5000);
  t.is(forwarder.status().broker, "mqtt://127.0.0.1");
  t.deepEqual(readingsOf(broker.received), ["backlog 1"]);
  stop.abort();
});

test("where none is there each is told, with the code of the first", async (t) => {
  const { clock, broker, second, start, stop } = rig();
  broker.up = false;
  second.up = false;
  const { forwarder } = await start();
  await clock.advance(1000);
  t.like(forwarder.status(), {
    state: "disconnected",
    trouble: "no connection; no connection",
    code: "uplink.refused",
  });
  t.is(forwarder.status().broker, undefined);
  stop.abort();
});

test("a stop amid the look for the first leaves no session behind", async (t) => {
  const { clock, broker, second, start } = rig();
  broker.up = false;
  const { forwarder, running } = await start();
  await clock.advance(1000);
  broker.up = true;
  await clock.advance(10 * MINUTE - 990);
  forwarder.finish(1000);
  await clock.advance(2000);
  await running;
  t.is(broker.held + second.held, 0);
  t.is(second.received.at(-1), "status offline");
});
