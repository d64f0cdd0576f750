import test from "ava";
import { encoded } from "../../edge/forward/encoding.ts";
import { messagesOf } from "./payload.ts";

const MESSAGES = [
  '{"v":1,"seq":1,"series":[{"point":"a.b","t":[0],"v":[12345678901234567890]}]}',
  '{"v":1,"seq":2,"series":[{"point":"a.b","t":[0,1000],"v":[1.2,null],"q":["good","bad:timeout"]}]}',
];

const texts = (payload: string | Uint8Array) =>
  messagesOf(Buffer.from(payload)).map((message) => Buffer.from(message).toString());

test("messages are the same in every encoding, alone and several together", (t) => {
  for (const encoding of ["json", "cbor"] as const) {
    for (const compression of ["none", "zstd"] as const) {
      const how = { encoding, compression };
      for (const message of MESSAGES) t.deepEqual(texts(encoded(message, how).payload), [message]);
      const several = `[${Array.from({ length: 50 }, () => MESSAGES.join(",")).join(",")}]`;
      const { payload, contentType } = encoded(several, how);
      t.deepEqual(texts(payload), Array.from({ length: 50 }, () => MESSAGES).flat());
      t.is(contentType?.endsWith("+zstd") ?? false, compression === "zstd");
    }
  }
});

test("what is no payload comes back as it is", (t) => {
  for (const bytes of ["", "nonsense", "\u0000", "[1,"]) t.deepEqual(texts(bytes), [bytes]);
  t.is(messagesOf(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 1)).length, 1);
  t.is(messagesOf(Uint8Array.of(0x9f, 0x01)).length, 1);
});
