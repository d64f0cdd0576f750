import test from "ava";
import fc from "fast-check";
import { Random } from "../sim/random.ts";
import { collided, otherAnswer } from "./collision.ts";
import { RTU } from "./frame.ts";

const PDU = Uint8Array.of(3, 4, 0, 1, 0, 2);
const FRAME = RTU.frame(5, PDU);
const isSound = (frame: Uint8Array) => RTU.parse(frame) !== null;

test("what two devices say at once is neither's frame, however far apart they begin", (t) => {
  fc.assert(
    fc.property(fc.nat({ max: FRAME.length - 1 }), fc.nat(), (behind, seed) => {
      const random = new Random(seed);
      const other = RTU.frame(5, otherAnswer(PDU, random));
      const bytes = collided(FRAME, other, behind, isSound, random);
      t.is(bytes.length, behind + other.length);
      t.deepEqual(bytes.subarray(0, behind), FRAME.subarray(0, behind));
      t.false(isSound(bytes.subarray(0, FRAME.length)));
      t.false(isSound(bytes.subarray(behind)));
    }),
  );
});

test("bits in which both agree come through", (t) => {
  const other = RTU.frame(5, Uint8Array.of(3, 4, 0, 9, 0, 8));
  for (let seed = 0; seed < 20; seed++) {
    const bytes = collided(FRAME, other, 0, isSound, new Random(seed));
    t.deepEqual(bytes.subarray(0, 4), FRAME.subarray(0, 4));
    t.is((bytes[4] as number) & ~8, 1);
  }
});

test("two that say the same at once are not understood either", (t) => {
  t.false(isSound(collided(FRAME, FRAME, 0, isSound, new Random(1))));
});

test("another device answers in the same form, with its own data", (t) => {
  const other = otherAnswer(PDU, new Random(1));
  t.deepEqual(other.subarray(0, 2), PDU.subarray(0, 2));
  t.notDeepEqual(other, PDU);
  t.is(otherAnswer(Uint8Array.of(0x83, 2), new Random(1))[0], 0x83);
});
