import test from "ava";
import { loadConfig } from "../../config/load.ts";
import { ProfileFolders, SHIPPED_PROFILES } from "../../config/read.ts";
import { readRegisters } from "../modbus/value.ts";

const profiles = new ProfileFolders([SHIPPED_PROFILES]);

function load(profile: string) {
  const text = `gateway: { id: a }
buses: { line: { kind: modbus-rtu, port: /dev/line } }
devices: { d: { bus: line, unit: 1, profile: ${profile} } }
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
  ["rika-rkl-01", "level", [0x01b4], 4.36],
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
    const point = load(profile)?.points.find(({ id }) => id === `d.${name}`);
    if (point === undefined) return t.fail("there is no such point");
    const reading = readRegisters(point, registers);
    t.is(reading.quality, value === null ? "bad:no-value" : "good");
    if (value === null) t.is(reading.value, null);
    else t.true(Math.abs(Number(reading.value) - value) < Math.abs(value) * 1e-3);
  });
}
