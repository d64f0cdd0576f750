import test from "ava";
import type { UptimeMs } from "../../core/time.ts";
import { Proof } from "./proof.ts";

const at = (ms: number) => ms as UptimeMs;

/** A proof with a grace of ten seconds, and what it told of rows by their numbers. */
function rig() {
  const proof = new Proof(10_000);
  const told: string[] = [];
  const add = (row: number, sentAt = 0, isBacklog = false) =>
    proof.add({
      sentAt: at(sentAt),
      isBacklog,
      read: (isRead) => told.push(`${row} read ${isRead}`),
      settle: (isDelivered) => told.push(`${row} delivered ${isDelivered}`),
    });
  return { proof, told, add };
}

test("a row is delivered once a ping behind it is answered and the session stood on", (t) => {
  const { proof, told, add } = rig();
  add(1);
  const answered = proof.asked();
  add(2);
  proof.settleDue(at(60_000));
  t.deepEqual(told, []);
  answered(at(100));
  t.deepEqual(told, ["1 read true"]);
  proof.settleDue(at(10_099));
  t.is(told.length, 1);
  proof.settleDue(at(10_100));
  t.deepEqual(told, ["1 read true", "1 delivered true"]);
  t.is(proof.written, 1);
});

test("a ping goes at once for the backlog, else after half the grace or at half the window", (t) => {
  const { proof, add } = rig();
  t.false(proof.isDue(at(0), 8));
  add(1, 0);
  t.false(proof.isDue(at(4_999), 8));
  t.true(proof.isDue(at(5_000), 8));
  for (const row of [2, 3, 4]) add(row);
  t.true(proof.isDue(at(0), 8));
  const answered = proof.asked();
  t.false(proof.isDue(at(9_000), 8), "one is under way");
  answered(at(1));
  add(5, 1, true);
  t.true(proof.isDue(at(1), 8));
  t.is(proof.backlogWritten, 1);
});

test("backlog that only rests takes no place in the window, and there is an end to it", (t) => {
  const { proof, add } = rig();
  for (let row = 1; row <= 4096; row++) add(row, 0, true);
  t.true(proof.isFull);
  proof.asked()(at(0));
  t.deepEqual([proof.backlogWritten, proof.backlogResting], [0, 4096]);
  proof.settleDue(at(10_000));
  t.deepEqual([proof.isFull, proof.backlogResting], [false, 0]);
});

test("what an acknowledged farewell stands behind is delivered, read or not", (t) => {
  const { proof, told, add } = rig();
  add(1);
  proof.asked()(at(0));
  add(2);
  proof.settleAll();
  t.deepEqual(told.slice(1), ["2 read true", "2 delivered true", "1 delivered true"]);
  t.is(proof.nextEnd, null);
});
