import test from "ava";
import { forwarderRig } from "../../test-rigs/sim/forwarder-rig.ts";

/** A forwarder whose destination may give commands; `owed` is what it is to be sent. */
function rig() {
  const owed: { readonly id: string; readonly payload: string }[] = [];
  const taken: string[] = [];
  const owe = (id: string) => owed.push({ id, payload: JSON.stringify({ id }) });
  const port = {
    submit: (bytes: Uint8Array) => void taken.push(Buffer.from(bytes).toString()),
    owed: () => owed[0] ?? null,
    delivered: () => void owed.shift(),
  };
  return { ...forwarderRig({}, port), owed, taken, owe };
}

const results = (received: readonly string[]) => received.filter((each) => /^results/.test(each));

test("a session asks for commands, and hands on what comes on their topic alone", async (t) => {
  const { clock, broker, taken, start } = rig();
  await start();
  await clock.advance(100);
  t.deepEqual(broker.topics, ["lifeline/v1/gw/commands"]);
  broker.send("lifeline/v1/gw/commands", "one");
  broker.topics.push("other");
  broker.send("other", "two");
  t.deepEqual(taken, ["one"]);
});

test("results go one after the other, beside what else is sent, and each until it is acknowledged", async (t) => {
  const { clock, broker, owed, owe, start, commit } = rig();
  const { forwarder } = await start();
  await clock.advance(100);
  owe("a");
  owe("b");
  forwarder.wake();
  await commit(forwarder, "event");
  await clock.advance(1000);
  t.deepEqual(results(broker.received), ["results a", "results b"]);
  t.true(broker.received.includes("events 1"));
  t.deepEqual(owed, []);
});

test("a result that the broker lost with the session is sent again in the next one", async (t) => {
  const { clock, broker, owed, owe, start } = rig();
  const { forwarder } = await start();
  await clock.advance(100);
  broker.forgets = 1;
  owe("a");
  forwarder.wake();
  await clock.advance(100);
  t.is(owed.length, 1);
  broker.drop();
  broker.up = true;
  await clock.advance(60_000);
  t.deepEqual(results(broker.received), ["results a"]);
  t.deepEqual(owed, []);
});

test("a result that nobody subscribes to is kept and tried again, and holds up nothing else", async (t) => {
  const { clock, broker, owed, owe, start, commit } = rig();
  broker.refuses.add("results");
  const { forwarder } = await start();
  await clock.advance(100);
  owe("a");
  forwarder.wake();
  await commit(forwarder, "event");
  await clock.advance(60_000);
  t.true(broker.received.includes("events 1"));
  t.true(broker.tries.length > 2 && broker.tries.length < 30, `${broker.tries.length} tries`);
  broker.refuses.clear();
  await clock.advance(30_000);
  t.deepEqual(owed, []);
});

test("what was delivered is owed again where it is asked for, as backlog, but for what is gone", async (t) => {
  const { clock, broker, start, commit } = rig();
  const { forwarder } = await start();
  await clock.advance(100);
  for (let i = 0; i < 5; i++) await commit(forwarder, "reading");
  await clock.advance(1000);
  t.is(forwarder.status().owed.readings, 0);
  broker.received.length = 0;
  const asking = forwarder.oweAgain("readings", { from: 2, to: 900 });
  await clock.advance(1000);
  t.is(await asking, 4);
  t.deepEqual(broker.received.toSorted(), ["backlog 2", "backlog 3", "backlog 4", "backlog 5"]);
  t.is(forwarder.status().owed.readings, 0);
});
