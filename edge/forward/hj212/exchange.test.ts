import test from "ava";
import type { WallMs } from "../../core/time.ts";
import { FrameSearch } from "../frame-search.ts";
import { dataAnswer, executionResult, isAnswerTo, requestAnswer } from "./answers.ts";
import { encodeFrame } from "./encode.ts";
import { factorGroup, factorsOf } from "./factors.ts";
import { decodeFrame, streamRules } from "./frame.ts";
import { flagBits, flagOf, type Packet, parameterOf } from "./packet.ts";
import { qnRtnOf } from "./return-codes.ts";
import { PacketJoiner, splitPacket } from "./split.ts";
import { qnOf, timeOf, wallOfTime } from "./times.ts";

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 27, 4) as WallMs;

const BASE: Packet = {
  qn: qnOf(NOW),
  st: "32",
  cn: "2061",
  pw: "123456",
  mn: "010000A8900016F000169DC0",
  flag: flagOf({ version: 1, isNumbered: false, wantsAnswer: true }),
  pnum: null,
  pno: null,
  isResent: false,
  cp: [],
};

/** One end of a link: what it hears is cut into pieces of seven bytes. */
class Ear {
  readonly #search = new FrameSearch(streamRules());

  hear(...sent: readonly Packet[]): readonly Packet[] {
    const bytes = Buffer.concat(sent.map(encodeFrame));
    const packets: Packet[] = [];
    for (let at = 0; at < bytes.length; at += 7) {
      for (const found of this.#search.take(bytes.subarray(at, at + 7))) {
        const { packet, faults } = decodeFrame(found.bytes);
        if (packet !== null && faults.length === 0) packets.push(packet);
      }
    }
    return packets;
  }
}

/** What a device holds of one hour. */
function hourly(at: WallMs): Packet {
  const codes = Array.from({ length: 30 }, (_, i) => `w${20_001 + i}`);
  const groups = codes.map((code) => factorGroup(code, { Avg: "17.5", Max: "20.1", Flag: "N" }));
  return { ...BASE, cp: [[{ name: "DataTime", value: timeOf(at) }], ...groups] };
}

test("a centre that asks for history gets every hour, in packets that are answered one by one", (t) => {
  const [centre, device] = [new Ear(), new Ear()];
  const [from, to] = [NOW - 2 * HOUR_MS, NOW].map((at) => timeOf(at as WallMs));
  const request: Packet = {
    ...BASE,
    cp: [[{ name: "BeginTime", value: from! }], [{ name: "EndTime", value: to! }]],
  };

  const [asked] = device.hear(request);
  t.is(parameterOf(asked!.cp, "EndTime"), to!);
  const [accepted] = centre.hear(requestAnswer(asked!, "1"));
  t.true(isAnswerTo(accepted!, request));

  const joiner = new PacketJoiner();
  const begin = wallOfTime(parameterOf(asked!.cp, "BeginTime")!)!;
  const hours: string[] = [];
  for (let hour = 0; hour < 2; hour++) {
    const at = (begin + hour * HOUR_MS) as WallMs;
    const packets = splitPacket(hourly(at), (index) => qnOf((NOW + hour * 1000 + index) as WallMs));
    t.true(packets.length > 1);
    for (const packet of packets) {
      const [upload] = centre.hear(packet);
      t.true(flagBits(upload!.flag!).wantsAnswer);
      const [answer] = device.hear(dataAnswer(upload!));
      t.true(isAnswerTo(answer!, packet));
      const message = joiner.add(upload!);
      if (message === null) continue;
      t.is(factorsOf(message).length, 30);
      hours.push(parameterOf(message.cp, "DataTime")!);
    }
  }
  t.deepEqual(hours, [from, timeOf((NOW - HOUR_MS) as WallMs)]);
  const [done] = centre.hear(executionResult(asked!, "1"));
  t.is(parameterOf(done!.cp, "ExeRtn"), "1");
  t.true(isAnswerTo(done!, request));
});

test("a centre that sets the clock tells a time that the device can read", (t) => {
  const set = { ...BASE, cn: "1012", cp: [[{ name: "SystemTime", value: timeOf(NOW) }]] };
  const [packet] = new Ear().hear(set);
  t.is(wallOfTime(parameterOf(packet!.cp, "SystemTime")!), NOW);
});

test("a request that cannot be understood is answered with what is wrong about it", (t) => {
  const { packet, faults } = decodeFrame(encodeFrame({ ...BASE, qn: "yesterday" }));
  const answer = requestAnswer(packet!, qnRtnOf(faults[0]!));
  t.is(parameterOf(answer.cp, "QnRtn"), "7");
});
