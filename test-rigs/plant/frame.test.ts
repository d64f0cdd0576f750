import test from "ava";
import fc from "fast-check";
import { ASCII, crc16, parseTcp, RTU, tcpFrame } from "./frame.ts";

const READ = Uint8Array.of(3, 0, 107, 0, 3);

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
}

test("the check sum of a known frame is right", (t) => {
  t.deepEqual(RTU.frame(17, READ), bytes("11 03 00 6b 00 03 76 87"));
  t.is(crc16(bytes("11 03 00 6b 00 03 76 87")), 0);
});

test("a request is found behind noise, and what follows is kept", (t) => {
  const request = RTU.take(bytes("ff 00 11 03 00 6b 00 03 76 87 01 02"));
  t.is(request?.unit, 17);
  t.deepEqual(Uint8Array.from(request?.pdu ?? []), READ);
  t.deepEqual(Uint8Array.from(request?.rest ?? []), Uint8Array.of(1, 2));
});

test("a write of many registers is as long as its byte count says", (t) => {
  const pdu = Uint8Array.of(16, 0, 1, 0, 2, 4, 0, 10, 1, 2);
  t.deepEqual(Uint8Array.from(RTU.take(RTU.frame(1, pdu))?.pdu ?? []), pdu);
});

test("a request is not there before its last byte, and never with a flipped bit", (t) => {
  const frame = RTU.frame(17, READ);
  for (let length = 0; length < frame.length; length++) {
    t.is(RTU.take(frame.subarray(0, length)), null);
  }
  for (let bit = 0; bit < 8 * frame.length; bit++) {
    const spoilt = Uint8Array.from(frame);
    spoilt[bit >> 3] = (spoilt[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    t.is(RTU.take(spoilt), null);
  }
});

test("a request in ASCII is found behind noise, in either case, and never before its end", (t) => {
  const frame = ASCII.frame(17, READ);
  t.is(Buffer.from(frame).toString(), ":1103006B00037E\r\n");
  const text = Buffer.from(`\n:11:1103006b00037e\r\n:1`);
  const request = ASCII.take(text);
  t.is(request?.unit, 17);
  t.deepEqual(request?.pdu, READ);
  t.is(Buffer.from(request?.rest ?? []).toString(), ":1");
  t.is(ASCII.take(frame.subarray(0, -1)), null);
  t.is(ASCII.take(ASCII.frame(17, READ, 1)), null);
});

test("TCP requests come out whole however they are split", (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 250 })), (pdus) => {
      let stream = Buffer.concat(
        pdus.map((pdu, transaction) => tcpFrame({ transaction, unit: 9, pdu })),
      );
      const taken: number[][] = [];
      for (let request = parseTcp(stream); request; request = parseTcp(stream)) {
        t.is(request.transaction, taken.length);
        taken.push([...request.pdu]);
        stream = stream.subarray(request.length);
      }
      t.deepEqual(
        taken,
        pdus.map((pdu) => [...pdu]),
      );
    }),
  );
});
