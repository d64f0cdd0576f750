import test from "ava";
import { checkShape } from "./check-shape.ts";
import { Findings } from "./findings.ts";
import type { Draft } from "./salvage.ts";
import { salvage } from "./salvage.ts";
import { configSchema } from "./schema.ts";
import { readSource } from "./source.ts";

function draftOf(text: string): Draft {
  const source = readSource(text);
  return salvage(source.root, checkShape(configSchema, source.root, new Findings(source)));
}

test("a sound file is kept whole, with its defaults", (t) => {
  const { config } = draftOf("gateway: { id: gw-1 }");
  t.is(config.gateway?.id, "gw-1");
  t.deepEqual(config.buses, {});
  t.is(config.buffer?.max, 2_000_000_000);
});

test("a bus without its port is left out, and its name is still known", (t) => {
  const draft = draftOf("buses: { a: { kind: firmata }, b: { kind: firmata, port: x } }");
  t.deepEqual(Object.keys(draft.config.buses ?? {}), ["b"]);
  t.deepEqual(draft.buses, ["a", "b"]);
});

test("a point with a fault does not take its device with it", (t) => {
  const draft = draftOf(
    "devices: { d: { bus: a, points: { x: { adress: 1 }, y: { area: coil, address: 2 } } } }",
  );
  t.deepEqual(Object.keys(draft.config.devices?.d?.points ?? {}), ["y"]);
  t.deepEqual(draft.ownPoints("d"), { names: ["x", "y"], sure: true });
});

test("a fault that says nothing about the points leaves them sure", (t) => {
  t.true(draftOf("devices: { d: { bus: a, every: 5, points: { x: {} } } }").ownPoints("d").sure);
  t.true(draftOf("devices: { d: { unit: 700 } }").ownPoints("d").sure);
});

test("a misspelt or broken profile or list of points leaves the points unsure", (t) => {
  t.false(draftOf("devices: { d: { bus: a, profle: p } }").ownPoints("d").sure);
  t.false(draftOf("devices: { d: { bus: a, profile: 5 } }").ownPoints("d").sure);
  t.false(draftOf("devices: { d: { bus: a, points: [x] } }").ownPoints("d").sure);
  t.false(draftOf("devices: { d: 5 }").ownPoints("d").sure);
});

test("a section is empty when it is absent or has no entry, but not when a key is misspelt", (t) => {
  t.true(draftOf("gateway: { id: a }").isEmpty("devices"));
  t.true(draftOf("devices: {}").isEmpty("devices"));
  t.false(draftOf("devices: { d: 5 }").isEmpty("devices"));
  t.false(draftOf("devises: { d: 5 }").isEmpty("devices"));
});

test("content that is no mapping leaves nothing", (t) => {
  for (const text of ["- a", "5", "text"]) t.deepEqual(draftOf(text).devices, []);
});

test("a key with a fault does not take its entry with it", (t) => {
  const { config } = draftOf(`
devices: { d: { bus: a, every: 1sec, profle: p } }
alarms: { x: { point: d.y, severity: pink, high: 5 } }
buses: { a: { kind: modbus-rtu, port: /dev/a, baud: 9601 } }`);
  t.like(config.devices?.d, { bus: "a" });
  t.like(config.alarms?.x, { point: "d.y", high: 5 });
  t.like(config.buses?.a, { port: "/dev/a" });
});

test("of an absent key it is known whether it may be there, wrong or misspelt", (t) => {
  const draft = draftOf("devices: { d: { unit: 700 }, e: { unti: 1 }, f: { every: 1sec } }");
  t.true(draft.mayHave(["devices", "d"], "unit"));
  t.true(draft.mayHave(["devices", "e"], "unit"));
  t.false(draft.mayHave(["devices", "f"], "unit"));
});
