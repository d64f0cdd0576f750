import type { BusConfig, DeviceConfig, GatewayConfig } from "../../config/gateway-config.ts";
import { POINT } from "./a-point.ts";
import { SimBoard } from "./board.ts";
import { SimBroker } from "./broker.ts";
import type { BusTruth } from "./bus-truth.ts";
import type { SimCentreEndpoint } from "./centre-endpoint.ts";
import type { SimClock } from "./clock.ts";
import { SimDevice } from "./device.ts";
import { SimDialer } from "./dialer.ts";
import { SimGateway } from "./gateway.ts";
import type { Random } from "./random.ts";
import { SimSerialLine } from "./serial-line.ts";
import type { SimServer } from "./server.ts";
import type { Course } from "./signal.ts";
import { SimSwitchboard } from "./switchboard.ts";
import { SimTalkerLine } from "./talker-line.ts";
import { SimTcpEndpoint } from "./tcp-endpoint.ts";
import type { Trace } from "./trace.ts";
import { SimUdpEndpoint } from "./udp-endpoint.ts";

export type SiteParts = {
  readonly config: GatewayConfig;
  readonly clock: SimClock;
  readonly random: Random;
  readonly trace: Trace;
  /** The slow course of a device's quantities. */
  readonly courseOf: (device: DeviceConfig) => Course;
  /** By the name of the bus: a unit on it of which the gateway is told nothing. */
  readonly strangers?: ReadonlyMap<string, number>;
  /** By the name of the bus: how often the sensor on it talks by itself, in milliseconds. */
  readonly talks?: ReadonlyMap<string, number>;
  /** Centres that a standard is spoken with, by their `host:port`. */
  readonly centres?: ReadonlyMap<string, SimCentreEndpoint>;
};

/** What a unit holds of which the gateway is told nothing. */
const STRANGE = { ...POINT, id: "stranger.level", device: "stranger" };

/** A gateway with all that its configuration names: buses with their devices, and a broker. */
export class SimSite {
  readonly clock: SimClock;
  readonly broker: SimBroker;
  readonly gateway: SimGateway;
  /** By the name of the bus. */
  readonly lines = new Map<string, SimSerialLine>();
  readonly endpoints = new Map<string, SimTcpEndpoint>();
  readonly udpEndpoints = new Map<string, SimUdpEndpoint>();
  readonly boards = new Map<string, SimBoard>();
  readonly dialers = new Map<string, SimDialer>();
  readonly talkers = new Map<string, SimTalkerLine>();
  /** Platforms that take POSTs, by their urls. */
  readonly servers = new Map<string, SimServer>();
  readonly #parts: SiteParts;

  constructor(parts: SiteParts) {
    const { config, clock, random, trace } = parts;
    this.#parts = parts;
    this.clock = clock;
    this.broker = new SimBroker(clock, random.stream("broker"), trace);
    const lines = new Map<string, SimSerialLine | SimTalkerLine>();
    const endpoints = new Map<string, SimTcpEndpoint | SimCentreEndpoint>(parts.centres);
    const udpEndpoints = new Map<string, SimUdpEndpoint>();
    const boards = new Map<string, SimBoard>();
    const switchboard = new SimSwitchboard();
    for (const bus of config.buses) {
      if (bus.kind === "modbus-rtu" || bus.kind === "modbus-ascii") {
        const { graceMs, serial } = bus;
        const framing = bus.kind === "modbus-rtu" ? "rtu" : "ascii";
        const speech = { graceMs, baud: serial.baud, framing } as const;
        const line = new SimSerialLine({ ...this.#unitsOf(bus), ...speech });
        this.lines.set(bus.name, line);
        lines.set(serial.path, line);
      } else if (bus.kind === "serial") {
        const talker = config.talkers.find((each) => each.bus === bus.name);
        const sayMs = parts.talks?.get(bus.name);
        if (talker === undefined || sayMs === undefined) continue;
        const speech = { talker, sayMs, baud: bus.serial.baud, random: random.stream(bus.name) };
        const line = new SimTalkerLine({ clock, trace, ...speech });
        this.talkers.set(bus.name, line);
        lines.set(bus.serial.path, line);
      } else if (bus.kind === "modbus-tcp") {
        const endpoint = new SimTcpEndpoint(this.#unitsOf(bus));
        this.endpoints.set(bus.name, endpoint);
        endpoints.set(`${bus.tcp.host}:${bus.tcp.port}`, endpoint);
      } else if (bus.kind === "modbus-udp") {
        const endpoint = new SimUdpEndpoint(this.#unitsOf(bus));
        this.udpEndpoints.set(bus.name, endpoint);
        udpEndpoints.set(`${bus.udp.host}:${bus.udp.port}`, endpoint);
      } else if (bus.kind === "firmata" || bus.kind === "gpio") {
        const board = new SimBoard(clock);
        this.boards.set(bus.name, board);
        boards.set(bus.kind === "gpio" ? bus.chip : bus.board.path, board);
      } else if (bus.kind === "modbus-dial-in") {
        const { graceMs, listen, caller, heartbeat } = bus;
        const place = `${listen.host}:${listen.port}`;
        const call = { switchboard, place, caller, heartbeat, graceMs };
        this.dialers.set(bus.name, new SimDialer({ ...this.#unitsOf(bus), ...call }));
      }
    }
    const buses = { lines, endpoints, udpEndpoints, boards };
    const world = { clock, random: random.stream("gateway"), trace, ...buses, switchboard };
    this.gateway = new SimGateway({ ...world, broker: this.broker, servers: this.servers }, config);
  }

  /** The Modbus bus `name`. Throws where there is none. */
  bus(name: string): SimSerialLine | SimTcpEndpoint | SimUdpEndpoint | SimDialer {
    const { lines, endpoints, udpEndpoints, dialers } = this;
    const bus =
      lines.get(name) ?? endpoints.get(name) ?? udpEndpoints.get(name) ?? dialers.get(name);
    if (bus === undefined) throw new Error(`there is no bus ${name}`);
    return bus;
  }

  /** What can be unplugged: the bus `name`. Throws where there is none. */
  place(name: string): { unplug(): void; plug(): void } {
    return this.talkers.get(name) ?? this.bus(name);
  }

  /** All that was said on each bus. */
  get truths(): readonly BusTruth[] {
    const { lines, endpoints, udpEndpoints, dialers } = this;
    return [lines, endpoints, udpEndpoints, dialers].flatMap((buses) =>
      [...buses.values()].map(({ units }) => units.truth),
    );
  }

  #unitsOf(bus: BusConfig & { readonly timeoutMs: number }) {
    const { name, timeoutMs } = bus;
    const inFlight = "inFlight" in bus ? bus.inFlight : 1;
    const { config, clock, random, trace, courseOf, strangers } = this.#parts;
    const devices = config.devices
      .filter(({ bus }) => bus === name)
      .map((device) => {
        const points = config.points.filter((point) => point.device === device.name);
        return new SimDevice(device.unit, points, courseOf(device));
      });
    const stranger = strangers?.get(name);
    if (stranger !== undefined) devices.push(new SimDevice(stranger, [STRANGE], () => 0));
    return { clock, random: random.stream(name), trace, name, timeoutMs, inFlight, devices };
  }
}
