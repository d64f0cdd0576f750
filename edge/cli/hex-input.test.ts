import test from "ava";
import { linesOfOperands, parseHex } from "./hex-input.ts";

test("hex is read however its bytes are parted", (t) => {
  const expected = Uint8Array.of(1, 3, 0, 0x6b);
  for (const line of [
    "0103006B",
    "01 03 00 6b",
    "1 3 0 6B",
    "0x01, 0x03, 0x00, 0x6B",
    "0x0103006b",
    "01:03:00:6b",
    "01-03-00-6B",
    "0103 006B",
    "\\x01\\x03\\x00\\x6B",
    "[01][03][00][6B]",
    "<01><03><00><6B>",
    "  01 03 00 6B\t",
  ]) {
    t.deepEqual(parseHex(line), expected, line);
  }
});

test("what is no hex is named", (t) => {
  t.deepEqual(parseHex("01 0G"), { kind: "character", text: "G" });
  t.deepEqual(parseHex("01 030"), { kind: "odd", text: "030" });
  t.deepEqual(parseHex(" "), new Uint8Array(0));
});

test("operands make one frame, unless each is one by itself", (t) => {
  t.deepEqual(linesOfOperands(["01", "03", "00"]), ["01 03 00"]);
  t.deepEqual(linesOfOperands(["0103", "006B"]), ["0103 006B"]);
  t.deepEqual(linesOfOperands(["01 03", "01 83"]), ["01 03", "01 83"]);
  t.deepEqual(linesOfOperands(["01 03\n01 83"]), ["01 03", "01 83"]);
});
