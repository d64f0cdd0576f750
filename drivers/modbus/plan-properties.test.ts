import test from "ava";
import fc from "fast-check";
import type { PointType } from "../../edge/core/point.ts";
import type { AddressRange, DriverDevice, DriverPoint, ReadRequest } from "../driver.ts";
import { aPoint } from "./fake-link.ts";
import { type LineTime, transactionMs } from "./line-time.ts";
import { planReads } from "./plan.ts";
import { sizeOf } from "./value.ts";

const LINE: LineTime = {
  kind: "serial",
  framing: "rtu",
  characterMs: 1,
  silenceMs: 3.5,
  turnaroundMs: 5,
};

const TYPES: readonly PointType[] = ["bool", "int16", "float32", "float64", "string"];
const AREAS = ["coil", "discrete", "input", "holding"] as const;

const somePoints = fc
  .array(
    fc.record({
      area: fc.constantFrom(...AREAS),
      address: fc.nat(60),
      type: fc.constantFrom(...TYPES),
      length: fc.integer({ min: 1, max: 4 }),
      everyMs: fc.constantFrom(1000, 5000),
      readAlone: fc.constantFrom(false, false, false, true),
    }),
    { maxLength: 40 },
  )
  .map((list) => list.map((some, index) => aPoint({ ...some, id: `p${index}` })));

const someRanges = fc.array(
  fc.record({
    area: fc.constantFrom(...AREAS),
    address: fc.nat(60),
    count: fc.integer({ min: 0, max: 3 }),
  }),
  { maxLength: 6 },
);

/** A device, points that it may be asked for, places where it refused, and a line. */
const aCase = fc
  .record({
    maxRegisters: fc.integer({ min: 4, max: 20 }),
    maxBits: fc.integer({ min: 1, max: 40 }),
    maxGap: fc.integer({ min: 0, max: 12 }),
    forbidden: someRanges.map((list) => list.filter(({ count }) => count > 0)),
    points: somePoints,
    cuts: someRanges,
    clearing: fc.array(fc.nat(39), { maxLength: 3 }),
    line: fc.constantFrom<LineTime>(
      LINE,
      { kind: "serial", framing: "rtu", characterMs: 0.1, silenceMs: 1.75, turnaroundMs: 0 },
      { kind: "tcp", turnaroundMs: 5 },
    ),
  })
  .map(({ points, cuts, line, clearing, ...limits }) => {
    const device: DriverDevice = { name: "level-1", unit: 2, ...limits };
    const allowed = points.filter(
      (point) => !limits.forbidden.some((range) => overlap(range, rangeOf(point))),
    );
    const kept = allowed.map((point, index) => {
      const isApart = allowed.every(
        (each) => each === point || !overlap(rangeOf(each), rangeOf(point)),
      );
      return clearing.includes(index) && isApart ? { ...point, readClears: true } : point;
    });
    return { device, points: kept, cuts, line };
  });

function rangeOf(point: DriverPoint): AddressRange {
  return { area: point.area, address: point.address, count: sizeOf(point) };
}

function overlap(a: AddressRange, b: AddressRange): boolean {
  return a.area === b.area && a.address < b.address + b.count && b.address < a.address + a.count;
}

/** The registers of `request` that no point of it needs. */
function gapsOf({ count, points }: ReadRequest): number[] {
  const needed = new Set(
    points.flatMap(({ point, offset }) =>
      Array.from({ length: sizeOf(point) }, (_, index) => offset + index),
    ),
  );
  return Array.from({ length: count }, (_, index) => index).filter((index) => !needed.has(index));
}

test("every point is in exactly one request, whole, in its own area and period", (t) => {
  fc.assert(
    fc.property(aCase, ({ device, points, line, cuts }) => {
      const found = planReads(device, points, line, cuts).flatMap((request) =>
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

test("no request is longer than the device takes, nor reads over a wider gap", (t) => {
  fc.assert(
    fc.property(aCase, ({ device, points, line, cuts }) => {
      const { maxRegisters, maxBits = 0, maxGap = 0 } = device;
      for (const request of planReads(device, points, line, cuts)) {
        const isBits = request.area === "coil" || request.area === "discrete";
        t.true(request.count <= (isBits ? maxBits : maxRegisters));
        const gaps = gapsOf(request);
        const widest = (isBits ? 16 : 1) * maxGap;
        // So many unneeded ones in a row, and the last still among them, would be a wider gap.
        t.false(gaps.some((gap, index) => gaps[index + widest] === gap + widest));
      }
    }),
  );
});

test("no request reads what is forbidden, or over what stands alone, is cleared or was refused", (t) => {
  fc.assert(
    fc.property(aCase, ({ device, points, line, cuts }) => {
      const apart = points.filter(({ readAlone, readClears }) => readAlone || readClears);
      for (const request of planReads(device, points, line, cuts)) {
        t.false(device.forbidden?.some((range) => overlap(range, request)));
        for (const point of apart) {
          const isOwn = request.points.some((own) => own.point === point);
          t.true(!isOwn || request.points.length === 1);
          t.false(!isOwn && point.readClears === true && overlap(rangeOf(point), request));
        }
        const others = request.points.length > 1 ? gapsOf(request) : [];
        const isRefused = ({ area, address, count }: AddressRange) =>
          area === request.area &&
          others.some(
            (gap) => gap + request.address >= address && gap + request.address < address + count,
          );
        t.false([...cuts, ...apart.map(rangeOf)].some(isRefused));
      }
    }),
  );
});

test("no plan takes longer than one request for each point", (t) => {
  fc.assert(
    fc.property(aCase, ({ device, points, line, cuts }) => {
      const planned = planReads(device, points, line, cuts);
      const together = planned.reduce((sum, request) => sum + transactionMs(line, request), 0);
      const apart = points.reduce((sum, point) => sum + transactionMs(line, rangeOf(point)), 0);
      t.true(planned.length <= points.length);
      t.true(together <= apart + 1e-6);
    }),
  );
});

test("the order of the points makes no difference", (t) => {
  const shuffled = aCase.chain((one) =>
    fc.tuple(
      fc.constant(one),
      fc.shuffledSubarray([...one.points], {
        minLength: one.points.length,
        maxLength: one.points.length,
      }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([{ device, points, line, cuts }, others]) => {
      t.deepEqual(planReads(device, points, line, cuts), planReads(device, others, line, cuts));
    }),
  );
});
