import test from "ava";
import type { BoardAnswer, BoardInput, BoardLink } from "../../edge/core/board.ts";
import { after, type UptimeMs } from "../../edge/core/time.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import type { Heard } from "../heard.ts";
import { type BoardPoint, BoardSession, tasksOf } from "./firmata.ts";

const A0: BoardInput = { kind: "analog", channel: 0 };
const D7: BoardInput = { kind: "digital", pin: 7, pullUp: true };
const BRIDGE: BoardInput = { kind: "ads1115", address: 0x48, between: "0-1", rangeMv: 256 };
const AIR: BoardInput = { kind: "chip", chip: "bmp280", address: 0x76, quantity: "pressure" };

function point(id: string, input: BoardInput, changes: Partial<BoardPoint> = {}): BoardPoint {
  return { id, input, reference: 5, scale: 1, offset: 0, everyMs: 1000, ...changes };
}

/** A session whose board says what a test tells it to. */
function session(...points: readonly BoardPoint[]) {
  const orders: string[] = [];
  const told = (order: string, level: number): Promise<BoardAnswer> => {
    orders.push(order);
    return Promise.resolve({ kind: "level", level });
  };
  const link: BoardLink = {
    firmware: "StandardFirmata 2.5",
    onNews: null,
    closed: Promise.withResolvers<string>().promise,
    drive: (source, level) => told(`${source} ${level}`, level),
    look: (source) => told(source, 0),
    close: () => {},
  };
  const heard: Heard[] = [];
  const faults: string[] = [];
  const made = new BoardSession(link, new SimClock(), points);
  made.onHeard = (each) => heard.push(each);
  made.onFault = (source, fault) => faults.push(`${source}: ${fault}`);
  const uptime = after(0 as UptimeMs, 5);
  return {
    heard,
    faults,
    orders,
    made,
    value: (source: string, value: number) =>
      link.onNews?.({ kind: "value", source, uptime, value }),
    fault: (source: string) => link.onNews?.({ kind: "fault", source, uptime, fault: "no-answer" }),
  };
}

test("an analog pin is volts of the reference, then scaled, without binary dust", (t) => {
  const one = session(point("a.v", A0), point("a.gas", A0, { reference: 3.3, scale: 20 }));
  one.value("A0", 256 / 1023);
  t.deepEqual(one.heard, [
    {
      kind: "message",
      uptime: 5 as UptimeMs,
      readings: [
        { point: "a.v", value: 1.25122, quality: "good" },
        { point: "a.gas", value: 16.5162, quality: "good" },
      ],
    },
  ]);
});

test("a digital pin is true while it is high, and a bridge keeps its sign and microvolts", (t) => {
  const one = session(point("a.lid", D7), point("b.out", BRIDGE, { scale: 1000 }));
  one.value("D7", 1);
  one.value("D7", 0);
  one.value("ads1115@72 0-1 256mV", (-448 / 32_768) * 0.256);
  const values = one.heard.flatMap((each) => {
    return each.kind === "message" ? each.readings.map(({ value }) => value) : [];
  });
  t.deepEqual(values, [true, false, -3.5]);
});

test("a number that stands for having no value gives none", (t) => {
  const one = session(point("c.p", AIR, { sentinels: [30] }));
  one.value("bmp280@118 pressure", 30);
  t.like(one.heard[0], { readings: [{ value: null, quality: "bad:no-value" }] });
});

test("a source without a value says so of all its points, and is told once until it has one again", (t) => {
  const one = session(point("c.p", AIR), point("d.p", AIR), point("a.v", A0));
  one.fault("bmp280@118 pressure");
  one.fault("bmp280@118 pressure");
  t.deepEqual(one.heard[0], {
    kind: "missing",
    points: ["c.p", "d.p"],
    reason: "timeout",
    uptime: 5 as UptimeMs,
  });
  t.deepEqual(one.made.faults, [{ source: "bmp280@118 pressure", fault: "no-answer" }]);
  one.value("A0", 1);
  one.value("bmp280@118 pressure", 101);
  t.deepEqual(one.faults, ["bmp280@118 pressure: no-answer", "bmp280@118 pressure: null"]);
  t.deepEqual(one.made.faults, []);
  t.deepEqual(one.made.counters(), { messages: 2, sourceFaults: 2 });
});

test("what nobody asked for is nobody's", (t) => {
  const one = session(point("a.v", A0));
  one.value("A5", 1);
  t.deepEqual(one.heard, [{ kind: "message", uptime: 5 as UptimeMs, readings: [] }]);
});

test("an input that several points read is read once, at the shortest of their periods", (t) => {
  const tasks = tasksOf([point("a.v", A0), point("a.w", A0, { everyMs: 200 }), point("a.lid", D7)]);
  t.deepEqual(tasks, [
    { source: "A0", everyMs: 200, input: A0 },
    { source: "D7", everyMs: 1000, input: D7 },
  ]);
});

test("an output is true while the board drives it high, and is told and asked by its pin", async (t) => {
  const { heard, orders, made, value } = session(point("b.siren", { kind: "output", pin: 4 }));
  value("D4", 1);
  t.like(heard[0], { readings: [{ point: "b.siren", value: true, quality: "good" }] });
  t.deepEqual(await made.drive("D4", 1), { kind: "level", level: 1 });
  await made.look("D4");
  t.deepEqual(orders, ["D4 1", "D4"]);
});
