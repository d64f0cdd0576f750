import test from "ava";
import { RemarkList } from "../remark-list.ts";
import type { Body, Part } from "./body.ts";
import { hexBytes, hexText } from "./digits.ts";
import type { Encoding, Frame } from "./header.ts";
import type { Direction } from "./marks.ts";
import { readBody } from "./read-body.ts";
import type { Remarks } from "./remarks.ts";
import { writeBody } from "./write-body.ts";

const SENT = { hex: "0001240101080000", ascii: "0001240101080000" };
const STATION = "0012345678";

function read(encoding: Encoding, direction: Direction, functionCode: number, rest: string) {
  const text = SENT[encoding] + (encoding === "hex" ? rest.replaceAll(" ", "") : rest);
  const body = encoding === "hex" ? hexBytes(text) : Uint8Array.from(Buffer.from(text, "latin1"));
  const frame: Frame = {
    encoding,
    direction,
    centre: 1,
    station: STATION,
    password: "1234",
    functionCode,
    packet: null,
    body,
    end: "ETX",
  };
  const remarks: Remarks = new RemarkList();
  const told = readBody(frame, 0, remarks);
  return { frame, told, remarks };
}

/** The parts of a body, which must come out as it was. */
function partsOf(
  t: { is(actual: string, expected: string): boolean },
  encoding: Encoding,
  direction: Direction,
  functionCode: number,
  rest: string,
): readonly Part[] {
  const { frame, told, remarks } = read(encoding, direction, functionCode, rest);
  t.is(JSON.stringify(remarks.faults), "[]");
  t.is(hexText(writeBody(frame, told)), hexText(frame.body));
  return told.parts;
}

const kinds = (parts: readonly Part[]) => parts.map(({ kind }) => kind);

test("data at equal steps are told in a row", (t) => {
  const parts = partsOf(
    t,
    "hex",
    "up",
    0x31,
    "F1F1 0012345678 48 F0F0 2401010705 0418 000005 2212 0010 0020 FFFF",
  );
  t.deepEqual(kinds(parts), ["station", "class", "time", "step", "uniform"]);
  t.like(parts[3], { raw: "000005" });
  t.like(parts[4], {
    heads: [{ tag: "PN05", length: 2, decimals: 2 }],
    raws: ["0010", "0020", "FFFF"],
  });
});

test("in characters several elements may have the same step", (t) => {
  const rest = "ST 0012345678 H TT 2401010705 DRN05 PN05 Z 0.1 10.490 M 10.500 ";
  const parts = partsOf(t, "ascii", "up", 0x31, rest);
  t.like(parts[4], { kind: "uniform", raws: ["0.1", "10.490", "M", "10.500"] });
  t.is(parts[4]?.kind === "uniform" ? parts[4].heads.length : 0, 2);
});

test("a query of a span names times, step and element", (t) => {
  const hex = partsOf(t, "hex", "down", 0x38, "24010108 24010208 0418 000100 3923");
  t.deepEqual(kinds(hex), ["span", "step", "identifier"]);
  t.like(hex[0], { from: "24010108", to: "24010208" });
  const ascii = partsOf(t, "ascii", "down", 0x38, "24010108 24010208 DRH01 Z ");
  t.deepEqual(kinds(ascii), ["span", "step", "identifier"]);
});

test("what is asked for has no data", (t) => {
  t.deepEqual(kinds(partsOf(t, "hex", "down", 0x3a, "3923 F460 FF0112")), [
    "identifier",
    "identifier",
    "identifier",
  ]);
  t.deepEqual(kinds(partsOf(t, "ascii", "down", 0x43, "20 28 ")), ["identifier", "identifier"]);
  t.deepEqual(kinds(partsOf(t, "hex", "down", 0x47, "9700")), ["identifier"]);
  t.deepEqual(kinds(partsOf(t, "hex", "down", 0x32, "")), []);
});

test("parameters are no elements, and the relay's has its own length", (t) => {
  const parts = partsOf(t, "hex", "down", 0x40, "0128 0500000000 0E06 001234567803");
  t.deepEqual(kinds(parts), ["parameter", "parameter"]);
  t.like(parts[1], { head: { lead: 0x0e, length: 6 } });
  t.like(partsOf(t, "hex", "down", 0x49, "0310 1234 0310 5678")[1], { raw: "5678" });
  t.like(partsOf(t, "ascii", "up", 0x43, "ST 0012345678 20 1 28 -1.234 ")[2], { raw: "-1.234" });
});

test("version, counters, pictures and what was entered by hand are told as such", (t) => {
  t.like(partsOf(t, "hex", "up", 0x45, "F1F1 0012345678 04 56312E30")[1], { text: "V1.0" });
  const counters = partsOf(t, "hex", "up", 0x50, `F1F1 0012345678 ${"0001".repeat(32)}`)[1];
  t.is(counters?.kind === "counters" ? counters.counts.length : 0, 32);
  const picture = partsOf(t, "hex", "up", 0x36, "F1F1 0012345678 48 F0F0 2401010705 F3F3 FFD8FF");
  t.deepEqual(picture.at(-1), { kind: "picture", bytes: hexBytes("FFD8FF") });
  t.like(partsOf(t, "ascii", "up", 0x35, "RGZS Q 1.234 ")[0], { text: "Q 1.234" });
  t.like(partsOf(t, "ascii", "up", 0x36, "ST 0012345678 H TT 2401010705 PIC \xff\xd8 ").at(-1), {
    kind: "picture",
  });
  t.deepEqual(kinds(partsOf(t, "ascii", "up", 0x50, `ST 0012345678 ${"0001".repeat(32)} `)), [
    "station",
    "counters",
  ]);
  t.deepEqual(kinds(partsOf(t, "hex", "up", 0x4c, "F1F1 0012345678 01 03")), ["station", "data"]);
  t.deepEqual(kinds(partsOf(t, "hex", "up", 0xe0, "0102")), ["data"]);
  t.deepEqual(kinds(partsOf(t, "ascii", "up", 0x4c, "ST 0012345678 0103 ")), ["station", "data"]);
  t.like(partsOf(t, "hex", "up", 0x33, "FDF6 010203")[0], { kind: "element", raw: "010203" });
  t.like(partsOf(t, "hex", "up", 0x33, "FD00 38121099")[1], { kind: "element", raw: "1099" });
});

test("several stations, times and left-out classes are told in their order", (t) => {
  const rest = "F1F1 0012345678 48 F0F0 2401010705 201900 0040 F1F1 0012345678 F0F0 2401010706";
  t.deepEqual(kinds(partsOf(t, "hex", "up", 0x32, rest)), [
    "station",
    "class",
    "time",
    "element",
    "station",
    "time",
  ]);
});

test("a fault in characters is named with its place", (t) => {
  const fault = (rest: string, functionCode = 0x32) =>
    read("ascii", "up", functionCode, rest).remarks.faults[0];
  t.deepEqual(fault("Z 1.x "), { kind: "not-number", at: 19, data: { name: "Z", given: "1.x" } });
  t.deepEqual(fault("Z "), { kind: "body-short", at: 19, data: { missing: 1, what: "Z" } });
  t.like(fault("TT 24010107 "), { kind: "time", at: 20 });
  t.like(fault("ST "), { kind: "body-short", data: { what: "station" } });
  t.like(fault("DRN05 Z Q 1.0 ", 0x31), { kind: "uneven", data: { name: "Z", extra: 1 } });
  t.like(fault("0001 ", 0x50), { kind: "body-short", data: { what: "counters" } });
  t.like(fault("20 x ", 0x43), { kind: "not-number" });
  t.deepEqual(
    read("ascii", "up", 0x32, "Z 1.0").remarks.notes.map(({ kind }) => kind),
    ["no-blank"],
  );
});

test("a fault in bytes is named, and the rest is kept as it is", (t) => {
  const { told, remarks, frame } = read("hex", "up", 0x31, "0418 000005 3900 00");
  t.deepEqual(remarks.faults, [{ kind: "identifier", at: 14, data: { given: "Z" } }]);
  t.deepEqual(kinds(told.parts), ["step", "data"]);
  t.is(hexText(writeBody(frame, told)), hexText(frame.body));
  const uneven = read("hex", "up", 0x31, "0418 000005 3923 00000001 0000");
  t.like(uneven.remarks.faults[0], { kind: "uneven", data: { name: "Z", extra: 2 } });
  t.deepEqual(kinds(uneven.told.parts), ["step", "uniform", "data"]);
});

test("an element of users' own is named by both its bytes", (t) => {
  const { remarks } = read("hex", "up", 0x32, "FF1222 0102");
  t.deepEqual(remarks.faults, [{ kind: "body-short", at: 14, data: { missing: 2, what: "FF12" } }]);
});

test("a piece of a message is told only when it is joined", (t) => {
  const { frame } = read("hex", "up", 0x36, "FFD8");
  const body = readBody({ ...frame, packet: { total: 3, index: 2 } }, 0, new RemarkList());
  t.deepEqual(body, { serial: null, sentAt: null, parts: [{ kind: "data", bytes: frame.body }] });
});

test("of the first piece what can be told is, and that it is cut off is no fault", (t) => {
  for (const [encoding, rest] of [
    ["hex", "F1F1 0012345678 48 F0F0 2401010705 3923 0001"],
    ["ascii", "ST 0012345678 H TT 2401010705 Z 10."],
  ] as const) {
    const { frame } = read(encoding, "up", 0x32, rest);
    const remarks: Remarks = new RemarkList();
    const body = readBody({ ...frame, packet: { total: 3, index: 1 } }, 0, remarks);
    t.deepEqual(remarks.faults, []);
    t.deepEqual(kinds(body.parts).slice(0, 3), ["station", "class", "time"]);
    t.is(body.serial, 1);
  }
  const { frame } = read("hex", "up", 0x32, "");
  const remarks: Remarks = new RemarkList();
  const wrong = { ...frame, body: frame.body.with(3, 0x13), packet: { total: 3, index: 1 } };
  readBody(wrong, 0, remarks);
  t.is(remarks.faults[0]?.kind, "time");
});

test("what has no form is not written", (t) => {
  const write = (parts: Body["parts"]) => () =>
    writeBody(
      { encoding: "hex", functionCode: 0x32 },
      { serial: 1, sentAt: "240101080000", parts },
    );
  const head = { lead: 0x39, tag: "Z", length: 4, decimals: 3 };
  for (const part of [
    { kind: "element", head, raw: "1" },
    { kind: "element", head: { ...head, length: 32 }, raw: "00" },
    { kind: "element", head: { ...head, lead: null }, raw: "00" },
    { kind: "manual", text: "水" },
  ] as const) {
    t.throws(write([part]), { instanceOf: RangeError });
  }
});
