import test from "ava";
import fc from "fast-check";
import { collided, otherAnswer } from "./collision.ts";
import { crc16, rtuFrame } from "./frame.ts";

const PDU = Uint8Array.of(3, 4, 0, 1, 0, 2);
const FRAME = rtuFrame(5, PDU);

test("what two devices say at once is neither's frame, however far apart they begin", (t) => {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const draws = fc.infiniteStream(unit);
  fc.assert(
    fc.property(fc.nat({ max: FRAME.length - 1 }), draws, (behind, stream) => {
      const draw = () => stream.next().value as number;
      const other = rtuFrame(5, otherAnswer(PDU, draw));
      const bytes = collided(FRAME, other, behind, draw);
      t.is(bytes.length, behind + other.length);
      t.deepEqual(bytes.subarray(0, behind), FRAME.subarray(0, behind));
      t.not(crc16(bytes.subarray(0, FRAME.length)), 0);
      t.not(crc16(bytes.subarray(behind)), 0);
    }),
  );
});

test("bits in which both agree come through", (t) => {
  const other = rtuFrame(5, Uint8Array.of(3, 4, 0, 9, 0, 8));
  const bytes = collided(FRAME, other, 0, () => 0.999);
  t.deepEqual(bytes.subarray(0, 4), FRAME.subarray(0, 4));
  t.is(bytes[4], 9);
});

test("two that say the same at once are not understood either", (t) => {
  t.not(crc16(collided(FRAME, FRAME, 0, () => 0)), 0);
});

test("another device answers in the same form, with its own data", (t) => {
  const other = otherAnswer(PDU, () => 0.5);
  t.deepEqual(other, Uint8Array.of(3, 4, 128, 128, 128, 128));
  t.deepEqual(
    otherAnswer(Uint8Array.of(0x83, 2), () => 0.5),
    Uint8Array.of(0x83, 128),
  );
});
