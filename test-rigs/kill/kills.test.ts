import test from "ava";
import { randomOf } from "../field/rig.ts";
import { tempDir } from "../sim/buffer-rig.ts";
import { killWriters, textOf } from "./kills.ts";

const KILLS = 25;

test(`after each of ${KILLS} kills all that was announced is there, whole, in order and without a gap`, async (t) => {
  t.timeout(110_000);
  const seed = randomOf(t).integer(0, 2 ** 31);
  const tally = await killWriters(tempDir(t), KILLS, seed);
  t.log(textOf(tally));
  t.deepEqual(tally.faults, []);
  t.is(tally.kills, KILLS);
  t.true(tally.readings > KILLS && tally.events > 0);
});
