import test from "ava";
import { quantile } from "../../test-rigs/bench/usage.ts";
import { forwarderRig } from "../../test-rigs/sim/forwarder-rig.ts";

const WINDOW = 32;

/** The seqs that arrived, in their order, by topic. */
function seqs(received: readonly string[], topic: string): number[] {
  return received.flatMap((what) => {
    const [name, seq] = what.split(" ");
    return name === topic ? [Number(seq)] : [];
  });
}

/** Every seq from 1 to `to` arrived, and none twice. */
function isComplete(received: readonly string[], to: number): boolean {
  const all = [...seqs(received, "readings"), ...seqs(received, "backlog")].sort((a, b) => a - b);
  return all.length === to && all.every((seq, i) => seq === i + 1);
}

for (const { serviceMs, ackMs } of [
  { serviceMs: 20, ackMs: 1 },
  { serviceMs: 5, ackMs: 100 },
  { serviceMs: 100, ackMs: 40 },
  { serviceMs: 1, ackMs: 600 },
]) {
  const name = `${serviceMs} ms of work a message and ${ackMs} ms of way`;
  test(`${name}: live messages take less than twice their time amid a drain, which is fast`, async (t) => {
    const { clock, broker, start, commit, fill, stop } = forwarderRig({ window: WINDOW });
    const seconds = 120;
    // More than the broker can take in the time.
    const most = Math.min(1000 / serviceMs, (0.75 * WINDOW * 1000) / (serviceMs + ackMs));
    fill(Math.ceil(most * seconds * 1.2));
    Object.assign(broker, { serviceMs, ackMs });
    const { forwarder } = await start();
    for (let n = 0; n < seconds; n++) {
      await commit(forwarder, "reading");
      await clock.advance(900 + ((n * 37) % 190));
    }
    const idle = serviceMs + ackMs;
    const live = broker.took.filter((took) => took.name === "readings").map(({ ms }) => ms);
    const mean = live.reduce((sum, ms) => sum + ms, 0) / live.length;
    t.true(live.length >= seconds - 3);
    t.true(mean < 2 * idle, `mean ${mean} ms, idle ${idle}`);
    t.true(quantile(live, 0.5) < 2 * idle, `median ${quantile(live, 0.5)} ms, idle ${idle}`);
    t.true(quantile(live, 0.95) < 2 * idle + serviceMs, `95 % ${quantile(live, 0.95)} ms`);
    const drained = seqs(broker.received, "backlog").length / seconds;
    t.true(drained > 0.55 * most, `${drained} of ${most} messages a second`);
    t.log(`live ${mean.toFixed(0)} ms, idle ${idle} ms; ${(drained / most).toFixed(2)} of all`);
    stop.abort();
  });
}

test("no more readings of backlog go than the rate says, and live ones are not held up", async (t) => {
  const { clock, broker, start, commit, fill, stop } = forwarderRig({ backlogPerS: 500 });
  fill(1000, 100);
  const { forwarder } = await start();
  for (let n = 0; n < 60; n++) {
    await commit(forwarder, "reading");
    await clock.advance(994);
  }
  const drained = seqs(broker.received, "backlog").length;
  t.true(drained >= 295 && drained <= 306, `${drained} messages of 100 readings in a minute`);
  const live = broker.took.filter(({ name }) => name === "readings");
  t.is(live.length, 60);
  t.true(live.every(({ ms }) => ms === broker.ackMs));
  stop.abort();
});

for (const receiveMaximum of [1, 2, 3]) {
  test(`a broker that takes no more than ${receiveMaximum} unanswered is never sent more`, async (t) => {
    const { clock, broker, start, commit, fill, stop } = forwarderRig({ window: WINDOW });
    broker.receiveMaximum = receiveMaximum;
    fill(100);
    const { forwarder, running } = await start();
    for (let n = 0; n < 20; n++) {
      await commit(forwarder, n % 4 === 0 ? "event" : "reading");
      await clock.advance(500);
    }
    await clock.advance(20_000);
    t.true(broker.most <= receiveMaximum, `${broker.most}`);
    t.true(isComplete(broker.received, 115));
    t.is(seqs(broker.received, "events").length, 5);
    forwarder.finish(1000);
    await clock.advance(2000);
    await running;
    t.is(broker.received.at(-1), "status offline");
    stop.abort();
  });
}

test("a broker that refuses above a quota gets all, and is soon hardly asked in vain", async (t) => {
  const { clock, broker, start, fill, stop } = forwarderRig({ window: WINDOW });
  broker.quota = 4;
  broker.ackMs = 50;
  fill(2000);
  const { forwarder } = await start();
  await clock.advance(120_000);
  t.true(isComplete(broker.received, 2000));
  t.deepEqual(forwarder.status().owed, { readings: 0, events: 0 });
  t.is(forwarder.status().inFlight, 0);
  t.true(broker.refused < 100, `${broker.refused} were refused`);
  stop.abort();
});

test("sessions lost amid a drain: all arrives, nothing stays under way, nothing counts too early", async (t) => {
  const { clock, broker, delivered, start, fill, stop } = forwarderRig({ window: WINDOW });
  broker.ackMs = 80;
  fill(3000);
  const { forwarder } = await start();
  for (let n = 0; n < 12; n++) {
    await clock.advance(700 + 130 * n);
    const arrived = new Set(seqs(broker.received, "backlog"));
    const counted = delivered.get("readings")?.ranges ?? [];
    for (const { from, to } of counted) {
      for (let seq = from; seq <= to; seq++) if (!arrived.has(seq)) t.fail(`${seq} counted`);
    }
    broker.drop();
    await clock.advance(50);
    t.is(forwarder.status().inFlight, 0);
    broker.up = true;
  }
  await clock.advance(120_000);
  t.is(new Set(seqs(broker.received, "backlog")).size, 3000);
  t.deepEqual(delivered.get("readings")?.ranges, [{ from: 1, to: 3000 }]);
  t.is(forwarder.status().inFlight, 0);
  stop.abort();
});

test("a broker that stalls for a minute: no more than the window waits, then all goes on", async (t) => {
  const { clock, broker, start, commit, fill, stop } = forwarderRig({ window: WINDOW });
  fill(2000);
  const { forwarder } = await start();
  await clock.advance(200);
  broker.ackMs = 60_000;
  await clock.advance(500);
  broker.ackMs = 10;
  const during = broker.received.length;
  t.true(forwarder.status().inFlight > 0 && forwarder.status().inFlight <= WINDOW);
  await clock.advance(59_000);
  t.true(broker.received.length - during < 1500, "the window is full");
  await commit(forwarder, "reading");
  await clock.advance(60_000);
  t.true(isComplete(broker.received, 2001));
  t.is(forwarder.status().inFlight, 0);
  stop.abort();
});

test("an answer that never comes holds nothing up for good, whatever the window is", async (t) => {
  for (const window of [1, 2, WINDOW]) {
    const { clock, broker, delivered, turns, start, commit, fill, stop } = forwarderRig({ window });
    fill(400);
    const { forwarder } = await start();
    for (let n = 0; n < 4; n++) {
      broker.forgets = 1;
      await commit(forwarder, "reading");
      await clock.advance(125_000);
    }
    await clock.advance(60_000);
    t.is(
      new Set([...seqs(broker.received, "backlog"), ...seqs(broker.received, "readings")]).size,
      404,
    );
    t.deepEqual(delivered.get("readings")?.ranges, [{ from: 1, to: 404 }]);
    t.is(forwarder.status().inFlight, 0);
    t.is(turns.filter((turn) => turn === "disconnected").length, 4);
    stop.abort();
  }
});

test("whoever asks and whoever reads the log is told how far a drain is and when it will be done", async (t) => {
  const { clock, broker, told, start, fill, stop } = forwarderRig({ backlogPerS: 1000 });
  fill(2000, 100);
  const { forwarder } = await start();
  await clock.advance(10);
  t.like(told, [{ kind: "begun", owed: 2000 }]);
  await clock.advance(100_000);
  const { drain } = forwarder.status();
  t.true(drain !== null && drain.owed > 900 && drain.owed < 1100, `${drain?.owed}`);
  t.true(Math.abs((drain?.messagesPerS ?? 0) - 10) < 1, `${drain?.messagesPerS}`);
  t.true(Math.abs((drain?.readingsPerS ?? 0) - 1000) < 100);
  t.true(Math.abs((drain?.leftMs ?? 0) - 100_000) < 15_000, `${drain?.leftMs}`);
  await clock.advance(150_000);
  t.deepEqual(
    told.map(({ kind }) => kind),
    ["begun", "goes-on", "goes-on", "goes-on", "done"],
  );
  t.like(told.at(-1), { kind: "done", messages: 2000 });
  t.is(forwarder.status().drain, null);
  t.true(isComplete(broker.received, 2000));
  stop.abort();
});

test("a few messages that wait are nothing to tell of", async (t) => {
  const { clock, told, start, fill, stop } = forwarderRig();
  fill(20);
  await start();
  await clock.advance(60_000);
  t.deepEqual(told, []);
  stop.abort();
});
