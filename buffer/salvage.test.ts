import test from "ava";
import type { InterlockMemory, Interlocks } from "../edge/core/interlock.ts";
import type { WallMs } from "../edge/core/time.ts";
import { harmTable, optionsFor, standing, tamper, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { openLocalLedger } from "./local.ts";

/** Streams of a buffer that is begun anew. */
const RENEWED = { newStreams: { readings: "R2", events: "E2" } };

const TRIPPED: InterlockMemory = {
  interlock: "shut-off",
  state: "tripped",
  trip: 7,
  isSpent: false,
  spentOf: [],
  isOn: true,
  onSince: 5 as WallMs,
  override: null,
  before: null,
  basis: { write: "valve-1.shut", value: true },
};
const HELD: InterlockMemory = { ...TRIPPED, interlock: "horn", state: "held" };
const INTERLOCKS: Interlocks = {
  origin: "o1",
  chain: { n: 57, hash: "a".repeat(64) },
  memories: [TRIPPED, HELD],
};

/** What is remembered by a new buffer of `gateway` in the place of one that was `spoilt`. */
async function salvaged(dir: string, spoil: () => void, gateway = "gw-1") {
  const first = await openLocalLedger(optionsFor(dir));
  await first.commit({ alarms: [standing("gas-high")], interlocks: INTERLOCKS });
  await first.close();
  spoil();
  harmTable(dir, "series");
  const second = await openLocalLedger(optionsFor(dir, { ...RENEWED, gateway }));
  const { alarms, interlocks, setAside } = await second.state();
  await second.close();
  return { alarms, interlocks, why: setAside?.why };
}

test("a tripped and a held interlock come along into the new buffer, with keys and chain going on", async (t) => {
  const { alarms, interlocks, why } = await salvaged(tempDir(t), () => {});
  t.is(why, "damaged");
  t.deepEqual(interlocks, INTERLOCKS);
  t.deepEqual(alarms, [standing("gas-high")]);
});

test("interlocks that are not what they were are not believed, and alarms come all the same", async (t) => {
  const dir = tempDir(t);
  const sql = "UPDATE meta SET value = replace(value, 'tripped', 'idle') WHERE name = 'interlocks'";
  const changed = await salvaged(dir, () => tamper(dir, (db) => db.exec(sql)));
  t.is(changed.interlocks, null);
  t.is(changed.alarms.length, 1);
  const bare = tempDir(t);
  const gone = await salvaged(bare, () => harmTable(bare, "meta"));
  t.is(gone.interlocks, null);
  t.is(gone.alarms.length, 1);
});

test("another gateway's interlocks are not taken over", async (t) => {
  t.is((await salvaged(tempDir(t), () => {}, "gw-2")).interlocks, null);
});
