import test from "ava";
import fc from "fast-check";
import { Lane } from "./lane.ts";

/** Takes every message that is ready, live first, as the forwarder does. */
function takeAll(lane: Lane): readonly string[] {
  const taken: string[] = [];
  for (;;) {
    const live = lane.nextLive();
    const seq = live ?? lane.nextBacklog();
    if (seq === null) return taken;
    taken.push(`${live === null ? "backlog" : "live"} ${seq}`);
    lane.sent(seq);
  }
}

test("what is committed during a session goes out live, in order", (t) => {
  const lane = new Lane([], 0, 16);
  lane.grow(1);
  lane.grow(2);
  t.deepEqual(takeAll(lane), ["live 1", "live 2"]);
});

test("after an outage live messages go first and the backlog beside them, oldest first", (t) => {
  const lane = new Lane([], 0, 16);
  for (const seq of [1, 2, 3]) lane.grow(seq);
  lane.restart();
  lane.grow(4);
  t.deepEqual(takeAll(lane), ["live 4", "backlog 1", "backlog 2", "backlog 3"]);
});

test("a message that was not acknowledged is owed and sent again by the next session", (t) => {
  const lane = new Lane([], 0, 16);
  lane.grow(1);
  lane.sent(1);
  t.is(lane.nextLive(), null);
  lane.restart();
  t.deepEqual(takeAll(lane), ["backlog 1"]);
});

test("acknowledged messages are not owed, and what lies between them is", (t) => {
  const lane = new Lane([{ from: 1, to: 2 }], 6, 16);
  lane.acknowledged(4);
  t.is(lane.owed, 3);
  t.deepEqual(takeAll(lane), ["backlog 3", "backlog 5", "backlog 6"]);
});

test("a destination that falls too far behind gets the rest as backlog and stays live", (t) => {
  const lane = new Lane([], 0, 3);
  for (let seq = 1; seq <= 10; seq++) lane.grow(seq);
  const order = takeAll(lane);
  t.true(order.includes("backlog 1"));
  t.is(order[0]?.split(" ")[0], "live");
  t.is(order.length, 10);
});

test("what the ledger no longer holds is not waited for", (t) => {
  const lane = new Lane([], 5, 16);
  lane.forget([{ from: 1, to: 3 }]);
  t.deepEqual(takeAll(lane), ["backlog 4", "backlog 5"]);
});

test("what stands for history is backlog, also when it is committed among live ones", (t) => {
  const lane = new Lane([], 0, 16);
  lane.grow(1);
  lane.growHistory([{ from: 2, to: 2 }]);
  lane.grow(3);
  t.deepEqual([lane.nextLive(), lane.nextBacklog(), lane.isBacklog(2)], [1, 2, true]);
  t.deepEqual(takeAll(lane).toSorted(), ["backlog 2", "live 1", "live 3"]);
});

test("holes that the ledger made cost no ranges once what lies between is delivered", (t) => {
  const gone = [
    { from: 1, to: 4 },
    { from: 6, to: 9 },
    { from: 11, to: 19 },
  ];
  const lane = new Lane([], 20, 16, gone);
  t.is(lane.owed, 3);
  t.deepEqual(lane.delivered, [], "nothing was delivered yet");
  for (const seq of [5, 10, 20]) lane.acknowledged(seq);
  t.deepEqual(lane.delivered, [{ from: 1, to: 20 }]);
  t.is(lane.owed, 0);
});

test("whatever happens, every seq is sent, and none twice within a session", (t) => {
  const step = fc.constantFrom("grow", "send", "ack", "fail", "restart");
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const lane = new Lane([], 0, 4);
      const flying: number[] = [];
      let head = 0;
      for (const what of steps) {
        const seq = lane.nextLive() ?? lane.nextBacklog();
        if (what === "grow") lane.grow(++head);
        else if (what === "restart") {
          lane.restart();
          flying.length = 0;
        } else if (what === "send" && seq !== null) {
          if (flying.includes(seq)) return false;
          lane.sent(seq);
          flying.push(seq);
        } else if (what === "ack" && flying.length > 0) lane.acknowledged(flying.shift() as number);
        else if (what === "fail" && flying.length > 0) lane.failed(flying.pop() as number);
      }
      for (const seq of flying) lane.acknowledged(seq);
      for (;;) {
        const seq = lane.nextLive() ?? lane.nextBacklog();
        if (seq === null) break;
        lane.sent(seq);
        lane.acknowledged(seq);
      }
      return lane.owed === 0 && lane.oldestOwed === head + 1;
    }),
  );
  t.pass();
});

/**
 * One session with a broker that acknowledges what `takes` says of each message in turn, never
 * answers the others, and is lost when the window is full of those. Returns the most ranges seen.
 */
function session(lane: Lane, commit: () => void, takes: () => boolean): number {
  const window = 8;
  lane.restart();
  let unanswered = 0;
  let most = 0;
  for (let i = 0; i < 100 && unanswered < window; i++) {
    if (i % 3 === 0) commit();
    const seq = lane.nextLive() ?? lane.nextBacklog();
    if (seq === null) continue;
    lane.sent(seq);
    if (takes()) lane.acknowledged(seq);
    else unanswered++;
    most = Math.max(most, lane.delivered.length);
  }
  return most;
}

test("a broker that acknowledges only some messages, for months, leaves few ranges to keep", (t) => {
  const patterns = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
  const everySecond = [false, true];
  fc.assert(
    fc.property(patterns, (pattern) => {
      if (!pattern.includes(true)) return true;
      const lane = new Lane([], 0, 16);
      let head = 0;
      let turn = 0;
      const commit = () => lane.grow(++head);
      const takes = () => pattern[turn++ % pattern.length] === true;
      let most = 0;
      for (let n = 0; n < 300; n++) most = Math.max(most, session(lane, commit, takes));
      return most <= 64 + 8;
    }),
    { examples: [[everySecond]], numRuns: 50 },
  );
  t.pass();
});

test("with few gaps live goes first, with many the gaps do, and then live again", (t) => {
  const gaps = (count: number) => Array.from({ length: count }, (_, i) => 2 * i + 1);
  const lane = new Lane(
    gaps(66).map((seq) => ({ from: seq + 1, to: seq + 1 })),
    132,
    16,
  );
  lane.grow(133);
  const order = [];
  for (let seq = lane.nextBacklog(); lane.nextLive() === null; seq = lane.nextBacklog()) {
    order.push(seq);
    lane.sent(seq as number);
    lane.acknowledged(seq as number);
  }
  t.deepEqual(order, [1, 3, 5]);
  t.is(lane.nextLive(), 133);
});

test("a live message stays live however much is thinned with it", (t) => {
  const lane = new Lane([{ from: 1, to: 9 }], 9, 16);
  lane.growHistory([{ from: 11, to: 40 }]);
  lane.grow(10);
  t.is(lane.nextLive(), 10);
});

test("what is thinned while a long backlog is delivered holds up no live message", (t) => {
  const lane = new Lane([], 100_000, 16);
  let head = 100_000;
  const send = (seq: number) => {
    lane.sent(seq);
    lane.acknowledged(seq);
  };
  for (let commit = 0; commit < 1000; commit++) {
    if (commit === 500) lane.restart();
    lane.grow(++head);
    const thinned = { from: ++head, to: head };
    lane.growHistory([thinned]);
    let waited = 0;
    for (let live = lane.nextLive(); live === null; live = lane.nextLive()) {
      const seq = lane.nextBacklog();
      if (seq === null) break;
      send(seq);
      waited++;
    }
    t.true(waited <= 1, `message ${head - 1} waited for ${waited} of the backlog`);
    const live = lane.nextLive();
    if (live !== null) send(live);
    const next = lane.nextBacklog();
    if (next !== null) send(next);
  }
  t.true(lane.delivered.length <= 66);
});

test("what is gone is not owed as backlog, and what is history among live ones is", (t) => {
  const lane = new Lane([], 10, 16, [{ from: 1, to: 4 }]);
  t.is(lane.backlogOwed, 6);
  lane.forget([{ from: 6, to: 9 }]);
  lane.grow(12);
  lane.growHistory([{ from: 13, to: 14 }]);
  t.is(lane.backlogOwed, 4, "5, 10, and what stands for the others");
});

test("gaps that the ledger itself has closed hold up no live message", (t) => {
  const had = Array.from({ length: 70 }, (_, i) => ({ from: 2 * i + 1, to: 2 * i + 1 }));
  const lane = new Lane(had, 1000, 16);
  lane.forget(had.map(({ from }) => ({ from: from + 1, to: from + 1 })));
  lane.grow(1001);
  t.deepEqual([lane.nextLive(), lane.nextBacklog(), lane.delivered.length], [1001, 141, 1]);
});

test("history that is not needed here is forgotten", (t) => {
  const lane = new Lane([{ from: 1, to: 9 }], 9, 16);
  lane.growHistory([{ from: 10, to: 12 }]);
  lane.giveUp({ from: 10, to: 12 });
  t.deepEqual([lane.isBacklog(11), lane.nextBacklog(), lane.owed], [false, null, 0]);
});
