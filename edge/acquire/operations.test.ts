import test from "ava";
import type { WriteOutcome } from "../../drivers/driver.ts";
import {
  ANSWER_MS,
  busRig,
  orderTo,
  queryTo,
  requestOf,
  TIMEOUT_MS,
} from "../../test-rigs/sim/bus-rig.ts";
import { GatewayError } from "../core/errors.ts";
import { after } from "../core/time.ts";
import { OPERATIONS_MAX, PATIENCE_MS } from "./operations.ts";

const read = (unit: number) => requestOf(`one-off-${unit}`, unit);

/** A line that has too little time for what is due on it. */
function overloaded() {
  const requests = Array.from({ length: 10 }, (_, n) => requestOf(`d${n + 1}`, n + 1, 100));
  return busRig(requests);
}

test("a write goes before all that is due and before reads that were asked for earlier", async (t) => {
  const { clock, loop, sent, stop } = overloaded();
  await clock.advance(1000);
  const from = sent.length;
  const outcomes = [loop.read(read(20)), loop.write(orderTo(3)), loop.write(orderTo(4))];
  await clock.advance(4 * ANSWER_MS);
  t.deepEqual(sent.slice(from, from + 3), ["w3", "w4", "r20"]);
  t.deepEqual(
    (await Promise.all(outcomes)).map(({ kind }) => kind),
    ["values", "done", "done"],
  );
  stop.abort();
});

test("an act of an interlock goes before all else, whatever waits and whoever is deaf", async (t) => {
  const { clock, loop, sent, stop } = overloaded();
  await clock.advance(1000);
  for (let n = 0; n < OPERATIONS_MAX; n++) void loop.write(orderTo(1)).catch(() => {});
  for (let n = 0; n < 8; n++) await clock.advance(ANSWER_MS);
  const from = sent.length;
  const until = after(clock.uptime(), 1000);
  const act = loop.act(orderTo(7), until, () => false);
  await clock.advance(3 * ANSWER_MS);
  t.is((await act).kind, "done");
  t.true(sent.slice(from, from + 2).includes("w7"), `${sent.slice(from, from + 3)}`);
  stop.abort();
});

test("an act that could not begin in time, or was called off, is never begun", async (t) => {
  const { clock, loop, sent, stop } = overloaded();
  await clock.advance(1000);
  const late = loop.act(orderTo(7), clock.uptime(), () => false);
  const off = loop.act(orderTo(8), after(clock.uptime(), 1000), () => true);
  await clock.advance(5 * ANSWER_MS);
  t.like(await late, { kind: "not-done", reason: "timeout" });
  t.like(await off, { kind: "not-done", reason: "timeout" });
  t.false(sent.includes("w7") || sent.includes("w8"));
  stop.abort();
});

test("an act whose line was not free in time is not sent late, though it was begun", async (t) => {
  const { clock, disturb, loop, sent, stop } = busRig([requestOf("a", 1, 60_000)]);
  await clock.advance(1000);
  disturb(200);
  const late = loop.act(orderTo(7), after(clock.uptime(), 100), () => false);
  await clock.advance(300);
  t.like(await late, { kind: "not-done", reason: "timeout" });
  t.false(sent.includes("w7"));
  stop.abort();
});

test("a write on an idle line is sent at once", async (t) => {
  const { clock, loop, sent, stop } = busRig([requestOf("a", 1, 60_000)]);
  await clock.advance(1000);
  const outcome = loop.write(orderTo(1));
  await clock.advance(ANSWER_MS);
  t.is((await outcome).kind, "done");
  t.is(sent.at(-1), "w1");
  stop.abort();
});

test("however many writes come, what is due has its turn", async (t) => {
  const { clock, loop, sent, stop } = overloaded();
  await clock.advance(1000);
  const from = sent.length;
  for (let n = 0; n < 100; n++) {
    for (let waiting = 0; waiting < 3; waiting++) void loop.write(orderTo(1)).catch(() => {});
    await clock.advance(ANSWER_MS);
  }
  const reads = sent.slice(from).filter((each) => each.startsWith("r")).length;
  t.true(reads >= 10, `${reads}`);
  stop.abort();
});

test("whoever reads on and on, what alarms watch keeps its period", async (t) => {
  for (const clients of [1, 4, 16]) {
    const requests = Array.from({ length: 10 }, (_, n) => requestOf(`d${n}`, n + 1));
    const watched = requests.map(({ device }) => `${device}.x`);
    const { clock, loop, of, stop } = busRig(requests, { watched });
    await clock.advance(5000);
    for (let client = 0; client < clients; client++) {
      void (async () => {
        while (!stop.signal.aborted) await loop.read(read(100 + client));
      })();
    }
    await clock.advance(60_000);
    for (const { device } of requests) {
      const times = of(device).map(({ uptime }) => uptime);
      t.is(times.length, 65, `${clients} clients`);
      // All are due together: between two of them somebody else is read.
      const gaps = times.slice(1).map((at, n) => at - (times[n] as number));
      t.true(Math.max(...gaps) <= 1000 + 21 * ANSWER_MS, `${clients}: ${Math.max(...gaps)}`);
    }
    stop.abort();
  }
});

test("one operation more than can wait is refused and counted", async (t) => {
  const { clock, loop, stop } = busRig([requestOf("a", 1)]);
  const all = Array.from({ length: OPERATIONS_MAX }, () => loop.write(orderTo(1)));
  const error = await t.throwsAsync(loop.write(orderTo(1)), { instanceOf: GatewayError });
  t.is(error?.code, "bus.busy");
  await clock.advance(2000);
  const outcomes = await Promise.all(all);
  t.true(outcomes.every(({ kind }) => kind === "done"));
  t.like(loop.status().counters, { operations: OPERATIONS_MAX, operationsRefused: 1 });
  stop.abort();
});

test("on a closed line nothing is begun and nothing is done later", async (t) => {
  const { clock, loop, cut, refuse, sent, stop } = busRig([requestOf("a", 1)]);
  await clock.advance(1500);
  refuse(true);
  cut();
  await clock.advance(100);
  const outcomes = [loop.write(orderTo(1)), loop.read(read(1))] as const;
  await clock.advance(10);
  t.like(await outcomes[0], { kind: "not-done", reason: "link-closed" });
  t.like(await outcomes[1], { kind: "failure", reason: "link-closed" });
  refuse(false);
  await clock.advance(30_000);
  t.false(sent.includes("w1"));
  stop.abort();
});

test("a write without an answer is not sent again", async (t) => {
  const { clock, loop, dead, sent, stop } = busRig([requestOf("a", 1)]);
  await clock.advance(1500);
  dead.add(1);
  const outcome = loop.write(orderTo(1));
  await clock.advance(30_000);
  t.like(await outcome, { kind: "unknown", reason: "timeout" });
  t.is(sent.filter((each) => each === "w1").length, 1);
  stop.abort();
});

test("when the gateway stops, a write under way is unknown and one that waits is not done", async (t) => {
  const { clock, loop, dead, running, stop } = busRig([requestOf("a", 1)]);
  await clock.advance(1500);
  dead.add(1);
  const outcomes = [loop.write(orderTo(1)), loop.write(orderTo(1))];
  await clock.advance(TIMEOUT_MS / 2);
  stop.abort();
  await running;
  const late = loop.write(orderTo(1));
  const kinds = (await Promise.all([...outcomes, late])).map(({ kind }: WriteOutcome) => kind);
  t.deepEqual(kinds, ["unknown", "not-done", "not-done"]);
});

test("an operation on a unit that is held back waits without holding up the line", async (t) => {
  const { clock, loop, held, sent, of, stop } = busRig([requestOf("a", 1), requestOf("b", 2)]);
  await clock.advance(1500);
  held.set(2, 5200);
  const outcome = loop.write(orderTo(2));
  await clock.advance(3000);
  t.false(sent.includes("w2"));
  t.is(of("a").length, 5);
  await clock.advance(1000);
  t.is((await outcome).kind, "done");
  stop.abort();
});

test("a query waits for what is due, and on a line without time has every ninth turn", async (t) => {
  const { clock, loop, sent, dead, stop } = overloaded();
  dead.add(50);
  await clock.advance(1000);
  const from = sent.length;
  const asking = (async () => {
    for (let n = 0; n < 10; n++) await loop.query(queryTo(50));
  })();
  await clock.advance(10 * (TIMEOUT_MS + 9 * ANSWER_MS));
  await asking;
  const turns = sent.slice(from).flatMap((each, at) => (each === "q50" ? at : []));
  t.is(turns.length, 10);
  t.true(
    turns.slice(1).every((at, n) => at - (turns[n] as number) === 9),
    `${turns}`,
  );
  stop.abort();
});

test("while a bus is searched, a point that an alarm watches waits for one time-out at most", async (t) => {
  const requests = [requestOf("gas", 1, 200), requestOf("slow", 2, 1000)];
  const { clock, loop, dead, of, stop } = busRig(requests, { watched: ["gas.x"] });
  for (let unit = 3; unit <= 247; unit++) dead.add(unit);
  await clock.advance(1000);
  const search = (async () => {
    for (let unit = 3; unit <= 247; unit++) await loop.query(queryTo(unit));
  })();
  await clock.advance(120_000);
  await search;
  const times = of("gas").map(({ uptime }) => uptime);
  const gaps = times.slice(1).map((at, n) => at - (times[n] as number));
  t.true(of("gas").every(({ quality }) => quality === "good"));
  const longest = Math.max(...gaps);
  t.true(longest <= 200 + TIMEOUT_MS + 2 * ANSWER_MS, `${longest}`);
  t.true(of("slow").every(({ quality }) => quality === "good"));
  stop.abort();
});

test("a device that is read is known by its unit, and nobody else is", async (t) => {
  const { clock, loop, dead, stop } = busRig([requestOf("a", 1), requestOf("b", 2)]);
  dead.add(2);
  await clock.advance(20_000);
  t.deepEqual(loop.polled(1), { device: "a", isSilent: false });
  t.deepEqual(loop.polled(2), { device: "b", isSilent: true });
  t.is(loop.polled(3), null);
  stop.abort();
});

test("a query on a closed line fails at once", async (t) => {
  const { clock, loop, cut, refuse, stop } = busRig([requestOf("a", 1)]);
  await clock.advance(1500);
  refuse(true);
  cut();
  await clock.advance(100);
  const outcome = loop.query(queryTo(9));
  await clock.advance(10);
  t.like(await outcome, { kind: "failure", reason: "link-closed" });
  stop.abort();
});

test("one-off reads of a dead unit leave what is due its period where several may be under way", async (t) => {
  const requests = [requestOf("a", 1, 100), requestOf("b", 2, 60_000)];
  const { clock, loop, dead, of, stop } = busRig(requests, { inFlight: 8 });
  await clock.advance(5000);
  dead.add(2);
  const from = of("a").length;
  const outcomes = Array.from({ length: OPERATIONS_MAX }, () => loop.read(read(2)));
  await clock.advance(4800);
  t.is(of("a").length - from, 48);
  await clock.advance(1000);
  t.true((await Promise.all(outcomes)).every(({ kind }) => kind === "failure"));
  stop.abort();
});

test("after a one-off read that gave a time-out what is due has its turns", async (t) => {
  const { clock, loop, dead, of, stop } = busRig([
    requestOf("a", 1, 100),
    requestOf("b", 2, 60_000),
  ]);
  await clock.advance(5000);
  for (let unit = 2; unit <= 20; unit++) dead.add(unit);
  const from = of("a").length;
  for (let unit = 2; unit < 2 + OPERATIONS_MAX; unit++) void loop.read(read(unit));
  await clock.advance(4800);
  t.true(of("a").length - from >= 15, `${of("a").length - from}`);
  stop.abort();
});

test("a write goes out at once although reads of another unit give time-outs", async (t) => {
  const { clock, loop, dead, sent, stop } = busRig([requestOf("a", 1, 30), requestOf("c", 3, 30)]);
  dead.add(2);
  await clock.advance(5000);
  void loop.read(read(2));
  void loop.read(read(2));
  await clock.advance(TIMEOUT_MS / 2);
  const from = sent.length;
  const outcome = loop.write(orderTo(1));
  await clock.advance(TIMEOUT_MS);
  t.is(sent[from], "w1");
  t.is((await outcome).kind, "done");
  stop.abort();
});

test("two writes to one unit go one after the other, in the order in which they were asked for", async (t) => {
  const { clock, loop, sent, stop } = busRig([requestOf("a", 1, 60_000)], { inFlight: 4 });
  await clock.advance(1000);
  const outcomes = [loop.write(orderTo(1)), loop.write(orderTo(1)), loop.write(orderTo(2))];
  await clock.advance(ANSWER_MS / 2);
  t.deepEqual(sent.slice(-2), ["w1", "w2"]);
  await clock.advance(2 * ANSWER_MS);
  t.deepEqual(sent.slice(-3), ["w1", "w2", "w1"]);
  t.true((await Promise.all(outcomes)).every(({ kind }) => kind === "done"));
  stop.abort();
});

test("an order that could not be sent while somebody waited for it is never sent", async (t) => {
  for (const inFlight of [1, 4]) {
    const rig = busRig([requestOf("a", 1), requestOf("b", 2)], { inFlight });
    await rig.clock.advance(1500);
    rig.held.set(1, 300_000);
    const outcomes = [rig.loop.write(orderTo(1)), rig.loop.read(read(1))] as const;
    await rig.clock.advance(PATIENCE_MS + 100);
    t.like(await outcomes[0], { kind: "not-done", reason: "timeout" });
    t.like(await outcomes[1], { kind: "failure", reason: "timeout" });
    await rig.clock.advance(300_000);
    t.false(rig.sent.includes("w1"));
    rig.stop.abort();
  }
});
