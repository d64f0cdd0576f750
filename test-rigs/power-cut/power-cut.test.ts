import process from "node:process";
import { cutPower, didHarm, type Flaw, textOf } from "./power-cuts.ts";
import { testOnDisk } from "./test-on-disk.ts";

const CUTS = 20;
const seed = Number(process.env.POWER_CUT_SEED ?? Date.now() % 2 ** 32);
const replay = `to draw the same moments again: POWER_CUT_SEED=${seed}`;

testOnDisk(
  `after ${CUTS} power cuts every acknowledged commit is there, whole and once`,
  async (t) => {
    t.timeout(110_000);
    t.log(replay);
    const tally = await cutPower(CUTS, seed, "none");
    t.log(textOf(tally));
    t.deepEqual(tally.faults, []);
    t.false(didHarm(tally));
    t.is(tally.examined, CUTS);
    t.true(tally.acknowledged > CUTS);
    t.true(tally.sectorsLost > 0);
  },
);

const FLAWS: Readonly<Record<Exclude<Flaw, "none">, string>> = {
  "synchronous=OFF": "a buffer that does not wait for the disk loses commits in a power cut",
  "no flush": "a buffer that does not flush behind a commit loses it in a power cut",
  "barrier=0": "a file system that does not flush the disk loses commits in a power cut",
};

for (const [flaw, title] of Object.entries(FLAWS) as [Exclude<Flaw, "none">, string][]) {
  testOnDisk(title, async (t) => {
    t.timeout(110_000);
    t.log(replay);
    const tally = await cutPower(CUTS, seed, flaw);
    t.log(textOf(tally));
    t.true(didHarm(tally), "the power cuts find nothing");
  });
}
