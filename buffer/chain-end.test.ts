import test from "ava";
import type { InterlockEvent } from "../edge/core/event.ts";
import type { WallMs } from "../edge/core/time.ts";
import { event, fileIn, optionsFor, tamper, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { chainEndIn } from "./chain-end.ts";
import { openLocalLedger } from "./local.ts";
import { Reader } from "./reader.ts";

/** Event `n` of a chain; what it says does not matter here. */
function link(n: number): InterlockEvent {
  const said = { from: "idle", to: "tripping", cause: "alarm", by: null, trip: null } as const;
  const values = { value: true, readBack: null, unit: null };
  const time = { at: (1000 * n) as WallMs, clock: "synced" } as const;
  const chain = { n, previous: "0".repeat(64), hash: String(n).repeat(64) };
  return { kind: "interlock", interlock: "i", point: "a.b", ...said, ...values, ...time, chain };
}

test("where the chain of interlock events ends is known when none of them is there any more", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await ledger.commit({ events: [event("a"), link(1), link(2), event("b")] });
  await ledger.commit({ events: [event("c")] });
  await ledger.close();
  tamper(dir, (db) => db.exec(`DELETE FROM event WHERE body LIKE '%"interlock"%'`));
  const reader = new Reader(fileIn(dir));
  t.deepEqual(
    chainEndIn((name) => reader.meta(name)),
    { n: 2, hash: "2".repeat(64), seq: 3 },
  );
  t.deepEqual(reader.removed("events"), [], "nobody says that they were to go");
  reader.close();
});

test("the record of a document is of the chain too", async (t) => {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  const { at, clock, chain } = link(2);
  const said = { document: "commissioning", number: "c", who: "li" } as const;
  const sha256 = { json: "0".repeat(64), pdf: "1".repeat(64) };
  const document = { kind: "document", ...said, sha256, at, clock, chain } as const;
  await ledger.commit({ events: [link(1), document, event("a")] });
  await ledger.close();
  const reader = new Reader(fileIn(dir));
  t.is(chainEndIn((name) => reader.meta(name))?.seq, 2);
  reader.close();
});

test("an event that goes for its age is noted, so that nobody misses it", async (t) => {
  const dir = tempDir(t);
  const options = optionsFor(dir, { keepMs: 0, destinations: [] });
  const ledger = await openLocalLedger(options);
  await ledger.commit({ events: [link(1)] });
  const later = { ...event("x"), at: 1_000_000 as WallMs, clock: "synced" } as const;
  await ledger.commit({ events: Array.from({ length: 1000 }, () => later) });
  const last = { ...later, at: 2_000_000 as WallMs };
  for (let n = 1; n <= 64; n++) await ledger.commit({ events: [last] });
  await ledger.close();
  const reader = new Reader(fileIn(dir));
  t.is(reader.removed("events")[0]?.from, 1);
  t.is(chainEndIn((name) => reader.meta(name))?.seq, 1);
  reader.close();
});
