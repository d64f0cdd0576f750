import { readFileSync } from "node:fs";
import test from "ava";
import { readIntelHex } from "./intel-hex.ts";

const END = ":00000001FF";

test("data stand at their addresses, and what lies between is blank", (t) => {
  const bytes = readIntelHex(`:020000001234B8\r\n:0100040056A5\r\n${END}\r\n`);
  t.deepEqual([...bytes], [0x12, 0x34, 0xff, 0xff, 0x56]);
});

test("the firmware that is shipped is whole, and leaves the largest bootloader its room", (t) => {
  const bytes = readIntelHex(readFileSync(new URL("lifeline-node.hex", import.meta.url), "utf8"));
  t.true(bytes.length > 4000 && bytes.length <= 0x7800, `${bytes.length}`);
});

test("what is damaged, cut off, or for another chip is refused with its line", (t) => {
  const refusals: readonly (readonly [string, RegExp])[] = [
    [`:020000001234B9\n${END}`, /line 1: the check sum is wrong/],
    [":020000001234B8", /ends before its end record/],
    [`:030000001234B7\n${END}`, /line 1 has another length/],
    ["firmware", /line 1 is no record/],
    [`:00000005FB\n${END}`, /line 1 has the unknown type 5/],
    [`:02800000123438\n${END}`, /line 1 is beyond 32768 bytes/],
    [`:020000021000EC\n${END}`, /line 1 is beyond the chip/],
    ["", /line 1 is no record/],
  ];
  for (const [text, message] of refusals) t.throws(() => readIntelHex(text), { message }, text);
});
