import type { PointConfig } from "../../config/gateway-config.ts";
import type {
  DevicePace,
  ReadOutcome,
  ReadRequest,
  WriteOutcome,
  WriteRequest,
} from "../../drivers/driver.ts";
import { isRepeatedWhole } from "../../drivers/modbus/confirmation.ts";
import { encode } from "../../drivers/modbus/encode.ts";
import { readingsOf } from "../acquire/readings.ts";
import { isBitArea, widthOf } from "../core/point.ts";
import type { UptimeMs } from "../core/time.ts";
import type { Output } from "./output.ts";

/** What acts on one Modbus bus before all else. */
export type ActingBus = {
  act(request: WriteRequest, until: UptimeMs, isOff: () => boolean): Promise<WriteOutcome>;
  check(request: ReadRequest, until: UptimeMs, isOff: () => boolean): Promise<ReadOutcome>;
};

/** A coil or a holding register, and the way to it. */
export type ModbusPlace = {
  readonly point: PointConfig;
  readonly unit: number;
  readonly pace: DevicePace;
  readonly bus: ActingBus;
  /** Whether the line to it may give back what is sent, for all that is known for sure. */
  readonly mayEcho: boolean;
};

/** The output at `place`. */
export function modbusOutput({ point, unit, pace, bus, mayEcho }: ModbusPlace): Output {
  const { device, area, address, everyMs, type, length } = point;
  const encoded = (value: boolean | number) => {
    const made = encode(point, value);
    // The configuration was checked: whoever comes here has made a mistake in this program.
    if (made.kind === "unfit") throw new Error(`${point.id} cannot hold ${value}`);
    return made;
  };
  return {
    isComparable: point.measurement === null,
    isOwn: false,
    readAs: (value) => encoded(value).value,
    isRepeat: (value) => mayEcho && isRepeatedWhole(encoded(value).write.kind),
    write: (value, until, isOff) => {
      return bus.act({ device, unit, pace, write: encoded(value).write }, until, isOff);
    },
    read: async (until, isOff) => {
      const count = isBitArea(area) ? 1 : widthOf(type, length);
      const points = [{ point, offset: 0 }];
      const request = { device, unit, pace, area, address, count, everyMs, points };
      const outcome = await bus.check(request, until, isOff);
      if (outcome.kind === "failure") return { kind: "none", reason: outcome.reason };
      const value = readingsOf(request, outcome)[0]?.value ?? null;
      return value === null ? { kind: "none", reason: "no-value" } : { kind: "value", value };
    },
  };
}
