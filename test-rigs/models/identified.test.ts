import test from "ava";
import type { Area, ByteOrder } from "../../edge/core/point.ts";
import type { AreaSamples, Place } from "../../edge/identify/hypotheses.ts";
import { placesOf } from "../../edge/identify/hypotheses.ts";
import { Random } from "../sim/random.ts";
import { type LivingSpot, living } from "./living.ts";
import { isAsked, shippedModels } from "./model.ts";

/** Three minutes, a look every two seconds. */
const ROUNDS = 90;

/** Types that hold the same where they hold nothing negative. */
const ALIKE: Readonly<Record<string, string>> = {
  int16: "uint16",
  int32: "uint32",
  int64: "uint64",
};
const alike = (type: string) => ALIKE[type] ?? type;

function samplesOf(memories: readonly ReadonlyMap<string, number>[], area: Area): AreaSamples {
  const rounds = memories.map((memory) => {
    const cells = [...memory].flatMap(([key, word]) => {
      const [where, address] = key.split(" ");
      return where === area ? [[Number(address), word] as const] : [];
    });
    return new Map(cells);
  });
  return { area, rounds };
}

/** Whether the first hypothesis at the place of `spot` is what it is. */
function isRight(spot: LivingSpot, places: readonly Place[]): boolean {
  const place = places.find(({ area, address }) => area === spot.area && address === spot.address);
  const first = place?.hypotheses[0];
  if (first === undefined) return false;
  return alike(first.type) === alike(spot.type) && (spot.width === 1 || first.order === spot.order);
}

/** How often what moves in the shipped models is known, by type; wide numbers in the order `turn`. */
function tallyOf(rounds: number, seeds: readonly number[], turn?: ByteOrder) {
  const tally = new Map<string, { right: number; all: number; wrong: Set<string> }>();
  for (const model of shippedModels().filter(isAsked)) {
    for (const seed of seeds) {
      const { spots, memories } = living(model, rounds, new Random(seed), turn);
      const areas = ["holding", "input"] as const;
      const places = areas.flatMap((area) => placesOf(samplesOf(memories, area)));
      for (const spot of spots.filter(({ isMoving }) => isMoving)) {
        const key = spot.width === 1 ? "16 bits" : alike(spot.type);
        const of = tally.get(key) ?? { right: 0, all: 0, wrong: new Set() };
        tally.set(key, of);
        of.all++;
        if (isRight(spot, places)) of.right++;
        else of.wrong.add(`${model.name}.${spot.name}`);
      }
    }
  }
  return tally;
}

/** The share of float32, int32 and uint32 that is known by type and order. */
function shareOfWide(tally: ReturnType<typeof tallyOf>): number {
  const wide = ["float32", "uint32"].flatMap((type) => tally.get(type) ?? []);
  const sum = (key: "right" | "all") => wide.reduce((total, of) => total + of[key], 0);
  return sum("right") / sum("all");
}

test("of what moves in the shipped models nine in ten numbers are known by type and order", (t) => {
  // A seed that nothing was tuned with.
  const tally = tallyOf(ROUNDS, [101]);
  for (const [type, { right, all, wrong }] of tally) {
    t.log(`${type}: ${right} of ${all}`, [...wrong].slice(0, 6).join(" "));
  }
  t.true(shareOfWide(tally) >= 0.95, `${shareOfWide(tally)}`);
  const { right = 0, all = 1 } = tally.get("16 bits") ?? {};
  t.true(right / all >= 0.9, `${right} of ${all}`);
});

for (const turn of ["ABCD", "CDAB", "BADC", "DCBA"] as const) {
  test(`whatever the maker's order, ${turn} is known by what moves`, (t) => {
    const tally = tallyOf(ROUNDS, [103], turn);
    const { right = 0, all = 1 } = tally.get("float32") ?? {};
    t.log(
      `float32: ${right} of ${all}; with whole ones ${(100 * shareOfWide(tally)).toFixed(1)} %`,
    );
    t.true(right / all >= 0.98, `${right} of ${all}`);
    // Of whole numbers whose high words are always empty nothing tells where they begin.
    t.true(shareOfWide(tally) >= 0.85, `${shareOfWide(tally)}`);
  });
}

test("half a minute tells most of it already", (t) => {
  const share = shareOfWide(tallyOf(15, [104]));
  t.log(`${(100 * share).toFixed(1)} %`);
  t.true(share >= 0.8, `${share}`);
});
