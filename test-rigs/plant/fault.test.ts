import test from "ava";
import { type Fault, rtuAnswer, tcpAnswer } from "./fault.ts";
import { crc16, rtuFrame, tcpFrame } from "./frame.ts";

const PDU = Uint8Array.of(3, 2, 1, 2);
const FRAME = rtuFrame(5, PDU);
const half = () => 0.5;

function rtu(fault: Fault | null) {
  return rtuAnswer(fault, 5, PDU, half);
}

function tcp(fault: Fault | null) {
  return tcpAnswer(fault, 1, 5, PDU, half);
}

test("a sound device sends its answer at once", (t) => {
  t.deepEqual(rtu(null), { bytes: FRAME, delayMs: 0 });
  t.deepEqual(tcp(null), { bytes: tcpFrame(1, 5, PDU), delayMs: 0 });
});

test("each fault on a serial line is what its name says", (t) => {
  t.is(rtu({ kind: "silent" }).bytes.length, 0);
  t.deepEqual(rtu({ kind: "late", byMs: 700 }), { bytes: FRAME, delayMs: 700 });
  t.deepEqual(rtu({ kind: "exception", code: 4 }).bytes, rtuFrame(5, Uint8Array.of(0x83, 4)));
  t.deepEqual(rtu({ kind: "garbage" }).bytes, new Uint8Array(FRAME.length).fill(128));
  t.deepEqual(rtu({ kind: "half" }).bytes, FRAME.subarray(0, 3));
  t.deepEqual(rtu({ kind: "wrong-unit" }).bytes, rtuFrame(6, PDU));
  t.not(crc16(rtu({ kind: "bad-crc" }).bytes), 0);
  t.deepEqual(rtu({ kind: "noise" }).bytes.subarray(5), Buffer.from(FRAME));
  t.deepEqual(rtu({ kind: "busy" }).bytes, rtuFrame(5, Uint8Array.of(0x83, 6)));
  t.deepEqual(rtu({ kind: "split", gapMs: 30 }), {
    bytes: FRAME.subarray(0, 3),
    delayMs: 0,
    next: { bytes: FRAME.subarray(3), delayMs: 30 },
  });
  const { bytes } = rtu({ kind: "collide" });
  t.is(bytes.length, FRAME.length + 3);
  t.deepEqual(bytes.subarray(0, 3), FRAME.subarray(0, 3));
});

test("each fault over TCP is what its name says", (t) => {
  const frame = tcpFrame(1, 5, PDU);
  t.is(tcp({ kind: "silent" }).bytes.length, 0);
  t.deepEqual(tcp({ kind: "late", byMs: 700 }), { bytes: frame, delayMs: 700 });
  t.deepEqual(tcp({ kind: "exception", code: 4 }).bytes, tcpFrame(1, 5, Uint8Array.of(0x83, 4)));
  t.deepEqual(tcp({ kind: "garbage" }).bytes, new Uint8Array(frame.length).fill(128));
  t.deepEqual(tcp({ kind: "half" }).bytes, frame.subarray(0, 5));
  t.deepEqual(tcp({ kind: "wrong-unit" }).bytes, tcpFrame(1, 6, PDU));
  t.deepEqual(tcp({ kind: "bad-crc" }).bytes, tcpFrame(2, 5, PDU));
  t.deepEqual(tcp({ kind: "busy" }).bytes, tcpFrame(1, 5, Uint8Array.of(0x83, 6)));
  t.deepEqual(tcp({ kind: "split", gapMs: 30 }).next, { bytes: frame.subarray(5), delayMs: 30 });
  t.deepEqual(tcp({ kind: "collide" }).bytes, tcpFrame(1, 5, Uint8Array.of(0x83, 11)));
});
