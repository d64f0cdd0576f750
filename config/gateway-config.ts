import type { AlarmRule } from "../edge/core/alarm.ts";
import type { BoardInput } from "../edge/core/board.ts";
import type { CommandKey } from "../edge/core/command.ts";
import type { Derivation } from "../edge/core/derivation.ts";
import type { InterlockRule } from "../edge/core/interlock.ts";
import type {
  ListenSettings,
  SerialFormat,
  SerialSettings,
  TcpSettings,
  UdpSettings,
} from "../edge/core/link.ts";
import type { Measurement } from "../edge/core/measurement.ts";
import type { Area, ByteOrder, PointType } from "../edge/core/point.ts";
import type { SecretText } from "../edge/core/secret-text.ts";
import type { Protocol, TalkPoint } from "../edge/core/talker.ts";
import type { Hj212Destination, Sl651Destination } from "./centre-config.ts";
import type { HttpDestination } from "./http-config.ts";
import type { MqttDestination } from "./mqtt-config.ts";
import type { UpdateConfig } from "./update-config.ts";

/**
 * The configuration as the loops use it: checked, defaults filled in, profiles merged, durations
 * in milliseconds, sizes in bytes, secrets read. Plain immutable data.
 */
export type GatewayConfig = {
  readonly gateway: GatewayIdentity;
  readonly buses: readonly BusConfig[];
  readonly devices: readonly DeviceConfig[];
  /** Every point of every device that is asked by address, in the order of the file. */
  readonly points: readonly PointConfig[];
  /** The devices on buses of kind serial, each with its points. */
  readonly talkers: readonly TalkerConfig[];
  /** The devices on boards with Firmata firmware and on GPIO lines of this machine, each with its points. */
  readonly boards: readonly BoardDeviceConfig[];
  /** The points that are worked out from others, each behind all that it needs. */
  readonly derived: readonly DerivedPointConfig[];
  readonly alarms: readonly AlarmRule[];
  readonly interlocks: readonly InterlockRule[];
  readonly destinations: readonly DestinationConfig[];
  /** Who certifies the gateway's identity; null where nobody is asked. */
  readonly enrolment: EnrolmentConfig | null;
  readonly commands: CommandsConfig;
  readonly buffer: BufferConfig;
  readonly control: ControlConfig;
  /** Figures for whoever watches many gateways; null where they are not asked for. */
  readonly metrics: MetricsConfig | null;
  /** The page for a phone at the box; null where it is not asked for. */
  readonly panel: PanelConfig | null;
  /** Where new releases come from; null where nothing is said of it. */
  readonly update: UpdateConfig | null;
  /** `sha256:` and the first 16 hex digits over the file as written (secrets are not in it). */
  readonly fingerprint: string;
};

/** Who the gateway is and where it stands. */
export type GatewayIdentity = {
  /** Letters, digits, `-`, `_` and `.`; part of every topic. */
  readonly id: string;
  readonly site: SiteConfig | null;
  /** IANA name of the time zone of the site. */
  readonly timeZone: string;
};

/** The enrolment server. */
export type EnrolmentConfig = {
  /** `https://…`; what EST calls its base is added. */
  readonly url: string;
  /** Path of a PEM file with the authorities to trust; null for the system's. */
  readonly ca: string | null;
  /** Path of the file with the claim; it need not be there. Null where none is named. */
  readonly claim: string | null;
};

export type SiteConfig = {
  readonly name: string | null;
  readonly asset: string | null;
  /** CIM object code, or null. */
  readonly cim: string | null;
  /** WGS-84 latitude and longitude in degrees, or null. */
  readonly position: readonly [number, number] | null;
};

/** Bus settings of every Modbus bus. */
export type ModbusTiming = {
  readonly name: string;
  /** From the end of the request to the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * How long a unit is left alone after a time-out, so that its late answer is not taken for the
   * next one's, in milliseconds.
   */
  readonly graceMs: number;
  /**
   * The share of the line's time that all devices that do not answer may take together, 0.01 to 1.
   */
  readonly deadBudget: number;
  /** How long its devices take to begin their answers, as far as is known, in milliseconds. */
  readonly turnaroundMs: number;
};

/**
 * How frames are put on a connection: `tcp` with the header of Modbus TCP, `rtu` and `ascii` as on
 * the serial line that is behind it.
 */
export type Framing = "tcp" | "rtu" | "ascii";

/** The serial line that the peer of a connection passes frames on to, as far as is known. */
export type LineBehind = {
  /** In bits per second. */
  readonly baud: number;
  readonly format: SerialFormat;
  /** Whether the configuration does not say its speed. */
  readonly isAssumed: boolean;
};

/** How a peer that dials in is known: by the bytes it sends first, in hexadecimal, or by its IP address. */
export type CallerIdentity =
  | { readonly kind: "registration"; readonly hex: string }
  | { readonly kind: "peer"; readonly address: string };

export type BusConfig =
  | (ModbusTiming & {
      readonly kind: "modbus-rtu" | "modbus-ascii";
      readonly serial: SerialSettings;
      /** Silence before each request in milliseconds, or null for 3.5 characters. */
      readonly silenceMs: number | null;
      /** Whether the adapter gives requests back; null where that is to be found out. */
      readonly echo: boolean | null;
    })
  | (ModbusTiming & {
      readonly kind: "modbus-tcp";
      readonly tcp: TcpSettings;
      readonly framing: Framing;
      /** Left out where none is known of. */
      readonly behind?: LineBehind;
      /** The most requests under way at the same time; 1 where the framing is a serial line's. */
      readonly inFlight: number;
    })
  | (ModbusTiming & {
      readonly kind: "modbus-udp";
      readonly udp: UdpSettings;
      readonly inFlight: number;
    })
  | (ModbusTiming & {
      readonly kind: "modbus-dial-in";
      readonly listen: ListenSettings;
      readonly caller: CallerIdentity;
      readonly framing: Framing;
      /** Left out where none is known of. */
      readonly behind?: LineBehind;
      /** What the peer sends to keep its connection, in hexadecimal, or null. */
      readonly heartbeat: string | null;
      /** How long to wait for the peer after a start, in milliseconds. */
      readonly connectTimeoutMs: number;
    })
  | { readonly kind: "serial"; readonly name: string; readonly serial: SerialSettings }
  | {
      readonly kind: "firmata";
      readonly name: string;
      /** Device file of the board's serial port, and bits per second. */
      readonly board: { readonly path: string; readonly baud: number };
    }
  | {
      readonly kind: "gpio";
      readonly name: string;
      /** Name of a GPIO chip of this machine, or its device file. */
      readonly chip: string;
    }
  | {
      readonly kind: "local";
      readonly name: string;
      /** The user of this machine whose programs may tell values; null for all. */
      readonly user: string | null;
    };

export type DeviceConfig = {
  readonly name: string;
  readonly bus: string;
  /** Modbus unit identifier: 1 to 247 on a serial line, 0 to 255 over TCP. */
  readonly unit: number;
  readonly profile: string | null;
  /** At most this many registers in one request, 1 to 125. */
  readonly maxRegisters: number;
  /** The longest pause before it is asked again while it does not answer, in milliseconds. */
  readonly probeEveryMs: number;
  /** At most this many bits in one request, 1 to 2000. */
  readonly maxBits: number;
  /**
   * At most so many registers, or 16 times as many bits, are read over between two points that no
   * point needs, 0 to 125.
   */
  readonly maxGap: number;
  /** Whether it is 0 because nobody has said what lies between the points; left out if not. */
  readonly isGapAssumed?: boolean;
  /** What must never be read. */
  readonly forbidden: readonly ForbiddenRange[];
  readonly pace: DevicePace;
};

/** Addresses of one area that must never be read. */
export type ForbiddenRange = {
  readonly area: Area;
  /** PDU address of the first, from 0. */
  readonly address: number;
  readonly count: number;
};

/** What is different with one device on its bus, in milliseconds; null where the bus's holds. */
type DevicePace = {
  readonly timeoutMs: number | null;
  readonly silenceMs: number | null;
  readonly turnaroundMs: number | null;
};

/** One quantity to read. */
export type PointConfig = {
  /** `device.point`. */
  readonly id: string;
  readonly device: string;
  readonly area: Area;
  /** PDU address, from 0. */
  readonly address: number;
  readonly type: PointType;
  readonly order: ByteOrder;
  /** Registers a string takes, 1 to 125; 0 for other types. */
  readonly length: number;
  /** value = raw * scale + offset; for numbers only. */
  readonly scale: number;
  readonly offset: number;
  /** Raw numbers with which the device says that it has no value. */
  readonly sentinels: readonly number[];
  /** How its number becomes a measurement; null where it is one as it comes. */
  readonly measurement: Measurement | null;
  /** UCUM code, or null. */
  readonly unit: string | null;
  /** The period of reading, in milliseconds. */
  readonly everyMs: number;
  /** Whether the point needs a request of its own. */
  readonly readAlone: boolean;
  /** Whether reading clears what was read. */
  readonly readClears: boolean;
  /** Whether the point may be written. */
  readonly write: boolean;
};

/** A device that has a serial line for itself, and talks or answers in a protocol of its own. */
export type TalkerConfig = {
  readonly name: string;
  readonly bus: string;
  readonly profile: string | null;
  readonly protocol: Protocol;
  /** What is sent every period to have it answer; null for one that talks by itself. */
  readonly ask: readonly number[] | null;
  readonly points: readonly TalkPointConfig[];
};

/** One quantity that is told and not asked for by address. */
export type TalkPointConfig = TalkPoint & {
  readonly device: string;
  /** What its value is: a number or a text. */
  readonly type: "float64" | "string";
  /** How its number becomes a measurement; null where it is one as it comes. */
  readonly measurement: Measurement | null;
  readonly unit: string | null;
  /** At most one reading in each of these periods, in milliseconds. */
  readonly everyMs: number;
  /** Without a value for so long it is bad, in milliseconds. */
  readonly silentAfterMs: number;
  readonly write: false;
};

/** What is connected to a microcontroller board with Firmata firmware or to GPIO lines, or a program. */
export type BoardDeviceConfig = {
  readonly name: string;
  readonly bus: string;
  readonly points: readonly BoardPointConfig[];
};

/** One quantity that a board reads or a program tells, or one pin that a board drives. */
export type BoardPointConfig = {
  /** `device.point`. */
  readonly id: string;
  readonly device: string;
  readonly input: BoardInput;
  /** What the highest code of an analog pin stands for, in volts. */
  readonly reference: number;
  /** What its value is: a number, or true or false. */
  readonly type: "float64" | "bool";
  /** value = raw * scale + offset; for numbers only. */
  readonly scale: number;
  readonly offset: number;
  readonly sentinels: readonly number[];
  readonly measurement: Measurement | null;
  readonly unit: string | null;
  /** At most one reading in each of these periods, in milliseconds. */
  readonly everyMs: number;
  /** Without a value for so long it is bad, in milliseconds. */
  readonly silentAfterMs: number;
  /** Whether it is an output. */
  readonly write: boolean;
};

/** One quantity that is worked out from others. */
export type DerivedPointConfig = {
  /** `device.point`. */
  readonly id: string;
  readonly device: string;
  readonly derivation: Derivation;
  /** What its value is: a number, or true or false. */
  readonly type: "float64" | "bool";
  readonly unit: string | null;
  readonly measurement: Measurement | null;
  /** About how often it is worked out, in milliseconds: with every round of its inputs. */
  readonly everyMs: number;
  /** How long its inputs may keep silent before that is told, in milliseconds; 0 if read. */
  readonly silentAfterMs: number;
  readonly write: false;
};

/** A point, however its value comes about. */
export type AnyPoint = PointConfig | TalkPointConfig | BoardPointConfig | DerivedPointConfig;

/** Every point of a gateway: those asked by address, those that are told, and those derived. */
export function allPoints({
  points,
  talkers,
  boards,
  derived,
}: Pick<GatewayConfig, "points" | "talkers" | "boards" | "derived">): readonly AnyPoint[] {
  const told = talkers.flatMap((talker) => talker.points);
  const read = boards.flatMap((board) => board.points);
  return [...points, ...told, ...read, ...derived];
}

/** A central platform, by the way it is spoken to. */
export type DestinationConfig =
  | MqttDestination
  | HttpDestination
  | Hj212Destination
  | Sl651Destination;

export type BufferConfig = {
  /** Directory of the database. */
  readonly dir: string;
  readonly maxBytes: number;
  /** Time between group commits, in milliseconds. */
  readonly commitMs: number;
  /** How long readings wait for the time before they are sent without; 0: not at all. */
  readonly holdUnsyncedMs: number;
  /** The same of the points for which it is another, by their ids. */
  readonly commitMsOf: ReadonlyMap<string, number>;
  /** How long delivered batches are kept, in milliseconds. */
  readonly keepMs: number;
  /** How long anything is kept, delivered or not, in milliseconds; null for no limit. */
  readonly maxAgeMs: number | null;
  /** How far before and behind an alarm's transition batches stay whole, in milliseconds. */
  readonly aroundMs: number;
  /** Bytes of the disk that the buffer leaves free; null for the usual part. */
  readonly reserveBytes: number | null;
  readonly card: CardConfig;
};

export type CardConfig = {
  /** Bytes that can be written to the card in its life. */
  readonly enduranceBytes: number;
  /** The least time that it must last yet, in milliseconds. */
  readonly minLifeMs: number;
};

export type CommandsConfig = {
  /** Whoever may give commands. */
  readonly keys: readonly CommandKey[];
};

export type MetricsConfig = {
  /** Where figures are served over HTTP; null for nowhere. */
  readonly listen: ListenSettings | null;
  /** The collector that takes them, and how often, in milliseconds; null for none. */
  readonly otlp: { readonly url: string; readonly everyMs: number } | null;
};

export type PanelConfig = {
  readonly listen: ListenSettings;
  /** What lets whoever types it act on alarms; null where nobody may. */
  readonly pin: SecretText | null;
};

export type ControlConfig = {
  /** Path of the Unix socket for local control. */
  readonly socket: string;
  /** The group whose members may use it; null: the gateway's own. */
  readonly group: string | null;
};
