import test from "ava";
import fc from "fast-check";
import { withCrc } from "./crc16.ts";
import { hex, tcpFrame } from "./fake-link.ts";
import type { Found } from "./framer.ts";
import { UdpFramer } from "./udp-framer.ts";

/** Unit 1 is asked for holding registers 0 and 1. */
const REQUEST = withCrc(hex("010300000002"));
const BODY = [1, 3, 4, 1, 2, 3, 4];
const ANSWER = tcpFrame(1, BODY);
const answer: Found = { kind: "answer", adu: withCrc(Uint8Array.from(BODY)) };

/** A framer whose first request, transaction 1, is pending. */
function asked(): UdpFramer {
  const framer = new UdpFramer();
  framer.ask(REQUEST);
  return framer;
}

test("a request is one datagram with the header of Modbus TCP", (t) => {
  t.deepEqual(new UdpFramer().ask(REQUEST), hex("0001 0000 0006 010300000002"));
});

test("the answer is found, the second time it is a stray", (t) => {
  const framer = asked();
  t.deepEqual(framer.take(ANSWER), [answer]);
  t.deepEqual(framer.take(ANSWER), [{ kind: "stray", unit: 1 }]);
  t.false(framer.giveUp());
});

test("an answer that was overtaken is a stray", (t) => {
  const framer = asked();
  framer.giveUp();
  framer.ask(REQUEST);
  t.deepEqual(framer.take(ANSWER), [{ kind: "stray", unit: 1 }]);
  t.deepEqual(framer.take(tcpFrame(2, BODY)), [answer]);
});

test("a datagram that is no whole frame is thrown away, and does not spoil the next", (t) => {
  for (const datagram of [
    new Uint8Array(0),
    hex("00"),
    ANSWER.subarray(0, -1),
    Uint8Array.of(...ANSWER, 0),
    Uint8Array.of(...ANSWER, ...ANSWER),
    hex("0001 0001 0007 01030401020304"),
    Buffer.from("HTTP/1.1 400 Bad Request"),
  ]) {
    const framer = asked();
    t.deepEqual(framer.take(datagram), []);
    t.is(framer.discarded, datagram.length);
    t.deepEqual(framer.take(ANSWER), [answer]);
  }
});

test("an answer that does not fit its request is told at once", (t) => {
  t.deepEqual(asked().take(tcpFrame(1, [1, 3, 2, 1, 2])), [{ kind: "misfit" }]);
});

test("lost, repeated, cut and foreign datagrams never make another answer", (t) => {
  const datagram = fc.oneof(
    fc.constant(ANSWER),
    fc.uint8Array({ maxLength: 20 }),
    fc.nat(ANSWER.length - 1).map((length) => ANSWER.subarray(0, length)),
    fc
      .record({ transaction: fc.integer({ min: 0, max: 3 }), unit: fc.nat(2), last: fc.nat(255) })
      .map(({ transaction, unit, last }) => tcpFrame(transaction, [unit, 3, 4, 9, 9, 9, last])),
  );
  fc.assert(
    fc.property(fc.array(datagram, { maxLength: 10 }), (datagrams) => {
      const framer = asked();
      framer.giveUp();
      framer.ask(REQUEST);
      for (const each of datagrams) {
        for (const found of framer.take(each)) {
          if (found.kind !== "answer") continue;
          t.is(new DataView(each.buffer, each.byteOffset).getUint16(0), 2);
          t.deepEqual(found.adu.subarray(0, 3), hex("010304"));
        }
      }
    }),
    { numRuns: 1000 },
  );
  t.pass();
});
