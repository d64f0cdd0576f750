import type { DestinationConfig, GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import { limitsOf } from "../../config/limits.ts";
import type { MqttDestination } from "../../config/mqtt-config.ts";
import type { AlarmRule } from "../../edge/core/alarm.ts";
import type { CommandKey } from "../../edge/core/command.ts";
import type { InterlockRule } from "../../edge/core/interlock.ts";
import type { Selection } from "../../edge/core/selection.ts";
import type { ClockState } from "../../edge/core/time.ts";
import type { Answering } from "../sim/centre-endpoint.ts";
import type { SimClockSettings } from "../sim/clock.ts";
import { DESTINATION } from "../sim/forwarder-rig.ts";
import type { UpdateFolder } from "../sim/update-folder.ts";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How long the story's gateway waits for an answer, and then leaves the unit alone. */
export const TIMEOUT_MS = 300;
export const GRACE_MS = 1000;

/** What a story sets; all of it has a default. */
export type Setting = {
  /** The devices on the one line, by name, with their points; their units are 1, 2, … */
  readonly devices?: Readonly<Record<string, Partial<PointConfig>>>;
  readonly line?: "serial" | "tcp";
  /** By the name of a device: the serial bus of its own that it is on, not on the one line. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** Points that are worked out from those of the devices. */
  readonly derived?: GatewayConfig["derived"];
  /** By name; each is on the first device unless it says another `point`. */
  readonly alarms?: Readonly<Record<string, Partial<AlarmRule>>>;
  /** By name; each is tripped by all alarms and writes a coil of its own, unless it says more. */
  readonly interlocks?: Readonly<Record<string, Partial<InterlockRule>>>;
  readonly buffer?: Partial<GatewayConfig["buffer"]>;
  /** The most messages published and not acknowledged. */
  readonly window?: number;
  /** Other destinations beside the centre, each at a broker of its own: `mqtt://NAME`. */
  readonly others?: Readonly<Record<string, Selection>>;
  /** How far the clock is believed at the start. */
  readonly clock?: ClockState;
  /** Whatever else the clock begins with. */
  readonly time?: SimClockSettings;
  /** Devices measure the true time: its seconds within the last thousand. */
  readonly tellsTime?: boolean;
  /** A centre beside the broker that a standard is spoken with, and who answers there. */
  readonly centre?: {
    readonly destination: Extract<DestinationConfig, { readonly tcp: unknown }>;
    readonly answering: Answering;
  };
  /** Who may command it by hand or through the centre. */
  readonly keys?: readonly CommandKey[];
  /** The files by which it is updated; left out: nobody replaces it. */
  readonly updates?: UpdateFolder;
  /** The directory of the buffer of another site, which is no more: the machine starts anew. */
  readonly dir?: string;
};

/** A buffer on a disk without end. */
const ROOM = { maxAgeMs: null, aroundMs: 10 * MINUTE, reserveBytes: 0 } as const;

/** The one point of `device`. */
export function pointOf(device: string): string {
  return `${device}.level`;
}

function destinationOf(
  name: string,
  url: string,
  window: number,
  selection: Selection,
): MqttDestination {
  return { ...DESTINATION, name, urls: [url], window, selection };
}

/** What the gateway of a story is told, with its buffer in `dir`. */
export function configOf(setting: Setting, dir: string): GatewayConfig {
  const { devices = { gas: {} }, line = "serial", alarms = {}, buffer, window = 16 } = setting;
  const names = Object.keys(devices);
  const timing = {
    name: "line",
    timeoutMs: TIMEOUT_MS,
    graceMs: GRACE_MS,
    turnaroundMs: 0,
    deadBudget: 0.1,
  };
  const serialAt = (name: string) => ({ path: `/dev/${name}`, baud: 9600, format: "8N1" }) as const;
  const rtu = { kind: "modbus-rtu", ...timing, silenceMs: null, echo: null } as const;
  const { elsewhere = {} } = setting;
  const others = [...new Set(Object.values(elsewhere))];
  const tcp = { host: "line", port: 502, connectTimeoutMs: 3000 };
  return {
    gateway: { id: "gw-story", site: null, timeZone: "Asia/Shanghai" },
    buses: [
      line === "serial"
        ? { ...rtu, serial: serialAt("line") }
        : { kind: "modbus-tcp", ...timing, tcp, framing: "tcp", inFlight: 1 },
      ...others.map((bus) => ({ ...rtu, name: bus, serial: serialAt(bus) })),
    ],
    devices: names.map((name, index) => ({
      name,
      bus: elsewhere[name] ?? "line",
      unit: index + 1,
      profile: null,
      ...limitsOf({}, {}),
      probeEveryMs: 30 * SECOND,
    })),
    points: names.map((name) => ({ ...levelOf(name), ...devices[name] })),
    commands: { keys: setting.keys ?? [] },
    alarms: Object.entries(alarms).map(([name, rule]) => alarmOf(names[0] as string, name, rule)),
    interlocks: interlocksOf(setting),
    destinations: [
      {
        ...destinationOf("centre", "mqtt://sim", window, { readings: null, events: null }),
        commands: setting.keys !== undefined,
      },
      ...Object.entries(setting.others ?? {}).map(([name, selection]) =>
        destinationOf(name, `mqtt://${name}`, window, selection),
      ),
      ...(setting.centre === undefined ? [] : [setting.centre.destination]),
    ],
    buffer: {
      dir,
      maxBytes: 1e9,
      commitMs: SECOND,
      commitMsOf: new Map(),
      keepMs: 1e9,
      holdUnsyncedMs: 15 * MINUTE,
      card: { enduranceBytes: 30e12, minLifeMs: 1 },
      ...ROOM,
      ...buffer,
    },
    talkers: [],
    boards: [],
    derived: setting.derived ?? [],
    enrolment: null,
    metrics: null,
    panel: null,
    update: null,
    control: { socket: `${dir}/control.sock`, group: null },
    fingerprint: "sha256:0",
  };
}

function levelOf(device: string): PointConfig {
  return {
    id: pointOf(device),
    device,
    area: "holding",
    address: 0,
    type: "int32",
    order: "ABCD",
    length: 0,
    scale: 0.000001,
    offset: 0,
    sentinels: [],
    measurement: null,
    unit: "%[LEL]",
    everyMs: SECOND,
    readAlone: false,
    readClears: false,
    write: false,
  };
}

function interlocksOf({ interlocks = {}, alarms = {} }: Setting): readonly InterlockRule[] {
  const all = Object.entries(alarms).map(([alarm, rule]) => {
    return { alarm, points: [rule.point ?? pointOf("gas")] };
  });
  return Object.entries(interlocks).map(([name, rule]) => ({
    name,
    write: pointOf("valve"),
    value: true,
    release: null,
    alarms: all,
    onFault: false,
    faultAfterMs: 10 * SECOND,
    minOnMs: 0,
    maxOnMs: null,
    verify: true,
    retries: 3,
    retryEveryMs: 500,
    expiryMs: 10 * SECOND,
    testMs: 2 * SECOND,
    permissive: [],
    deadMan: null,
    ...rule,
  }));
}

function alarmOf(device: string, name: string, rule: Partial<AlarmRule>): AlarmRule {
  return {
    name,
    point: pointOf(device),
    limit: "high",
    setpoint: 50,
    deadband: 2,
    onDelayMs: 0,
    severity: "red",
    latch: false,
    ...rule,
    // What makes it another condition comes whole from the story.
  } as AlarmRule;
}
