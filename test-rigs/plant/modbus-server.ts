import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { Random } from "../sim/random.ts";
import { FRAMINGS, type FramingName, parseTcp, tcpFrame } from "./frame.ts";
import { type LineFault, lineTiming, replyOf } from "./line-fault.ts";
import { answer, type ModbusDevice } from "./modbus-device.ts";
import { openPty } from "./pty.ts";
import { Wire } from "./wire.ts";

/** What the devices of a server have in common. */
export type ServerOptions = {
  readonly devices: readonly ModbusDevice[];
  /** Time for the devices' signals, in milliseconds; since the server was opened if left out. */
  readonly clock?: () => number;
};

/** A serial line: its speed, and whether the client's adapter hears what it sends itself. */
export type LineOptions = ServerOptions & {
  readonly baud: number;
  readonly echo?: boolean;
  /**
   * Whether the devices hear the client only if its port has the line's speed and no odd parity, or
   * odd parity where that is `odd`, and it them; a pty carries everything otherwise.
   */
  readonly tuned?: "even-or-none" | "odd";
  /** What the line makes of an answer on its way to the client; itself if left out. */
  readonly carried?: (bytes: Uint8Array) => Uint8Array;
  /** `rtu` if left out. */
  readonly framing?: FramingName;
};

type Served = {
  /** Requests that came for `unit`, answered or not. */
  requestsTo(unit: number): number;
};

/** Modbus devices on one serial line. */
export type ModbusLine = Served & {
  /** Makes `unit` faulty, or sound again with null. Throws where there is no such unit. */
  setFault(unit: number, fault: LineFault | null): void;
  /** The device file for the client. */
  readonly path: string;
  /** How often a client began to send while an answer was on the line. */
  readonly collisions: () => number;
  /** When the last byte to the client left, on the clock of `performance.now()`. */
  readonly lastByteAt: () => number;
  /** Pulls the plug of the client's adapter, and puts it back. */
  unplug(): void;
  plug(): void;
  close(): void;
};

/** A Modbus TCP server on 127.0.0.1. */
export type ModbusTcpServer = Served & {
  readonly port: number;
  /** Ends every connection; new ones are accepted. */
  dropConnections(): void;
  close(): Promise<void>;
};

/** No request is longer (Modbus over serial line 2.5.1 and 2.5.2). */
const MAX_REQUEST = 513;

/** After this silence an unfinished request is forgotten. */
const REQUEST_SILENCE_MS = 100;

/**
 * Puts `devices` on a serial line of `baud`. Characters take their time both ways: a request has
 * come when its last character would have, the answer starts when `replyOf` has it and leaves at
 * the pace of the line.
 */
export function openModbusLine(options: LineOptions): ModbusLine {
  const { baud, echo = false, framing: name = "rtu", tuned, carried = same } = options;
  const { requestsTo, deviceAt, now } = serve(options);
  const framing = FRAMINGS[name];
  const timing = lineTiming(name, baud, 0);
  const faults = new Map<number, LineFault>();
  const random = new Random(1);
  const pty = openPty();
  let received: Uint8Array = new Uint8Array(0);
  let heardMs = 0;
  let collisions = 0;
  let lastByteAt = -Infinity;
  const timers = new Timers();
  const toClient = new Wire(baud, (bytes) => {
    lastByteAt = performance.now();
    pty.write(bytes);
  });
  const fromClient = new Wire(baud, (bytes) => {
    if (performance.now() - heardMs > REQUEST_SILENCE_MS) received = new Uint8Array(0);
    heardMs = performance.now();
    received = Buffer.concat([received, bytes]).subarray(-MAX_REQUEST);
    for (let request = framing.take(received); request; request = framing.take(received)) {
      received = request.rest;
      const { unit } = request;
      const device = deviceAt(unit);
      if (device === undefined) continue;
      const fault = faults.get(unit) ?? null;
      const reply = replyOf(device, fault, framing, request, timing, now(), random);
      for (const { delayMs, bytes } of reply.sent)
        timers.after(delayMs, () => toClient.put(carried(bytes)));
    }
  });
  const isHeard = () => {
    if (tuned === undefined) return true;
    const { baud: own, isOdd } = pty.settings();
    return own === baud && isOdd === (tuned === "odd");
  };
  pty.onData = (bytes) => {
    if (!isHeard()) return;
    if (toClient.isBusy) collisions += 1;
    if (echo) toClient.put(bytes);
    fromClient.put(bytes);
  };
  const clear = () => {
    timers.clear();
    toClient.clear();
    fromClient.clear();
  };
  return {
    requestsTo,
    setFault(unit, fault) {
      if (!options.devices.some((device) => device.unit === unit)) {
        throw new Error(`no unit ${unit} here`);
      }
      if (fault === null) faults.delete(unit);
      else faults.set(unit, fault);
    },
    path: pty.path,
    collisions: () => collisions,
    lastByteAt: () => lastByteAt,
    unplug() {
      clear();
      pty.unplug();
    },
    plug: () => pty.plug(),
    close() {
      clear();
      pty.close();
    },
  };
}

function same(bytes: Uint8Array): Uint8Array {
  return bytes;
}

/** Serves `devices` over Modbus TCP at a free port of 127.0.0.1. */
export async function openModbusTcp(options: ServerOptions): Promise<ModbusTcpServer> {
  const { requestsTo, deviceAt, now } = serve(options);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A client that goes away is nothing to report.
    socket.on("error", () => {});
    let received: Uint8Array = new Uint8Array(0);
    socket.on("data", (bytes) => {
      received = Buffer.concat([received, bytes]);
      for (let request = parseTcp(received); request; request = parseTcp(received)) {
        received = received.subarray(request.length);
        const device = deviceAt(request.unit);
        if (device === undefined) continue;
        socket.write(tcpFrame({ ...request, pdu: answer(device, request.pdu, now()) }));
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP port");
  const dropConnections = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    requestsTo,
    port: address.port,
    dropConnections,
    async close() {
      dropConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** What both servers do with a request, whatever it came in. */
function serve({ devices, clock }: ServerOptions) {
  const startedMs = performance.now();
  const byUnit = new Map(devices.map((device) => [device.unit, device]));
  const requests = new Map<number, number>();
  return {
    now: clock ?? (() => performance.now() - startedMs),
    requestsTo: (unit: number) => requests.get(unit) ?? 0,
    /** Whom a request to `unit` is for, which is counted; undefined where nobody is. */
    deviceAt(unit: number): ModbusDevice | undefined {
      requests.set(unit, (requests.get(unit) ?? 0) + 1);
      return byUnit.get(unit);
    },
  };
}

/** Timers that end together. */
class Timers {
  readonly #running = new Set<NodeJS.Timeout>();

  after(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      action();
    }, ms);
    this.#running.add(timer);
  }

  clear(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
