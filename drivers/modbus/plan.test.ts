import test from "ava";
import fc from "fast-check";
import type { PointType } from "../../edge/core/point.ts";
import type { DriverPoint, ReadRequest } from "../driver.ts";
import { aPoint } from "./fake-link.ts";
import { planReads } from "./plan.ts";
import { sizeOf } from "./value.ts";

const DEVICE = { name: "level-1", unit: 2, maxRegisters: 125 };

/** Requests as `area address+count`. */
function ranges(requests: readonly ReadRequest[]): string[] {
  return requests.map(({ area, address, count }) => `${area} ${address}+${count}`);
}

function registersAt(...addresses: number[]): DriverPoint[] {
  return addresses.map((address) => aPoint({ id: `a${address}`, address }));
}

test("points that touch share a request", (t) => {
  t.deepEqual(ranges(planReads(DEVICE, registersAt(4, 5, 6))), ["holding 4+3"]);
});

test("points that overlap share a request", (t) => {
  const points = [
    aPoint({ id: "whole", address: 4, type: "uint32" }),
    aPoint({ id: "low", address: 5 }),
  ];
  const [request, ...rest] = planReads(DEVICE, points);
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
  const [request] = planReads(DEVICE, [aPoint({ everyMs: 250 })]);
  t.like(request, { device: "level-1", unit: 2, everyMs: 250 });
});

test("a hole is not read over", (t) => {
  t.deepEqual(ranges(planReads(DEVICE, registersAt(4, 6))), ["holding 4+1", "holding 6+1"]);
});

test("areas and periods do not share a request", (t) => {
  const points = [
    aPoint({ id: "a" }),
    aPoint({ id: "b", area: "input" }),
    aPoint({ id: "c", area: "coil", type: "bool" }),
    aPoint({ id: "d", area: "discrete", type: "bool" }),
    aPoint({ id: "e", address: 1, everyMs: 5000 }),
  ];
  t.is(planReads(DEVICE, points).length, 5);
});

test("a request takes 125 registers and not one more", (t) => {
  const points = registersAt(...Array.from({ length: 126 }, (_, address) => address));
  t.deepEqual(ranges(planReads(DEVICE, points)), ["holding 0+125", "holding 125+1"]);
});

test("a device that takes fewer registers is asked for fewer", (t) => {
  const points = registersAt(0, 1, 2, 3, 4);
  const requests = planReads({ ...DEVICE, maxRegisters: 2 }, points);
  t.deepEqual(ranges(requests), ["holding 0+2", "holding 2+2", "holding 4+1"]);
});

test("a request takes 2000 bits, whatever the device says of registers", (t) => {
  const points = Array.from({ length: 2001 }, (_, address) =>
    aPoint({ id: `c${address}`, area: "coil", type: "bool", address }),
  );
  const requests = planReads({ ...DEVICE, maxRegisters: 1 }, points);
  t.deepEqual(ranges(requests), ["coil 0+2000", "coil 2000+1"]);
});

test("a value is not torn at the limit", (t) => {
  const points = [aPoint({ id: "a" }), aPoint({ id: "b", address: 1, type: "float64" })];
  const requests = planReads({ ...DEVICE, maxRegisters: 4 }, points);
  t.deepEqual(ranges(requests), ["holding 0+1", "holding 1+4"]);
});

test("what fits is taken past what does not", (t) => {
  const points = [
    aPoint({ id: "a", type: "uint32" }),
    aPoint({ id: "b", address: 1, type: "float64" }),
    aPoint({ id: "c", address: 2 }),
  ];
  const requests = planReads({ ...DEVICE, maxRegisters: 4 }, points);
  t.deepEqual(ranges(requests), ["holding 0+3", "holding 1+4"]);
});

test("the last address can be read", (t) => {
  t.deepEqual(ranges(planReads(DEVICE, registersAt(65_535))), ["holding 65535+1"]);
});

test("no points need no requests", (t) => {
  t.deepEqual(planReads(DEVICE, []), []);
});

test("a value larger than the device's requests is refused by name", (t) => {
  const point = aPoint({ id: "level-1.total", type: "uint64" });
  t.throws(() => planReads({ ...DEVICE, maxRegisters: 3 }, [point]), {
    instanceOf: RangeError,
    message: /level-1\.total takes 4/,
  });
});

test("a value beyond the last address is refused", (t) => {
  const point = aPoint({ address: 65_535, type: "uint32" });
  t.throws(() => planReads(DEVICE, [point]), { instanceOf: RangeError });
});

const TYPES: readonly PointType[] = ["bool", "int16", "float32", "float64", "string"];

const somePoints = fc
  .array(
    fc.record({
      area: fc.constantFrom(
        "coil" as const,
        "discrete" as const,
        "input" as const,
        "holding" as const,
      ),
      address: fc.nat(60),
      type: fc.constantFrom(...TYPES),
      length: fc.integer({ min: 1, max: 4 }),
      everyMs: fc.constantFrom(1000, 5000),
    }),
    { maxLength: 40 },
  )
  .map((list) => list.map((some, index) => aPoint({ ...some, id: `p${index}` })));

const someDevice = fc
  .integer({ min: 4, max: 12 })
  .map((maxRegisters) => ({ ...DEVICE, maxRegisters }));

test("every point is in exactly one request, whole, in its own area and period", (t) => {
  fc.assert(
    fc.property(someDevice, somePoints, (device, points) => {
      const found = planReads(device, points).flatMap((request) =>
        request.points.map(({ point, offset }) => {
          t.is(request.address + offset, point.address);
          t.true(offset + sizeOf(point) <= request.count);
          t.is(request.area, point.area);
          t.is(request.everyMs, point.everyMs);
          return point.id;
        }),
      );
      t.deepEqual(found.toSorted(), points.map(({ id }) => id).toSorted());
    }),
  );
});

test("no request is longer than the device takes, nor reads what no point needs", (t) => {
  fc.assert(
    fc.property(someDevice, somePoints, (device, points) => {
      for (const { area, count, points: own } of planReads(device, points)) {
        const isBits = area === "coil" || area === "discrete";
        t.true(count <= (isBits ? 2000 : device.maxRegisters));
        const needed = new Set(
          own.flatMap(({ point, offset }) =>
            Array.from({ length: sizeOf(point) }, (_, index) => offset + index),
          ),
        );
        t.is(needed.size, count);
      }
    }),
  );
});

test("the order of the points makes no difference", (t) => {
  const shuffled = somePoints.chain((points) =>
    fc.tuple(
      fc.constant(points),
      fc.shuffledSubarray(points, { minLength: points.length, maxLength: points.length }),
    ),
  );
  fc.assert(
    fc.property(someDevice, shuffled, (device, [points, others]) => {
      t.deepEqual(planReads(device, points), planReads(device, others));
    }),
  );
});

test("no other way of grouping needs fewer requests", (t) => {
  const few = fc.array(
    fc.record({ address: fc.nat(7), type: fc.constantFrom("int16", "int32", "int64" as const) }),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(few, (list) => {
      const points = list.map((some, index) =>
        aPoint({ ...some, type: some.type as PointType, id: `p${index}` }),
      );
      const planned = planReads({ ...DEVICE, maxRegisters: 4 }, points).length;
      t.is(planned, fewest(points, 4));
    }),
  );
});

/** The fewest groups, found by trying every way to put the points into groups. */
function fewest(points: readonly DriverPoint[], limit: number): number {
  let best = points.length;
  const groups: DriverPoint[][] = [];
  const place = (index: number): void => {
    if (groups.length > best) return;
    const point = points[index];
    if (point === undefined) {
      if (groups.every((group) => isRequest(group, limit))) best = Math.min(best, groups.length);
      return;
    }
    for (const group of groups) {
      group.push(point);
      place(index + 1);
      group.pop();
    }
    groups.push([point]);
    place(index + 1);
    groups.pop();
  };
  place(0);
  return best;
}

function isRequest(group: readonly DriverPoint[], limit: number): boolean {
  const registers = new Set(
    group.flatMap((point) =>
      Array.from({ length: sizeOf(point) }, (_, index) => point.address + index),
    ),
  );
  const span = Math.max(...registers) - Math.min(...registers) + 1;
  return span === registers.size && span <= limit;
}
