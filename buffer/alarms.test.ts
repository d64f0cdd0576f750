import test from "ava";
import type { WallMs } from "../edge/core/time.ts";
import {
  harmPageWith,
  harmTable,
  optionsFor,
  standing,
  tamper,
  tempDir,
} from "../test-rigs/sim/buffer-rig.ts";
import { openLocalLedger } from "./local.ts";

/** Streams of a buffer that is begun anew. */
const renewed = { newStreams: { readings: "R2", events: "E2" } };

test("alarms that can still be read come along into the new buffer", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  const alarms = ["gas-high", "gas-low", "level"].map(standing);
  await first.commit({ alarms });
  await first.close();
  tamper(dir, (db) => db.exec("UPDATE alarm SET state = 'normal' WHERE alarm = 'gas-low'"));
  harmTable(dir, "series");
  const second = await openLocalLedger(optionsFor(dir, renewed));
  const state = await second.state();
  t.is(state.setAside?.why, "damaged");
  t.deepEqual(state.alarms, [alarms[0], alarms[2]], "the damaged one is not believed");
  await second.close();
});

test("what else is remembered of an alarm, a shelf and who put it there, comes back as it was", async (t) => {
  const dir = tempDir(t);
  const shelf = { kind: "timed", from: 7 as WallMs, clock: "synced", forMs: 9000 } as const;
  const more = { isOn: true, shelf, by: { who: "li", reason: "washed" } } as const;
  const alarms = [{ ...standing("gas-high"), state: "shelved", more } as const];
  const first = await openLocalLedger(optionsFor(dir));
  await first.commit({ alarms });
  await first.close();
  const second = await openLocalLedger(optionsFor(dir));
  t.deepEqual((await second.state()).alarms, alarms);
  await second.close();
});

test("alarms are read from both ends of a table with a hole", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  const alarms = Array.from({ length: 300 }, (_, n) =>
    standing(`alarm-${String(n).padStart(3, "0")}`),
  );
  await first.commit({ alarms });
  await first.close();
  harmPageWith(dir, "alarm-150");
  const second = await openLocalLedger(optionsFor(dir, renewed));
  const { alarms: saved } = await second.state();
  t.deepEqual(saved.at(0), alarms.at(0));
  t.deepEqual(saved.at(-1), alarms.at(-1));
  t.true(saved.length > 200 && saved.length < 300, `${saved.length} of 300`);
  await second.close();
});

test("another gateway's alarms are not taken over from a damaged database", async (t) => {
  const dir = tempDir(t);
  const first = await openLocalLedger(optionsFor(dir));
  await first.commit({ alarms: [standing("gas-high")] });
  await first.close();
  harmTable(dir, "series");
  const second = await openLocalLedger(optionsFor(dir, { ...renewed, gateway: "gw-2" }));
  t.deepEqual((await second.state()).alarms, []);
  await second.close();
});
