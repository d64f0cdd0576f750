import { zstdDecompressSync } from "node:zlib";
import test from "ava";
import { decode } from "cbor2";
import { encoded, PLAIN } from "./encoding.ts";

const CBOR = { encoding: "cbor", compression: "none" } as const;
const ZSTD = { encoding: "json", compression: "zstd" } as const;

const long = JSON.stringify({ v: Array.from({ length: 200 }, (_, i) => i / 10) });

test("plain JSON goes as it is, and needs no word about it", (t) => {
  t.deepEqual(encoded('{"v":1}', PLAIN), { payload: '{"v":1}' });
});

test("CBOR says the same, in bytes that begin like no JSON", (t) => {
  const { payload, contentType } = encoded('{"v":1,"a":[1.2,null,true,"气"]}', CBOR);
  t.is(contentType, "application/cbor");
  t.deepEqual(decode(payload as Uint8Array), { v: 1, a: [1.2, null, true, "气"] });
  t.is((payload as Uint8Array)[0], 0xa2);
});

test("whole numbers beyond 2^53 keep every digit in CBOR", (t) => {
  for (const digits of ["12345678901234567890", "-9223372036854775808", "1234567890123456"]) {
    const { payload } = encoded(`{"v":${digits}}`, CBOR);
    t.is(String((decode(payload as Uint8Array) as { v: unknown }).v), digits);
  }
  const { payload } = encoded('{"v":0.12345678901234568}', CBOR);
  t.deepEqual(decode(payload as Uint8Array), { v: 0.12345678901234568 });
});

test("the same text is the same bytes, in whatever order its keys stand", (t) => {
  t.deepEqual(encoded(long, CBOR), encoded(long, CBOR));
  t.deepEqual(encoded(long, ZSTD), encoded(long, ZSTD));
  const keys = Object.keys(decode(encoded('{"b":1,"a":2}', CBOR).payload as Uint8Array) as object);
  t.deepEqual(keys, ["b", "a"]);
});

test("zstd is taken where it is shorter, and told by the type and the first bytes", (t) => {
  const { payload, contentType } = encoded(long, ZSTD);
  t.is(contentType, "application/json+zstd");
  t.is(zstdDecompressSync(payload as Uint8Array).toString(), long);
  t.is(Buffer.from(payload as Uint8Array).toString("hex", 0, 4), "28b52ffd");
  t.deepEqual(encoded('{"v":1}', ZSTD), { payload: '{"v":1}' });
  const both = encoded(long, { ...CBOR, compression: "zstd" });
  t.is(both.contentType, "application/cbor+zstd");
  t.deepEqual(decode(zstdDecompressSync(both.payload as Uint8Array)), JSON.parse(long));
});
