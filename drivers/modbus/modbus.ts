import type { Link } from "../../edge/core/link.ts";
import type { Clock } from "../../edge/core/time.ts";
import type { AddressRange, DriverDevice, DriverPoint, ReadRequest, Session } from "../driver.ts";
import { type FlightRecorder, recordedLink } from "../flight-recorder.ts";
import { AsciiFramer } from "./ascii-framer.ts";
import { COPY_QUIET_MS } from "./copies.ts";
import { Echo } from "./echo.ts";
import { Haste } from "./haste.ts";
import { type HoldSettings, Holds } from "./holds.ts";
import { type Carriage, type Lane, Lanes, type OpenLane } from "./lanes.ts";
import { lineTimeOf, type TimedBus } from "./line-time.ts";
import type { Pace } from "./pending.ts";
import { planReads } from "./plan.ts";
import { RtuFramer } from "./rtu-framer.ts";
import { ModbusSession } from "./session.ts";
import type { SidePackets } from "./side-packets.ts";
import { TcpFramer, Transactions } from "./tcp-framer.ts";
import { leastTransmitMs, silenceMs, transmitMs } from "./timing.ts";
import { UdpFramer } from "./udp-framer.ts";

/** USB adapters hand over what they received every 16 ms; this is enough to see it end. */
const ADAPTER_DELAY_MS = 20;

/** The most between two characters of an ASCII frame (Modbus over serial line V1.02, 2.5.2.1). */
const ASCII_GAP_MS = 1000;

/**
 * How frames are put on a connection: `tcp` with the header of Modbus TCP, `rtu` and `ascii` as on
 * the serial line that is behind it.
 */
export type Framing = "tcp" | "rtu" | "ascii";

/** The settings of a Modbus bus; the configuration's have this shape. */
export type ModbusBus = {
  /** From the end of the request to the whole answer, in milliseconds. */
  readonly timeoutMs: number;
  /** How long a unit is left alone after a time-out, in milliseconds. */
  readonly graceMs: number;
} & (
  | {
      readonly kind: "modbus-rtu" | "modbus-ascii";
      readonly serial: { readonly baud: number };
      /** Silence before each request in milliseconds; the standard's if null or left out. */
      readonly silenceMs?: number | null;
      /** Whether the adapter gives requests back; found out from reads if null or left out. */
      readonly echo?: boolean | null;
    }
  | {
      readonly kind: "modbus-tcp";
      /** `tcp` where it is left out. */
      readonly framing?: Framing;
      /** Without them all that is no frame is noise. */
      readonly sidePackets?: SidePackets;
      /** Requests under way at the same time; 1 where it is left out, and on a serial line. */
      readonly inFlight?: number;
    }
  | { readonly kind: "modbus-udp"; readonly inFlight?: number }
);

/** The settings of a serial line. */
export type LineBus = Extract<ModbusBus, { readonly kind: "modbus-rtu" | "modbus-ascii" }>;
type TcpBus = Extract<ModbusBus, { readonly kind: "modbus-tcp" }>;
type UdpBus = Extract<ModbusBus, { readonly kind: "modbus-udp" }>;

/** What answers show of an adapter and its line: kept as long as the bus, over all its openings. */
export type Adapter = {
  /** Whether requests come back. */
  readonly echo: Echo;
  /** Whether an answer may come sooner than the line could carry it. */
  readonly haste: Haste;
};

/** The adapter of `bus`, of which nothing is known but what is said. */
export function adapterOf(bus: { readonly kind: string; readonly echo?: boolean | null }): Adapter {
  return { echo: new Echo(bus.echo), haste: new Haste() };
}

/**
 * Reads over Modbus on `link`, which is the session's from now on; `recorder` is told what goes
 * over it, and `adapter` keeps what earlier openings showed of it.
 */
export function openModbus(
  link: Link,
  clock: Clock,
  bus: ModbusBus,
  recorder: FlightRecorder | null = null,
  adapter = adapterOf(bus),
): Session {
  adapter.echo.reopened();
  adapter.haste.reopened();
  if (recorder === null) return sessionOn(link, clock, bus, adapter);
  const session = sessionOn(recordedLink(link, clock, recorder), clock, bus, adapter);
  session.onFailure = (reason, at) => recorder.failed(reason, at);
  return session;
}

function sessionOn(link: Link, clock: Clock, bus: ModbusBus, { echo, haste }: Adapter): Lane {
  switch (bus.kind) {
    case "modbus-rtu": {
      const pace = linePace(bus, link);
      const framer = new RtuFramer([], echo);
      return new ModbusSession(link, clock, framer, holdsOf(bus, true), pace, haste);
    }
    case "modbus-ascii": {
      const pace = linePace(bus, link);
      const framer = new AsciiFramer(ASCII_GAP_MS, [], echo);
      return new ModbusSession(link, clock, framer, holdsOf(bus, true), pace, haste);
    }
    case "modbus-tcp":
      return openConnection(link, clock, bus, echo);
    case "modbus-udp":
      return openUdp(link, clock, bus);
  }
}

function openConnection(link: Link, clock: Clock, bus: TcpBus, echo: Echo): Lane {
  const { timeoutMs, graceMs, framing = "tcp", sidePackets = [], inFlight = 1 } = bus;
  const pace = packetPace(bus);
  switch (framing) {
    case "tcp": {
      const holds = holdsOf(bus, false);
      const transactions = new Transactions();
      return openLanes(link, inFlight, "stream", (lane) => {
        return new ModbusSession(lane, clock, new TcpFramer(sidePackets, transactions), holds, {
          ...pace,
          settleMs: 0,
          oldAnswersMs: 0,
        });
      });
    }
    case "rtu":
      return new ModbusSession(link, clock, new RtuFramer(sidePackets, echo), behindServer(bus), {
        ...pace,
        // The pieces of an answer come any time apart: only the time-out tells that it has ended.
        settleMs: Number.POSITIVE_INFINITY,
        oldAnswersMs: graceMs,
      });
    case "ascii": {
      // The gap says nothing where packets wait, and a frame shows its own end.
      const framer = new AsciiFramer(timeoutMs, sidePackets, echo);
      return new ModbusSession(link, clock, framer, behindServer(bus), {
        ...pace,
        settleMs: 0,
        oldAnswersMs: graceMs,
      });
    }
  }
}

function openUdp(link: Link, clock: Clock, bus: UdpBus): Lane {
  const holds = holdsOf(bus, false);
  const transactions = new Transactions();
  return openLanes(link, bus.inFlight ?? 1, "datagrams", (lane) => {
    return new ModbusSession(lane, clock, new UdpFramer(transactions), holds, {
      ...packetPace(bus),
      settleMs: 0,
      // The port may be that of an earlier opening, whose transactions had the same numbers.
      oldAnswersMs: bus.graceMs,
    });
  });
}

/** As many lanes as requests may be under way; a single one needs nothing around it. */
function openLanes(link: Link, count: number, carriage: Carriage, open: OpenLane): Lane {
  return count === 1 ? open(link) : new Lanes(link, count, carriage, open);
}

/** Packets take no time that is known, and need no silence. */
function packetPace({ timeoutMs }: ModbusBus) {
  return { timeoutMs, silenceMs: 0, transmitMs: () => 0, leastTransmitMs: () => 0 };
}

function holdsOf(bus: ModbusBus, canSlip: boolean): Holds {
  return new Holds(holdSettings(bus, canSlip));
}

/** A serial line behind a connection: nothing but quiet tells a copy of an answer from the next. */
function behindServer(bus: TcpBus): Holds {
  const connection = { quietMs: COPY_QUIET_MS, waryMs: Math.max(COPY_QUIET_MS, bus.timeoutMs) };
  return new Holds({ ...holdSettings(bus, true), connection });
}

function holdSettings({ timeoutMs, graceMs }: ModbusBus, canSlip: boolean): HoldSettings {
  // Requests that are given up follow each other so far apart, and then some.
  return { graceMs, drainMs: 2 * (timeoutMs + graceMs), canSlip };
}

function linePace(bus: LineBus, { isPaced = true }: Link): Pace {
  const { timeoutMs, graceMs } = bus;
  const { baud } = bus.serial;
  // ASCII asks for none; it is kept all the same, so that nobody is spoken into.
  const silence = silenceMs(baud, bus.silenceMs);
  return {
    timeoutMs,
    silenceMs: silence,
    settleMs: silence + ADAPTER_DELAY_MS,
    transmitMs: (bytes) => transmitMs(bytes, baud),
    leastTransmitMs: (bytes) => (isPaced ? leastTransmitMs(bytes, baud) : 0),
    oldAnswersMs: graceMs,
  };
}

/** The devices and points of a gateway; the configuration has this shape. */
export type ModbusPlant = {
  readonly devices: readonly (DriverDevice & { readonly bus: string })[];
  readonly points: readonly (DriverPoint & { readonly device: string })[];
};

/**
 * The requests that read every point of every device on `bus` in the least time, device by device.
 * `cuts` are the places at which devices, by name, refused to be read across.
 */
export function planRequests(
  { devices, points }: ModbusPlant,
  bus: TimedBus & { readonly name: string },
  cuts: ReadonlyMap<string, readonly AddressRange[]> = new Map(),
): ReadRequest[] {
  const line = lineTimeOf(bus);
  return devices
    .filter((device) => device.bus === bus.name)
    .flatMap((device) => {
      const own = points.filter((point) => point.device === device.name);
      return planReads(device, own, line, cuts.get(device.name));
    });
}
