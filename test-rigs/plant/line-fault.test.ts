import test from "ava";
import { Random } from "../sim/random.ts";
import { ASCII, type Framing, RTU } from "./frame.ts";
import { drawLineFault, LINE_FAULTS, type LineFault, lineTiming, replyOf } from "./line-fault.ts";
import { modbusDevice } from "./modbus-device.ts";

const PDU = Uint8Array.of(3, 2, 1, 2);
const READ = Uint8Array.of(3, 0, 0, 0, 1);
const TIMING = { characterMs: 1, silenceMs: 4, turnaroundMs: 0 };

function reply(fault: LineFault | null, framing: Framing = RTU, seed = 1) {
  const valueAt = () => 0x0102;
  const device = modbusDevice(5, [{ area: "holding", address: 0, type: "uint16", valueAt }]);
  const request = { frame: framing.frame(5, READ), unit: 5, pdu: READ, rest: new Uint8Array(0) };
  return replyOf(device, fault, framing, request, TIMING, 0, new Random(seed));
}

/** All bytes that are sent, and when the first of them is. */
function sent(fault: LineFault | null) {
  const { sent } = reply(fault);
  return { bytes: Uint8Array.from(sent.flatMap(({ bytes }) => [...bytes])), at: sent[0]?.delayMs };
}

const FRAME = RTU.frame(5, PDU);

test("a sound device answers after the silence of the line", (t) => {
  t.deepEqual(sent(null), { bytes: FRAME, at: 4 });
  t.deepEqual(reply(null).own, { from: 0, to: FRAME.length });
  t.is(lineTiming("rtu", 11_000, 0).silenceMs, 3.5);
  t.is(lineTiming("rtu", 115_200, 0).silenceMs, 1.75);
  t.is(lineTiming("ascii", 9600, 0).silenceMs, 0);
});

test("each fault is what its name says", (t) => {
  t.deepEqual(reply({ kind: "dead" }), { pdu: null, sent: [], own: null });
  t.is(sent({ kind: "slow", untilMs: 100 }).at, 100 - FRAME.length);
  t.is(sent({ kind: "late", untilMs: 0 }).at, 4);
  t.deepEqual(sent({ kind: "wrong-unit" }).bytes, RTU.frame(6, PDU));
  t.deepEqual(sent({ kind: "noisy" }).bytes.slice(-FRAME.length), FRAME);
  t.deepEqual(sent({ kind: "echoing" }).bytes, Uint8Array.of(...RTU.frame(5, READ), ...FRAME));
  t.deepEqual(reply({ kind: "twice", gapMs: 30 }).sent, [
    { delayMs: 4, bytes: FRAME },
    { delayMs: 4 + FRAME.length + 30, bytes: FRAME },
  ]);
  t.deepEqual(reply({ kind: "split", gapMs: 30 }).sent, [
    { delayMs: 4, bytes: FRAME.subarray(0, 3) },
    { delayMs: 4 + 3 + 30, bytes: FRAME.subarray(3) },
  ]);
  t.deepEqual(sent({ kind: "exception", code: 4 }).bytes, RTU.frame(5, Uint8Array.of(0x83, 4)));
  t.deepEqual(sent({ kind: "busy" }).bytes, RTU.frame(5, Uint8Array.of(0x83, 6)));
  t.is(sent({ kind: "garbage" }).bytes.length, FRAME.length);
  t.deepEqual(sent({ kind: "trailing" }).bytes.slice(0, FRAME.length), FRAME);
  t.true(sent({ kind: "truncated" }).bytes.length < FRAME.length);
  t.deepEqual(sent({ kind: "bad-crc" }).bytes.slice(0, -2), FRAME.slice(0, -2));
  t.deepEqual(sent({ kind: "doubled" }).bytes, Uint8Array.of(...FRAME, ...FRAME));
});

test("where an answer is said to lie it is whole, and a spoilt one is nowhere", (t) => {
  for (const framing of [RTU, ASCII]) {
    for (let seed = 0; seed < 300; seed++) {
      const random = new Random(seed);
      const limits = { timeoutMs: 300, longestMs: 1300, copyMs: 45 };
      const fault = drawLineFault(random.pick(LINE_FAULTS), limits, random);
      const { pdu, sent, own } = reply(fault, framing, seed);
      const bytes = Uint8Array.from(sent.flatMap(({ bytes }) => [...bytes]));
      if (own !== null) {
        t.deepEqual(framing.parse(bytes.subarray(own.from, own.to)), { unit: 5, pdu });
      } else if (fault.kind !== "wrong-unit") {
        t.is(framing.parse(bytes), null, fault.kind);
      }
    }
  }
});
