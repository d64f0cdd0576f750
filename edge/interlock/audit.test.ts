import test from "ava";
import type { InterlockEvent } from "../core/event.ts";
import { CHAIN_START, type ChainHead } from "../core/interlock.ts";
import type { WallMs } from "../core/time.ts";
import { auditChain as auditBy, type ChainRecord, type Stored } from "./audit.ts";
import { canonical, isWhole, linked } from "./chain.ts";

const LENGTH = 6;

/** Audits `stored`, of which the buffer says no more than `head`, or `more` too. */
function auditChain(stored: Iterable<Stored>, head: ChainHead, more: Partial<ChainRecord> = {}) {
  return auditBy(stored, { head, end: null, wasRemoved: () => false, ...more });
}

/** A chain as it is stored, with other events between, and its head. */
function chain(): { stored: Stored[]; head: ChainHead } {
  let head = CHAIN_START;
  const stored: Stored[] = [];
  for (let n = 1; n <= LENGTH; n++) {
    const event = linked(
      {
        kind: "interlock",
        interlock: "shut-off",
        point: "valve-1.shut",
        from: "idle",
        to: "tripping",
        cause: "alarm",
        by: "gas-high",
        trip: `shut-off/${n}`,
        value: true,
        readBack: null,
        unit: null,
        at: (1000 * n) as WallMs,
        clock: "synced",
      },
      head,
    );
    head = { n: event.chain.n, hash: event.chain.hash };
    const at = 1 as WallMs;
    const common = { subject: "line", from: "open", to: "closed", cause: "x", at } as const;
    stored.push({ seq: 2 * n - 1, event: { kind: "bus", clock: "synced", ...common } });
    stored.push({ seq: 2 * n, event });
  }
  return { stored, head };
}

test("a chain that nobody touched is whole, wherever retention has cut it", (t) => {
  const { stored, head } = chain();
  t.deepEqual(auditChain(stored, head), { events: 6, first: 1, last: 6, broken: null });
  for (let kept = 0; kept <= stored.length; kept++) {
    const audit = auditChain(stored.slice(kept), head);
    t.is(audit.broken, null, `from row ${kept}`);
  }
});

test("the record of a document is a link of the chain, and shows where it was changed", (t) => {
  const { stored, head } = chain();
  const said = { document: "commissioning", number: "c", who: "li" } as const;
  const sha256 = { json: "0".repeat(64), pdf: "1".repeat(64) };
  const made = { kind: "document", ...said, sha256, at: 9 as WallMs, clock: "synced" } as const;
  const document = linked(made, head);
  const end = { n: 7, hash: document.chain.hash };
  const audit = (event: typeof document) => auditChain([...stored, { seq: 13, event }], end);
  t.deepEqual(audit(document), { events: 7, first: 1, last: 7, broken: null });
  const forged = { ...document, sha256: { ...sha256, pdf: "2".repeat(64) } };
  t.deepEqual(audit(forged).broken, { why: "changed", seq: 13, n: 7 });
});

test("an event that was changed, taken out or put in is named, the first of them", (t) => {
  const { stored, head } = chain();
  for (let n = 1; n <= LENGTH; n++) {
    const row = 2 * n - 1;
    const event = stored[row]?.event as InterlockEvent;
    const changed = stored.with(row, { seq: 2 * n, event: { ...event, by: "nobody" } });
    t.deepEqual(auditChain(changed, head).broken, { why: "changed", seq: 2 * n, n });
    if (n > 1 && n < LENGTH) {
      const { broken } = auditChain(stored.toSpliced(row, 1), head);
      t.deepEqual(broken, { why: "unlinked", seq: 2 * n + 2, n: n + 1 });
    }
    const twice = stored.toSpliced(row, 0, stored[row] as Stored);
    t.is(auditChain(twice, head).broken?.why, n === 1 ? "anew" : "unlinked");
  }
});

test("an event with another that was forged before it does not follow it", (t) => {
  const { stored, head } = chain();
  const second = stored[3] as { readonly event: InterlockEvent };
  const { chain: _, ...content } = second.event;
  const before = stored[1]?.event as InterlockEvent;
  const forged = linked({ ...content, by: "nobody" }, { n: 1, hash: before.chain.hash });
  const { broken } = auditChain(stored.with(3, { seq: 4, event: forged }), head);
  t.deepEqual(broken, { why: "unlinked", seq: 6, n: 3 });
});

test("a chain that begins anew behind another is told as that", (t) => {
  const { stored, head } = chain();
  const twice = [...stored, ...chain().stored.map(({ seq, event }) => ({ seq: seq + 12, event }))];
  t.deepEqual(auditChain(twice, head).broken, { why: "anew", seq: 14, n: 1 });
});

test("events that are missing at the end are found by the head", (t) => {
  const { stored, head } = chain();
  t.deepEqual(auditChain(stored.slice(0, -1), head).broken, { why: "end", seq: 10, n: 6 });
  const other = { n: 6, hash: "f".repeat(64) };
  t.deepEqual(auditChain(stored, other).broken, { why: "end", seq: 12, n: 6 });
});

test("a chain that was taken out altogether is missed where its last event stood", (t) => {
  const { stored, head } = chain();
  const end = { ...head, seq: 12 };
  const others = stored.filter(({ event }) => event?.kind !== "interlock");
  t.deepEqual(auditChain(others, head, { end }).broken, { why: "end", seq: 12, n: 6 });
  t.deepEqual(auditChain([], head, { end }).broken, { why: "end", seq: 12, n: 6 });
  t.is(auditChain(others, head, { end, wasRemoved: (seq) => seq === 12 }).broken, null);
  t.is(auditChain(others, head).broken, null, "a buffer from before, or a new one, says nothing");
  t.is(auditChain(stored, head, { end }).broken, null);
  const spoilt = [{ seq: 12, event: null }];
  t.deepEqual(auditChain(spoilt, head, { end }).broken, { why: "unreadable", seq: 12, n: 6 });
});

test("an event that cannot be read breaks the chain only where it was one of it", (t) => {
  const { stored, head } = chain();
  const other = stored.with(4, { seq: 5, event: null });
  t.is(auditChain(other, head).broken, null);
  const own = stored.with(5, { seq: 6, event: null });
  t.deepEqual(auditChain(own, head).broken, { why: "unreadable", seq: 6, n: 3 });
  const last = stored.with(11, { seq: 12, event: null });
  t.deepEqual(auditChain(last, head).broken, { why: "unreadable", seq: 12, n: 6 });
});

test("events that come while the chain is being followed are no break", (t) => {
  const { stored } = chain();
  const third = stored[5]?.event as InterlockEvent;
  const earlier = { n: 3, hash: third.chain.hash };
  t.is(auditChain(stored, earlier).broken, null);
});

test("the canonical form sorts keys, keeps digits, and leaves out what is not there", (t) => {
  const value = { b: [1, "é", null], a: { d: undefined, c: 12345678901234567890n }, "": 0.1 };
  t.is(canonical(value), '{"":0.1,"a":{"c":"12345678901234567890"},"b":[1,"é",null]}');
});

test("an event is whole however its keys stand, as after a way through a database", (t) => {
  const event = chain().stored[1]?.event as InterlockEvent;
  const turned = Object.fromEntries(Object.entries(event).toReversed()) as InterlockEvent;
  t.true(isWhole(turned));
  t.true(isWhole(JSON.parse(JSON.stringify(event)) as InterlockEvent));
});

test("a time that is corrected after it was stored breaks no chain, one that was changed does", (t) => {
  const { stored } = chain();
  const first = stored.map(({ event }) => event).find((each) => each?.kind === "interlock");
  if (first === undefined) return t.fail();
  const { chain: _, ...event } = first as InterlockEvent;
  const unsure = linked({ ...event, clock: "unsynced" }, CHAIN_START);
  const corrected = { ...unsure, at: (event.at + 5000) as WallMs, clock: "corrected" } as const;
  t.true(isWhole(corrected));
  t.true(isWhole({ ...unsure, uptime: 7 } as InterlockEvent), "nor does what it is corrected by");
  t.false(isWhole({ ...unsure, by: "nobody" }));
  const sure = linked(event, CHAIN_START);
  t.false(isWhole({ ...sure, at: corrected.at }));
  t.false(isWhole({ ...sure, at: corrected.at, clock: "corrected" }));
});
