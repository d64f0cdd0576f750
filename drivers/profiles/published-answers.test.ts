import test from "ava";
import { loadConfig } from "../../config/load.ts";
import { ProfileFolders, SHIPPED_PROFILES } from "../../config/read.ts";
import { readRegisters } from "../modbus/value.ts";
import { TextParser } from "../serial/text.ts";

const profiles = new ProfileFolders([SHIPPED_PROFILES]);

function load(bus: string, device: string) {
  const text = `gateway: { id: a }
buses: { line: ${bus} }
devices: { d: { bus: line, ${device} } }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`;
  return loadConfig(text, { profiles, readFile: () => "", env: () => undefined }).config;
}

/** Registers that a manual, a wiki page or a program prints as an answer, and what it says of them. */
const ANSWERS: readonly (readonly [
  profile: string,
  point: string,
  registers: readonly number[],
  value: number | null,
])[] = [
  ["dfrobot-sen0482", "windDirection", [0x028f], 65.5],
  ["dfrobot-sen0483", "windSpeed", [0x0025], 3.7],
  ["dfrobot-sen0492", "distance", [0x070b], 1803],
  ["generic-level-cm", "level", [0x001f], 31],
  ["xy-md02", "temperature", [0x0131], 30.5],
  ["xy-md02", "temperature", [0xff33], -20.5],
  ["xy-md02", "humidity", [0x0222], 54.6],
  ["seeed-orch-s4", "temperature", [0x0aee], 27.98],
  ["seeed-orch-s4", "temperature", [0xff05], -2.51],
  ["seeed-orch-s4", "humidity", [0x1ab2], 68.34],
  ["seeed-orch-s4", "pressure", [0x0001, 0x87d5], 100_309],
  // Printed for a temperature; all its numbers have this order.
  ["tuf-2000m", "soundSpeed", [0x806b, 0x4212], 36.625],
  ["vaisala-hmp4", "humidity", [0x7ae1, 0x41f4], 30.56],
  ["vaisala-hmp110", "humidity", [0x7ae1, 0x41f4], 30.56],
  ["encardio-esm-40s", "settlement", [0x3b21, 0x3e1b], 0.00246],
  ["encardio-esm-40s", "temperature", [0x41db, 0xe336], 27.485],
  ["lambrecht-rain-e", "total", [1], 0.1],
  // With these the device says that it has no value.
  ["lambrecht-rain-e", "total", [0xd8f1], null],
  ["lambrecht-rain-e", "totalFine", [0xff67, 0x6981], null],
  ["balluff-bsi-r11a0", "angle", [55_555], null],
  ["vaisala-wxt530", "temperature", [32_767], null],
  ["dfrobot-sen0352", "distance", [0xffff], null],
  ["vtn-vibrating-wire", "frequency1", [0xffff], null],
  ["vtn-vibrating-wire", "frequency1", [0], null],
];

for (const [profile, name, registers, value] of ANSWERS) {
  const given = registers.map((register) => register.toString(16)).join(" ");
  test(`${profile}: ${given} is ${value ?? "no"} ${name}`, (t) => {
    const bus = "{ kind: modbus-rtu, port: /dev/line }";
    const config = load(bus, `unit: 1, profile: ${profile}`);
    const point = config?.points.find(({ id }) => id === `d.${name}`);
    if (point === undefined) return t.fail("there is no such point");
    const reading = readRegisters(point, registers);
    t.is(reading.quality, value === null ? "bad:no-value" : "good");
    if (value === null) t.is(reading.value, null);
    else t.true(Math.abs(Number(reading.value) - value) < Math.abs(value) * 1e-3);
  });
}

/** Lines in the form that the source of the profile describes. */
const LINES: readonly (readonly [profile: string, line: string, values: readonly number[]])[] = [
  ["leica-nivel210", "\x16\x02C0N0 X:-0.123 Y:+0.045 T:+21.3\x03", [-0.123, 0.045, 21.3]],
  ["leica-nivel210", "\r\n\x16\x02C0N0 X: 1.2 Y: -0.4 T: 9.5\x03", [1.2, -0.4, 9.5]],
  ["sylvac-s-dial-one", "012.345\r", [12.345]],
  ["sylvac-s-dial-one", "-000.120\r", [-0.12]],
];

for (const [profile, line, values] of LINES) {
  test(`${profile}: the answer ${JSON.stringify(line)} is understood`, (t) => {
    const talker = load("{ kind: serial, port: /dev/line }", `profile: ${profile}`)?.talkers[0];
    if (talker?.protocol.kind !== "text") return t.fail("it does not answer text");
    const parser = new TextParser(talker.protocol, talker.points, null);
    const encoder = new TextEncoder();
    // What comes before the first end of a line may be the rest of one.
    parser.take(encoder.encode(line));
    const heard = parser.take(encoder.encode(line));
    t.deepEqual(
      heard.flatMap((one) => (one.kind === "message" ? one.readings.map((it) => it.value) : [])),
      values,
    );
  });
}
