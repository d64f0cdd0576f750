import test from "ava";
import { atRest } from "./filling.ts";
import { isAsked, modelOf, shippedModels } from "./model.ts";
import { benchOf, measureAll } from "./read-back.ts";
import { spotsOf, store } from "./registers.ts";

for (const { name, profile } of shippedModels().filter(isAsked)) {
  for (const spot of spotsOf(profile)) {
    const { unit, write, scale = 1, offset = 0, loop } = profile.points[spot.name] ?? {};
    if (unit !== "mA" || write === true || loop !== undefined) continue;

    test(`${name}: a site lays its range over ${spot.name}`, async (t) => {
      const model = modelOf(name, `{ ${spot.name}: { unit: bar, loop: { low: 0, high: 10 } } }`);
      const pressureAt = async (mA: number) => {
        const raw = (mA - offset) / scale;
        const memory = atRest(profile);
        store(memory, spot, spot.type.startsWith("float") ? raw : Math.round(raw));
        const { readings } = await measureAll(model, benchOf(model, memory));
        return readings.get(spot.name);
      };
      const { value, quality } = (await pressureAt(12)) ?? {};
      t.is(quality, "good");
      t.true(Math.abs(Number(value) - 5) < 10 * scale, `${value} bar at 12 mA`);
      // Some modules tell of nothing below 4 mA, but by another point.
      if (offset === 0) t.like(await pressureAt(3), { value: null, quality: "bad:loop-fault" });
    });
  }
}
