import test from "ava";
import type { DerivedPointConfig } from "../../config/gateway-config.ts";
import type { Derivation } from "../../edge/core/derivation.ts";
import { aMeasurement } from "../sim/a-measurement.ts";
import { Site } from "./site.ts";
import { MINUTE, SECOND } from "./site-config.ts";

function derived(
  name: string,
  derivation: Derivation,
  measurement: DerivedPointConfig["measurement"] = null,
): DerivedPointConfig {
  const plain = { type: "float64", unit: null, write: false } as const;
  const pace = { everyMs: SECOND, silentAfterMs: 0 };
  return { id: `both.${name}`, device: "both", derivation, measurement, ...plain, ...pace };
}

const MEAN: Derivation = { kind: "mean", of: ["a.level", "b.level"], least: 1 };

test("a point worked out from others, and one from that, is judged and reaches the centre", async (t) => {
  const window = { overMs: 10 * SECOND, perMs: SECOND };
  const peak: Derivation = { kind: "window-max", of: "both.mean", ...window };
  const site = await Site.open(t, {
    devices: { a: {}, b: {} },
    derived: [derived("mean", MEAN, aMeasurement({}, { range: [0, 100] })), derived("peak", peak)],
    alarms: { high: { point: "both.mean", setpoint: 30 } },
  });
  site.setLevel("a", 10);
  site.setLevel("b", 20);
  await site.pass(MINUTE);
  const last = (name: string) => site.readingsAt(`both.${name}`).at(-1);
  t.is(Math.round(last("mean")?.value as number), 15);
  t.is(last("peak")?.quality, "good");
  t.true(site.readingsAt("both.mean").length > 50, "once a round");
  t.deepEqual(site.course("high"), []);

  site.setLevel("b", 60);
  await site.pass(5 * SECOND);
  t.deepEqual(site.course("high"), ["normal", "unacknowledged"]);
  t.is(Math.round(last("peak")?.value as number), 35);

  site.setLevel("b", 500);
  await site.pass(5 * SECOND);
  t.is(last("mean")?.quality, "uncertain:out-of-range", "its checks are taken as any point's");

  site.line.units.dead.add(2);
  await site.pass(20 * SECOND);
  t.like(last("mean"), { quality: "uncertain:input" });
  t.is(Math.round(last("mean")?.value as number), 10);

  site.line.units.dead.add(1);
  await site.pass(20 * SECOND);
  t.like(last("mean"), { value: null, quality: "bad:input" });
  site.line.units.dead.clear();
  site.setLevel("b", 20);
  await site.pass(MINUTE);
  t.like(last("mean"), { quality: "good" });
  t.is(await site.brokenPromise(), null);
});
