import test from "ava";
import { checkShape } from "./check-shape.ts";
import { Findings } from "./findings.ts";
import { allPoints } from "./gateway-config.ts";
import type { PointLookup } from "./point-directory.ts";
import { pointDirectory } from "./point-directory.ts";
import { ProfileFolders, SHIPPED_PROFILES } from "./read.ts";
import { resolveDevices } from "./resolve-devices.ts";
import { salvage } from "./salvage.ts";
import { configSchema } from "./schema.ts";
import { readSource } from "./source.ts";

const profiles = new ProfileFolders([SHIPPED_PROFILES]);

function directoryOf(devices: string): (id: string) => PointLookup {
  const source = readSource(`buses:
  line: { kind: modbus-rtu, port: /dev/line }
  gauge: { kind: serial, port: /dev/gauge }
  node: { kind: firmata, port: /dev/node }
devices: { ${devices} }
`);
  const findings = new Findings(source);
  const draft = salvage(source.root, checkShape(configSchema, source.root, findings));
  const read = resolveDevices(draft, profiles, findings);
  return pointDirectory(draft, profiles, allPoints({ ...read, derived: [] }));
}

test("a sound point is found, the device's own and the profile's", (t) => {
  const find = directoryOf(
    "a: { bus: line, unit: 1, profile: keller-series-30, points: { x: { number: 10001 } } }",
  );
  t.like(find("a.x"), { kind: "found", point: { id: "a.x", area: "discrete" } });
  t.like(find("a.pressure"), { kind: "found", point: { address: 256 } });
});

test("a point that a sensor tells is found like any other", (t) => {
  const find = directoryOf(
    "wind: { bus: gauge, protocol: { kind: nmea }, points: { speed: { sentence: MWV, field: 3 } } }",
  );
  t.like(find("wind.speed"), { kind: "found", point: { id: "wind.speed", type: "float64" } });
});

test("an unknown point comes with the nearest and with all that there are", (t) => {
  const find = directoryOf("a: { bus: line, unit: 1, points: { level: { number: 10001 } } }");
  t.deepEqual(find("a.lvel"), { kind: "unknown", nearest: "a.level", known: ["a.level"] });
  t.like(find("zzz.yyy"), { kind: "unknown", nearest: null });
});

test("nothing is said of a point with faults of its own, or that may exist", (t) => {
  const find = directoryOf(`
  a: { bus: line, unit: 1, points: { x: { number: 40001 } } },
  b: { bus: line, unit: 2, profile: no-such-profile },
  c: { bus: line, unit: 3, pionts: { x: { number: 10001 } } },
  d: { bus: no-such-bus, unit: 4, points: { x: { number: 40001, typ: int16 } } },`);
  for (const id of ["a.x", "b.anything", "c.x", "d.x"]) t.is(find(id).kind, "unsure", id);
});

test("a point that a board reads is found like any other", (t) => {
  const find = directoryOf("wind: { bus: node, points: { speed: { pin: A0 } } }");
  t.like(find("wind.speed"), { kind: "found", point: { id: "wind.speed", type: "float64" } });
});
