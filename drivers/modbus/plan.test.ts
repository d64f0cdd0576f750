import test from "ava";
import type { AddressRange, DriverDevice, DriverPoint, ReadRequest } from "../driver.ts";
import { aPoint } from "./fake-link.ts";
import type { LineTime } from "./line-time.ts";
import { planReads } from "./plan.ts";

/** A device whose registers are read one beside the other, and not across a gap. */
const DEVICE = { name: "level-1", unit: 2, maxRegisters: 125, maxGap: 0 };

/** A device that is read across every gap that saves time. */
const WIDE = { name: "level-1", unit: 2, maxRegisters: 125 };

/**
 * One more request costs 13 characters, two silences and the turnaround, which is 25 ms here, and
 * one register more costs 2 ms: so it pays to read over 12 registers.
 */
const LINE: LineTime = {
  kind: "serial",
  framing: "rtu",
  characterMs: 1,
  silenceMs: 3.5,
  turnaroundMs: 5,
};

function plan(device: DriverDevice, points: readonly DriverPoint[], cuts?: AddressRange[]) {
  return planReads(device, points, LINE, cuts);
}

/** Requests as `area address+count`. */
function ranges(requests: readonly ReadRequest[]): string[] {
  return requests.map(({ area, address, count }) => `${area} ${address}+${count}`);
}

function registersAt(...addresses: number[]): DriverPoint[] {
  return addresses.map((address) => aPoint({ id: `a${address}`, address }));
}

test("points that touch share a request", (t) => {
  t.deepEqual(ranges(plan(DEVICE, registersAt(4, 5, 6))), ["holding 4+3"]);
});

test("points that overlap share a request", (t) => {
  const points = [
    aPoint({ id: "whole", address: 4, type: "uint32" }),
    aPoint({ id: "low", address: 5 }),
  ];
  const [request, ...rest] = plan(DEVICE, points);
  t.is(rest.length, 0);
  t.is(request?.count, 2);
  t.deepEqual(
    request?.points.map(({ point, offset }) => [point.id, offset]),
    [
      ["whole", 0],
      ["low", 1],
    ],
  );
});

test("a request says whom it asks and how often", (t) => {
  const [request] = plan(DEVICE, [aPoint({ everyMs: 250 })]);
  t.like(request, { device: "level-1", unit: 2, everyMs: 250 });
});

test("a gap is not read over where the device allows none", (t) => {
  t.deepEqual(ranges(plan(DEVICE, registersAt(4, 6))), ["holding 4+1", "holding 6+1"]);
});

test("a gap is read over while that takes less time than another request", (t) => {
  t.deepEqual(ranges(plan(WIDE, registersAt(0, 13))), ["holding 0+14"]);
  t.deepEqual(ranges(plan(WIDE, registersAt(0, 14))), ["holding 0+1", "holding 14+1"]);
});

test("a slow device is worth a wider gap", (t) => {
  const pace = { timeoutMs: null, silenceMs: null, turnaroundMs: 50 };
  t.deepEqual(ranges(plan({ ...WIDE, pace }, registersAt(0, 30))), ["holding 0+31"]);
});

test("over TCP any gap is read over that fits into a request", (t) => {
  const tcp = { kind: "tcp", turnaroundMs: 5 } as const;
  t.deepEqual(ranges(planReads(WIDE, registersAt(0, 124), tcp)), ["holding 0+125"]);
});

test("no wider gap is read over than the device allows", (t) => {
  const device = { ...WIDE, maxGap: 2 };
  t.deepEqual(ranges(plan(device, registersAt(0, 3))), ["holding 0+4"]);
  t.deepEqual(ranges(plan(device, registersAt(0, 4))), ["holding 0+1", "holding 4+1"]);
});

test("sixteen bits in a gap count as one register", (t) => {
  const coils = (...addresses: number[]) =>
    registersAt(...addresses).map((point) => ({ ...point, area: "coil", type: "bool" }) as const);
  const device = { ...WIDE, maxGap: 1 };
  t.deepEqual(ranges(plan(device, coils(0, 17))), ["coil 0+18"]);
  t.deepEqual(ranges(plan(device, coils(0, 18))), ["coil 0+1", "coil 18+1"]);
});

test("what is forbidden is not read over, not even at the edge of a gap", (t) => {
  const at = (address: number, area: "holding" | "input" = "holding") =>
    ranges(plan({ ...WIDE, forbidden: [{ area, address, count: 1 }] }, registersAt(0, 3)));
  t.deepEqual(at(1), ["holding 0+1", "holding 3+1"]);
  t.deepEqual(at(2), ["holding 0+1", "holding 3+1"]);
  t.deepEqual(at(4), ["holding 0+4"]);
  t.deepEqual(at(1, "input"), ["holding 0+4"]);
});

test("a place at which the device refused to be read across is not read across", (t) => {
  const cut = (address: number, count: number) =>
    ranges(plan(WIDE, registersAt(0, 1, 3), [{ area: "holding", address, count }]));
  t.deepEqual(cut(2, 1), ["holding 0+2", "holding 3+1"]);
  t.deepEqual(cut(1, 0), ["holding 0+1", "holding 1+3"]);
  t.deepEqual(cut(4, 0), ["holding 0+4"]);
});

test("a point that stands alone is in a request of its own, and in no other", (t) => {
  const [first, second, third] = registersAt(0, 1, 2) as [DriverPoint, DriverPoint, DriverPoint];
  for (const flag of [{ readAlone: true }, { readClears: true }]) {
    t.deepEqual(ranges(plan(WIDE, [first, { ...second, ...flag }, third])), [
      "holding 0+1",
      "holding 1+1",
      "holding 2+1",
    ]);
  }
});

test("a point that clears is not read over at another period either", (t) => {
  const points = [
    ...registersAt(0, 2),
    aPoint({ id: "rain", address: 1, readClears: true, everyMs: 60_000 }),
  ];
  t.deepEqual(ranges(plan(WIDE, points)), ["holding 0+1", "holding 2+1", "holding 1+1"]);
});

test("a point that would be cleared with another is refused by name", (t) => {
  const points = [
    aPoint({ id: "rain.total", type: "uint32", readClears: true }),
    aPoint({ id: "rain.low", address: 1 }),
  ];
  t.throws(() => plan(WIDE, points), {
    instanceOf: RangeError,
    message: /rain\.low .*rain\.total/,
  });
});

test("a point that is forbidden is refused by name", (t) => {
  const forbidden = [{ area: "holding", address: 5, count: 3 }] as const;
  t.throws(() => plan({ ...WIDE, forbidden }, registersAt(6)), {
    message: /a6 .*must not be read/,
  });
});

test("areas and periods do not share a request", (t) => {
  const points = [
    aPoint({ id: "a" }),
    aPoint({ id: "b", area: "input" }),
    aPoint({ id: "c", area: "coil", type: "bool" }),
    aPoint({ id: "d", area: "discrete", type: "bool" }),
    aPoint({ id: "e", address: 1, everyMs: 5000 }),
  ];
  t.is(plan(DEVICE, points).length, 5);
});

test("a request takes 125 registers and not one more", (t) => {
  const points = registersAt(...Array.from({ length: 126 }, (_, address) => address));
  t.deepEqual(ranges(plan(DEVICE, points)), ["holding 0+125", "holding 125+1"]);
});

test("a device that takes fewer registers is asked for fewer", (t) => {
  const points = registersAt(0, 1, 2, 3, 4);
  const requests = plan({ ...DEVICE, maxRegisters: 2 }, points);
  t.deepEqual(ranges(requests), ["holding 0+2", "holding 2+2", "holding 4+1"]);
});

test("a request takes 2000 bits, whatever the device says of registers", (t) => {
  const points = Array.from({ length: 2001 }, (_, address) =>
    aPoint({ id: `c${address}`, area: "coil", type: "bool", address }),
  );
  const requests = plan({ ...DEVICE, maxRegisters: 1 }, points);
  t.deepEqual(ranges(requests), ["coil 0+2000", "coil 2000+1"]);
});

test("a value is not torn at the limit", (t) => {
  const points = [aPoint({ id: "a" }), aPoint({ id: "b", address: 1, type: "float64" })];
  const requests = plan({ ...DEVICE, maxRegisters: 4 }, points);
  t.deepEqual(ranges(requests), ["holding 0+1", "holding 1+4"]);
});

test("a point within another comes with it", (t) => {
  const points = [
    aPoint({ id: "a", type: "uint32" }),
    aPoint({ id: "b", address: 1, type: "float64" }),
    aPoint({ id: "c", address: 2 }),
  ];
  const requests = plan({ ...DEVICE, maxRegisters: 4 }, points);
  t.deepEqual(ranges(requests), ["holding 0+2", "holding 1+4"]);
});

test("a device that takes fewer bits is asked for fewer", (t) => {
  const points = registersAt(0, 1, 2).map((point) => ({ ...point, area: "coil" }) as const);
  t.deepEqual(ranges(plan({ ...DEVICE, maxBits: 2 }, points)).length, 2);
});

test("a request carries what is different with its device", (t) => {
  const pace = { timeoutMs: 2000, silenceMs: null, turnaroundMs: 40 };
  t.deepEqual(plan({ ...DEVICE, pace }, registersAt(0))[0]?.pace, pace);
});

test("the last address can be read", (t) => {
  t.deepEqual(ranges(plan(DEVICE, registersAt(65_535))), ["holding 65535+1"]);
});

test("no points need no requests", (t) => {
  t.deepEqual(plan(DEVICE, []), []);
});

test("a value larger than the device's requests is refused by name", (t) => {
  const point = aPoint({ id: "level-1.total", type: "uint64" });
  t.throws(() => plan({ ...DEVICE, maxRegisters: 3 }, [point]), {
    instanceOf: RangeError,
    message: /level-1\.total takes 4/,
  });
});

test("a value beyond the last address is refused", (t) => {
  const point = aPoint({ address: 65_535, type: "uint32" });
  t.throws(() => plan(DEVICE, [point]), { instanceOf: RangeError });
});
