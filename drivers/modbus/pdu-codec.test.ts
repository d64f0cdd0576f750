import test from "ava";
import { withCrc } from "./crc16.ts";
import { aRequest, hex, rtuAnswer } from "./fake-link.ts";
import { PduCodec } from "./pdu-codec.ts";

test("each area is read by its own function", (t) => {
  const codec = new PduCodec();
  const frames = (["coil", "discrete", "holding", "input"] as const).map((area) =>
    codec.encode(aRequest({ unit: 17, area, address: 0x13, count: 0x25 })),
  );
  t.deepEqual(
    frames.map((frame) => Uint8Array.from(frame)),
    [1, 2, 3, 4].map((code) => withCrc(Uint8Array.of(17, code, 0, 0x13, 0, 0x25))),
  );
});

test("published requests come out byte for byte", (t) => {
  const codec = new PduCodec();
  const encoded = (request: Parameters<typeof aRequest>[0]) =>
    Buffer.from(codec.encode(aRequest(request)))
      .toString("hex")
      .toUpperCase();
  t.is(encoded({ count: 10 }), "01030000000AC5CD");
  t.is(encoded({ address: 100, count: 20 }), "010300640014041A");
  t.is(encoded({ area: "input", count: 8 }), "010400000008F1CC");
  t.is(encoded({ unit: 0x50, address: 0x34, count: 1 }), "500300340001C845");
  t.is(encoded({ unit: 5, address: 40_050, count: 8 }), "05039C720008CBC3");
  t.is(encoded({ count: 125 }), "01030000007D85EB");
});

test("registers are read from the answer", (t) => {
  const codec = new PduCodec();
  codec.encode(aRequest({ count: 2 }));
  t.deepEqual(codec.decode(rtuAnswer(1, [0x1234, 0xffff])), {
    kind: "registers",
    registers: [0x1234, 0xffff],
  });
});

test("bits are read lowest first", (t) => {
  const codec = new PduCodec();
  codec.encode(aRequest({ area: "coil", count: 10 }));
  const answer = codec.decode(withCrc(hex("010102CD01")));
  t.deepEqual(answer?.kind === "bits" && answer.bits.slice(0, 10), [
    true,
    false,
    true,
    true,
    false,
    false,
    true,
    true,
    true,
    false,
  ]);
});

test("an exception keeps its code, known or not", (t) => {
  const codec = new PduCodec();
  codec.encode(aRequest());
  t.deepEqual(codec.decode(hex("018302C0F1")), { kind: "exception", code: 2 });
  codec.encode(aRequest());
  t.deepEqual(codec.decode(withCrc(hex("0183FF"))), { kind: "exception", code: 255 });
});

test("an answer to something else is none", (t) => {
  const codec = new PduCodec();
  codec.encode(aRequest({ count: 2 }));
  t.is(codec.decode(rtuAnswer(1, [1])), null);
  t.is(codec.decode(rtuAnswer(2, [1, 2])), null);
});

test("requests without an answer do not pile up", (t) => {
  const codec = new PduCodec();
  for (let i = 0; i < 1000; i++) codec.encode(aRequest());
  t.is(codec.unanswered, 1);
});

test("a request that no frame can carry is refused before it is sent", (t) => {
  const codec = new PduCodec();
  const refusal = { instanceOf: RangeError, message: /2001|126|0 / };
  t.throws(() => codec.encode(aRequest({ count: 126 })), refusal);
  t.throws(() => codec.encode(aRequest({ area: "coil", count: 2001 })), refusal);
  t.throws(() => codec.encode(aRequest({ count: 0 })), refusal);
});
