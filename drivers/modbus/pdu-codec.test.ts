import test from "ava";
import type { Write } from "../driver.ts";
import { withCrc } from "./crc16.ts";
import { aRequest, damaged, hex, rtuAnswer } from "./fake-link.ts";
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

/** The examples of Modbus Application Protocol V1.1b3, 6.5, 6.6, 6.11, 6.12, 6.16 and 6.17. */
const ORDERS: readonly (readonly [write: Write, request: string, answer: string])[] = [
  [{ kind: "coil", address: 0xac, on: true }, "05 00AC FF00", "05 00AC FF00"],
  [{ kind: "coil", address: 0xac, on: false }, "05 00AC 0000", "05 00AC 0000"],
  [{ kind: "register", address: 1, register: 3 }, "06 0001 0003", "06 0001 0003"],
  [
    { kind: "coils", address: 0x13, bits: [..."1011001110"].map((bit) => bit === "1") },
    "0F 0013 000A 02 CD01",
    "0F 0013 000A",
  ],
  [
    { kind: "registers", address: 1, registers: [0x0a, 0x0102] },
    "10 0001 0002 04 000A 0102",
    "10 0001 0002",
  ],
  [{ kind: "mask", address: 4, and: 0xf2, or: 0x25 }, "16 0004 00F2 0025", "16 0004 00F2 0025"],
];

const orderTo = (write: Write) => ({ device: "d", unit: 1, write });

test("the published orders come out byte for byte, and their answers confirm them", (t) => {
  for (const [write, request, answer] of ORDERS) {
    const codec = new PduCodec();
    t.deepEqual(Uint8Array.from(codec.encodeWrite(orderTo(write))), withCrc(hex(`01 ${request}`)));
    t.deepEqual(codec.decode(withCrc(hex(`01 ${answer}`))), { kind: "written" }, write.kind);
  }
});

test("the published order that reads too gives the registers read", (t) => {
  const codec = new PduCodec();
  const registers = [0xff, 0xff, 0xff];
  const request = codec.encodeWrite(
    orderTo({ kind: "read-write", from: 3, count: 6, address: 14, registers }),
  );
  t.deepEqual(
    Uint8Array.from(request),
    withCrc(hex("01 17 0003 0006 000E 0003 06 00FF 00FF 00FF")),
  );
  const answer = withCrc(hex("01 17 0C 00FE 0ACD 0001 0003 000D 00FF"));
  t.deepEqual(codec.decode(answer), {
    kind: "registers",
    registers: [0xfe, 0xacd, 1, 3, 0xd, 0xff],
  });
});

test("an answer that differs from the order in any byte confirms nothing", (t) => {
  for (const [write, , answer] of ORDERS) {
    const frame = hex(`01 ${answer}`);
    for (let at = 2; at < frame.length; at++) {
      const codec = new PduCodec();
      codec.encodeWrite(orderTo(write));
      t.is(codec.decode(withCrc(damaged(frame, at))), null, `${write.kind} ${at}`);
    }
  }
});

test("an order that is refused gives the exception", (t) => {
  for (const [write, request] of ORDERS) {
    const codec = new PduCodec();
    codec.encodeWrite(orderTo(write));
    const code = (hex(request)[0] as number) | 0x80;
    t.deepEqual(codec.decode(withCrc(Uint8Array.of(1, code, 3))), { kind: "exception", code: 3 });
  }
});

test("an order that no frame can carry is refused before it is sent", (t) => {
  const codec = new PduCodec();
  const many = (count: number) => new Array<number>(count).fill(0);
  const bits = new Array<boolean>(1969).fill(true);
  const impossible: readonly Write[] = [
    { kind: "register", address: 0, register: 65_536 },
    { kind: "register", address: 0, register: 1.5 },
    { kind: "registers", address: 0, registers: [] },
    { kind: "registers", address: 0, registers: many(124) },
    { kind: "registers", address: 0, registers: [-1] },
    { kind: "coils", address: 0, bits },
    { kind: "mask", address: 0, and: -1, or: 0 },
    { kind: "read-write", address: 0, registers: many(122), from: 0, count: 1 },
    { kind: "read-write", address: 0, registers: [0], from: 0, count: 126 },
  ];
  for (const write of impossible) {
    t.throws(() => codec.encodeWrite(orderTo(write)), { instanceOf: RangeError }, write.kind);
  }
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
