import test from "ava";
import type { Ledger } from "../edge/core/ledger.ts";
import {
  batch,
  event,
  fileIn,
  fill,
  harmPageWith,
  noisy,
  optionsFor,
  tamper,
  tempDir,
} from "../test-rigs/sim/buffer-rig.ts";
import { openLocalLedger } from "./local.ts";
import { Reader } from "./reader.ts";
import { type Verified, verify } from "./verify.ts";

/** What verifying the database in `dir` comes to. */
function verified(dir: string): Verified {
  const reader = new Reader(fileIn(dir));
  try {
    const looking = verify(reader);
    for (;;) {
      const step = looking.next();
      if (step.done === true) return step.value;
    }
  } finally {
    reader.close();
  }
}

async function stored(dir: string, work: (ledger: Ledger) => Promise<unknown>): Promise<void> {
  const ledger = await openLocalLedger(optionsFor(dir));
  await work(ledger);
  await ledger.close();
}

test("a sound buffer has no findings, and everything in it was looked at", async (t) => {
  const dir = tempDir(t);
  await stored(dir, async (ledger) => {
    await fill(ledger, 150);
    const ranges = [{ from: 1, to: 150 }];
    const delivered = [{ destination: "centre", kind: "readings", ranges } as const];
    await ledger.commit({ events: [event("x"), event("y")], delivered });
  });
  t.deepEqual(verified(dir), {
    messages: 150,
    readings: 450,
    events: 2,
    unsummed: 0,
    findings: [],
    losses: [],
  });
});

test("a message whose bytes changed is named, those around it are not", async (t) => {
  const dir = tempDir(t);
  await stored(dir, (ledger) => fill(ledger, 10));
  tamper(dir, (db) => {
    const body = db.prepare("SELECT body FROM batch WHERE seq = 4").pluck().get() as Buffer;
    body[body.length - 1]! ^= 1;
    db.prepare("UPDATE batch SET body = ? WHERE seq IN (4, 5)").run(body);
  });
  t.deepEqual(verified(dir).findings, [{ fault: "check-sum", table: "readings", from: 4, to: 5 }]);
});

test("a message that stands under another's time is named", async (t) => {
  const dir = tempDir(t);
  await stored(dir, (ledger) => fill(ledger, 3));
  tamper(dir, (db) => db.exec("UPDATE batch SET at = 5 WHERE seq = 2"));
  t.deepEqual(verified(dir).findings, [
    { fault: "contradiction", table: "readings", from: 2, to: 2 },
  ]);
});

test("a hole among the rows is named; what is gone from the oldest on is none", async (t) => {
  const dir = tempDir(t);
  await stored(dir, (ledger) => fill(ledger, 200));
  tamper(dir, (db) => db.exec("DELETE FROM batch WHERE seq < 10 OR seq BETWEEN 60 AND 140"));
  t.deepEqual(verified(dir).findings, [{ fault: "missing", table: "readings", from: 60, to: 140 }]);
});

test("events on a damaged page are named", async (t) => {
  const dir = tempDir(t);
  const cause = (n: number) => `cause-${n}-`.padEnd(400, "x");
  await stored(dir, async (ledger) => {
    for (let n = 1; n <= 30; n++) await ledger.commit({ events: [event(cause(n))] });
  });
  harmPageWith(dir, "cause-15-");
  const [finding, ...others] = verified(dir).findings;
  t.like(finding, { fault: "unreadable", table: "events" });
  t.true(finding !== undefined && "to" in finding && finding.from <= 15 && finding.to >= 15);
  t.deepEqual(others, []);
});

test("cells that changed, and cursors beyond what was stored, are named by their key", async (t) => {
  const dir = tempDir(t);
  await stored(dir, async (ledger) => {
    await fill(ledger, 3);
    const ranges = [{ from: 1, to: 3 }];
    await ledger.commit({ delivered: [{ destination: "centre", kind: "readings", ranges }] });
  });
  tamper(dir, (db) => {
    db.exec(
      `UPDATE delivered SET ranges = '[{"from":1,"to":9}]', crc = NULL WHERE kind = 'readings'`,
    );
    db.exec("UPDATE meta SET value = 'gw-2' WHERE name = 'gateway'");
  });
  t.deepEqual(verified(dir).findings, [
    { fault: "check-sum", table: "meta", key: "gateway" },
    { fault: "cursor", table: "delivered", key: "centre" },
  ]);
});

test("what a full buffer gave up is no damage, and is told with its reason", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir, { maxBytes: 200_000 }));
  for (let n = 0; n < 300; n++) await ledger.commit({ batches: [noisy(n)] });
  const { untold } = await ledger.state();
  t.true(untold.readings.length > 0);
  await ledger.close();
  const { findings, losses } = verified(dir);
  t.deepEqual(findings, []);
  t.deepEqual(losses, [
    { seqs: untold.readings, stream: "readings", why: "full", toldBy: null, into: [] },
  ]);
  const detail = { stream: "readings", fromSeq: 1, toSeq: 40 };
  const told = { ...event("buffer.full"), kind: "buffer", to: "dropping", detail } as const;
  await stored(dir, (again) => again.commit({ events: [told], tells: untold }));
  t.deepEqual(verified(dir).losses, [
    { stream: "readings", seqs: [{ from: 1, to: 40 }], why: "full", into: [], toldBy: 1 },
  ]);
});

test("what the gateway removes or adds meanwhile is no fault", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await fill(ledger, 200);
  const reader = new Reader(fileIn(dir));
  const looking = verify(reader);
  looking.next();
  tamper(dir, (db) => db.exec("DELETE FROM batch WHERE seq <= 150"));
  await ledger.commit({ batches: [batch(201)] });
  let step = looking.next();
  while (step.done !== true) step = looking.next();
  t.deepEqual(step.value.findings, []);
  reader.close();
  await ledger.close();
});
