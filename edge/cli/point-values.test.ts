import test from "ava";
import type { DeviceConfig, PointConfig } from "../../config/gateway-config.ts";
import { Conversation, type Heard } from "../../drivers/modbus/conversation.ts";
import { withCrc } from "../../drivers/modbus/crc16.ts";
import { aPoint, hex, rtuAnswer } from "../../drivers/modbus/fake-link.ts";
import { pointsIn } from "./point-values.ts";

const DEVICES = [
  { name: "level-1", bus: "line-a", unit: 1 },
  { name: "level-2", bus: "line-a", unit: 2 },
  { name: "pump", bus: "other", unit: 1 },
] as const;

function point(device: string, name: string, some: Parameters<typeof aPoint>[0]) {
  return { ...aPoint({ id: `${device}.${name}`, ...some }), device, unit: "m" };
}

const POINTS = [
  point("level-1", "level", { address: 4, type: "int16", scale: 0.001 }),
  point("level-1", "temp", { address: 5, type: "float32" }),
  point("level-1", "beyond", { address: 6, type: "float32" }),
  point("level-1", "input", { address: 4, area: "input" }),
  point("level-1", "shut", { address: 19, area: "coil", type: "bool" }),
  point("level-2", "level", { address: 4 }),
  point("pump", "level", { address: 4 }),
];

const config = {
  devices: DEVICES as unknown as readonly DeviceConfig[],
  points: POINTS as unknown as readonly PointConfig[],
};

/** The points in the last of `frames`, which go to and fro on line-a. */
function pointsOf(...frames: readonly Uint8Array[]) {
  const talk = new Conversation("modbus-rtu");
  let last: Heard | undefined;
  for (const [index, frame] of frames.entries()) {
    last = talk.hear(index % 2 === 0 ? "request" : "answer", frame).at(-1);
  }
  return pointsIn(last as Heard, "line-a", config).map(({ point, value }) => [point, value]);
}

test("an answer's registers have the values of the points of that unit and area, and scale", (t) => {
  const asked = withCrc(hex("0103 0004 0003"));
  t.deepEqual(pointsOf(asked, rtuAnswer(1, [1234, 0x41c8, 0])), [
    ["level-1.level", 1.234],
    ["level-1.temp", 25],
  ]);
});

test("coils have names too, read and written", (t) => {
  const read = [withCrc(hex("0101 0013 0001")), withCrc(hex("0101 01 01"))];
  t.deepEqual(pointsOf(...read), [["level-1.shut", true]]);
  t.deepEqual(pointsOf(withCrc(hex("0105 0013 FF00"))), [["level-1.shut", true]]);
  t.deepEqual(pointsOf(withCrc(hex("010F 0013 0001 01 00"))), [["level-1.shut", false]]);
});

test("a written register has its name in the request, and not again in the answer", (t) => {
  const write = withCrc(hex("0106 0004 0005"));
  t.deepEqual(pointsOf(write), [["level-1.level", 0.005]]);
  t.deepEqual(pointsOf(write, write), []);
});

test("what is faulty, refused, or answers nothing known names no point", (t) => {
  const asked = withCrc(hex("0103 0004 0003"));
  t.deepEqual(pointsOf(asked, rtuAnswer(1, [1234])), []);
  t.deepEqual(pointsOf(asked, withCrc(hex("0183 02"))), []);
  t.deepEqual(pointsOf(asked, rtuAnswer(3, [1, 2, 3])), []);
});
