import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import Database from "better-sqlite3";
import type { Batch } from "../edge/core/batch.ts";
import { GatewayError } from "../edge/core/errors.ts";
import type { UptimeMs, WallMs } from "../edge/core/time.ts";
import {
  batch,
  event,
  fileIn,
  optionsFor,
  standing,
  tamper,
  tempDir,
} from "../test-rigs/sim/buffer-rig.ts";
import { encodeBatch } from "./encoding/encode.ts";
import { openLocalLedger } from "./local.ts";
import { migrate, versionsOf } from "./migrate.ts";
import { Reader } from "./reader.ts";
import { MIGRATIONS, OPENS_FROM } from "./schema.ts";

const GOLDEN = join(import.meta.dirname, "../test-rigs/golden/buffer");

/** Released versions, of each of which there is a golden buffer. */
const GOLDEN_VERSIONS = [1, 2, 3];
/** The highest form of an encoded batch that the releases of a version read. */
const FORMS_READ: Readonly<Record<number, number>> = { 2: 1, 3: 2 };

/** The fifth batch of every golden buffer: a value of each type, and a long series. */
const MANY: Batch = {
  at: 9000 as WallMs,
  clock: "unsynced",
  series: [
    { point: "x.count", unit: null, t: [0], v: [18446744073709551615n], q: null },
    { point: "x.text", unit: null, t: [0], v: ["阀门"], q: null },
    { point: "x.shut", unit: null, t: [0, 1], v: [true, false], q: ["good", "uncertain:stale"] },
    {
      point: "x.wave",
      unit: "Cel",
      t: Array.from({ length: 300 }, (_, i) => i * 1000),
      v: Array.from({ length: 300 }, (_, i) => i % 7),
      q: null,
    },
  ],
};

/** An entry as a coming release may add it. */
const NEXT = [
  ...MIGRATIONS,
  `ALTER TABLE batch ADD COLUMN later TEXT;
  ALTER TABLE event ADD COLUMN later INTEGER NOT NULL DEFAULT 7;
  ALTER TABLE alarm ADD COLUMN later TEXT;
  ALTER TABLE delivered ADD COLUMN later TEXT;
  CREATE TABLE later (seq INTEGER PRIMARY KEY) STRICT;`,
];

/** The rows that the release of `version` wrote, as statements. */
function goldenRows(version: number | string): string {
  return readFileSync(join(GOLDEN, `version-${version}.sql`), "utf8");
}

/** The buffer of the release of `version`, in a directory of the test's own, with `rows` in it. */
function goldenBuffer(
  t: ExecutionContext,
  version: number,
  rows: number | string = version,
): string {
  const dir = tempDir(t);
  tamper(dir, (db) => {
    db.pragma("journal_mode = WAL");
    for (const sql of MIGRATIONS.slice(0, version)) db.exec(sql);
    db.exec(goldenRows(rows));
  });
  return dir;
}

/** Expects in `dir` all that a golden buffer holds, and that it goes on. */
async function expectGolden(t: ExecutionContext, dir: string, version: number): Promise<void> {
  const ledger = await openLocalLedger(optionsFor(dir));
  const batches = await ledger.readBatches(1, 10);
  t.deepEqual(
    batches.map(({ batch: each }) => each),
    [batch(1), batch(2), batch(3), batch(4), MANY],
  );
  const events = (await ledger.readEvents(1, 10)).map(({ event: each }) => each);
  t.deepEqual(events, [event("e1"), event("e2"), event("e3"), event("e4")]);
  const state = await ledger.state();
  t.deepEqual(state.streams, { readings: "R1", events: "E1" });
  t.like(state, { heads: { readings: 5, events: 4 }, setAside: null });
  t.deepEqual(state.delivered, [
    {
      destination: "centre",
      kind: "readings",
      ranges: [
        { from: 1, to: 2 },
        { from: 4, to: 4 },
      ],
    },
    { destination: "gone", kind: "events", ranges: [{ from: 1, to: 1 }] },
  ]);
  // The first version did not keep what a state was judged by: the next reading judges anew.
  t.deepEqual(state.alarms, version === 1 ? [] : [standing("gas")]);
  if (version > 1) t.is(state.cuts?.configuration, "A");
  const { batches: seqs } = await ledger.commit({ batches: [MANY], alarms: [standing("oil")] });
  t.deepEqual(seqs, [6]);
  t.deepEqual((await ledger.readBatches(6, 1))[0]?.batch, MANY);
  await ledger.close();
}

for (const version of GOLDEN_VERSIONS) {
  test(`a buffer of version ${version} opens with every row, cursor and alarm, and goes on`, async (t) => {
    const dir = goldenBuffer(t, version);
    await expectGolden(t, dir, version);
    const db = new Database(fileIn(dir));
    t.deepEqual(versionsOf(db), { version: MIGRATIONS.length, opensFrom: OPENS_FROM });
    t.is(db.pragma("integrity_check", { simple: true }), "ok");
    db.close();
  });
}

for (const version of GOLDEN_VERSIONS.filter((each) => each >= OPENS_FROM)) {
  test(`what releases of version ${version} write into a buffer of today is taken as their own`, async (t) => {
    const dir = tempDir(t);
    tamper(dir, (db) => {
      migrate(db);
      t.true((db.pragma("user_version", { simple: true }) as number) <= version, "they open it");
      db.exec(goldenRows(version));
      t.is(versionsOf(db).version, MIGRATIONS.length, "and leave its version alone");
    });
    await expectGolden(t, dir, version);
  });
}

test("what version 3 thinned, corrected or left waiting for its time is told as it was", async (t) => {
  const dir = goldenBuffer(t, 3, "3-times");
  const ledger = await openLocalLedger(optionsFor(dir, { boot: "boot-4" }));
  const state = await ledger.state();
  t.deepEqual(state.gone.readings, [{ from: 1, to: 21 }]);
  t.deepEqual(state.untold.thinned, [
    { windowMs: 60_000, seqs: [{ from: 1, to: 21 }], into: [{ from: 24, to: 26 }] },
  ]);
  t.deepEqual(state.held.readings, { from: 23, count: 1 });
  const uptime = 5000 as UptimeMs;
  const known = { offsetMs: 1_764_090_000_000, uptime, errorMs: 100 };
  await ledger.commit({ time: { known, letGo: [] } });
  const told = (await ledger.readBatches(1, 100)).map(({ seq, batch: each }) => {
    const { windowMs, n } = each?.series[0]?.thinned ?? {};
    return [seq, each?.at, each?.clock, each?.between ?? null, windowMs ?? null, n?.length ?? 0];
  });
  t.deepEqual(told, [
    [22, 1_764_003_660_000, "corrected", null, null, 0],
    [23, 1_764_003_780_000, "unsynced", [1_764_003_720_000, 1_764_090_000_000], null, 0],
    [24, 1_764_000_059_000, "synced", null, 60_000, 15],
    [25, 1_764_000_959_000, "synced", null, 60_000, 5],
    [26, 1_764_003_659_000, "corrected", null, 60_000, 1],
  ]);
  await ledger.close();
});

/** What a destination is to get as the buffer with queues was written. */
const QUEUES = [
  { destination: "centre", kind: "readings", rule: "b" },
  { destination: "centre", kind: "events", rule: "a" },
] as const;

/** Expects in `dir` the queues that version 4 wrote, and that they go on. */
async function expectQueues(t: ExecutionContext, dir: string, clock: string): Promise<void> {
  const ledger = await openLocalLedger(optionsFor(dir, { queues: QUEUES }));
  const { queues = [] } = await ledger.state();
  t.deepEqual(
    queues.map(({ stream, isCurrent, head }) => [stream, isCurrent, head]),
    [
      ["R1-1", false, 2],
      ["E1-2", true, 1],
      ["R1-3", true, 1],
    ],
  );
  t.deepEqual(queues[0]?.delivered, [{ from: 1, to: 1 }]);
  const mark = { since: 2, untilAt: 60_000, unsynced: null, head: 3, isOfThisBoot: true };
  t.deepEqual(queues[2]?.mark, mark);
  const told = await ledger.readQueuedTexts(1, 1, 9);
  t.deepEqual(
    told.map(({ text }) => text?.clock),
    [clock, "synced"],
  );
  t.deepEqual(await ledger.readQueuedEvents(2, 1, 9), [{ seq: 1, event: event("e1") }]);
  const more = { queue: 3, batches: [{ batch: batch(4), origin: { index: 0 } }], events: [], mark };
  const committed = await ledger.commit({ batches: [batch(4)], queued: [more] });
  t.deepEqual(committed.queues?.at(-1), { queue: 3, seqs: [2], heldFrom: null });
  await ledger.close();
}

test("what version 4 queued is told as it was, and its queues go on", async (t) => {
  await expectQueues(t, goldenBuffer(t, 4, "4-queues"), "corrected");
});

test("queues stay what they are while a release before them has the buffer, and removes its rows", async (t) => {
  const dir = goldenBuffer(t, 4, "4-queues");
  tamper(dir, (db) => db.exec("DELETE FROM batch WHERE seq < 3; DELETE FROM correction"));
  // What told the time of the first is gone with what it came from.
  await expectQueues(t, dir, "unsynced");
});

test("batches are written in a form that the oldest release which may open the buffer reads", (t) => {
  const [form = 0] = encodeBatch(batch(1), () => 1);
  t.true(form <= (FORMS_READ[OPENS_FROM] ?? Infinity), `form ${form}: raise OPENS_FROM`);
});

test("a buffer that a newer release has added to is used by this one, and then by that again", async (t) => {
  const dir = goldenBuffer(t, 2);
  tamper(dir, (db) => {
    migrate(db, NEXT);
    db.exec("UPDATE batch SET later = 'known'");
  });
  await expectGolden(t, dir, 2);
  t.deepEqual(new Reader(fileIn(dir)).span("readings"), { from: 1, to: 6 });
  tamper(dir, (db) => {
    t.is(versionsOf(db).version, NEXT.length);
    migrate(db, NEXT);
    const later = db.prepare("SELECT later FROM batch ORDER BY seq").pluck().all();
    t.deepEqual(later, ["known", "known", "known", "known", "known", null]);
    t.is(db.prepare("SELECT DISTINCT later FROM event").pluck().get(), 7);
    t.is(db.pragma("integrity_check", { simple: true }), "ok");
  });
});

test("a buffer that only newer releases can use is refused, untouched, with what to do", (t) => {
  const dir = goldenBuffer(t, 2);
  tamper(dir, (db) => db.pragma(`user_version = ${MIGRATIONS.length + 1}`));
  const before = readFileSync(fileIn(dir));
  const error = t.throws(() => tamper(dir, (db) => migrate(db)), { instanceOf: GatewayError });
  t.is(error?.code, "buffer.version");
  t.regex(error?.message ?? "", /lifeline\.db needs a release that knows version \d+, this one/);
  t.true(readFileSync(fileIn(dir)).equals(before));
});

test("a version that is damaged is not guessed at", (t) => {
  const dir = goldenBuffer(t, 2);
  tamper(dir, (db) => {
    migrate(db, NEXT);
    db.exec("UPDATE meta SET value = '1' WHERE name = 'version'");
    const error = t.throws(() => migrate(db), { instanceOf: GatewayError });
    t.is(error?.code, "buffer.damaged");
  });
});

test("a migration that fails half-way leaves the version that was", async (t) => {
  const dir = goldenBuffer(t, 2);
  tamper(dir, (db) => {
    const bad = [...MIGRATIONS, "CREATE TABLE fine (x) STRICT", "nonsense"];
    t.throws(() => migrate(db, bad));
    t.true(versionsOf(db).version <= MIGRATIONS.length);
    t.is(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'fine'").pluck().get(), 0);
  });
  await expectGolden(t, dir, 2);
});

test("entries that were released are what they were", (t) => {
  const sums = MIGRATIONS.map((sql) => createHash("sha256").update(sql).digest("hex").slice(0, 16));
  t.deepEqual(sums.slice(0, 3), ["9a9c724e4acb7852", "7fb56d0b60e73cfc", "777e5e23cb547c7b"]);
});

test("what comes behind the version that older releases can use only adds", (t) => {
  t.true(OPENS_FROM <= MIGRATIONS.length);
  const adds = MIGRATIONS.slice(OPENS_FROM).join("\n");
  for (const statement of adds.replaceAll(/--.*$/gm, "").split(";")) {
    const sql = statement.replaceAll(/\s+/g, " ").trim();
    if (sql === "") continue;
    t.regex(sql, /^(ALTER TABLE \w+ ADD COLUMN|CREATE (TABLE|INDEX|UNIQUE INDEX)) /);
    // Older releases name no new column when they write a row.
    if (/^ALTER .*NOT NULL/.test(sql)) t.regex(sql, /DEFAULT/);
    t.notRegex(sql, /UNIQUE INDEX/, "a row that an older release writes must not be refused");
  }
});
