import type { LogLevel, World } from "../world.ts";
import { SystemClock } from "./clock.ts";
import { connectMqtt } from "./mqtt.ts";
import { openSerial } from "./serial.ts";
import { openTcp } from "./tcp.ts";
import { rebindUsb, usbOf } from "./usb.ts";

/** The world as it is: this machine's clocks, ports, network, and `write` for its log lines. */
export function realWorld(write: (line: string) => void): World {
  const clock = new SystemClock();
  return {
    clock,
    random: () => Math.random(),
    openSerial,
    openTcp,
    usbOf: (path) => usbOf(path),
    rebindUsb: (usb) => rebindUsb(usb),
    connectMqtt,
    log: (level, text, fields) => write(logLine(clock.now(), level, text, fields)),
  };
}

/** One line for a person: time, level, text, then the evidence as `name=value`. */
function logLine(
  at: number,
  level: LogLevel,
  text: string,
  fields: Readonly<Record<string, unknown>> = {},
): string {
  const evidence = Object.entries(fields).map(([name, value]) => ` ${name}=${inText(value)}`);
  return `${new Date(at).toISOString()} ${level.padEnd(5)} ${text}${evidence.join("")}`;
}

function inText(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[^\s"]+$/.test(text) ? text : JSON.stringify(value);
}
