import test from "ava";
import type { Hj212Destination } from "../../../config/centre-config.ts";
import { Hj212CentreModel, told } from "../../../test-rigs/centres/hj212-centre.ts";
import { CentreRig } from "../../../test-rigs/sim/centre-rig.ts";
import { SimClock } from "../../../test-rigs/sim/clock.ts";
import type { WallMs } from "../../core/time.ts";
import { Hj212Centre } from "./centre.ts";
import { crcOf, crcText } from "./crc.ts";
import { parameterOf } from "./packet.ts";
import { timeOf } from "./times.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LOGIN = { mn: "010000A8900016F000169DC0", password: "123456", system: "32" };

const DESTINATION: Hj212Destination = {
  kind: "hj212",
  name: "centre",
  tcp: { host: "centre", port: 1, connectTimeoutMs: 1000 },
  edition: 2017,
  ...LOGIN,
  wantsAnswers: true,
  timeoutMs: 5 * SECOND,
  repeats: 3,
  realTimeMs: null,
  minuteMs: 10 * MINUTE,
  heartbeatMs: MINUTE,
  validity: "all",
  remote: { clock: true, timeout: true, realTime: true, minute: true },
  equipment: [],
  factors: [
    { code: "w01018", point: "cod.value", scale: 1, holdMs: MINUTE, decimals: 1, total: null },
    {
      code: "w00000",
      point: "flow.q",
      scale: 1,
      holdMs: MINUTE,
      decimals: 2,
      total: { flow: null, scale: 0.001 },
    },
  ],
};

async function rigOf(settings: Partial<Hj212Destination> = {}) {
  const destination = { ...DESTINATION, ...settings };
  const clock = new SimClock({ state: "synced" });
  const centre = new Hj212CentreModel(LOGIN, () => clock.now());
  const rig = new CentreRig(clock, centre, (parts, ring, signal) => {
    return new Hj212Centre(parts, destination, ring, signal);
  });
  await rig.start();
  return { rig, centre, clock };
}

/** COD that counts the minutes of the hour, and a flow of 2 L/s. */
function values(at: WallMs) {
  return { "cod.value": Math.floor(at / MINUTE) % 60, "flow.q": 2 };
}

/** 2026-01-01 08:00 in China. */
const BEGIN = "20260101080000";

test("a minute period is told when it is over, with its statistics, and once", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.pass(11 * MINUTE, 5 * SECOND, values);
  const periods = centre.received.filter(({ cn }) => cn === "2051");
  t.deepEqual(
    periods.map(({ dataTime }) => dataTime),
    [BEGIN],
  );
  const field = (code: string, name: string) => told(periods[0], code, name);
  t.deepEqual(
    ["Min", "Avg", "Max", "Flag"].map((name) => field("w01018", name)),
    ["0.0", "4.5", "9.0", "N"],
  );
  t.is(field("w01018", "Cou"), null);
  t.is(field("w00000", "Cou"), "1.20");
});

test("what the instrument did not answer is marked, and no value is made up", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.store({ "flow.q": 2 });
  await rig.store({ "cod.value": null }, "bad:timeout");
  await rig.pass(11 * MINUTE, 10 * SECOND, () => ({ "flow.q": 2 }));
  const [period] = centre.received.filter(({ cn }) => cn === "2051");
  t.is(told(period, "w01018", "Flag"), "B");
  t.is(told(period, "w01018", "Avg"), null);
  t.is(told(period, "w00000", "Flag"), "N");
});

test("hours and days follow the minute data that end with them", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.pass(16 * HOUR + 5 * MINUTE, MINUTE, values);
  t.is(centre.byTime("2051").size, 96);
  t.is(centre.byTime("2061").size, 16);
  const last = centre.received.filter(({ cn }) => cn !== "2081").slice(-3);
  t.deepEqual(
    last.map(({ cn, dataTime }) => `${cn} ${dataTime}`),
    ["2051 20260101235000", "2061 20260101230000", "2031 20260101000000"],
  );
  const [hour] = centre.byTime("2061").values();
  t.is(told(hour, "w01018", "Max"), "59.0");
  t.is(told(hour, "w00000", "Cou"), "7.20");
});

test("an answer that is lost brings the same QN again, and the period counts once", async (t) => {
  const { rig, centre } = await rigOf();
  let lost = 0;
  centre.losesAnswerTo = ({ cn }) => cn === "2051" && lost++ < 2;
  await rig.pass(11 * MINUTE, 5 * SECOND, values);
  const qns = centre.received.filter(({ cn }) => cn === "2051").map(({ packet }) => packet.qn);
  t.is(qns.length, 3);
  t.is(new Set(qns).size, 1);
  t.is(rig.endpoint.connections, 1);
});

test("without an answer to three repeats the connection is made anew, and nothing is lost", async (t) => {
  const { rig, centre } = await rigOf();
  centre.losesAnswerTo = ({ cn }) => cn === "2051" && rig.endpoint.connections === 1;
  await rig.pass(21 * MINUTE, 5 * SECOND, values);
  const qns = centre.received.filter(({ cn }) => cn === "2051").map(({ packet }) => packet.qn);
  t.is(qns.filter((qn) => qn === qns[0]).length, 4);
  t.true(rig.endpoint.connections > 1);
  t.deepEqual([...centre.byTime("2051").keys()], [BEGIN, "20260101081000"]);
});

test("the cursor moves with the answers only, and a restart tells the rest", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.pass(2 * HOUR + 15 * MINUTE, 10 * SECOND, values);
  const before = rig.delivered.get("readings")?.ranges.at(-1)?.to ?? 0;
  rig.endpoint.unplug();
  await rig.pass(3 * HOUR, 10 * SECOND, values);
  t.is(rig.delivered.get("readings")?.ranges.at(-1)?.to, before);
  await rig.kill();
  const count = centre.received.length;
  await rig.start();
  await rig.pass(15 * MINUTE, 10 * SECOND, values);
  const later = centre.received.slice(count).filter(({ cn }) => cn !== "2081");
  const times = (cn: string) => later.filter((m) => m.cn === cn).map(({ dataTime }) => dataTime);
  t.deepEqual(times("2061"), ["20260101100000", "20260101110000", "20260101120000"]);
  t.is(times("2051")[0], "20260101101000");
  t.is(new Set(times("2051")).size, times("2051").length);
  t.is(centre.byTime("2051").size, 32);
  // The hour that was open at the restart was made again whole.
  t.is(told(centre.byTime("2061").get("20260101100000"), "w01018", "Min"), "0.0");
});

test("history that is asked for is told from the buffer, period by period, and then done", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.pass(3 * HOUR + MINUTE, 10 * SECOND, values);
  const count = centre.received.length;
  const qn = centre.ask("2061", { BeginTime: "20260101080000", EndTime: "20260101090000" });
  await rig.clock.advance(10 * SECOND);
  const data = centre.received.slice(count);
  t.deepEqual(
    data.map(({ cn, dataTime }) => `${cn} ${dataTime}`),
    ["2061 20260101080000", "2061 20260101090000"],
  );
  t.is(told(data[0], "w01018", "Avg"), "29.5");
  t.deepEqual(centre.resultsOf(qn), ["1", "1"]);
  const none = centre.ask("2061", { BeginTime: "20250101080000", EndTime: "20250101090000" });
  await rig.clock.advance(10 * SECOND);
  t.deepEqual(centre.resultsOf(none), ["1", "100"]);
});

test("a second query while one is answered is told that the gateway is busy", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.pass(3 * HOUR, 10 * SECOND, values);
  const span = { BeginTime: "20260101080000", EndTime: "20260101100000" };
  const [first, second] = [centre.ask("2051", span), centre.ask("2061", span)];
  await rig.clock.advance(30 * SECOND);
  t.deepEqual(centre.resultsOf(second), ["1", "5"]);
  t.deepEqual(centre.resultsOf(first), ["1", "1"]);
});

test("real-time data come as often as the centre asks for them, until it stops them", async (t) => {
  const { rig, centre } = await rigOf();
  centre.ask("1062", { RtdInterval: "30" });
  await rig.pass(MINUTE, 5 * SECOND, values);
  t.is(centre.byTime("2011").size, 0);
  await rig.clock.advance(SECOND);
  centre.ask("1062", { RtdInterval: "60" });
  const qn = centre.ask("2011");
  await rig.pass(3 * MINUTE, 5 * SECOND, values);
  t.deepEqual(centre.resultsOf(qn), ["1", "1"]);
  t.is(centre.byTime("2011").size, 3);
  const [message] = centre.byTime("2011").values();
  t.is(told(message, "w00000", "Rtd"), "2.00");
  t.is(told(message, "w00000", "Flag"), "N");
  centre.ask("2012");
  await rig.pass(3 * MINUTE, 5 * SECOND, values);
  t.is(centre.byTime("2011").size, 3);
  t.true(
    rig.told.some(({ cause, detail }) => cause === "remote-set" && detail?.command === "2011"),
  );
});

test("another period of minute data holds at once, made again from the buffer", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.pass(7 * MINUTE, 5 * SECOND, values);
  const qn = centre.ask("1064", { MinInterval: "5" });
  await rig.pass(4 * MINUTE, 5 * SECOND, values);
  t.deepEqual(centre.resultsOf(qn), ["1", "1"]);
  t.deepEqual([...centre.byTime("2051").keys()], [BEGIN, "20260101080500"]);
  const wrong = centre.ask("1064", { MinInterval: "7" });
  await rig.clock.advance(SECOND);
  t.deepEqual(centre.resultsOf(wrong), ["1", "3"]);
});

test("what is asked for can be read, under the request's QN", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.clock.advance(SECOND);
  const qn = centre.ask("1011");
  await rig.clock.advance(SECOND);
  const answer = centre.received.find(({ cn }) => cn === "1011");
  t.is(answer?.packet.qn, qn);
  t.regex(parameterOf(answer?.packet.cp ?? [], "SystemTime") ?? "", /^2026010108000\d$/);
  t.deepEqual(centre.resultsOf(qn), ["1", "1"]);
});

test("the centre's clock is learnt from, within what it can be believed", async (t) => {
  const { rig, centre, clock } = await rigOf();
  clock.setState("unsynced");
  await clock.advance(2 * SECOND);
  const qn = centre.ask("1012", { SystemTime: timeOf((clock.now() + 3 * HOUR) as WallMs) });
  await clock.advance(SECOND);
  t.deepEqual(centre.resultsOf(qn), ["1", "1"]);
  const [learnt] = rig.learnt;
  t.true(Math.abs((learnt?.wall ?? 0) - (clock.now() - SECOND + 3 * HOUR)) <= SECOND);
  t.true((learnt?.errorMs ?? 0) >= 500 && (learnt?.errorMs ?? 0) <= 1000);
});

test("a gateway without the time asks for it, and goes on where nobody answers that", async (t) => {
  const clock = new SimClock({ state: "unsynced" });
  const centre = new Hj212CentreModel(LOGIN, () => clock.now());
  const rig = new CentreRig(clock, centre, (...parts) => {
    return new Hj212Centre(parts[0], DESTINATION, parts[1], parts[2]);
  });
  centre.losesAnswerTo = ({ cn }) => cn === "1013" || cn === "2081";
  await rig.start();
  await rig.pass(11 * MINUTE, 5 * SECOND, values);
  t.true(centre.received.some(({ cn }) => cn === "1013"));
  t.is(rig.endpoint.connections, 1);
  t.is(centre.byTime("2051").size, 1);
});

const REFUSALS: readonly (readonly [string, Parameters<Hj212CentreModel["ask"]>, string])[] = [
  ["a new password", ["1072", { NewPW: "654321" }], "2"],
  ["a parameter of an instrument", ["3021", { PolId: "w01018", InfoId: "i13001" }], "2"],
  ["the clock of an instrument", ["1012", { PolId: "w01018", SystemTime: BEGIN }], "2"],
  ["a command that there is not", ["7777"], "8"],
  ["a request with another password", ["1011", {}, { pw: "000000" }], "3"],
  ["a request to another device", ["1011", {}, { mn: "ANOTHER" }], "4"],
  ["a request of another system", ["1011", {}, { st: "22" }], "5"],
  ["a request with a QN that is no time", ["1011", {}, { qn: "yesterday" }], "7"],
];

for (const [name, asked, code] of REFUSALS) {
  test(`${name} is refused with the standard's code, and told once`, async (t) => {
    const { rig, centre } = await rigOf();
    await rig.clock.advance(SECOND);
    const qn = centre.ask(...asked);
    centre.ask(...asked);
    await rig.clock.advance(SECOND);
    t.deepEqual(
      centre.answers.map(({ cp }) => parameterOf(cp, "QnRtn")),
      [code, code],
    );
    t.true(centre.answers.some((answer) => answer.qn === qn || asked[2]?.qn !== undefined));
    const refused = rig.told.filter(({ cause }) => cause === "remote-refused");
    t.deepEqual(
      refused.map(({ detail }) => detail?.code),
      [code],
    );
  });
}

test("a password that has no form in an answer gets none, and harms nobody", async (t) => {
  const { rig, centre } = await rigOf();
  await rig.clock.advance(SECOND);
  const fields = `QN=20260101080000000;ST=32;CN=1011;PW=12,45;MN=${LOGIN.mn};Flag=5`;
  const segment = Buffer.from(`${fields};CP=&&&&`);
  const length = String(segment.length).padStart(4, "0");
  centre.say(Buffer.from(`##${length}${segment}${crcText(crcOf(segment))}\r\n`));
  await rig.pass(11 * MINUTE, 5 * SECOND, values);
  t.is(centre.byTime("2051").size, 1);
  t.is(rig.told.length, 1);
});

test("what the configuration does not let a centre set is refused", async (t) => {
  const remote = { clock: false, timeout: false, realTime: false, minute: false };
  const { rig, centre } = await rigOf({ remote });
  await rig.clock.advance(SECOND);
  for (const cn of ["1000", "1012", "1062", "1064", "2011"]) {
    const qn = centre.ask(cn, { OverTime: "9", ReCount: "9", SystemTime: BEGIN });
    await rig.clock.advance(SECOND);
    t.deepEqual(centre.resultsOf(qn), ["2"], cn);
  }
  t.is(rig.learnt.length, 0);
});

test("garbage between the frames, and frames in pieces, change nothing", async (t) => {
  const { rig, centre } = await rigOf();
  rig.endpoint.splits = 0.7;
  for (let minute = 0; minute < 11; minute++) {
    centre.say(Buffer.from(`##99${minute}\0noise##0012QN=CP=&&&&FFFF\r\n`));
    await rig.pass(MINUTE, 5 * SECOND, values);
  }
  t.is(rig.endpoint.connections, 1);
  t.is(centre.faults, 0);
  t.is(told(centre.byTime("2051").get(BEGIN), "w01018", "Avg"), "4.5");
});

test("many factors go in several packets, each with its answer", async (t) => {
  const factors = Array.from({ length: 40 }, (_, i) => {
    return { ...DESTINATION.factors[0]!, code: `w2${i + 1000}` };
  });
  const { rig, centre } = await rigOf({ factors });
  let lost = 0;
  centre.losesAnswerTo = ({ pno }) => pno === 2 && lost++ === 0;
  await rig.pass(11 * MINUTE, 5 * SECOND, values);
  const [period] = centre.byTime("2051").values();
  t.is(period?.factors.length, 40);
  t.is(rig.endpoint.connections, 1);
});

test("the 2025 edition has a heartbeat, and marks what comes late", async (t) => {
  const { rig, centre } = await rigOf({ edition: 2025 });
  await rig.pass(5 * MINUTE, 5 * SECOND, values);
  t.is(centre.received.filter(({ cn }) => cn === "9015").length, 4);
  rig.endpoint.unplug();
  await rig.pass(20 * MINUTE, 5 * SECOND, values);
  rig.endpoint.plug();
  await rig.pass(6 * MINUTE, 5 * SECOND, values);
  const marks = Array.from(centre.byTime("2051").values(), ({ isResent }) => isResent);
  t.deepEqual(marks, [true, true, false]);
  t.is(centre.received[0]?.packet.flag, 9);
});

test("a centre without answers gets everything once", async (t) => {
  const { rig, centre } = await rigOf({ wantsAnswers: false });
  await rig.pass(HOUR + MINUTE, 5 * SECOND, values);
  t.is(centre.received.filter(({ cn }) => cn === "2051").length, 6);
  t.true(centre.received.every(({ packet }) => packet.flag === 4));
});

test("states of equipment are told when they change, an alarm before all that is owed", async (t) => {
  const pump = { code: "SB1", point: "pump.on", holdMs: MINUTE, alarms: ["overload"] };
  const { rig, centre } = await rigOf({ equipment: [pump] });
  const states = () => {
    const own = centre.received.filter(({ cn }) => cn === "2021");
    return own.map((message) => told(message, "SB1", "RS"));
  };
  await rig.pass(2 * MINUTE, 10 * SECOND, () => ({ "pump.on": 1 }));
  await rig.pass(MINUTE, 10 * SECOND, () => ({ "pump.on": 0 }));
  t.deepEqual(states(), ["1", "0"]);
  rig.endpoint.unplug();
  await rig.pass(30 * MINUTE, 10 * SECOND, values);
  await rig.raise("overload", "unacknowledged");
  t.like(rig.loop?.status().owed, { events: 1 });
  const count = centre.received.length;
  rig.endpoint.plug();
  await rig.pass(2 * MINUTE, 10 * SECOND, () => ({ "pump.on": 0 }));
  t.is(centre.received[count]?.cn, "2021");
  await rig.raise("overload", "normal");
  t.deepEqual(states(), ["1", "0", "4", "0"]);
  t.deepEqual(rig.delivered.get("events")?.ranges, [{ from: 1, to: 2 }]);
  const qn = centre.ask("2021");
  await rig.clock.advance(SECOND);
  t.deepEqual(centre.resultsOf(qn), ["1", "1"]);
  t.is(states().length, 5);
  centre.ask("2022");
  await rig.clock.advance(SECOND);
  await rig.pass(MINUTE, 10 * SECOND, () => ({ "pump.on": 1 }));
  t.is(states().length, 5);
});

test("no event is owed to a centre whose protocol has no form for it", async (t) => {
  const { rig } = await rigOf();
  t.deepEqual(rig.loop?.status().owed, { readings: 0, events: 0 });
  await rig.pass(5 * MINUTE, 5 * SECOND, values);
  t.like(rig.loop?.status(), { state: "connected", owed: { readings: 0, events: 0 } });
});
