import test from "ava";
import { pcapngHead, pcapngPacket } from "./pcapng.ts";

/** The type and the body of each block; fails where a length is wrong. */
function blocksOf(capture: Uint8Array) {
  const bytes = new Uint8Array(capture);
  const view = new DataView(bytes.buffer);
  const found: { readonly type: number; readonly body: Uint8Array }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (length % 4 !== 0 || view.getUint32(at + length - 4, true) !== length) {
      throw new Error(`the block at ${at} has a wrong length`);
    }
    found.push({ type: view.getUint32(at, true), body: bytes.slice(at + 8, at + length - 4) });
    at += length;
  }
  return found;
}

const packet = {
  dissector: "mbrtu",
  direction: "sent",
  atUs: 1_763_964_000_000_123,
  bytes: Uint8Array.of(1, 3, 5),
  comment: "请求",
} as const;

test("a capture begins with its section and its interface", (t) => {
  const blocks = blocksOf(pcapngHead("line-a", "lifeline"));
  t.deepEqual(
    blocks.map(({ type }) => type),
    [0x0a0d0d0a, 1],
  );
  t.true(Buffer.from(blocks[1]?.body ?? []).includes("line-a"));
});

test("a packet has its time in microseconds, its length, its dissector and its comment", (t) => {
  const [{ type, body } = { type: 0, body: new Uint8Array(0) }] = blocksOf(pcapngPacket(packet));
  t.is(type, 6);
  const view = new DataView(body.buffer);
  const at = view.getUint32(4, true) * 2 ** 32 + view.getUint32(8, true);
  t.is(at, packet.atUs);
  t.is(view.getUint32(12, true), view.getUint32(16, true));
  t.true(Buffer.from(body).includes("mbrtu"));
  t.true(Buffer.from(body).includes("请求"));
});

test("bytes and comments of any length keep the blocks whole", (t) => {
  for (let length = 0; length < 9; length++) {
    const bytes = new Uint8Array(length);
    const blocks = blocksOf(pcapngPacket({ ...packet, bytes, comment: "x".repeat(length) }));
    t.is(blocks.length, 1);
  }
});
