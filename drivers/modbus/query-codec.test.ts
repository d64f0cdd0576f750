import test from "ava";
import { withCrc } from "./crc16.ts";
import { hex } from "./fake-link.ts";
import { expectedLength, expectedOf } from "./framer.ts";
import { decodeQuery, encodeQuery, textIn } from "./query-codec.ts";

const IDENTIFICATION = { kind: "identification", from: 0 } as const;
/** The example of Modbus Application Protocol V1.1b3, 6.21, as unit 1 sends it. */
const COMPANY = withCrc(
  Uint8Array.of(
    ...hex("01 2B 0E 01 01 00 00 03"),
    ...hex("00 16"),
    ...Buffer.from("Company identification"),
    ...hex("01 0D"),
    ...Buffer.from("Product code "),
    ...hex("02 05"),
    ...Buffer.from("V2.11"),
  ),
);

test("each query is the function that the standard gives it", (t) => {
  const requests = [
    [{ kind: "exception-status" }, "05 07"],
    [{ kind: "return-data", data: 0xa537 }, "05 08 00 00 A5 37"],
    [{ kind: "server-id" }, "05 11"],
    [IDENTIFICATION, "05 2B 0E 01 00"],
  ] as const;
  for (const [query, bytes] of requests) {
    t.deepEqual(encodeQuery(5, query), withCrc(hex(bytes)), query.kind);
  }
});

test("the standard's example of an identification is read", (t) => {
  t.deepEqual(decodeQuery(IDENTIFICATION, COMPANY), {
    kind: "identification",
    objects: [
      { id: 0, text: "Company identification" },
      { id: 1, text: "Product code" },
      { id: 2, text: "V2.11" },
    ],
    next: null,
  });
});

test("an identification that goes on says where, and a cut one is no answer", (t) => {
  const first = withCrc(hex("01 2B 0E 01 01 FF 01 01 00 02 41 42"));
  t.like(decodeQuery(IDENTIFICATION, first), { objects: [{ id: 0, text: "AB" }], next: 1 });
  const cut = withCrc(hex("01 2B 0E 01 01 00 00 01 00 09 41 42"));
  t.is(decodeQuery(IDENTIFICATION, cut), null);
});

test("status, server ID and returned data are read, and an exception is one", (t) => {
  const status = { kind: "exception-status" } as const;
  t.deepEqual(decodeQuery(status, withCrc(hex("01 07 6D"))), {
    kind: "exception-status",
    status: 0x6d,
  });
  const id = { kind: "server-id" } as const;
  t.deepEqual(decodeQuery(id, withCrc(hex("01 11 03 41 42 FF"))), {
    kind: "server-id",
    id: [0x41, 0x42, 0xff],
  });
  t.deepEqual(decodeQuery(id, withCrc(hex("01 91 01"))), { kind: "exception", code: 1 });
  const returned = { kind: "return-data", data: 0xa537 } as const;
  t.deepEqual(decodeQuery(returned, withCrc(hex("01 08 00 00 A5 37"))), { kind: "returned" });
  t.is(decodeQuery(returned, withCrc(hex("01 08 00 00 A5 36"))), null);
});

test("the length of an answer that tells it itself is known as soon as its bytes tell it", (t) => {
  const expected = expectedOf(encodeQuery(1, IDENTIFICATION));
  const known = Array.from({ length: COMPANY.length }, (_, n) =>
    expectedLength(expected, COMPANY.subarray(0, n)),
  );
  const first = known.findIndex((length) => length !== null);
  // The length of the last of the three objects stands eight bytes before the end.
  t.is(first, COMPANY.length - 7);
  t.true(known.slice(first).every((length) => length === COMPANY.length));
  const serverId = expectedOf(encodeQuery(1, { kind: "server-id" }));
  t.is(expectedLength(serverId, hex("01 11 04")), 9);
});

test("text is shown without what fills it up or does not print", (t) => {
  t.is(textIn(hex("41 42 00 00")), "AB");
  t.is(textIn(hex("1B 5B 41 FF 42")), "[A B");
  t.is(textIn(Buffer.from("凯乐")), "凯乐");
});
