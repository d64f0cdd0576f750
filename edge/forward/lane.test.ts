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
  lane.forget(3);
  t.deepEqual(takeAll(lane), ["backlog 4", "backlog 5"]);
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
