import { isBitArea, widthOf } from "../edge/core/point.ts";
import { graceMs, serialTimeoutMs } from "./bus-timing.ts";
import type { Findings } from "./findings.ts";
import type {
  BusConfig,
  DeviceConfig,
  LineBehind,
  ModbusTiming,
  PointConfig,
} from "./gateway-config.ts";
import { formatDuration } from "./quantity.ts";
import type { ModbusInput, ReadDevices } from "./resolve-devices.ts";
import { callerOf, checkDialIn, hexOf, listenOf } from "./resolve-dial-in.ts";
import { checkTalkerBuses } from "./resolve-talker.ts";
import type { Draft } from "./salvage.ts";
import type { BusInput } from "./schema.ts";

/** The time-out of a connection that names none, in milliseconds, by what is behind it. */
const TIMEOUT_MS = { tcp: 1000, udp: 1000, rtu: 2000, ascii: 2000, dialIn: 3000 } as const;

/** Names that the kernel gives by order of plugging in. */
const UNSTABLE_PORT = /^\/dev\/tty(USB|ACM)\d+$/;

/** Checks every bus and gives each its time-outs, which depend on what is read over it. */
export function resolveBuses(
  draft: Draft,
  resolved: ReadDevices,
  findings: Findings,
): readonly BusConfig[] {
  const buses = Object.entries(draft.config.buses ?? {});
  checkPorts(buses, findings);
  checkDialIn(draft, findings);
  checkTalkerBuses(draft, findings);
  const configs = buses.map(([name, input]) => busConfig(name, input, resolved));
  for (const bus of configs) checkTimeouts(bus, draft, resolved, findings);
  return configs;
}

function busConfig(name: string, input: BusInput, resolved: ReadDevices): BusConfig {
  switch (input.kind) {
    case "modbus-rtu":
    case "modbus-ascii": {
      const serial = { path: input.port, baud: input.baud, format: input.format };
      const registers = longestAnswer(name, resolved);
      const framing = input.kind === "modbus-rtu" ? "rtu" : "ascii";
      const timeoutMs = input.timeout ?? serialTimeoutMs(serial, registers, framing);
      return {
        kind: input.kind,
        ...timingOf(name, input, timeoutMs, resolved),
        silenceMs: input.silence ?? null,
        echo: input.echo ?? null,
        serial,
      };
    }
    case "modbus-tcp": {
      const { host, port, connectTimeout: connectTimeoutMs, framing } = input;
      const timeoutMs = input.timeout ?? TIMEOUT_MS[framing];
      return {
        kind: input.kind,
        ...timingOf(name, input, timeoutMs, resolved),
        tcp: { host, port, connectTimeoutMs },
        framing,
        ...behindOf(input, framing !== "tcp"),
        inFlight: input.inFlight,
      };
    }
    case "modbus-udp": {
      const timeoutMs = input.timeout ?? TIMEOUT_MS.udp;
      return {
        kind: input.kind,
        ...timingOf(name, input, timeoutMs, resolved),
        udp: { host: input.host, port: input.port },
        inFlight: input.inFlight,
      };
    }
    case "modbus-dial-in": {
      const timeoutMs = input.timeout ?? TIMEOUT_MS.dialIn;
      return {
        kind: input.kind,
        ...timingOf(name, input, timeoutMs, resolved),
        listen: listenOf(input),
        caller: callerOf(input),
        framing: input.framing,
        ...behindOf(input, true),
        heartbeat: hexOf(input.heartbeat, input.heartbeatHex),
        connectTimeoutMs: input.connectTimeout,
      };
    }
    case "serial": {
      const { port: path, baud, format } = input;
      return { kind: input.kind, name, serial: { path, baud, format } };
    }
    case "firmata":
      return { kind: input.kind, name, board: { path: input.port, baud: input.baud } };
    case "gpio":
      return { kind: input.kind, name, chip: input.chip };
    case "local":
      return { kind: input.kind, name, user: input.user ?? null };
  }
}

/** The line behind a peer, where one is named or `isSerial` says that there is one. */
function behindOf(
  { baud, format }: Pick<Extract<BusInput, { kind: "modbus-tcp" }>, "baud" | "format">,
  isSerial: boolean,
): { readonly behind?: LineBehind } {
  if (baud === undefined && format === undefined && !isSerial) return {};
  return {
    behind: { baud: baud ?? 9600, format: format ?? "8N1", isAssumed: baud === undefined },
  };
}

/** How the devices of a Modbus bus are waited for, whatever carries it. */
function timingOf(
  name: string,
  input: ModbusInput,
  timeoutMs: number,
  resolved: ReadDevices,
): ModbusTiming {
  return {
    name,
    timeoutMs,
    graceMs: input.grace ?? graceMs(longestTimeout(name, timeoutMs, resolved)),
    deadBudget: input.deadBudget,
    turnaroundMs: input.turnaround,
  };
}

/** The longest that the bus waits for an answer, of a device that has a time-out of its own too. */
function longestTimeout(bus: string, timeoutMs: number, { devices }: ReadDevices): number {
  const own = devices.filter((device) => device.bus === bus);
  return Math.max(timeoutMs, ...own.map(({ pace }) => pace.timeoutMs ?? 0));
}

/** Notes every device that cannot have answered within the time that is waited for it. */
function checkTimeouts(
  bus: BusConfig,
  { config }: Draft,
  { devices }: ReadDevices,
  findings: Findings,
): void {
  if (!("timeoutMs" in bus)) return;
  for (const { name, pace } of devices.filter((device) => device.bus === bus.name)) {
    const turnaroundMs = pace.turnaroundMs ?? bus.turnaroundMs;
    const timeoutMs = pace.timeoutMs ?? bus.timeoutMs;
    if (turnaroundMs < timeoutMs) continue;
    const params = {
      turnaround: formatDuration(turnaroundMs),
      timeout: formatDuration(timeoutMs),
    };
    const own = config.devices?.[name] ?? {};
    const path = ["devices", name];
    if ("timeout" in own) findings.add("timeout-too-short", params, [...path, "timeout"]);
    else if ("turnaround" in own)
      findings.add("timeout-too-short", params, [...path, "turnaround"]);
    else findings.add("timeout-too-short", params, path, "key");
  }
}

function checkPorts(buses: readonly (readonly [string, BusInput])[], findings: Findings): void {
  const owners = new Map<string, string>();
  for (const [name, input] of buses) {
    if (input.kind === "modbus-dial-in" || input.kind === "local") continue;
    const path = ["buses", name];
    const isRemote = input.kind === "modbus-tcp" || input.kind === "modbus-udp";
    const port = placeOf(input);
    const owner = owners.get(port);
    if (owner === undefined) owners.set(port, name);
    else if (isRemote) findings.add("same-endpoint", { bus: owner }, [...path, "host"]);
    else
      findings.add("same-port", { bus: owner }, [...path, input.kind === "gpio" ? "chip" : "port"]);
    if (input.kind === "modbus-tcp" && input.framing !== "tcp" && input.inFlight > 1) {
      findings.add("in-flight-line", { framing: input.framing }, [...path, "inFlight"]);
    }
    if (isRemote || input.kind === "gpio") continue;
    if (UNSTABLE_PORT.test(input.port)) {
      findings.add("unstable-port", { port: input.port }, [...path, "port"]);
    }
  }
}

/** What one bus has for itself. */
function placeOf(input: Exclude<BusInput, { readonly kind: "modbus-dial-in" | "local" }>): string {
  if (input.kind === "gpio") return input.chip.replace(/^(\/dev\/)?/, "/dev/");
  return "host" in input ? `${input.kind} ${input.host.toLowerCase()} ${input.port}` : input.port;
}

/**
 * Registers of the longest answer on the bus, if everything of an area that fits into one request
 * is asked for at once.
 */
function longestAnswer(bus: string, { devices, points }: ReadDevices): number {
  const spans = devices
    .filter((device) => device.bus === bus)
    .flatMap((device) => areaSpans(device, points));
  return Math.max(1, ...spans);
}

function areaSpans(device: DeviceConfig, points: readonly PointConfig[]): readonly number[] {
  const byArea = Map.groupBy(
    points.filter((point) => point.device === device.name),
    ({ area }) => area,
  );
  return [...byArea].map(([area, members]) => {
    const first = Math.min(...members.map(({ address }) => address));
    const end = Math.max(
      ...members.map((point) => point.address + widthOf(point.type, point.length)),
    );
    const registers = isBitArea(area) ? Math.ceil((end - first) / 16) : end - first;
    return Math.min(registers, device.maxRegisters);
  });
}
