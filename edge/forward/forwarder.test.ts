import test from "ava";
import { SIM_EPOCH } from "../../test-rigs/sim/clock.ts";
import { DESTINATION, forwarderRig as rig } from "../../test-rigs/sim/forwarder-rig.ts";
import type { WallMs } from "../core/time.ts";

test("a committed batch is published live and its delivery noted", async (t) => {
  const { clock, broker, delivered, start, commit, stop } = rig();
  const { forwarder } = await start();
  await clock.advance(100);
  await commit(forwarder, "reading");
  await clock.advance(100);
  t.deepEqual(broker.received, ["status online", "readings 1"]);
  t.deepEqual(delivered.get("readings")?.ranges, [{ from: 1, to: 1 }]);
  stop.abort();
});

test("what was committed while the broker was away arrives as backlog, in order, beside live", async (t) => {
  const { clock, broker, start, commit, stop } = rig();
  const { forwarder } = await start();
  await clock.advance(100);
  broker.drop();
  for (let i = 0; i < 40; i++) await commit(forwarder, "reading");
  broker.up = true;
  await clock.advance(30_000);
  await commit(forwarder, "reading");
  await clock.advance(1000);
  const backlog = broker.received.filter((what) => what.startsWith("backlog"));
  t.deepEqual(
    backlog,
    Array.from({ length: 40 }, (_, i) => `backlog ${i + 1}`),
  );
  t.is(broker.received.at(-1), "readings 41");
  t.deepEqual(forwarder.status().owed, { readings: 0, events: 0 });
  stop.abort();
});

test("a live message overtakes the backlog", async (t) => {
  const { clock, broker, start, commit, stop } = rig();
  for (let i = 0; i < 100; i++) await commit(null, "reading");
  broker.ackMs = 200;
  const { forwarder } = await start();
  await clock.advance(300);
  await commit(forwarder, "reading");
  await clock.advance(500);
  t.true(broker.received.indexOf("readings 101") >= 0);
  t.false(broker.received.includes("backlog 50"));
  stop.abort();
});

test("an event goes before all readings that wait", async (t) => {
  const { clock, broker, start, commit, stop } = rig();
  for (let i = 0; i < 100; i++) await commit(null, "reading");
  broker.ackMs = 200;
  const { forwarder } = await start();
  await clock.advance(300);
  await commit(forwarder, "event");
  await clock.advance(500);
  t.true(broker.received.includes("events 1"));
  t.false(broker.received.includes("backlog 50"));
  stop.abort();
});

test("never more messages are in flight than the window allows", async (t) => {
  const { clock, broker, start, commit, stop } = rig();
  for (let i = 0; i < 50; i++) await commit(null, i % 5 === 0 ? "event" : "reading");
  await start();
  await clock.advance(60_000);
  t.true(broker.most <= DESTINATION.window);
  t.is(broker.received.length, 51);
  stop.abort();
});

test("a message that the broker did not acknowledge is sent again by the next session", async (t) => {
  const { clock, broker, delivered, start, commit, stop } = rig();
  const { forwarder } = await start();
  await clock.advance(100);
  broker.ackMs = 5000;
  await commit(forwarder, "reading");
  await clock.advance(100);
  broker.drop();
  await clock.advance(10);
  t.is(delivered.get("readings"), undefined);
  broker.up = true;
  broker.ackMs = 10;
  await clock.advance(30_000);
  t.true(broker.received.includes("backlog 1"));
  stop.abort();
});

test("without a subscriber at the broker messages stay owed, and go when one is there", async (t) => {
  const { clock, broker, start, commit, stop } = rig();
  const { forwarder } = await start();
  await clock.advance(100);
  broker.answer = "unclaimed";
  for (let i = 0; i < 20; i++) await commit(forwarder, "reading");
  await clock.advance(60_000);
  t.is(forwarder.status().trouble, "no-subscriber");
  t.is(forwarder.status().owed.readings, 20);
  broker.answer = "accepted";
  await clock.advance(60_000);
  t.is(forwarder.status().owed.readings, 0);
  t.is(forwarder.status().trouble, null);
  stop.abort();
});

test("a destination that takes nothing is told once, and once more when it has taken for a while", async (t) => {
  const { clock, broker, holds, start, commit, stop } = rig();
  const { forwarder } = await start();
  await clock.advance(10);
  broker.answer = "unclaimed";
  for (let i = 0; i < 20; i++) {
    await commit(forwarder, "reading");
    await clock.advance(1000);
  }
  t.deepEqual(holds, ["no-subscriber"]);
  broker.answer = "accepted";
  for (let i = 0; i < 20; i++) {
    await commit(forwarder, "reading");
    await clock.advance(1000);
  }
  t.deepEqual(holds, ["no-subscriber", null]);
  stop.abort();
});

test("a session that ends amid messages is no hold", async (t) => {
  const { clock, broker, holds, start, commit, stop } = rig();
  const { forwarder } = await start();
  await clock.advance(10);
  broker.answer = "failed";
  await commit(forwarder, "reading");
  broker.drop();
  await clock.advance(20);
  broker.up = true;
  broker.answer = "accepted";
  await clock.advance(60_000);
  t.is(forwarder.status().owed.readings, 0);
  t.deepEqual(holds, []);
  stop.abort();
});

test("a restart goes on where the cursor stands", async (t) => {
  const { clock, broker, start, commit, stop } = rig();
  const first = await start();
  await clock.advance(100);
  await commit(first.forwarder, "reading");
  await clock.advance(100);
  first.forwarder.finish(1000);
  await clock.advance(2000);
  await first.running;
  await commit(null, "reading");
  await start();
  await clock.advance(1000);
  t.deepEqual(broker.received, [
    "status online",
    "readings 1",
    "status offline",
    "status online",
    "backlog 2",
  ]);
  stop.abort();
});

test("losing and reaching the destination is told once each", async (t) => {
  const { clock, broker, turns, start, stop } = rig();
  await start();
  await clock.advance(100);
  broker.drop();
  await clock.advance(60_000);
  broker.up = true;
  await clock.advance(60_000);
  t.deepEqual(turns, ["connected", "disconnected", "connected"]);
  stop.abort();
});

test("finishing while the destination is away ends at once", async (t) => {
  const { clock, broker, start, commit, stop } = rig();
  broker.up = false;
  const { forwarder, running } = await start();
  await clock.advance(5000);
  await commit(forwarder, "reading");
  forwarder.finish(1000);
  await clock.advance(20);
  await running;
  t.is(forwarder.status().owed.readings, 1);
  stop.abort();
});

test("what the gateway says of itself is told again in the same session when it has changed", async (t) => {
  const { clock, broker, start, stop } = rig();
  const { forwarder } = await start();
  await clock.advance(100);
  forwarder.restate();
  await clock.advance(100);
  t.deepEqual(broker.received, ["status online", "status online"]);
  stop.abort();
});

test("online and an orderly offline tell since when, the will does not", async (t) => {
  const { clock, broker, start, stop } = rig();
  const { forwarder, running } = await start();
  await clock.advance(5000);
  forwarder.finish(1000);
  await clock.advance(100);
  await running;
  const kept = broker.kept.map(({ payload }) => JSON.parse(String(payload)));
  t.deepEqual(
    kept.map(({ state, since }) => [state, since - SIM_EPOCH]),
    [
      ["offline", Number.NaN],
      ["online", 6],
      ["offline", 5001],
    ],
  );
  stop.abort();
});

test("finishing breaks off a connect that nobody answers", async (t) => {
  const { clock, broker, start, stop } = rig();
  broker.silent = true;
  const { forwarder, running } = await start();
  await clock.advance(500);
  t.is(broker.held, 1);
  forwarder.finish(1000);
  await clock.advance(1);
  await running;
  t.is(broker.held, 0);
  stop.abort();
});

test("however long the broker says nothing, the farewell ends in time and leaves no session", async (t) => {
  for (const graceMs of [0, 100, 3000]) {
    const { clock, broker, start, commit, stop } = rig();
    const { forwarder, running } = await start();
    await clock.advance(500);
    broker.silent = true;
    await commit(forwarder, "reading");
    const begun = clock.uptime();
    forwarder.finish(graceMs);
    const ended = running.then(() => clock.uptime() - begun);
    await clock.advance(60_000);
    t.is(await ended, graceMs);
    t.is(broker.held, 0);
    t.is(forwarder.status().owed.readings, 1);
    stop.abort();
  }
});

test("what is owed may be sent until the farewell's own time begins", async (t) => {
  const { clock, broker, start, commit, stop } = rig();
  for (let i = 0; i < 100; i++) await commit(null, "reading");
  broker.ackMs = 1500;
  const { forwarder, running } = await start();
  await clock.advance(100);
  forwarder.finish(3000);
  await clock.advance(3000);
  await running;
  t.is(forwarder.status().owed.readings, 99);
  t.true(broker.received.includes("status offline"));
  stop.abort();
});

test("a refused status is trouble that is told, and it is said again until it is taken", async (t) => {
  const { clock, broker, holds, start, commit, stop } = rig();
  broker.refuses.add("status");
  const { forwarder } = await start();
  for (let s = 0; s < 60; s++) {
    await commit(forwarder, "reading");
    await clock.advance(1000);
  }
  t.is(forwarder.status().trouble, "status-refused");
  t.deepEqual(holds, ["status-refused"]);
  t.is(forwarder.status().owed.readings, 0, "readings go on");
  t.true(broker.tries.length > 5 && broker.tries.length < 20, `${broker.tries.length} tries`);
  broker.refuses.clear();
  await clock.advance(20_000);
  await commit(forwarder, "reading");
  await clock.advance(1000);
  t.true(broker.received.includes("status online"));
  t.is(forwarder.status().trouble, null);
  t.deepEqual(holds, ["status-refused", null]);
  stop.abort();
});

test("events refused alone are tried seldom, and readings go on", async (t) => {
  const { clock, broker, holds, start, commit, stop } = rig();
  broker.refuses.add("events");
  const { forwarder } = await start();
  await commit(forwarder, "event");
  for (let s = 0; s < 120; s++) {
    await commit(forwarder, "reading");
    await clock.advance(1000);
  }
  t.deepEqual(forwarder.status().owed, { readings: 0, events: 1 });
  t.true(broker.tries.length > 10 && broker.tries.length < 30, `${broker.tries.length} tries`);
  t.deepEqual(holds, ["refused"]);
  t.is(forwarder.status().trouble, "refused");
  stop.abort();
});

test("a message at which a template fails is set aside after some tries, told, and holds nobody up", async (t) => {
  const text = { topic: "t", isJson: true };
  const body = "{% if seq == 2 %}{ oops{% else %}{{ seq }}{% endif %}";
  const template = { readings: { ...text, body }, events: { ...text, body: "{{ nobody.knows }}" } };
  const { clock, broker, delivered, events, start, commit, stop } = rig({
    format: "template",
    template,
  });
  const { forwarder } = await start();
  await clock.advance(1000);
  for (let n = 1; n <= 3; n++) await commit(forwarder, "reading");
  await clock.advance(2000);
  t.deepEqual(delivered.get("readings")?.ranges, [{ from: 1, to: 1 }], "it is tried again first");
  t.deepEqual(events, []);
  await clock.advance(60_000);
  t.deepEqual(delivered.get("readings")?.ranges, [{ from: 1, to: 3 }]);
  t.deepEqual(
    broker.payloads.map(({ payload }) => payload),
    ["1", "3"],
  );
  const [aside] = events;
  t.is(events.length, 1);
  t.like(aside, { kind: "destination", subject: "centre", to: "set-aside" });
  t.like(aside, { cause: "uplink.template", detail: { stream: "R", fromSeq: 2, toSeq: 2 } });
  t.is(forwarder.status().trouble, null);
  stop.abort();
});

test("by a renewed certificate a session begins anew, and what is under way is answered first", async (t) => {
  const { clock, broker, delivered, start, commit, stop } = rig({ tls: { identity: "identity" } });
  broker.ackMs = 300;
  const { forwarder } = await start();
  await clock.advance(1_000);
  for (let i = 0; i < 3; i++) await commit(forwarder, "reading");
  forwarder.renewed("2");
  await commit(forwarder, "reading");
  await clock.advance(10_000);
  const got = broker.received.filter((what) => what.startsWith("readings"));
  t.deepEqual(got, ["readings 1", "readings 2", "readings 3", "readings 4"], "each once");
  t.is(broker.received.filter((what) => what === "status online").length, 2);
  t.deepEqual(delivered.get("readings")?.ranges, [{ from: 1, to: 4 }]);
  stop.abort();
});

test("a session that shows the newest certificate stays, one whose certificate is gone ends", async (t) => {
  const { clock, broker, start, stop } = rig({ tls: { identity: "identity" } });
  const validTo = (clock.now() + 90 * 86_400_000) as WallMs;
  broker.certificates = [{ whose: "gateway", subject: "gw", validTo, serial: "2" }];
  const { forwarder } = await start();
  await clock.advance(1_000);
  forwarder.renewed("2");
  await clock.advance(10_000);
  t.deepEqual(broker.received, ["status online"]);
  forwarder.renewed(null);
  await clock.advance(10_000);
  t.is(broker.received.filter((what) => what === "status online").length, 2);
  stop.abort();
});

test("a renewed certificate moves no session that does not show it", async (t) => {
  const { clock, broker, start, stop } = rig();
  const { forwarder } = await start();
  await clock.advance(1_000);
  forwarder.renewed("2");
  await clock.advance(10_000);
  t.deepEqual(broker.received, ["status online"]);
  stop.abort();
});
