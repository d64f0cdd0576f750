import test from "ava";
import type { Sl651Destination } from "../../../config/centre-config.ts";
import { Sl651CentreModel } from "../../../test-rigs/centres/sl651-centre.ts";
import { CentreRig } from "../../../test-rigs/sim/centre-rig.ts";
import { SimClock } from "../../../test-rigs/sim/clock.ts";
import type { WallMs } from "../../core/time.ts";
import type { Part } from "./body.ts";
import { Sl651Centre } from "./centre.ts";
import { stampOf } from "./times.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LOGIN = { centre: 5, station: "0011223344", password: "03E8", encoding: "hex" } as const;

const DESTINATION: Sl651Destination = {
  kind: "sl651",
  name: "centre",
  tcp: { host: "centre", port: 1, connectTimeoutMs: 1000 },
  ...LOGIN,
  stationClass: "H",
  wantsConfirmation: true,
  timeoutMs: 5 * SECOND,
  bodyMax: 220,
  keepAliveMs: 40 * SECOND,
  isHourly: true,
  timedH: null,
  uniformMs: null,
  extraMs: null,
  remote: { clock: true, times: true },
  elements: [
    { code: "Z", point: "level.z", scale: 1, holdMs: MINUTE },
    { code: "VT", point: "box.v", scale: 1, holdMs: MINUTE },
  ],
  state: [{ bit: 2, alarms: ["flood"] }],
};

async function rigOf(settings: Partial<Sl651Destination> = {}) {
  const destination = { ...DESTINATION, ...settings };
  const clock = new SimClock({ state: "synced" });
  const { centre: number, station, password, encoding } = destination;
  const login = { centre: number, station, password, encoding };
  const centre = new Sl651CentreModel(login, () => clock.now());
  const rig = new CentreRig(clock, centre, (parts, ring, signal) => {
    return new Sl651Centre(parts, destination, ring, signal);
  });
  await rig.start();
  return { rig, centre, clock };
}

/** A level that counts the minutes of the hour in centimetres, below zero, and a supply. */
function values(at: WallMs) {
  return { "level.z": -(Math.floor(at / MINUTE) % 60) / 100, "box.v": 12.3 };
}

function number(value: number) {
  return { kind: "number", value };
}

for (const encoding of ["hex", "ascii"] as const) {
  test(`${encoding}: each hour is told when it is over, with what there was at its end`, async (t) => {
    const { rig, centre } = await rigOf({ encoding });
    await rig.pass(2 * HOUR + MINUTE, 10 * SECOND, values);
    const hours = centre.byTime(0x34);
    t.deepEqual([...hours.keys()], ["2601010900", "2601011000"]);
    t.deepEqual(centre.valueOf(hours.get("2601010900"), "Z"), number(-0.59));
    t.deepEqual(centre.valueOf(hours.get("2601010900"), "VT"), number(12.3));
    t.is(centre.faults, 0);
  });

  test(`${encoding}: equal steps are told hour by hour, the first by its time`, async (t) => {
    const { rig, centre } = await rigOf({ encoding, uniformMs: 5 * MINUTE, isHourly: false });
    await rig.pass(HOUR + MINUTE, 10 * SECOND, values);
    const [level] = centre.received.filter(({ functionCode }) => functionCode === 0x31);
    t.is(level?.time, "2601010805");
    const steps = centre.stepsOf(level);
    t.is(steps.length, 12);
    t.deepEqual([steps[0], steps[11]], [number(-0.04), number(-0.59)]);
    t.is(centre.faults, 0);
  });

  test(`${encoding}: a span that is asked for is told from the buffer, in packets`, async (t) => {
    const { rig, centre } = await rigOf({ encoding, bodyMax: 64 });
    await rig.pass(3 * HOUR, 10 * SECOND, values);
    const head = { lead: 0x39, tag: "Z", length: encoding === "hex" ? 4 : 0, decimals: 0 };
    const parts: readonly Part[] = [
      { kind: "span", from: "26010109", to: "26010110" },
      { kind: "step", raw: encoding === "hex" ? "000005" : "DRN05" },
      { kind: "identifier", head },
    ];
    centre.ask(0x38, parts);
    await rig.clock.advance(10 * SECOND);
    const [reply] = centre.replies;
    t.true((reply?.packets ?? 0) > 1);
    const steps = centre.stepsOf(reply);
    t.is(steps.length, 13);
    t.deepEqual([steps[0], steps[1], steps[12]], [-0.59, -0.04, -0.59].map(number));
  });

  test(`${encoding}: what a centre asks is replied to under its serial number`, async (t) => {
    const { rig, centre } = await rigOf({ encoding });
    await rig.pass(MINUTE, 10 * SECOND, values);
    centre.ask(0x37);
    centre.ask(0x3a, [
      { kind: "identifier", head: { lead: 0x38, tag: "VT", length: 2, decimals: 2 } },
      { kind: "identifier", head: { lead: 0x27, tag: "Q", length: 5, decimals: 3 } },
    ]);
    for (const code of [0x45, 0x46, 0x50, 0x51]) centre.ask(code);
    await rig.clock.advance(SECOND);
    const by = new Map(centre.replies.map((reply) => [reply.functionCode, reply]));
    t.deepEqual([...by.keys()], [0x37, 0x3a, 0x45, 0x46, 0x50, 0x51]);
    t.deepEqual(centre.valueOf(by.get(0x37), "VT"), number(12.3));
    t.deepEqual(centre.valueOf(by.get(0x3a), "VT"), number(12.3));
    t.deepEqual(centre.valueOf(by.get(0x3a), "Q"), { kind: "missing" });
    t.deepEqual(centre.valueOf(by.get(0x46), "ZT"), { kind: "state", word: 0 });
    const counters = by.get(0x50)?.body.parts.find((part) => part.kind === "counters");
    t.true(counters?.kind === "counters" && (counters.counts[16] ?? 0) >= 4);
    t.is(centre.faults, 0);
  });
}

test("a test report is the first, and keep-alives keep the link", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.pass(5 * MINUTE, 10 * SECOND, values);
  t.is(centre.received[0]?.functionCode, 0x30);
  t.is(centre.received.length, 1);
  t.true(centre.keepAlives >= 6 && centre.keepAlives <= 8, `${centre.keepAlives}`);
});

test("an alarm is told at once, in the state word, before the hours that are owed", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.pass(MINUTE, 10 * SECOND, values);
  rig.endpoint.unplug();
  await rig.pass(3 * HOUR, 10 * SECOND, values);
  await rig.raise("flood", "unacknowledged");
  t.like(rig.loop?.status().owed, { events: 1 });
  t.is(rig.delivered.get("events"), undefined);
  const count = centre.received.length;
  rig.endpoint.plug();
  await rig.pass(3 * MINUTE, 10 * SECOND, values);
  const later = centre.received.slice(count);
  t.deepEqual(
    later.map(({ functionCode }) => functionCode),
    [0x33, 0x34, 0x34, 0x34],
  );
  t.deepEqual(centre.valueOf(later[0], "ZT"), { kind: "state", word: 4 });
  t.deepEqual(rig.delivered.get("events")?.ranges, [{ from: 1, to: 1 }]);
  await rig.raise("flood", "acknowledged");
  await rig.raise("flood", "normal");
  const told = centre.received.slice(count + 4);
  t.deepEqual(
    told.map((each) => centre.valueOf(each, "ZT")),
    [{ kind: "state", word: 0 }],
  );
});

test("what is not confirmed goes again twice under its serial number, then on a new link", async (t) => {
  const { rig, centre } = await rigOf();
  centre.losesAnswerTo = ({ functionCode }) =>
    functionCode === 0x34 && rig.endpoint.connections === 1;
  await rig.pass(HOUR + 2 * MINUTE, 10 * SECOND, values);
  const hours = centre.received.filter(({ functionCode }) => functionCode === 0x34);
  t.is(hours.length, 4);
  t.is(new Set(hours.slice(0, 3).map(({ serial }) => serial)).size, 1);
  t.is(rig.endpoint.connections, 2);
});

test("of a long report the packet that was lost goes again (M3)", async (t) => {
  const { rig, centre } = await rigOf({ uniformMs: MINUTE, bodyMax: 64 });
  let lost = 0;
  centre.losesPacket = ({ packet }) => packet?.index === 2 && lost++ < 2;
  await rig.pass(HOUR + 2 * MINUTE, 10 * SECOND, values);
  const [level] = centre.received.filter(({ functionCode }) => functionCode === 0x31);
  t.true((level?.packets ?? 0) >= 4);
  t.is(centre.stepsOf(level).length, 60);
  t.is(rig.endpoint.connections, 1);
});

test("timed reports keep to the hours that the centre has set", async (t) => {
  const { rig, centre } = await rigOf({ isHourly: false });
  const parameter = (lead: number, raw: string): Part => {
    return { kind: "parameter", head: { lead, tag: null, length: 1, decimals: 0 }, raw };
  };
  await rig.clock.advance(SECOND);
  centre.ask(0x42, [parameter(0x20, "06"), parameter(0x24, "05")]);
  await rig.pass(11 * HOUR, MINUTE, values);
  t.deepEqual([...centre.byTime(0x32).keys()], ["2601011200", "2601011800"]);
  const told = centre.replies[0]?.body.parts.filter((part) => part.kind === "parameter");
  t.deepEqual(
    told?.map((part) => part.kind === "parameter" && part.raw),
    ["06"],
  );
  t.deepEqual(
    rig.told.map(({ cause }) => cause),
    ["remote-set", "remote-refused"],
  );
});

test("the centre's clock is learnt from, where it may set it", async (t) => {
  const { rig, centre, clock } = await rigOf();
  await clock.advance(SECOND);
  centre.ask(0x4a);
  await clock.advance(SECOND);
  t.is(rig.learnt.length, 1);
  t.true((rig.learnt[0]?.errorMs ?? 0) <= 1000);
  t.is(centre.replies[0]?.functionCode, 0x4a);
  t.is(centre.replies[0]?.body.sentAt?.slice(0, 10), stampOf(clock.now()).slice(0, 10));
});

test("what nobody may do from afar is not done, not answered, and told once", async (t) => {
  const { rig, centre } = await rigOf({ remote: { clock: false, times: false } });
  await rig.clock.advance(SECOND);
  for (const code of [0x47, 0x48, 0x4a, 0x47]) centre.ask(code);
  centre.ask(0x37, [], { password: "FFFF" });
  centre.ask(0x37, [], { station: "0099999999" });
  await rig.clock.advance(SECOND);
  t.is(centre.replies.length, 0);
  t.is(rig.learnt.length, 0);
  const told = rig.told.map(({ detail }) => `${detail?.command} ${detail?.code}`);
  t.deepEqual(told, ["47 refused", "48 refused", "4A refused", "37 password"]);
});

test("a value that is not known is missing, never the last one again", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.pass(59 * MINUTE + 50 * SECOND, 10 * SECOND, values);
  await rig.store({ "level.z": null, "box.v": 12 }, "bad:timeout");
  await rig.pass(2 * MINUTE, 10 * SECOND, () => ({}));
  const [hour] = centre.byTime(0x34).values();
  t.deepEqual(centre.valueOf(hour, "Z"), { kind: "missing" });
});

test("hours of an outage and of a restart are told once each, in their order", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.pass(2 * HOUR + 10 * MINUTE, MINUTE, values);
  rig.endpoint.unplug();
  await rig.pass(5 * HOUR, MINUTE, values);
  await rig.kill();
  await rig.start();
  await rig.pass(HOUR, MINUTE, values);
  const times = centre.received
    .filter(({ functionCode }) => functionCode === 0x34)
    .map(({ time }) => time);
  t.is(times.length, 8);
  t.deepEqual(times, [...new Set(times)].toSorted());
});

test("a centre that confirms nothing by agreement gets each report once (M1)", async (t) => {
  const { rig, centre } = await rigOf({ wantsConfirmation: false });
  centre.losesAnswerTo = () => true;
  await rig.pass(2 * HOUR + MINUTE, 10 * SECOND, values);
  t.deepEqual(
    centre.received.map(({ functionCode }) => functionCode),
    [0x30, 0x34, 0x34],
  );
  t.is(rig.endpoint.connections, 1);
});

test("garbage between the frames, and frames in pieces, change nothing", async (t) => {
  const { rig, centre } = await rigOf();
  rig.endpoint.splits = 0.8;
  for (let minute = 0; minute < 61; minute++) {
    centre.say(Uint8Array.from([0x7e, 0x7e, minute, 1, 0x7e, 0x7e, 0xff, 0x02]));
    await rig.pass(MINUTE, 10 * SECOND, values);
  }
  t.is(rig.endpoint.connections, 1);
  t.is(centre.faults, 0);
  t.is(centre.byTime(0x34).size, 1);
});
