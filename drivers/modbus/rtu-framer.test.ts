import test from "ava";
import fc from "fast-check";
import { passesCrc, withCrc } from "./crc16.ts";
import { Echo } from "./echo.ts";
import { damaged, hex, rtuAnswer } from "./fake-link.ts";
import type { Found } from "./framer.ts";
import { RtuFramer } from "./rtu-framer.ts";

/** Unit 1 is asked for holding registers 0 and 1. */
const REQUEST = withCrc(hex("010300000002"));
const ANSWER = rtuAnswer(1, [258, 772]);

/** `echo` is what is said of the adapter. */
function asked(request = REQUEST, echo: boolean | null = null): RtuFramer {
  const framer = new RtuFramer([], new Echo(echo));
  framer.ask(request);
  return framer;
}

function take(framer: RtuFramer, ...chunks: readonly Uint8Array[]): Found[] {
  return chunks.flatMap((chunk) => framer.take(chunk));
}

const answer: Found = { kind: "answer", adu: ANSWER };

test("the request goes out as it is", (t) => {
  t.deepEqual(new RtuFramer().ask(REQUEST), REQUEST);
});

test("the whole answer is found", (t) => {
  t.deepEqual(take(asked(), ANSWER), [answer]);
});

test("the answer is found however its bytes are split", (t) => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: ANSWER.length - 1 }));
  fc.assert(
    fc.property(cuts, (places) => {
      const ends = [...places.toSorted((a, b) => a - b), ANSWER.length];
      const chunks = ends.map((end, index) => ANSWER.subarray(ends[index - 1] ?? 0, end));
      t.deepEqual(take(asked(), ...chunks), [answer]);
    }),
  );
});

test("as many frames as a peer likes to send at once cost no more each than one", (t) => {
  const frame = rtuAnswer(9, [1, 2]);
  const flood = Uint8Array.from({ length: frame.length * 150_000 }, (_, i) => {
    return frame[i % frame.length] as number;
  });
  const began = performance.now();
  t.is(new RtuFramer().take(flood).length, 150_000);
  // Copying the rest behind each frame would take half a minute.
  t.true(performance.now() - began < 5000);
});

test("an exception is an answer", (t) => {
  const exception = hex("018302C0F1");
  t.deepEqual(take(asked(), exception), [{ kind: "answer", adu: exception }]);
});

test("bits are answered too", (t) => {
  const bits = withCrc(hex("010102CD01"));
  t.deepEqual(take(asked(withCrc(hex("010100130009"))), bits), [{ kind: "answer", adu: bits }]);
});

test("the longest answer is found byte by byte", (t) => {
  const registers = Array.from({ length: 125 }, (_, index) => index * 523);
  const longest = rtuAnswer(1, registers);
  const chunks = Array.from(longest, (byte) => Uint8Array.of(byte));
  const framer = asked(withCrc(hex("01030000007D")));
  t.deepEqual(take(framer, ...chunks), [{ kind: "answer", adu: longest }]);
});

test("glitches before the answer are passed over and counted", (t) => {
  const framer = asked();
  t.deepEqual(take(framer, hex("00FF01"), ANSWER), [answer]);
  t.is(framer.discarded, 3);
});

test("a glitch that looks like the unit does not hide the answer", (t) => {
  t.deepEqual(take(asked(), hex("01"), ANSWER), [answer]);
  t.deepEqual(take(asked(), hex("0103"), ANSWER), [answer]);
  t.deepEqual(take(asked(), hex("0183"), ANSWER), [{ kind: "damaged", isException: true }, answer]);
});

test("the request coming back is skipped, split or whole", (t) => {
  t.deepEqual(take(asked(), REQUEST, ANSWER), [answer]);
  t.deepEqual(take(asked(), REQUEST.subarray(0, 5), REQUEST.subarray(5), ANSWER), [answer]);
  t.deepEqual(take(asked(), hex("00"), REQUEST, ANSWER), [answer]);
});

test("the request coming back is not taken for a damaged answer where it looks like one", (t) => {
  // The address 0x0200 stands where an answer has its byte count of 2.
  const request = withCrc(hex("010302000001"));
  const short = rtuAnswer(1, [7]);
  t.deepEqual(take(asked(request), request.subarray(0, 7), request.subarray(7), short), [
    { kind: "answer", adu: short },
  ]);
});

test("an answer whose check sum is wrong is damaged, told once", (t) => {
  const framer = asked();
  const broken = damaged(ANSWER, 4);
  t.deepEqual(take(framer, broken), [{ kind: "damaged", isException: false }]);
  t.deepEqual(take(framer, hex("00")), []);
});

test("a good answer behind a damaged one is found", (t) => {
  t.deepEqual(take(asked(), damaged(ANSWER, 4), ANSWER), [
    { kind: "damaged", isException: false },
    answer,
  ]);
});

test("an answer of another length does not fit", (t) => {
  t.deepEqual(take(asked(), rtuAnswer(1, [1])), [{ kind: "misfit" }]);
  t.deepEqual(take(asked(), rtuAnswer(1, [1, 2, 3])), [{ kind: "misfit" }]);
});

test("an answer of another unit or to another function is a stray", (t) => {
  t.deepEqual(take(asked(), rtuAnswer(2, [1, 2]), ANSWER), [{ kind: "stray", unit: 2 }, answer]);
  t.deepEqual(take(asked(), rtuAnswer(1, [1, 2], 4)), [{ kind: "stray", unit: 1 }]);
  t.deepEqual(take(asked(), withCrc(hex("010600080064"))), [{ kind: "stray", unit: 1 }]);
});

test("an answer that nobody waits for is a stray", (t) => {
  t.deepEqual(take(new RtuFramer(), ANSWER), [{ kind: "stray", unit: 1 }]);
  t.deepEqual(take(asked(), ANSWER, ANSWER), [answer, { kind: "stray", unit: 1 }]);
  t.deepEqual(take(asked(), hex("018302C0F1018302C0F1")).at(1), { kind: "stray", unit: 1 });
});

test("an answer that was under way when its request was given up is a stray", (t) => {
  const framer = asked();
  t.deepEqual(take(framer, ANSWER.subarray(0, 6)), []);
  t.true(framer.giveUp());
  t.deepEqual(take(framer, ANSWER.subarray(6)), [{ kind: "stray", unit: 1 }]);
});

test("no answer is owed once it is there", (t) => {
  const framer = asked();
  take(framer, ANSWER);
  t.false(framer.giveUp());
});

test("a rest from before the request is no part of its answer", (t) => {
  const framer = new RtuFramer();
  take(framer, ANSWER.subarray(0, 6));
  framer.ask(REQUEST);
  t.deepEqual(take(framer, ANSWER.subarray(6)), []);
  t.is(framer.discarded, 6);
});

test("another client's request is no answer", (t) => {
  t.deepEqual(take(new RtuFramer(), withCrc(hex("010303000002"))), []);
});

test("a frame inside an answer that is still coming does not tear it", (t) => {
  // The registers of a logger hold a frame that unit 2 once sent.
  const inner = rtuAnswer(2, [1]);
  const data = [...inner, 0];
  const outer = withCrc(Uint8Array.of(1, 3, data.length, ...data));
  const framer = asked(withCrc(hex("010300000004")));
  t.deepEqual(take(framer, outer.subarray(0, 12), outer.subarray(12)), [
    { kind: "answer", adu: outer },
  ]);
});

test("as many bytes as the answer has, and no frame, are garbled", (t) => {
  const framer = asked();
  take(framer, new Uint8Array(ANSWER.length - 1));
  t.false(framer.isGarbled);
  take(framer, new Uint8Array(1));
  t.true(framer.isGarbled);
});

test("side packets between frames are skipped and not counted, however they are split", (t) => {
  for (const packet of [hex("FEFE"), hex("00"), hex("01"), Buffer.from("DTU-0007")]) {
    const stream = Uint8Array.of(...packet, ...packet, ...ANSWER, ...packet);
    for (let cut = 0; cut < stream.length; cut++) {
      const framer = new RtuFramer([packet]);
      framer.ask(REQUEST);
      t.deepEqual(take(framer, stream.subarray(0, cut), stream.subarray(cut)), [answer]);
      t.is(framer.discarded, 0);
    }
  }
});

test("a side packet that stands in an answer is its data", (t) => {
  for (const packet of [hex("00"), hex("0102"), hex("030401"), hex("01")]) {
    const framer = new RtuFramer([packet]);
    framer.ask(REQUEST);
    t.deepEqual(take(framer, ...Array.from(ANSWER, (byte) => Uint8Array.of(byte))), [answer]);
    t.is(framer.discarded, 0);
  }
});

test("a side packet does not hide an answer that comes too late", (t) => {
  const framer = new RtuFramer([hex("0102")]);
  framer.ask(REQUEST);
  framer.giveUp();
  t.deepEqual(take(framer, hex("0102"), ANSWER.subarray(0, 5), ANSWER.subarray(5)), [
    { kind: "stray", unit: 1 },
  ]);
});

test("endless noise is not kept", (t) => {
  for (const framer of [asked(), new RtuFramer()]) {
    for (let i = 0; i < 100; i++) framer.take(new Uint8Array(100).fill(i));
    t.true(framer.discarded >= 100 * 100 - 512);
    t.deepEqual(take(framer, ANSWER).length, 1);
  }
});

test("noise never makes an answer that does not pass its check sum", (t) => {
  const noise = fc.array(
    fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.constant(REQUEST), fc.constant(hex("010304"))),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(noise, (chunks) => {
      for (const found of take(asked(), ...chunks)) {
        if (found.kind === "answer") t.true(passesCrc(found.adu));
      }
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

test("an answer with one turned bit is never taken, nor one with a byte lost or added", (t) => {
  const place = fc.integer({ min: 0, max: ANSWER.length - 1 });
  fc.assert(
    fc.property(place, fc.integer({ min: 0, max: 7 }), fc.nat(255), (at, bit, byte) => {
      const lost = Uint8Array.of(...ANSWER.subarray(0, at), ...ANSWER.subarray(at + 1));
      const added = Uint8Array.of(...ANSWER.subarray(0, at), byte, ...ANSWER.subarray(at));
      for (const wrong of [damaged(ANSWER, at, bit), lost, added]) {
        for (const found of take(asked(), wrong)) {
          if (found.kind === "answer") t.deepEqual(found.adu, ANSWER);
        }
      }
    }),
  );
  t.pass();
});

const ORDER = withCrc(hex("010600010003"));
const confirmed: Found = { kind: "answer", adu: ORDER };

test("what confirms an order is its answer, though it looks like the order", (t) => {
  t.deepEqual(take(asked(ORDER, false), ORDER), [confirmed]);
  for (const order of ["0105 00AC FF00", "0116 0004 00F2 0025"]) {
    const frame = withCrc(hex(order));
    t.deepEqual(take(asked(frame, false), frame), [{ kind: "answer", adu: frame }]);
  }
  const several = withCrc(hex("0110 0001 0002"));
  const order = withCrc(hex("0110 0001 0002 04 000A 0102"));
  t.deepEqual(take(asked(order), several), [{ kind: "answer", adu: several }]);
});

test("behind an adapter that gives requests back an order is confirmed by the second copy", (t) => {
  const framer = asked();
  t.deepEqual(take(framer, REQUEST, ANSWER), [answer]);
  framer.ask(ORDER);
  t.deepEqual(take(framer, ORDER), []);
  t.deepEqual(take(framer, ORDER), [confirmed]);
});

test("an adapter that gave requests back is not forgotten for an echo that was lost or damaged", (t) => {
  for (const echo of [hex(""), damaged(REQUEST, 0), damaged(REQUEST, 5)]) {
    const framer = asked();
    take(framer, REQUEST, ANSWER);
    framer.ask(REQUEST);
    t.deepEqual(take(framer, echo, ANSWER), [answer]);
    framer.ask(ORDER);
    t.deepEqual(take(framer, ORDER), []);
  }
});

test("an adapter that no more gives requests back is noticed after some reads", (t) => {
  const framer = asked();
  take(framer, REQUEST, ANSWER);
  for (let n = 0; n < 16; n++) {
    framer.ask(REQUEST);
    t.deepEqual(take(framer, ANSWER), [answer]);
  }
  framer.ask(ORDER);
  t.deepEqual(take(framer, ORDER), [confirmed]);
});

test("the echo of a read that nobody answers is enough to know the adapter", (t) => {
  const framer = asked();
  take(framer, REQUEST);
  framer.giveUp();
  framer.ask(ORDER);
  t.deepEqual(take(framer, ORDER), []);
  t.deepEqual(take(framer, ORDER), [confirmed]);
});

test("while nothing is known of an adapter an order is confirmed by the second copy alone", (t) => {
  const framer = asked(ORDER);
  t.deepEqual(take(framer, ORDER), []);
  t.deepEqual(take(framer, ORDER), [confirmed]);
});

test("the first copy confirms once a read was answered and nothing came before, or a glitch", (t) => {
  for (const glitch of ["", "00", "00FF01"]) {
    const framer = asked();
    take(framer, hex(glitch), ANSWER);
    framer.ask(ORDER);
    t.deepEqual(take(framer, ORDER), [confirmed]);
  }
});

test("an answer behind what may be a damaged echo does not show that there is none", (t) => {
  const framer = asked();
  take(framer, damaged(REQUEST, 5), ANSWER);
  framer.ask(ORDER);
  t.deepEqual(take(framer, ORDER), []);
});

test("an order of several registers coming back is its echo: the answer is shorter", (t) => {
  const order = withCrc(hex("0110 0001 0002 04 000A 0102"));
  const several: Found = { kind: "answer", adu: withCrc(hex("0110 0001 0002")) };
  const framer = asked(order);
  t.deepEqual(take(framer, order, several.adu), [several]);
  framer.ask(ORDER);
  t.deepEqual(take(framer, ORDER), []);
});

test("a diagnostic that comes back is answered while nothing is known of the adapter", (t) => {
  const loopback = withCrc(hex("0108 0000 A537"));
  t.deepEqual(take(asked(loopback), loopback), [{ kind: "answer", adu: loopback }]);
});

test("what is said of an adapter is believed, whatever reads show", (t) => {
  const echoing = new RtuFramer([], new Echo(true));
  echoing.ask(REQUEST);
  t.deepEqual(take(echoing, ANSWER), [answer]);
  echoing.ask(ORDER);
  t.deepEqual(take(echoing, ORDER), []);
  t.deepEqual(take(echoing, ORDER), [confirmed]);
  const plain = new RtuFramer([], new Echo(false));
  plain.ask(REQUEST);
  t.deepEqual(take(plain, REQUEST, ANSWER), [answer]);
  plain.ask(ORDER);
  t.deepEqual(take(plain, ORDER), [confirmed]);
});

/** 24 coils from 769 on, of which the first, the 20th and the 21st are on. */
const COILS = withCrc(hex("010103010018"));

test("coils whose answer is the request again are read where no echo comes, or behind it", (t) => {
  t.deepEqual(take(asked(COILS, false), COILS), [{ kind: "answer", adu: COILS }]);
  t.deepEqual(take(asked(COILS), COILS, COILS), [{ kind: "answer", adu: COILS }]);
  t.deepEqual(take(asked(COILS), COILS), []);
});

test("one other answer to it shows that no echo comes", (t) => {
  const framer = asked(COILS);
  const other = withCrc(hex("010103010019"));
  t.deepEqual(take(framer, other), [{ kind: "answer", adu: other }]);
  framer.ask(COILS);
  t.deepEqual(take(framer, COILS), [{ kind: "answer", adu: COILS }]);
});

test("an exception to an order shows that no echo comes", (t) => {
  const framer = asked(ORDER);
  take(framer, withCrc(hex("018602")));
  framer.ask(ORDER);
  t.deepEqual(take(framer, ORDER), [confirmed]);
});

test("an order that is answered for another address is a misfit or no confirmation", (t) => {
  t.deepEqual(take(asked(ORDER), withCrc(hex("010612010003"))), [{ kind: "misfit" }]);
  const other = withCrc(hex("010600020003"));
  t.deepEqual(take(asked(ORDER), other), [{ kind: "answer", adu: other }]);
});

test("an order that is refused is answered", (t) => {
  const exception = withCrc(hex("018602"));
  t.deepEqual(take(asked(ORDER), exception), [{ kind: "answer", adu: exception }]);
});

test("an answer to an order that was given up is a stray", (t) => {
  const framer = asked(withCrc(hex("0116 0004 00F2 0025")));
  framer.giveUp();
  t.deepEqual(take(framer, withCrc(hex("0116 0004 00F2 0025"))), [{ kind: "stray", unit: 1 }]);
});
