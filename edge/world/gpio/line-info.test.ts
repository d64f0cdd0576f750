import test from "ava";
import { lineInfos } from "./line-info.ts";

test("the lines that libgpiod 1 prints are understood", (t) => {
  const text = `gpiochip0 - 4 lines:
\tline   0:     "ID_SDA"       unused   input  active-high\x20
\tline   1:      unnamed    "gpioset"  output   active-low [used]
\tline   2:     "GPIO17"     "output"   input  active-high [used]
\tline   3:    "A B C D"       kernel   input  active-high [used]
`;
  t.deepEqual(lineInfos(text), [
    { offset: 0, name: "ID_SDA", isOutput: false, isHeld: false },
    { offset: 1, name: null, isOutput: true, isHeld: true },
    { offset: 2, name: "GPIO17", isOutput: false, isHeld: true },
    { offset: 3, name: "A B C D", isOutput: false, isHeld: true },
  ]);
});

test("the lines that libgpiod 2 prints are understood", (t) => {
  const text = `gpiochip0 - 3 lines:
\tline   0:\t"ID_SDA"        \tinput
\tline   1:\tunnamed         \toutput active-low consumer="gpioset"
\tline   2:\t"GPIO17"        \tinput bias=pull-up edges=both consumer="output"
`;
  t.deepEqual(lineInfos(text), [
    { offset: 0, name: "ID_SDA", isOutput: false, isHeld: false },
    { offset: 1, name: null, isOutput: true, isHeld: true },
    { offset: 2, name: "GPIO17", isOutput: false, isHeld: true },
  ]);
});
