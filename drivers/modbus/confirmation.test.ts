import test from "ava";
import { confirms, isRefusal } from "./confirmation.ts";
import { hex } from "./fake-link.ts";

test("an answer confirms an order that repeats it as far as its function says", (t) => {
  t.true(confirms(hex("06 0002 0007"), hex("06 0002 0007")));
  t.true(confirms(hex("10 0002 0001 02 0007"), hex("10 0002 0001")));
  t.true(confirms(hex("16 0002 00FF 0007"), hex("16 0002 00FF 0007")));
});

test("an answer with another place, value or count confirms nothing, nor does one cut short", (t) => {
  t.false(confirms(hex("06 0002 0007"), hex("06 0001 0000")));
  t.false(confirms(hex("05 0002 FF00"), hex("05 0002 0000")));
  t.false(confirms(hex("0F 0002 0001 01 01"), hex("0F 0002 0002")));
  t.false(confirms(hex("16 0002 00FF 0007"), hex("16 0002 00FF 0008")));
  t.false(confirms(hex("06 0002 0007"), hex("06 0002")));
  t.false(confirms(hex("08 0001 0000"), hex("08 0000 0000")));
});

test("where an answer repeats nothing but the function, that is enough", (t) => {
  t.true(confirms(hex("17 0000 0001 0000 0001 02 0007"), hex("17 02 0007")));
  t.true(confirms(hex("41 01"), hex("41 02")));
  t.false(confirms(hex("41 01"), hex("42 02")));
});

test("an exception is a refusal, but for those after which the order may be done", (t) => {
  t.true(isRefusal("exception:2"));
  for (const code of [4, 5, 11] as const) t.false(isRefusal(`exception:${code}`));
  t.false(isRefusal("timeout"));
});
