import test from "ava";
import { allPoints } from "../../config/gateway-config.ts";
import { isKnownUnit } from "../../config/units.ts";
import { fill, passesFor } from "./filling.ts";
import { isAsked, type Model, shippedModels } from "./model.ts";
import { benchOf, byName, nameOf, readAll } from "./read-back.ts";
import { type ModelPoint, type Raw, spotsOf, store } from "./registers.ts";

/** Half of the last digit that a float32 has. */
const NEAR = 1e-7;

for (const model of shippedModels().filter(isAsked)) {
  const { name, profile, config } = model;

  test(`${name}: every point reads back as what the device holds, scaled`, async (t) => {
    for (let pass = 0; pass < passesFor(profile); pass++) {
      const { memory, raws } = fill(profile, pass);
      const bench = benchOf(model, memory);
      const readings = byName((await readAll(bench)).flat());
      t.deepEqual([...readings.keys()].toSorted(), [...raws.keys()].toSorted());
      for (const [point, raw] of raws) {
        const reading = readings.get(point);
        const wanted = scaled(raw, profile.points[point] as ModelPoint);
        t.is(reading?.quality, "good", point);
        t.true(isNear(reading?.value, wanted), `${point}: ${reading?.value}, not ${wanted}`);
      }
      t.deepEqual(bench.device.complaints, []);
    }
  });

  for (const [spot, sentinel] of sentinelsOf(model)) {
    test(`${name}: ${sentinel} in ${spot.name} is no value`, async (t) => {
      const { memory } = fill(profile, 0);
      store(memory, spot, sentinel);
      const readings = byName((await readAll(benchOf(model, memory))).flat());
      const reading = readings.get(spot.name);
      t.like(reading, { value: null, quality: "bad:no-value" });
    });
  }

  test(`${name}: every point has the unit that its profile says, and one that is known`, (t) => {
    for (const { id, unit } of allPoints(config)) {
      t.is(unit, profile.points[nameOf(id)]?.unit ?? null, id);
      t.true(unit === null || isKnownUnit(unit), id);
    }
  });
}

function sentinelsOf({ profile }: Model) {
  return spotsOf(profile).flatMap((spot) =>
    (profile.points[spot.name]?.sentinels ?? []).map((sentinel) => [spot, sentinel] as const),
  );
}

function scaled(raw: Raw, { scale = 1, offset = 0 }: ModelPoint): Raw {
  return typeof raw === "number" ? raw * scale + offset : raw;
}

function isNear(value: unknown, wanted: Raw): boolean {
  if (typeof wanted !== "number") return value === wanted;
  const size = Math.max(Math.abs(wanted), 1e-9);
  return Math.abs(Number(value) - wanted) <= NEAR * size;
}
