import test from "ava";
import fc from "fast-check";
import { ANY_PACKET } from "../../../test-rigs/vectors/any-packet.ts";
import { HJ212 } from "../../../test-rigs/vectors/vectors.ts";
import { encodeFrame } from "./encode.ts";
import { factorGroup } from "./factors.ts";
import { decodeFrame } from "./frame.ts";
import type { Group, Packet } from "./packet.ts";
import { PacketJoiner, splitPacket } from "./split.ts";

const TIMED: Group = [{ name: "DataTime", value: "20160801080000" }];

const HOURLY: Packet = {
  qn: "20160801085857534",
  st: "32",
  cn: "2061",
  pw: "123456",
  mn: "010000A8900016F000169DC0",
  flag: 5,
  pnum: null,
  pno: null,
  isResent: false,
  cp: [TIMED, ...Array.from({ length: 60 }, (_, i) => factorGroup(`w${20_000 + i}`, fields(i)))],
};

function fields(value: number): Record<string, string> {
  return { Cou: "63.0", Min: `${value}`, Avg: "17.5", Max: "20.1", Flag: "N" };
}

function joinAll(packets: readonly Packet[]): Packet | null {
  const joiner = new PacketJoiner();
  let message: Packet | null = null;
  for (const packet of packets) message = joiner.add(packet) ?? message;
  return message;
}

test("the two packets of Annex C are one message", (t) => {
  const parts = HJ212.frames
    .filter(({ id }) => id.startsWith("built-c50-2061-part"))
    .map(({ message }) => decodeFrame(Buffer.from(message)).packet!);
  const joiner = new PacketJoiner();
  t.is(joiner.add(parts[0]!), null);
  const message = joiner.add(parts[1]!);
  t.is(message?.flag, 5);
  t.deepEqual(
    message?.cp.map((group) => group[0]?.name),
    ["DataTime", "w00000-Cou", "w01001-Min", "w01018-Cou"],
  );
  t.is(joiner.waiting, 0);
});

test("a message that is too long goes in packets that are not, and each says its time", (t) => {
  const packets = splitPacket(HOURLY, (index) => `201608010858575${index + 34}`);
  t.true(packets.length > 3);
  packets.forEach((packet, index) => {
    t.like(packet, { flag: 7, pnum: packets.length, pno: index + 1 });
    t.deepEqual(packet.cp[0], TIMED);
    const { segmentLength, notes, faults } = decodeFrame(encodeFrame(packet));
    t.true(segmentLength <= 1024);
    t.deepEqual([...notes, ...faults], []);
  });
  t.is(new Set(packets.map(({ qn }) => qn)).size, packets.length);
  t.deepEqual(joinAll(packets.toReversed()), { ...HOURLY, qn: packets[0]!.qn });
});

test("a message that gets its QN as it is split leaves room for that", (t) => {
  const packets = splitPacket({ ...HOURLY, qn: null }, (index) => `201608010858575${index + 34}`);
  for (const packet of packets) {
    const { segmentLength, notes, faults } = decodeFrame(encodeFrame(packet));
    t.true(segmentLength <= 1024, `${segmentLength}`);
    t.deepEqual([...notes, ...faults], []);
  }
});

test("a message that fits goes as it is", (t) => {
  const message = { ...HOURLY, cp: HOURLY.cp.slice(0, 3) };
  t.deepEqual(splitPacket(message), [message]);
  t.deepEqual(splitPacket({ ...message, cp: [] }), [{ ...message, cp: [] }]);
  t.is(joinAll([message]), message);
});

test("a group that fits no packet is refused", (t) => {
  const cp = [TIMED, [{ name: "i11001-Info", value: "x".repeat(960) }]];
  t.throws(() => splitPacket({ ...HOURLY, cp }), { instanceOf: RangeError });
});

test("whatever is split is put together again, in any order and with repeats", (t) => {
  const messages = fc
    .tuple(ANY_PACKET, fc.integer({ min: 20, max: 80 }))
    .map(([packet, count]): Packet => {
      const cp = Array.from({ length: count }, (_, i) => factorGroup(`a${i}`, fields(i)));
      return {
        ...packet,
        flag: (packet.flag ?? 0) & ~2,
        pnum: null,
        pno: null,
        cp: [TIMED, ...cp],
      };
    });
  const shuffled = messages.chain((message) => {
    const packets = splitPacket(message);
    return fc.tuple(
      fc.constant(message),
      fc.shuffledSubarray([...packets], { minLength: packets.length }),
      fc.nat(packets.length - 1),
    );
  });
  fc.assert(
    fc.property(shuffled, ([message, packets, repeated]) => {
      t.deepEqual(joinAll([packets[repeated]!, ...packets]), message);
    }),
  );
});

test("packets whose message never comes to an end are given up for newer ones", (t) => {
  const joiner = new PacketJoiner(10);
  for (let i = 0; i < 100; i++) {
    joiner.add({ ...HOURLY, mn: `${i}`, flag: 7, pnum: 3, pno: 1, cp: [] });
    t.true(joiner.waiting <= 10);
  }
  t.is(joiner.dropped, 90);
});
