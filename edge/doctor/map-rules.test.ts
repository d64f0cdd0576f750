import test from "ava";
import type { DeviceConfig, PointConfig } from "../../config/gateway-config.ts";
import { limitsOf } from "../../config/limits.ts";
import { POINT } from "../../test-rigs/sim/a-point.ts";
import type { Facts } from "./facts.ts";
import { mapRules } from "./map-rules.ts";
import type { PlaceFacts, Words } from "./point-facts.ts";

const DEVICE: DeviceConfig = {
  name: "m",
  bus: "line",
  unit: 3,
  profile: null,
  ...limitsOf({}, {}),
  probeEveryMs: 30_000,
  pace: { timeoutMs: null, silenceMs: null, turnaroundMs: null },
};

const words = (...some: readonly number[]): Words => ({ kind: "words", words: some });
const refused: Words = { kind: "failure", reason: "exception:2" };

type Doubted = Partial<PointConfig> & Partial<PlaceFacts> & { readonly quality?: string };

/** What is found of a meter whose points are doubted so. */
function found(...doubted: readonly Doubted[]) {
  const points = doubted.map((some, i) => ({
    ...POINT,
    device: "m",
    type: "float32" as const,
    ...some,
    id: `m.p${i}`,
  }));
  const places = doubted.map((some, i) => ({
    bus: "line",
    unit: 3,
    area: "holding" as const,
    address: 0,
    count: 2,
    here: null,
    below: null,
    above: null,
    twin: null,
    ...some,
    point: `m.p${i}`,
  }));
  const status = points.map(({ id }, i) => ({ point: id, quality: doubted[i]?.quality ?? "good" }));
  const facts = { config: { devices: [DEVICE], points }, places, status: { points: status } };
  return mapRules(facts as unknown as Facts).map(({ code, sure, values }) => {
    return { ...values, code, sure };
  });
}

/** 21.5 as its words come when the lower one comes first. */
const SWAPPED = words(0x0000, 0x41ac);

test("a value that makes sense in one other order only tells the order", (t) => {
  t.like(found({ here: SWAPPED }), [{ code: "device.order-wrong", order: "CDAB", sure: "likely" }]);
  t.like(found({ here: SWAPPED }, { here: words(0x999a, 0x42c8) }), [
    { code: "device.order-wrong", order: "CDAB", sure: "certain" },
  ]);
});

test("an order that makes sense of one value and not of the other explains nothing", (t) => {
  t.deepEqual(
    found({ here: SWAPPED }, { here: words(0x7fff, 0x7fff), quality: "bad:no-value" }),
    [],
  );
});

test("values that stand one address below tell that the addresses are one off", (t) => {
  const shifted = { here: words(0xae14, 0x41ba), below: words(0x41ab, 0xae14) };
  const last = { here: refused, below: words(0x41cb, 0x0000), quality: "bad:exception:2" };
  t.like(found(shifted, last), [{ code: "device.map-shifted", offset: "-1", sure: "certain" }]);
  t.like(found({ here: refused, above: words(0x41cb, 0) }), [{ offset: "+1", sure: "likely" }]);
});

test("a refused place that can be read in the other area tells the area", (t) => {
  const place = { type: "int16" as const, here: refused, twin: words(1240) };
  t.like(found({ ...place, quality: "bad:exception:2" }), [
    { code: "device.area-wrong", area: "holding", other: "input" },
  ]);
});

test("a refusal that nothing else explains is told as it is", (t) => {
  const place = { here: { kind: "failure", reason: "exception:4" } as const };
  t.like(found({ ...place, quality: "bad:exception:4" }), [{ code: "device.refuses" }]);
});

test("a value that is sound by itself is no evidence of anything", (t) => {
  t.deepEqual(found({ here: words(0x41ac, 0x0000), below: words(0x41ac, 0) }), []);
});

test("one value that is odd among others that are sound does not make the map wrong", (t) => {
  const points = ["p0", "p1"].map((name) => ({
    ...POINT,
    id: `m.${name}`,
    device: "m",
    type: "float32" as const,
  }));
  const place = { point: "m.p0", bus: "line", unit: 3, area: "holding", address: 0, count: 2 };
  const around = { here: SWAPPED, below: null, above: null, twin: null };
  const status = {
    points: [
      { point: "m.p0", quality: "good", value: 2.3e-41 },
      { point: "m.p1", quality: "good", value: 21.5 },
    ],
  };
  const config = { devices: [DEVICE], points };
  t.deepEqual(mapRules({ config, places: [{ ...place, ...around }], status } as never), []);
});
