import { readdirSync, writeFileSync } from "node:fs";
import test from "ava";
import type { Ledger } from "../edge/core/ledger.ts";
import { batch, event, fileIn, fill, optionsFor, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { openLocalLedger } from "./local.ts";

const openFor = (dir: string, gateway: string): Promise<Ledger> => {
  const newStreams = { readings: `R of ${gateway}`, events: `E of ${gateway}` };
  return openLocalLedger(optionsFor(dir, { gateway, newStreams }));
};

test("another gateway's buffer is set aside: its readings must not go out in this one's name", async (t) => {
  const dir = tempDir(t);
  const first = await openFor(dir, "gw-1");
  await fill(first, 3);
  await first.close();
  const second = await openFor(dir, "gw-2");
  const { setAside, heads, streams } = await second.state();
  t.deepEqual(setAside, { file: `${fileIn(dir)}.of-gw-1`, why: "other-gateway", next: "new" });
  t.is(heads.readings, 0);
  t.is(streams.readings, "R of gw-2");
  await second.close();
});

test("a gateway whose name comes again gets its buffer back, whoever was there meanwhile", async (t) => {
  const dir = tempDir(t);
  const first = await openFor(dir, "gw-1");
  await fill(first, 3);
  await first.commit({ events: [event("x")] });
  await first.close();
  for (const name of ["gw-2", "gw-3", "gw-4", "gw-5", "gw-6"]) {
    const other = await openFor(dir, name);
    await fill(other, 1);
    await other.close();
  }
  const again = await openFor(dir, "gw-1");
  const { streams, heads, setAside } = await again.state();
  t.is(streams.readings, "R of gw-1");
  t.is(heads.readings, 3);
  t.deepEqual(await again.readBatches(3, 1), [{ seq: 3, batch: batch(3) }]);
  t.deepEqual(
    setAside,
    { file: `${fileIn(dir)}.of-gw-6`, why: "other-gateway", next: "own" },
    "to be told",
  );
  await again.commit({ events: [event("told")] });
  t.is((await again.state()).setAside, null);
  await again.close();
  t.deepEqual(
    readdirSync(dir).filter((name) => name.includes(".of-")),
    ["gw-2", "gw-3", "gw-4", "gw-5", "gw-6"].map((name) => `lifeline.db.of-${name}`),
  );
});

test("a name that could lead elsewhere, or to a side of another's, is made harmless", async (t) => {
  const dir = tempDir(t);
  for (const name of ["../gw", "gw", "gw-wal", "气", "last"])
    await (await openFor(dir, name)).close();
  t.deepEqual(
    readdirSync(dir)
      .filter((name) => name.includes(".of-"))
      .sort(),
    [
      "lifeline.db.of-%E6%B0%94",
      "lifeline.db.of-..%2Fgw",
      "lifeline.db.of-gw",
      "lifeline.db.of-gw%2Dwal",
    ],
  );
});

test("two buffers of one gateway are both kept", async (t) => {
  const dir = tempDir(t);
  await (await openFor(dir, "gw-1")).close();
  writeFileSync(`${fileIn(dir)}.of-gw-1`, "an older one, put there by hand");
  await (await openFor(dir, "gw-2")).close();
  t.deepEqual(
    readdirSync(dir).filter((name) => name.includes(".of-")),
    ["lifeline.db.of-gw-1", "lifeline.db.of-gw-1~2"],
  );
});

test("at most three damaged databases are kept, the newest, and none of another gateway goes", async (t) => {
  const dir = tempDir(t);
  await (await openFor(dir, "gw-2")).close();
  for (let n = 1; n <= 5; n++) {
    await (await openFor(dir, "gw-1")).close();
    writeFileSync(fileIn(dir), `no database ${n} `.repeat(50));
  }
  await (await openFor(dir, "gw-1")).close();
  t.deepEqual(
    readdirSync(dir).filter((name) => /damaged|of-/.test(name)),
    [
      "lifeline.db.damaged-3",
      "lifeline.db.damaged-4",
      "lifeline.db.damaged-5",
      "lifeline.db.of-gw-2",
    ],
  );
});
