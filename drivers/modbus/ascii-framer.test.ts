import test from "ava";
import fc from "fast-check";
import type { UptimeMs } from "../../edge/core/time.ts";
import { AsciiFramer } from "./ascii-framer.ts";
import { withCrc } from "./crc16.ts";
import { Echo } from "./echo.ts";
import { ascii, asciiFrame, damaged, hex } from "./fake-link.ts";
import type { Found } from "./framer.ts";

/** Unit 1 is asked for holding registers 0 and 1. */
const REQUEST = withCrc(hex("010300000002"));
const BODY = [1, 3, 4, 1, 0x2a, 3, 0xfe];
const ANSWER = asciiFrame(BODY);
const answer: Found = { kind: "answer", adu: withCrc(Uint8Array.from(BODY)) };

function asked(request = REQUEST): AsciiFramer {
  const framer = new AsciiFramer(1000);
  framer.ask(request);
  return framer;
}

/** Takes `chunks`, all at the same moment. */
function take(framer: AsciiFramer, ...chunks: readonly Uint8Array[]): Found[] {
  return chunks.flatMap((chunk) => [...framer.take(chunk, 0 as UptimeMs)]);
}

test("the request goes out in capital digits with its own check sum", (t) => {
  const framer = new AsciiFramer(1000);
  t.deepEqual(framer.ask(REQUEST), ascii(":010300000002FA\r\n"));
  t.deepEqual(framer.ask(withCrc(hex("F7031389000A"))), ascii(":F7031389000A60\r\n"));
});

test("the answer is found and given in serial-line form", (t) => {
  t.deepEqual(take(asked(), ANSWER), [answer]);
});

test("digits of either case are read", (t) => {
  const text = Buffer.from(ANSWER).toString("latin1");
  t.deepEqual(take(asked(), ascii(text.toLowerCase())), [answer]);
  t.deepEqual(take(asked(), ascii(text.replace("2A", "2a"))), [answer]);
});

test("the answer is found however its characters are split", (t) => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: ANSWER.length - 1 }));
  fc.assert(
    fc.property(cuts, (places) => {
      const ends = [...places.toSorted((a, b) => a - b), ANSWER.length];
      const chunks = ends.map((end, index) => ANSWER.subarray(ends[index - 1] ?? 0, end));
      t.deepEqual(take(asked(), ...chunks), [answer]);
    }),
  );
});

test("an exception is an answer", (t) => {
  t.deepEqual(take(asked(), asciiFrame([1, 0x83, 2])), [
    { kind: "answer", adu: hex("018302C0F1") },
  ]);
});

test("bits are answered too", (t) => {
  const bits = [1, 1, 2, 0xcd, 1];
  t.deepEqual(take(asked(withCrc(hex("010100130009"))), asciiFrame(bits)), [
    { kind: "answer", adu: withCrc(Uint8Array.from(bits)) },
  ]);
});

test("the longest answer is found", (t) => {
  const body = [1, 3, 250, ...Array.from({ length: 250 }, (_, index) => (index * 7) & 0xff)];
  t.deepEqual(take(asked(withCrc(hex("01030000007D"))), asciiFrame(body)), [
    { kind: "answer", adu: withCrc(Uint8Array.from(body)) },
  ]);
});

test("characters before the colon are passed over and counted", (t) => {
  const framer = asked();
  t.deepEqual(take(framer, ascii("\0\r\nOK"), ANSWER), [answer]);
  t.is(framer.discarded, 5);
});

test("a colon begins anew, so that a frame that broke off does not hide the answer", (t) => {
  const framer = asked();
  t.deepEqual(take(framer, ANSWER.subarray(0, 9), ANSWER), [answer]);
  t.is(framer.discarded, 9);
});

test("the request coming back is skipped, split or whole", (t) => {
  const echo = ascii(":010300000002FA\r\n");
  const framer = asked();
  t.deepEqual(take(framer, echo.subarray(0, 5), echo.subarray(5), ANSWER), [answer]);
  t.is(framer.discarded, 0);
});

test("where the answer repeats the request, an adapter that gives it back is known from reads", (t) => {
  const order = withCrc(hex("01060007002A"));
  const repeated = asciiFrame([...order.subarray(0, -2)]);
  const done: Found = { kind: "answer", adu: order };
  const plain = asked();
  take(plain, ANSWER);
  plain.ask(order);
  t.deepEqual(take(plain, repeated), [done]);
  for (const before of [ascii(""), ascii(":010300000002FB\r\n")]) {
    const unknown = asked();
    if (before.length > 0) take(unknown, before, ANSWER);
    unknown.ask(order);
    t.deepEqual(take(unknown, repeated), []);
    t.deepEqual(take(unknown, repeated), [done]);
  }
  const echoing = asked();
  take(echoing, ascii(":010300000002FA\r\n"));
  echoing.ask(order);
  t.deepEqual(take(echoing, repeated), []);
  t.deepEqual(take(echoing, repeated), [done]);
});

test("what is said of an adapter is believed, whatever reads show", (t) => {
  const order = withCrc(hex("010600010003"));
  const repeated = asciiFrame([1, 6, 0, 1, 0, 3]);
  const echoing = new AsciiFramer(1000, [], new Echo(true));
  echoing.ask(REQUEST);
  t.deepEqual(take(echoing, ANSWER), [answer]);
  echoing.ask(order);
  t.deepEqual(take(echoing, repeated), []);
  t.deepEqual(take(echoing, repeated), [{ kind: "answer", adu: order }]);
  const plain = new AsciiFramer(1000, [], new Echo(false));
  plain.ask(REQUEST);
  t.deepEqual(take(plain, ascii(":010300000002FA\r\n"), ANSWER), [answer]);
  plain.ask(order);
  t.deepEqual(take(plain, repeated), [{ kind: "answer", adu: order }]);
});

test("coils whose answer is the request again are read once another answer showed no echo", (t) => {
  const request = withCrc(hex("010103010018"));
  const same = asciiFrame([1, 1, 3, 1, 0, 0x18]);
  const framer = asked(request);
  t.deepEqual(take(framer, same), []);
  const other = [1, 1, 3, 1, 0, 0x19];
  t.deepEqual(take(framer, asciiFrame(other)), [
    { kind: "answer", adu: withCrc(Uint8Array.from(other)) },
  ]);
  const plain = new AsciiFramer(1000, [], new Echo(false));
  plain.ask(request);
  t.deepEqual(take(plain, same), [{ kind: "answer", adu: request }]);
});

test("an answer whose check sum is wrong is damaged", (t) => {
  t.deepEqual(take(asked(), asciiFrame(BODY).with(9, 0x37), ANSWER), [
    { kind: "damaged", isException: false },
    answer,
  ]);
  t.deepEqual(take(asked(), ascii(":0183027B\r\n")), [{ kind: "damaged", isException: true }]);
});

test("a frame whose check sum is wrong and that cannot be the answer is noise", (t) => {
  const framer = asked();
  t.deepEqual(take(framer, ascii(":020304000000003C\r\n"), ascii(":zz\r\n"), ascii(":\r\n")), []);
  t.is(framer.discarded, 19 + 5 + 3);
});

test("an answer of another length does not fit", (t) => {
  t.deepEqual(take(asked(), asciiFrame([1, 3, 2, 0, 1])), [{ kind: "misfit" }]);
  t.deepEqual(take(asked(), asciiFrame([1, 3, 6, 0, 1, 0, 2, 0, 3])), [{ kind: "misfit" }]);
});

test("an answer whose byte count lies about its length is none", (t) => {
  t.deepEqual(take(asked(), asciiFrame([1, 3, 4, 0, 1])), []);
  t.deepEqual(take(asked(), asciiFrame([1, 3, 4, 0, 1, 0, 2, 0, 3])), []);
});

test("an answer of another unit, to another function or that nobody waits for is a stray", (t) => {
  t.deepEqual(take(asked(), asciiFrame([2, 3, 4, 0, 1, 0, 2]), ANSWER), [
    { kind: "stray", unit: 2 },
    answer,
  ]);
  t.deepEqual(take(asked(), asciiFrame([1, 4, 4, 0, 1, 0, 2])), [{ kind: "stray", unit: 1 }]);
  t.deepEqual(take(asked(), asciiFrame([1, 6, 0, 8, 0, 100])), [{ kind: "stray", unit: 1 }]);
  t.deepEqual(take(asked(), ANSWER, ANSWER), [answer, { kind: "stray", unit: 1 }]);
});

test("an answer that was under way when its request was given up is a stray", (t) => {
  const framer = asked();
  t.deepEqual(take(framer, ANSWER.subarray(0, 6)), []);
  t.true(framer.giveUp());
  t.deepEqual(take(framer, ANSWER.subarray(6)), [{ kind: "stray", unit: 1 }]);
  t.false(framer.giveUp());
});

test("a rest from before the request is no part of its answer", (t) => {
  const framer = new AsciiFramer(1000);
  take(framer, ANSWER.subarray(0, 6));
  framer.ask(REQUEST);
  t.deepEqual(take(framer, ANSWER.subarray(6)), []);
  t.is(framer.discarded, ANSWER.length);
});

test("a frame with more than a second between two characters is none", (t) => {
  const at = (ms: number) => ms as UptimeMs;
  const slow = asked();
  slow.take(ANSWER.subarray(0, 6), at(5000));
  t.deepEqual(slow.take(ANSWER.subarray(6), at(6000)), [answer]);
  const broken = asked();
  broken.take(ANSWER.subarray(0, 6), at(5000));
  t.deepEqual(broken.take(ANSWER.subarray(6), at(6001)), []);
  t.deepEqual(broken.take(ANSWER, at(6001)), [answer]);
});

test("another client's request is no answer", (t) => {
  t.deepEqual(take(new AsciiFramer(1000), ascii(":010303000002F7\r\n")), []);
});

test("as many characters as the answer has, and no frame, are garbled", (t) => {
  const framer = asked();
  take(framer, new Uint8Array(ANSWER.length - 1));
  t.false(framer.isGarbled);
  take(framer, ascii(":"));
  t.true(framer.isGarbled);
  framer.ask(REQUEST);
  t.false(framer.isGarbled);
  take(framer, asciiFrame([9, 3, 4, 0, 1, 0, 2]));
  t.false(framer.isGarbled);
});

test("side packets between frames are skipped and not counted, however they are split", (t) => {
  for (const packet of [hex("FEFE"), hex("00"), ascii("DTU:7"), ascii("beat\r\n")]) {
    const stream = Uint8Array.of(...packet, ...packet, ...ANSWER, ...packet);
    for (let cut = 0; cut < stream.length; cut++) {
      const framer = new AsciiFramer(1000, [packet]);
      framer.ask(REQUEST);
      t.deepEqual(take(framer, stream.subarray(0, cut), stream.subarray(cut)), [answer]);
      t.is(framer.discarded, 0);
    }
  }
});

test("what only begins as a side packet is counted, and does not hide the answer", (t) => {
  const framer = new AsciiFramer(1000, [ascii("DTU:7"), ascii(":7")]);
  framer.ask(REQUEST);
  t.deepEqual(take(framer, ascii("DTDT"), ANSWER), [answer]);
  t.is(framer.discarded, 4);
});

test("endless noise is not kept", (t) => {
  for (const framer of [asked(), new AsciiFramer(1000)]) {
    for (let i = 0; i < 100; i++) take(framer, new Uint8Array(100).fill(0x30));
    take(framer, ascii(":"), new Uint8Array(10_000).fill(0x30));
    t.true(framer.discarded >= 20_000 - 512);
    t.is(take(framer, ANSWER).length, 1);
  }
});

test("noise never makes an answer to another unit, function or length", (t) => {
  const piece = fc.oneof(
    fc.constantFrom(":", "\r\n", ":0103", "04", "00", "0183", "FA"),
    fc.stringMatching(/^[0-9A-Fa-f]{1,8}$/),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      for (const found of take(asked(), ...pieces.map(ascii))) {
        if (found.kind !== "answer") continue;
        const [unit, functionCode, third] = found.adu;
        t.is(unit, 1);
        if (functionCode === 3) t.deepEqual([third, found.adu.length], [4, 9]);
        else t.deepEqual([functionCode, found.adu.length], [0x83, 5]);
      }
    }),
    { numRuns: 3000 },
  );
  t.pass();
});

test("an answer with one turned bit, one character lost, added or replaced is never another one", (t) => {
  const place = fc.integer({ min: 0, max: ANSWER.length - 1 });
  fc.assert(
    fc.property(place, fc.integer({ min: 0, max: 7 }), fc.nat(255), (at, bit, byte) => {
      const before = ANSWER.subarray(0, at);
      const lost = Uint8Array.of(...before, ...ANSWER.subarray(at + 1));
      const added = Uint8Array.of(...before, byte, ...ANSWER.subarray(at));
      for (const wrong of [damaged(ANSWER, at, bit), ANSWER.with(at, byte), lost, added]) {
        for (const found of take(asked(), wrong)) {
          if (found.kind === "answer") t.deepEqual(found, answer);
        }
      }
    }),
    { numRuns: 2000 },
  );
  t.pass();
});
