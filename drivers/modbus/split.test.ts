import test from "ava";
import fc from "fast-check";
import type { UptimeMs, WallMs } from "../../edge/core/time.ts";
import type { AddressRange, DriverPoint, ReadOutcome, ReadRequest } from "../driver.ts";
import { aPoint } from "./fake-link.ts";
import { planReads } from "./plan.ts";
import { splitRefused } from "./split.ts";
import { sizeOf } from "./value.ts";

const DEVICE = { name: "level-1", unit: 2, maxRegisters: 20 };
const TCP = { kind: "tcp", turnaroundMs: 5 } as const;
const NOW = { at: 0 as WallMs, uptime: 0 as UptimeMs };
const REFUSED = { kind: "failure", reason: "exception:2", ...NOW } as const;

/** One request for registers at these addresses. */
function asking(...addresses: number[]): ReadRequest {
  const points = addresses.map((address) => aPoint({ id: `a${address}`, address }));
  return requestFor(points);
}

function requestFor(points: readonly DriverPoint[]): ReadRequest {
  const [request, ...others] = planReads({ ...DEVICE, maxRegisters: 125 }, points, TCP);
  if (request === undefined || others.length > 0) throw new Error("not one request");
  return request;
}

function rangeText({ area, address, count }: AddressRange): string {
  return `${area} ${address}+${count}`;
}

function splitText(request: ReadRequest, outcome: ReadOutcome = REFUSED) {
  const split = splitRefused(request, outcome);
  return split && { cut: rangeText(split.cut), parts: split.parts.map(rangeText) };
}

test("a refused request is asked in two, without what no point needs between them", (t) => {
  t.deepEqual(splitText(asking(0, 1, 5)), {
    cut: "holding 2+3",
    parts: ["holding 0+2", "holding 5+1"],
  });
});

test("the middle of several gaps is taken first", (t) => {
  t.deepEqual(splitText(asking(0, 2, 4, 6)), {
    cut: "holding 3+1",
    parts: ["holding 0+3", "holding 4+3"],
  });
});

test("a request without a gap is cut between two points", (t) => {
  t.deepEqual(splitText(asking(0, 1, 2, 3)), {
    cut: "holding 2+0",
    parts: ["holding 0+2", "holding 2+2"],
  });
});

test("a read refused as an illegal value is split as one across an illegal address", (t) => {
  const refused = { ...REFUSED, reason: "exception:3" } as const;
  t.deepEqual(splitText(asking(0, 1, 5), refused), splitText(asking(0, 1, 5)));
  t.deepEqual(splitText(asking(0, 1), refused), splitText(asking(0, 1)));
});

test("a device failure splits only what reads across a gap", (t) => {
  const failed = { ...REFUSED, reason: "exception:4" } as const;
  t.deepEqual(splitText(asking(0, 1, 5), failed), splitText(asking(0, 1, 5)));
  t.is(splitText(asking(0, 1, 2), failed), null);
});

test("each part has its own points, at their own offsets, and all else of the request", (t) => {
  const request = { ...asking(3, 9), everyMs: 250 };
  const [before, after] = splitRefused(request, REFUSED)?.parts ?? [];
  t.like(before, { device: "level-1", unit: 2, everyMs: 250 });
  t.deepEqual(
    [before, after].map((part) => part?.points.map(({ point, offset }) => [point.id, offset])),
    [[["a3", 0]], [["a9", 0]]],
  );
});

test("values are not torn, and points that share registers stay together", (t) => {
  const points = [
    aPoint({ id: "whole", address: 4, type: "uint32" }),
    aPoint({ id: "low", address: 5 }),
  ];
  t.is(splitText(requestFor(points)), null);
  t.deepEqual(splitText(requestFor([...points, aPoint({ id: "next", address: 6 })]))?.parts, [
    "holding 4+2",
    "holding 6+1",
  ]);
});

test("a single point that is refused stays as it is", (t) => {
  t.is(splitText(asking(7)), null);
});

test("nothing else than such refusals splits a request", (t) => {
  for (const reason of ["exception:1", "exception:11", "timeout", "crc"] as const) {
    t.is(splitText(asking(0, 2), { ...REFUSED, reason }), null);
  }
  t.is(splitText(asking(0, 2), { kind: "values", readings: [], ...NOW }), null);
});

/** Points, and the addresses that the device has none at. */
const aDevice = fc.record({
  points: fc
    .array(fc.record({ address: fc.nat(40), type: fc.constantFrom("int16", "int32" as const) }), {
      minLength: 1,
      maxLength: 15,
    })
    .map((list) => list.map((some, index) => aPoint({ ...some, id: `p${index}` }))),
  missing: fc.array(fc.nat(42), { maxLength: 8 }),
});

function isRefused({ address, count }: AddressRange, missing: readonly number[]): boolean {
  return missing.some((each) => each >= address && each < address + count);
}

/** Asks every request, and what takes its place where it is refused; gives the cuts. */
function ask(requests: readonly ReadRequest[], missing: readonly number[]) {
  const cuts: AddressRange[] = [];
  const answered: string[] = [];
  const left = [...requests];
  for (let request = left.shift(); request !== undefined; request = left.shift()) {
    const split = isRefused(request, missing) ? splitRefused(request, REFUSED) : null;
    if (split !== null) {
      cuts.push(split.cut);
      left.push(...split.parts);
    } else if (!isRefused(request, missing)) {
      answered.push(...request.points.map(({ point }) => point.id));
    }
  }
  return { cuts, answered };
}

test("in the end every point that the device has, and shares with none it has not, is read", (t) => {
  fc.assert(
    fc.property(aDevice, ({ points, missing }) => {
      const { answered } = ask(planReads(DEVICE, points, TCP), missing);
      for (const point of points) {
        const isSound = ({ address }: DriverPoint, size: number) =>
          !isRefused({ area: "holding", address, count: size }, missing);
        const cluster = clusterOf(point, points);
        if (cluster.every((each) => isSound(each, sizeOf(each))))
          t.true(answered.includes(point.id));
      }
    }),
  );
});

test("a plan that knows the cuts is soon refused no more than it must be", (t) => {
  fc.assert(
    fc.property(aDevice, ({ points, missing }) => {
      let known: readonly AddressRange[] = [];
      for (let start = 0; ; start++) {
        t.true(start <= points.length);
        const { cuts } = ask(planReads(DEVICE, points, TCP, known), missing);
        if (cuts.length === 0) break;
        known = [...known, ...cuts];
      }
    }),
  );
});

/** `point` and every point that is bound to it by shared registers, through others too. */
function clusterOf(point: DriverPoint, points: readonly DriverPoint[]): readonly DriverPoint[] {
  let found: readonly DriverPoint[] = [point];
  for (;;) {
    const more = points.filter(
      (each) => !found.includes(each) && found.some((other) => sharesRegisters(each, other)),
    );
    if (more.length === 0) return found;
    found = [...found, ...more];
  }
}

function sharesRegisters(a: DriverPoint, b: DriverPoint): boolean {
  return a.address < b.address + sizeOf(b) && b.address < a.address + sizeOf(a);
}
