import { openRelay } from "../nspawn/relay.ts";
import type { LineFault } from "../plant/line-fault.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine, openModbusTcp } from "../plant/modbus-server.ts";
import type { Random } from "../sim/random.ts";

/** The devices: one over Modbus TCP, three on a serial line. */
export const DEVICES = ["tank", "gas-1", "gas-2", "gas-3"] as const;

/** The name of one of them. */
export type DeviceName = (typeof DEVICES)[number];

/** Those on the line, by their units from 1 on. */
export const ON_LINE = DEVICES.slice(1);

/** What a level is while its alarm is to stand, and while it is not; the setpoint is between. */
export const LEVELS = { high: 90, low: 10, setpoint: 50 } as const;

/** The plant as it truly is; times in Unix milliseconds. */
export type Truth = {
  /** When it began: each device tells the milliseconds since then. */
  readonly begun: number;
  /** When the level of each device turns: at first it is low. */
  readonly turns: Readonly<Record<DeviceName, readonly number[]>>;
};

/** Levels that stay as they are for `lastsMs`, drawn, over `forMs` from `begun` on. */
export function drawTruth(
  begun: number,
  forMs: number,
  [from, to]: readonly [number, number],
  random: Random,
): Truth {
  const turnsOf = (device: DeviceName) => {
    const own = random.stream(device);
    const turns: number[] = [];
    for (let at = begun + own.between(from, to); at < begun + forMs; at += own.between(from, to)) {
      turns.push(at);
    }
    return turns;
  };
  const [tank, one, two, three] = DEVICES.map(turnsOf);
  return {
    begun,
    turns: { tank: tank ?? [], "gas-1": one ?? [], "gas-2": two ?? [], "gas-3": three ?? [] },
  };
}

/** How often the level of `device` has turned by `at`. */
export function phaseAt({ turns }: Truth, device: DeviceName, at: number): number {
  return turns[device].filter((turn) => turn <= at).length;
}

/** The level in a phase. */
export function levelIn(phase: number): number {
  return phase % 2 === 0 ? LEVELS.low : LEVELS.high;
}

/** The plant on real transports. */
export type Plant = {
  /** What the buses and devices are, in `gateway.yaml`. */
  readonly yaml: string;
  setFault(device: DeviceName, fault: LineFault | null): void;
  /** The device over Modbus TCP is gone, or there again. */
  setTankAway(isAway: boolean): void;
  unplug(): void;
  plug(): void;
  close(): Promise<void>;
};

const BAUD = 19_200;

/** Opens the plant that `truth` describes. */
export async function openPlant(truth: Truth): Promise<Plant> {
  const clock = () => Date.now() - truth.begun;
  const deviceOf = (name: DeviceName, unit: number) =>
    modbusDevice(unit, [
      { area: "holding", address: 0, type: "uint32", valueAt: (ms) => Math.floor(ms) },
      {
        area: "holding",
        address: 2,
        type: "uint16",
        valueAt: (ms) => levelIn(phaseAt(truth, name, truth.begun + Math.floor(ms))),
      },
    ]);
  const tank = await openModbusTcp({ devices: [deviceOf("tank", 1)], clock });
  const relay = await openRelay(tank.port);
  const devices = ON_LINE.map((name, i) => deviceOf(name, i + 1));
  const line = openModbusLine({ baud: BAUD, devices, clock });
  return {
    yaml: yamlOf(relay.port, line.path),
    setFault: (device, fault) => line.setFault(ON_LINE.indexOf(device) + 1, fault),
    setTankAway: (isAway) => (isAway ? relay.cut() : relay.mend()),
    unplug: () => line.unplug(),
    plug: () => line.plug(),
    async close() {
      line.close();
      await relay.close();
      await tank.close();
    },
  };
}

function yamlOf(port: number, path: string): string {
  const points =
    "{ t: { area: holding, address: 0, type: uint32 }, level: { area: holding, address: 2, type: uint16 } }";
  const onLine = ON_LINE.map(
    (name, i) => `  ${name}: { bus: line, unit: ${i + 1}, every: 1s, points: ${points} }`,
  );
  const alarms = DEVICES.map(
    (name) => `  ${name}-high: { point: ${name}.level, high: ${LEVELS.setpoint}, severity: red }`,
  );
  return `buses:
  field: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} }
  line: { kind: modbus-rtu, port: ${path}, baud: ${BAUD}, format: 8N1 }
devices:
  tank: { bus: field, unit: 1, every: 1s, points: ${points} }
${onLine.join("\n")}
alarms:
${alarms.join("\n")}`;
}
