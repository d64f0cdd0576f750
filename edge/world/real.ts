import type { World } from "../world.ts";
import { SystemClock } from "./clock.ts";
import type { LogLine } from "./log-line.ts";
import { connectMqtt } from "./mqtt.ts";
import { openSerial } from "./serial.ts";
import { openTcp } from "./tcp.ts";

/**
 * The world as it is: this machine's clocks, ports and network. What is logged goes to `write` as
 * `format` puts it.
 */
export function realWorld(write: (line: string) => void, format: (line: LogLine) => string): World {
  const clock = new SystemClock();
  return {
    clock,
    random: () => Math.random(),
    openSerial,
    openTcp,
    connectMqtt,
    log: (level, text, fields = {}) => write(format({ at: clock.now(), level, text, fields })),
  };
}
