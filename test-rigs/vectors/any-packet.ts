import fc from "fast-check";
import type { WallMs } from "../../edge/core/time.ts";
import type { Packet } from "../../edge/forward/hj212/packet.ts";
import { timeOf } from "../../edge/forward/hj212/times.ts";

const NAME = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,9}(-[A-Za-z]{1,8})?$/);
const VALUE = fc.oneof(
  fc.stringMatching(/^-?[0-9]{1,6}(\.[0-9]{1,3})?$/),
  fc.stringMatching(/^[ -%'-+\--:<-~]{0,12}$/),
  fc.constantFrom("N", "清洗管路", "", "a=b"),
);
const TIMES = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((at) => timeOf(at as WallMs));
const GROUPS = fc.array(
  fc.array(fc.record({ name: NAME, value: VALUE }), { minLength: 1, maxLength: 4 }),
  { maxLength: 6 },
);
const MEMBERS = {
  st: fc.constantFrom("21", "22", "32", "91", "A1"),
  cn: fc.constantFrom("2011", "2051", "9014", "1062", "2061"),
  pw: fc.stringMatching(/^[0-9A-Za-z]{6}$/),
  mn: fc.stringMatching(/^[0-9A-F]{24}$/),
  isResent: fc.boolean(),
  cp: GROUPS,
};

/** A packet as a device may send it: one of several, or alone. */
export const ANY_PACKET: fc.Arbitrary<Packet> = fc
  .record({
    ...MEMBERS,
    time: TIMES,
    ms: fc.integer({ min: 0, max: 999 }),
    packets: fc.option(
      fc.tuple(fc.integer({ min: 1, max: 9999 }), fc.double({ min: 0, max: 1, noNaN: true })),
    ),
    version: fc.integer({ min: 0, max: 63 }),
    wantsAnswer: fc.boolean(),
  })
  .map(({ time, ms, packets, version, wantsAnswer, ...rest }) => ({
    ...rest,
    qn: time + String(ms).padStart(3, "0"),
    flag: version * 4 + (packets === null ? 0 : 2) + (wantsAnswer ? 1 : 0),
    pnum: packets?.[0] ?? null,
    pno: packets === null ? null : Math.max(1, Math.ceil(packets[0] * packets[1])),
  }));
