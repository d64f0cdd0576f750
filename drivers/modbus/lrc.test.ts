import test from "ava";
import fc from "fast-check";
import { hex } from "./fake-link.ts";
import { lrcOf } from "./lrc.ts";

test("the check sum of known frames is right", (t) => {
  t.is(lrcOf(hex("010300000002")), 0xfa);
  t.is(lrcOf(hex("F7031389000A")), 0x60);
  t.is(lrcOf(new Uint8Array(0)), 0);
});

test("bytes and their check sum add up to nothing", (t) => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      t.is(lrcOf(Uint8Array.of(...bytes, lrcOf(bytes))), 0);
    }),
  );
});
