import test from "ava";
import { characterMs, Wire } from "./wire.ts";

test("a character takes eleven bits", (t) => {
  t.is(characterMs(11_000), 1);
  t.is(characterMs(9600), 11_000 / 9600);
});

test("characters come out in order, each not before its last bit is over", async (t) => {
  const baud = 19_200;
  const begunMs = performance.now();
  const got: number[] = [];
  let early = 0;
  await new Promise<void>((resolve) => {
    const wire = new Wire(baud, (bytes) => {
      got.push(...bytes);
      if (performance.now() - begunMs < got.length * characterMs(baud)) early += 1;
      if (got.length === 40) resolve();
    });
    wire.put(Uint8Array.from({ length: 30 }, (_, i) => i));
    wire.put(Uint8Array.from({ length: 10 }, (_, i) => 30 + i));
    t.true(wire.isBusy);
  });
  t.deepEqual(
    got,
    Array.from({ length: 40 }, (_, i) => i),
  );
  t.is(early, 0);
});

test("a cleared line delivers nothing any more", async (t) => {
  let delivered = 0;
  const wire = new Wire(1_000_000, (bytes) => {
    delivered += bytes.length;
  });
  wire.put(Uint8Array.of(1, 2, 3));
  wire.clear();
  t.false(wire.isBusy);
  await new Promise((resolve) => setTimeout(resolve, 10));
  t.is(delivered, 0);
});

test("what does not fit on the line is refused and counted", (t) => {
  const wire = new Wire(300, () => {});
  wire.put(new Uint8Array(65_000));
  wire.put(new Uint8Array(1000));
  t.is(wire.dropped, 1000);
  wire.clear();
});
