import process from "node:process";
import type { World } from "../world.ts";
import { openBoard } from "./board.ts";
import { SystemClock } from "./clock.ts";
import { openLines } from "./gpio/lines.ts";
import { listenTcp } from "./listen.ts";
import type { LogLine } from "./log-line.ts";
import { connectMqtt } from "./mqtt.ts";
import type { LineWriter } from "./output.ts";
import { openSerial } from "./serial.ts";
import { openTcp } from "./tcp.ts";
import { openUdp } from "./udp.ts";
import { giveBackUsb, rebindUsb, usbOf } from "./usb.ts";

/**
 * The world as it is: this machine's clocks, ports and network. What is logged goes to `write` as
 * `format` puts it; after lines that were not taken the next one says how many, as `unwritten`.
 */
export function realWorld(write: LineWriter, format: (line: LogLine) => string): World {
  const clock = new SystemClock();
  let unwritten = 0;
  return {
    clock,
    random: () => Math.random(),
    openSerial,
    openTcp,
    openUdp,
    listenTcp,
    openBoard,
    openLines: (settings, signal) => openLines(settings, signal),
    usbOf: (path) => usbOf(path),
    rebindUsb: (usb, marks) => rebindUsb(usb, marks),
    giveBackUsb: (marks) => giveBackUsb(marks),
    connectMqtt,
    // Node's HTTP takes 5 MB.
    openHttp: async (settings) => (await import("./http.ts")).openHttp(settings),
    residentBytes: () => process.memoryUsage.rss(),
    log: (level, text, evidence = {}) => {
      const fields = unwritten === 0 ? evidence : { ...evidence, unwritten };
      const isWritten = write(format({ at: clock.now(), level, text, fields }));
      unwritten = isWritten ? 0 : unwritten + 1;
    },
  };
}
