import { existsSync } from "node:fs";
import test from "ava";
import { fileIn, fill, optionsFor, tempDir } from "../test-rigs/sim/buffer-rig.ts";
import { leaveBehind } from "./leave-behind.ts";
import { openLocalLedger } from "./local.ts";

test("a buffer that came with a copied card is begun anew with a stream of its own, and kept whole beside it", async (t) => {
  const dir = tempDir(t);
  t.is(leaveBehind(dir, "gw-1", "board-1"), null, "there is none yet");
  const first = await openLocalLedger(optionsFor(dir));
  await fill(first, 3);
  t.throws(() => leaveBehind(dir, "gw-1", "board-1"), { code: "buffer.busy" });
  await first.close();
  const file = leaveBehind(dir, "gw-1", "board-1");
  t.true(file !== null && existsSync(file) && !existsSync(fileIn(dir)));
  const newStreams = { readings: "R2", events: "E2" };
  const second = await openLocalLedger(optionsFor(dir, { newStreams }));
  const { streams, heads } = await second.state();
  t.deepEqual(streams, newStreams, "it is not taken back");
  t.is(heads.readings, 0);
  await second.close();
});
