import test from "ava";
import fc from "fast-check";
import { withCrc } from "./crc16.ts";
import { hex, tcpFrame } from "./fake-link.ts";
import type { Found } from "./framer.ts";
import { TcpFramer } from "./tcp-framer.ts";

/** Unit 1 is asked for holding registers 0 and 1. */
const REQUEST = withCrc(hex("010300000002"));
const BODY = [1, 3, 4, 1, 2, 3, 4];
const answer: Found = { kind: "answer", adu: withCrc(Uint8Array.from(BODY)) };

/** A framer whose first request, transaction 1, is pending. */
function asked(): TcpFramer {
  const framer = new TcpFramer();
  framer.ask(REQUEST);
  return framer;
}

test("a request goes out behind its header and without a check sum", (t) => {
  t.deepEqual(new TcpFramer().ask(REQUEST), hex("0001 0000 0006 010300000002"));
});

test("every request has a transaction of its own, and they come round", (t) => {
  const framer = new TcpFramer();
  const seen = new Set<number>();
  for (let i = 0; i < 65_536; i++) seen.add(new DataView(framer.ask(REQUEST).buffer).getUint16(0));
  t.is(seen.size, 65_536);
  t.deepEqual(framer.ask(REQUEST).subarray(0, 2), hex("0001"));
});

test("the answer is found and given in serial-line form", (t) => {
  t.deepEqual(asked().take(tcpFrame(1, BODY)), [answer]);
});

test("as many frames as a peer likes to send at once cost no more each than one", (t) => {
  const frame = tcpFrame(9, [9, 0x83, 2]);
  const flood = Uint8Array.from({ length: frame.length * 150_000 }, (_, i) => {
    return frame[i % frame.length] as number;
  });
  const began = performance.now();
  t.is(new TcpFramer().take(flood).length, 150_000);
  // Copying the rest behind each frame would take half a minute.
  t.true(performance.now() - began < 5000);
});

test("an exception is an answer", (t) => {
  const found = asked().take(tcpFrame(1, [1, 0x83, 2]));
  t.deepEqual(found, [{ kind: "answer", adu: hex("018302C0F1") }]);
});

test("answers are found however their bytes are split or joined", (t) => {
  const stream = Uint8Array.of(...tcpFrame(9, [2, 3, 2, 0, 1]), ...tcpFrame(1, BODY));
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: stream.length - 1 }));
  fc.assert(
    fc.property(cuts, (places) => {
      const ends = [...places.toSorted((a, b) => a - b), stream.length];
      const framer = asked();
      const found = ends.flatMap((end, index) =>
        framer.take(stream.subarray(ends[index - 1] ?? 0, end)),
      );
      t.deepEqual(found, [{ kind: "stray", unit: 2 }, answer]);
    }),
  );
});

test("the answer to an earlier transaction is a stray, and the right one is found behind it", (t) => {
  const framer = asked();
  framer.giveUp();
  framer.ask(REQUEST);
  t.deepEqual(framer.take(tcpFrame(1, [1, 3, 4, 9, 9, 9, 9])), [{ kind: "stray", unit: 1 }]);
  t.deepEqual(framer.take(tcpFrame(2, BODY)), [answer]);
});

test("an answer that comes twice is a stray the second time", (t) => {
  const framer = asked();
  t.deepEqual(framer.take(tcpFrame(1, BODY)), [answer]);
  t.deepEqual(framer.take(tcpFrame(1, BODY)), [{ kind: "stray", unit: 1 }]);
});

test("an answer of another unit is a stray", (t) => {
  const framer = asked();
  t.deepEqual(framer.take(tcpFrame(1, [2, 3, 4, 0, 0, 0, 0])), [{ kind: "stray", unit: 2 }]);
  t.true(framer.giveUp());
});

test("an answer that does not fit its request is told at once", (t) => {
  for (const body of [
    [1, 3, 2, 1, 2],
    [1, 3, 4, 1, 2, 3],
    [1, 3, 4, 1, 2, 3, 4, 5],
    [1, 4, 4, 1, 2, 3, 4],
    [1, 0x83, 2, 0],
    [1, 0x84, 2],
  ]) {
    const framer = asked();
    t.deepEqual(framer.take(tcpFrame(1, body)), [{ kind: "misfit" }], String(body));
    t.false(framer.giveUp());
  }
});

test("after a header that cannot be nothing more is understood", (t) => {
  for (const header of ["0001 0001 0007", "0001 0000 0002", "0001 0000 00FF"]) {
    const framer = asked();
    t.deepEqual(framer.take(hex(header)), [{ kind: "nonsense" }], header);
    t.deepEqual(framer.take(tcpFrame(1, BODY)), []);
    t.is(framer.discarded, 6 + 13);
  }
});

test("side packets between frames are skipped, however all is split", (t) => {
  for (const packet of [hex("FEFE"), hex("00"), hex("0001"), Buffer.from("DTU-0007")]) {
    const stream = Uint8Array.of(...packet, ...packet, ...tcpFrame(1, BODY), ...packet);
    for (let cut = 0; cut < stream.length; cut++) {
      const framer = new TcpFramer([packet]);
      framer.ask(REQUEST);
      const chunks = [stream.subarray(0, cut), stream.subarray(cut)];
      t.deepEqual(
        chunks.flatMap((chunk) => framer.take(chunk)),
        [answer],
        `${packet} ${cut}`,
      );
      t.is(framer.discarded, 0);
    }
  }
});

test("a side packet that stands in an answer is its data", (t) => {
  const framer = new TcpFramer([hex("0102")]);
  framer.ask(REQUEST);
  t.deepEqual(framer.take(tcpFrame(1, BODY)), [answer]);
});

test("what is neither a header nor a side packet is nonsense all the same", (t) => {
  const framer = new TcpFramer([Buffer.from("DTU-0007")]);
  framer.ask(REQUEST);
  t.deepEqual(framer.take(Buffer.from("DTU-0008")), [{ kind: "nonsense" }]);
});

test("noise never makes an answer to another transaction, unit, function or length", (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), (chunks) => {
      const framer = asked();
      for (const found of chunks.flatMap((chunk) => framer.take(chunk))) {
        if (found.kind === "answer") t.deepEqual(found.adu.subarray(0, 2), hex("0103"));
      }
    }),
  );
  t.pass();
});
