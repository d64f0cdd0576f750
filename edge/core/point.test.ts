import test from "ava";
import { isBitArea, isWritableArea, widthOf } from "./point.ts";

test("a value takes as many addresses as its type is wide", (t) => {
  t.is(widthOf("bool", 0), 1);
  t.is(widthOf("int16", 0), 1);
  t.is(widthOf("bcd32", 0), 2);
  t.is(widthOf("float32", 0), 2);
  t.is(widthOf("float64", 0), 4);
  t.is(widthOf("string", 8), 8);
});

test("coils and discrete inputs are bits; coils and holding registers can be written", (t) => {
  t.deepEqual(
    ["coil", "discrete", "input", "holding"].map((area) => isBitArea(area as "coil")),
    [true, true, false, false],
  );
  t.deepEqual(
    ["coil", "discrete", "input", "holding"].map((area) => isWritableArea(area as "coil")),
    [true, false, false, true],
  );
});
