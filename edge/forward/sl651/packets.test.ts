import test from "ava";
import fc from "fast-check";
import { ANY_REPORT } from "../../../test-rigs/vectors/any-frame.ts";
import { SL651 } from "../../../test-rigs/vectors/vectors.ts";
import { confirmation, isAnswerTo, repeatRequest } from "./answers.ts";
import { hexBytes, hexText } from "./digits.ts";
import { encodeFrame } from "./encode.ts";
import { decodeFrame } from "./frame.ts";
import type { Frame } from "./header.ts";
import { FrameJoiner, splitFrame } from "./packets.ts";

const frameOf = (id: string) => {
  const hex = [...SL651.published, ...SL651.built].find((each) => each.id === id)?.hex ?? "";
  return decodeFrame(hexBytes(hex)).frame!;
};
const built = (id: string) => SL651.built.find((each) => each.id === id)?.hex;

test("a report is confirmed under its serial number, with leave or without", (t) => {
  const report = frameOf("sl651-up-32");
  const at = "170718110018";
  const leave = confirmation(report, 52, at, "EOT");
  t.is(hexText(encodeFrame(leave)), built("built-ack-eot") ?? "");
  t.is(hexText(encodeFrame(confirmation(report, 52, at, "ESC"))), built("built-ack-esc") ?? "");
  t.true(isAnswerTo(leave, report));
  t.false(isAnswerTo(confirmation(report, 53, at, "EOT"), report));
  t.false(isAnswerTo({ ...leave, station: "0000000001" }, report));
  t.false(isAnswerTo(report, report));
});

test("one of several packets is asked for again, and all are confirmed at once", (t) => {
  const packet = frameOf("sl651-up-36-seq2");
  const at = "591011161131";
  t.is(
    hexText(encodeFrame(repeatRequest(packet, 1, "591011161130", 7))),
    built("built-m3-nak") ?? "",
  );
  t.is(hexText(encodeFrame(confirmation(packet, 1, at, "EOT"))), built("built-m3-eot") ?? "");
});

const PICTURE: Frame = {
  ...frameOf("sl651-up-32"),
  functionCode: 0x36,
  body: new Uint8Array(1000),
};

test("a long message goes in packets of which the last ends it", (t) => {
  const packets = splitFrame(PICTURE, 220);
  t.deepEqual(
    packets.map(({ end, packet }) => [end, packet?.index, packet?.total]),
    [1, 2, 3, 4, 5].map((index) => [index === 5 ? "ETX" : "ETB", index, 5]),
  );
  for (const packet of packets) {
    t.deepEqual(decodeFrame(encodeFrame(packet)).frame, packet);
  }
  t.deepEqual(splitFrame(PICTURE, 1000), [PICTURE]);
  t.throws(() => splitFrame({ ...PICTURE, body: new Uint8Array(5000) }, 1), {
    instanceOf: RangeError,
  });
});

test("whatever is split is put together again, in any order and with repeats", (t) => {
  const split = ANY_REPORT.chain(({ frame }) => {
    const packets = splitFrame(frame, 20);
    return fc.tuple(
      fc.constant(frame),
      fc.shuffledSubarray([...packets], { minLength: packets.length }),
    );
  });
  fc.assert(
    fc.property(split, ([frame, packets]) => {
      const joiner = new FrameJoiner();
      let message: Frame | null = null;
      for (const packet of [packets[0]!, ...packets]) message = joiner.add(packet) ?? message;
      t.deepEqual(message, { ...frame, end: packets.length === 1 ? frame.end : "ETX" });
    }),
  );
});

test("what is missing of a message can be asked for", (t) => {
  const joiner = new FrameJoiner();
  const packets = splitFrame(PICTURE, 220);
  for (const index of [0, 2, 3]) t.is(joiner.add(packets[index]!), null);
  t.deepEqual(joiner.missing(packets[0]!), [2, 5]);
  t.deepEqual(joiner.missing({ ...PICTURE, functionCode: 0x31 }), []);
  t.is(joiner.add(packets[1]!), null);
  t.deepEqual(joiner.add(packets[4]!)?.body, PICTURE.body);
  t.is(joiner.waiting, 0);
});

test("a new message, and one too many, make an end of one that waits", (t) => {
  const joiner = new FrameJoiner(2000);
  const packets = splitFrame(PICTURE, 220);
  joiner.add(packets[0]!);
  joiner.add({ ...packets[0]!, body: new Uint8Array(220).fill(1) });
  t.is(joiner.dropped, 1);
  for (let station = 0; station < 50; station++) {
    joiner.add({ ...packets[0]!, station: String(station).padStart(10, "0") });
    t.true(joiner.waiting <= 2000);
  }
  t.true(joiner.dropped > 40);
  for (let station = 0; station < 50; station++) {
    const body = new Uint8Array(0);
    joiner.add({ ...packets[0]!, body, station: String(station).padStart(10, "0") });
    t.true(joiner.waiting <= 2000);
  }
  t.true(joiner.dropped > 90);
});
