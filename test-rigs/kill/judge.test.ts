import test, { type ExecutionContext } from "ava";
import { openLocalLedger } from "../../buffer/local.ts";
import type { WallMs } from "../../edge/core/time.ts";
import { event, tamper, tempDir } from "../sim/buffer-rig.ts";
import { judge } from "./judge.ts";
import { causeOf, nthValue, optionsOf } from "./writings.ts";

const COMMITS = 20;

/** A buffer into which process 1 wrote `COMMITS` batches of two values and as many events. */
async function written(t: ExecutionContext): Promise<string> {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsOf(dir, 1));
  for (let n = 1; n <= COMMITS; n++) {
    const v = [nthValue(1, 2 * n - 1), nthValue(1, 2 * n)];
    const series = [{ point: "a.usual", unit: null, t: [0, 1], v, q: null }];
    await ledger.commit({
      batches: [{ at: (n * 1000) as WallMs, clock: "synced", series }],
      events: [event(causeOf(1, n))],
    });
  }
  const ranges = [{ from: 1, to: 10 }];
  await ledger.commit({ delivered: [{ destination: "centre", kind: "readings", ranges }] });
  await ledger.close();
  return dir;
}

const ROWS = [
  { seq: COMMITS, name: "a.usual", value: nthValue(1, 2 * COMMITS) },
  { seq: COMMITS, name: "event", value: nthValue(1, COMMITS) },
];

test("a buffer that holds what was announced is found right", async (t) => {
  t.deepEqual(await judge(await written(t), { stream: "R1", rows: ROWS }), []);
});

test("what was announced and is not there, or is something else, is found", async (t) => {
  const dir = await written(t);
  const rows = [
    { seq: COMMITS + 1, name: "a.usual", value: nthValue(1, 99) },
    { seq: COMMITS, name: "event", value: nthValue(1, 99) },
  ];
  t.is((await judge(dir, { stream: "R1", rows })).length, 2);
  t.deepEqual(await judge(dir, { stream: "R9", rows: [] }), ["stream R1"]);
});

for (const [name, harm, why] of [
  ["a row gone in the middle", "DELETE FROM batch WHERE seq = 12", /batch 12 is missing/],
  ["a damaged row", "UPDATE batch SET body = x'00' WHERE seq = 12", /batch 12 is missing or dam/],
  ["a damaged event", "UPDATE event SET body = '{}' WHERE seq = 3", /event 3 is missing or dam/],
  ["owed rows gone", "DELETE FROM batch WHERE seq <= 15", /readings from 11 on are owed and gone/],
  ["an end that is older than its cursor", "DELETE FROM batch WHERE seq > 5", /is damaged|stream/],
] as const) {
  test(`a buffer with ${name} is found wrong`, async (t) => {
    const dir = await written(t);
    tamper(dir, (db) => db.exec(harm));
    const faults = await judge(dir, { stream: "R1", rows: [] });
    t.regex(faults.join("; "), why);
  });
}
