import test from "ava";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { encodeRaw, placeName, type RawWrite, rangeOf, writeBarOf } from "./raw-write.ts";

function raw(some: Partial<RawWrite>): RawWrite {
  return {
    bus: "line-a",
    unit: 3,
    area: "holding",
    address: 40,
    type: "uint16",
    order: "ABCD",
    values: ["1"],
    ...some,
  };
}

test("one register or coil is written by the function for one, several in one request", (t) => {
  const writeOf = (some: Partial<RawWrite>) => {
    const encoded = encodeRaw(raw(some));
    return encoded.kind === "write" ? encoded.write : null;
  };
  t.deepEqual(writeOf({}), { kind: "register", address: 40, register: 1 });
  t.deepEqual(writeOf({ values: ["1", "2"] }), {
    kind: "registers",
    address: 40,
    registers: [1, 2],
  });
  t.deepEqual(writeOf({ type: "float32", order: "CDAB", values: ["1.5", "-2"] }), {
    kind: "registers",
    address: 40,
    registers: [0, 0x3fc0, 0, 0xc000],
  });
  const coils = { area: "coil", type: "bool" } as const;
  t.deepEqual(writeOf({ ...coils, values: ["on"] }), { kind: "coil", address: 40, on: true });
  t.deepEqual(writeOf({ ...coils, values: ["on", "0"] }), {
    kind: "coils",
    address: 40,
    bits: [true, false],
  });
});

test("a value that the type cannot hold is told, with the nearest that it can", (t) => {
  const values = ["1", "1.5"];
  t.deepEqual(encodeRaw(raw({ values })), { kind: "unfit", text: "1.5", nearest: 2 });
  t.like(encodeRaw(raw({ values: ["65536"] })), { kind: "unfit", nearest: null });
  t.like(encodeRaw(raw({ values: ["much"] })), { kind: "unfit", text: "much", nearest: null });
});

test("a place is named by bus, unit, area and address, as no point is", (t) => {
  t.is(placeName(raw({}), 41), "line-a/3/holding/41");
});

const CONFIG = {
  buses: [
    { kind: "modbus-rtu", name: "line-a" },
    { kind: "modbus-tcp", name: "tcp", framing: "tcp" },
    { kind: "modbus-tcp", name: "behind", framing: "rtu" },
    { kind: "modbus-udp", name: "udp" },
  ],
  devices: [{ name: "valve", bus: "line-a", unit: 3 }],
  points: [
    { id: "valve.flow", device: "valve", area: "holding", address: 40, type: "float32", length: 0 },
    { id: "valve.set", device: "valve", area: "holding", address: 42, type: "int16", write: true },
  ],
} as unknown as GatewayConfig;

test("no register of a point that may not be written is written by its address", (t) => {
  const bar = (some: Partial<RawWrite>) => writeBarOf(CONFIG, raw(some), rangeOf(raw(some)));
  const flow = { kind: "point", point: "valve.flow" } as const;
  t.deepEqual(bar({ address: 40 }), flow);
  t.deepEqual(bar({ address: 41 }), flow);
  t.deepEqual(bar({ address: 38, type: "float64" }), flow);
  t.is(bar({ address: 39 }), null);
  t.is(bar({ address: 42 }), null);
  t.is(bar({ address: 40, unit: 4 }), null);
  t.is(bar({ address: 40, bus: "tcp" }), null);
  t.is(bar({ address: 40, area: "coil", type: "bool" }), null);
});

test("nobody writes to all devices of a serial line at once; over TCP unit 0 is one device", (t) => {
  const barAt = (bus: string) => writeBarOf(CONFIG, { bus, unit: 0 }, null);
  t.deepEqual(barAt("line-a"), { kind: "everybody" });
  t.deepEqual(barAt("behind"), { kind: "everybody" });
  t.is(barAt("tcp"), null);
  t.is(barAt("udp"), null);
});
