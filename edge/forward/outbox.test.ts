import test from "ava";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { FakeLedger } from "../../test-rigs/sim/fake-ledger.ts";
import { NOTHING_DROPPED, type StreamKind } from "../core/ledger.ts";
import type { SeqRange, SeqSet } from "../core/seq-set.ts";
import type { WallMs } from "../core/time.ts";
import { Outbox } from "./outbox.ts";

async function rig(upTo = () => Infinity) {
  const clock = new SimClock();
  const ledger = new FakeLedger(clock);
  const state = ledger.state();
  await clock.advance(1);
  const lost: { kind: StreamKind; range: SeqRange }[] = [];
  const delivered = new Map<StreamKind, SeqSet>();
  const log: string[] = [];
  const outbox = new Outbox(
    {
      world: { clock, log: (_, text) => log.push(text) },
      ledger,
      signal: new AbortController().signal,
      destination: { name: "centre" },
      gateway: "gw",
      ledgerState: await state,
      upTo,
      onDelivered: ({ kind, ranges }) => delivered.set(kind, ranges),
      onLost: (kind, range) => lost.push({ kind, range }),
    },
    () => {},
  );
  const commit = async () => {
    const at = ledger.batches.length as WallMs;
    const done = ledger.commit({ batches: [{ at, clock: "synced", series: [] }] });
    await clock.advance(6);
    await done;
    outbox.grow({
      batches: ledger.batches.slice(-1),
      events: [],
      dropped: NOTHING_DROPPED,
      spared: [],
    });
  };
  /** Sends all there is; returns the seqs in their order. */
  const sendAll = async () => {
    const sent: number[] = [];
    for (let quiet = 0; quiet < 3; ) {
      const next = outbox.next(8);
      if (next === null) {
        quiet++;
        await clock.advance(2);
      } else {
        quiet = 0;
        sent.push(next.seq);
        outbox.sent(next)(true);
      }
    }
    return sent;
  };
  return { clock, ledger, outbox, lost, delivered, log, commit, sendAll };
}

test("while a broker takes nothing the contents in memory stay bounded", async (t) => {
  const { clock, outbox, commit } = await rig();
  let most = 0;
  for (let n = 1; n <= 1000; n++) {
    await commit();
    const next = outbox.next(8);
    if (next !== null) outbox.sent(next)(false);
    await clock.advance(2);
    most = Math.max(most, outbox.held);
  }
  t.true(most > 0 && most <= 64, `${most} were held`);
  t.is(outbox.owed().readings, 1000);
});

test("what is damaged in the buffer is told as lost, and all else is sent", async (t) => {
  const { ledger, outbox, lost, delivered, commit, sendAll } = await rig();
  for (let n = 1; n <= 40; n++) await commit();
  outbox.restart();
  ledger.damaged.add(1).add(17).add(18);
  const sent = await sendAll();
  t.deepEqual(
    sent.toSorted((a, b) => a - b),
    Array.from({ length: 40 }, (_, i) => i + 1).filter((seq) => ![1, 17, 18].includes(seq)),
  );
  t.deepEqual(
    lost.map(({ range }) => range),
    [
      { from: 1, to: 1 },
      { from: 17, to: 18 },
    ],
  );
  t.deepEqual(delivered.get("readings"), [{ from: 1, to: 40 }]);
  t.is(outbox.owed().readings, 0);
});

test("a live batch that cannot be read costs the backlog nothing", async (t) => {
  const { ledger, outbox, lost, commit, sendAll } = await rig();
  for (let n = 1; n <= 20; n++) await commit();
  outbox.restart();
  for (let n = 21; n <= 80; n++) await commit();
  ledger.damaged.add(79);
  const sent = await sendAll();
  t.is(new Set(sent).size + lost.length, 80);
});

test("a buffer that cannot be read now is asked again, and nothing is given up", async (t) => {
  const { clock, ledger, outbox, lost, log, commit, sendAll } = await rig();
  for (let n = 1; n <= 20; n++) await commit();
  outbox.restart();
  ledger.refuseReadsWith = "buffer.io";
  for (let n = 0; n < 5; n++) {
    t.is(outbox.next(8), null);
    await clock.advance(500);
  }
  t.true(log.length > 0 && log.length < 5);
  ledger.refuseReadsWith = null;
  await clock.advance(2000);
  t.is((await sendAll()).length, 20);
  t.deepEqual(lost, []);
});

test("damage in one piece is told in few pieces, however many messages it has cost", async (t) => {
  const { ledger, outbox, lost, commit, sendAll } = await rig();
  for (let n = 1; n <= 200; n++) await commit();
  outbox.restart();
  for (let seq = 1; seq <= 160; seq++) ledger.damaged.add(seq);
  let sent = 0;
  for (let n = 0; n < 10; n++) sent += (await sendAll()).length;
  t.is(sent, 40);
  t.true(lost.length <= 10, `${lost.length} pieces`);
  const seqs = lost.reduce((sum, { range }) => sum + range.to - range.from + 1, 0);
  t.is(seqs, 160);
});

test("what the buffer gave up is not held in memory any longer", async (t) => {
  const { outbox, commit } = await rig();
  for (let n = 1; n <= 20; n++) await commit();
  const dropped = { ...NOTHING_DROPPED, readings: [{ from: 1, to: 19 }] };
  outbox.grow({ batches: [], events: [], dropped, spared: [] });
  t.is(outbox.owed().readings, 1);
  t.true(outbox.held <= 1, `${outbox.held} are held`);
});

test("what is not settled yet is neither sent nor kept, and goes as the ledger then has it", async (t) => {
  let settled = 2;
  const { clock, ledger, outbox, commit, sendAll } = await rig(() => settled);
  for (let n = 1; n <= 4; n++) await commit();
  outbox.restart();
  t.deepEqual(await sendAll(), [1, 2]);
  const raw = ledger.batches[2];
  if (raw !== undefined) ledger.batches[2] = { ...raw, batch: { ...raw.batch, at: 77 as WallMs } };
  settled = Infinity;
  const next: string[] = [];
  while (next.length < 2) {
    const message = outbox.next(8);
    if (message === null) await clock.advance(2);
    else {
      next.push(String(message.message.payload));
      outbox.sent(message)(true);
    }
  }
  t.true(next[0]?.includes('"seq":3') && next[0].includes('"at":77'));
});
