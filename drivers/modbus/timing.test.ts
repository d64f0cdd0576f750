import test from "ava";
import { silenceMs, transmitMs } from "./timing.ts";

test("a character is 11 bits", (t) => {
  t.is(transmitMs(1, 11_000), 1);
  t.is(transmitMs(8, 9600).toFixed(4), "9.1667");
});

test("the silence is 3.5 characters up to 19200 baud", (t) => {
  const published = { 1200: 32.0833, 2400: 16.0417, 4800: 8.0208, 9600: 4.0104, 19200: 2.0052 };
  for (const [baud, ms] of Object.entries(published)) {
    t.is(silenceMs(Number(baud)).toFixed(4), ms.toFixed(4));
  }
});

test("the silence is fixed above 19200 baud", (t) => {
  t.is(silenceMs(38_400), 1.75);
  t.is(silenceMs(115_200), 1.75);
});

test("a longer silence is kept where it is asked for, a shorter one is not", (t) => {
  t.is(silenceMs(115_200, 5), 5);
  t.is(silenceMs(9600, 1), silenceMs(9600));
});
