import test from "ava";
import { forwarderRig } from "../../test-rigs/sim/forwarder-rig.ts";

const batch = { ageMs: 10_000, bytes: 4000 };

test("live readings wait for each other, events for none", async (t) => {
  const { clock, broker, start, commit, stop } = forwarderRig({ batch });
  const { forwarder } = await start();
  await clock.advance(100);
  for (let i = 0; i < 5; i++) {
    await commit(forwarder, "reading");
    await clock.advance(1000);
  }
  await commit(forwarder, "event");
  await clock.advance(100);
  t.deepEqual(broker.received, ["status online", "events 1"]);
  await clock.advance(5000);
  const readings = [1, 2, 3, 4, 5].map((seq) => `readings ${seq}`);
  t.deepEqual(broker.received.slice(2), readings);
  t.is(broker.payloads.length, 2);
  t.deepEqual(forwarder.status().owed, { readings: 0, events: 0 });
  t.is(forwarder.status().acknowledged, 6);
  stop.abort();
});

test("one message alone is no array, and several are one of the same bytes", async (t) => {
  const alone = forwarderRig();
  const together = forwarderRig({ batch: { ...batch, ageMs: 5000 } });
  for (const rig of [alone, together]) {
    const { forwarder } = await rig.start();
    await rig.clock.advance(100);
    for (let i = 0; i < 3; i++) await rig.commit(forwarder, "reading");
    await rig.clock.advance(8000);
    await rig.commit(forwarder, "reading");
    await rig.clock.advance(8000);
    rig.stop.abort();
  }
  const texts = alone.broker.payloads.map(({ payload }) => payload);
  t.is(texts.length, 4);
  t.deepEqual(
    together.broker.payloads.map(({ payload }) => payload),
    [`[${texts.slice(0, 3).join(",")}]`, texts[3]],
  );
});

test("enough of them go before their time, and memory holds no more", async (t) => {
  const { clock, broker, start, commit, stop } = forwarderRig({ batch });
  const { forwarder } = await start();
  await clock.advance(100);
  for (let i = 0; i < 200; i++) await commit(forwarder, "reading");
  await clock.advance(100);
  t.true(broker.payloads.length > 2);
  for (const { payload } of broker.payloads) t.true(payload.length < 2 * batch.bytes);
  stop.abort();
});

test("a backlog waits for nothing, and goes together", async (t) => {
  const { clock, broker, start, fill, stop } = forwarderRig({
    batch: { ageMs: 3_600_000, bytes: 4000 },
  });
  fill(200);
  const { forwarder } = await start();
  await clock.advance(5000);
  t.is(broker.received.length, 201);
  t.true(broker.payloads.length < 60, `${broker.payloads.length} publications`);
  t.deepEqual(forwarder.status().owed, { readings: 0, events: 0 });
  stop.abort();
});

test("what waits when the session is lost is owed, and comes with its bytes", async (t) => {
  const { clock, broker, start, commit, stop } = forwarderRig({ batch });
  const { forwarder } = await start();
  await clock.advance(100);
  for (let i = 0; i < 3; i++) await commit(forwarder, "reading");
  broker.drop();
  broker.up = true;
  await clock.advance(20_000);
  t.deepEqual(broker.received.slice(2), ["backlog 1", "backlog 2", "backlog 3"]);
  t.deepEqual(forwarder.status().owed, { readings: 0, events: 0 });
  t.is(forwarder.status().inFlight, 0);
  stop.abort();
});

test("a gateway that stops sends what waits", async (t) => {
  const { clock, broker, start, commit } = forwarderRig({ batch });
  const { forwarder, running } = await start();
  await clock.advance(100);
  await commit(forwarder, "reading");
  await commit(forwarder, "reading");
  forwarder.finish(5000);
  await clock.advance(1000);
  await running;
  t.deepEqual(broker.received.slice(1), ["readings 1", "readings 2", "status offline"]);
});

test("together they may be in CBOR and compressed, and are the same messages", async (t) => {
  const plain = forwarderRig({ batch });
  const short = forwarderRig({ batch, encoding: "cbor", compression: "zstd" });
  for (const rig of [plain, short]) {
    const { forwarder } = await rig.start();
    await rig.clock.advance(100);
    for (let i = 0; i < 8; i++) await rig.commit(forwarder, "reading");
    await rig.clock.advance(20_000);
    rig.stop.abort();
  }
  t.deepEqual(short.broker.texts, plain.broker.texts);
  t.is(short.broker.payloads[0]?.contentType, "application/cbor+zstd");
  t.true(
    (short.broker.payloads[0]?.payload.length ?? 0) * 3 <
      (plain.broker.payloads[0]?.payload.length ?? 0),
  );
});
