import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { type Fault, type Random, rtuAnswer, type Sent, tcpAnswer } from "./fault.ts";
import { takeRtuRequest, takeTcpRequest } from "./frame.ts";
import { answer, type ModbusDevice } from "./modbus-device.ts";
import { openPty } from "./pty.ts";
import { characterMs, Wire } from "./wire.ts";

/** What the devices of a server have in common. */
export type ServerOptions = {
  readonly devices: readonly ModbusDevice[];
  /** Time for the devices' signals, in milliseconds; since the server was opened if left out. */
  readonly clock?: () => number;
  /** Source of garbage, in [0, 1). */
  readonly random?: Random;
};

/** A serial line: its speed, and whether the client's adapter hears what it sends itself. */
export type LineOptions = ServerOptions & { readonly baud: number; readonly echo?: boolean };

/** What can be done to devices while they are served. */
type Served = {
  /** Makes `unit` faulty, or sound again with null. */
  setFault(unit: number, fault: Fault | null): void;
  /** Requests that came for `unit`, answered or not. */
  requestsTo(unit: number): number;
};

/** Modbus RTU devices on one serial line. */
export type ModbusLine = Served & {
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

/** No request is longer (Modbus over serial line 2.5.1). */
const MAX_REQUEST = 256;

/** After this silence an unfinished request is forgotten. */
const REQUEST_SILENCE_MS = 100;

/**
 * Puts `devices` on a serial line of `baud`. Characters take their time both ways: a request has
 * come when its last character would have, the answer starts 3.5 characters later (Modbus over
 * serial line 2.5.1.1) and leaves at the pace of the line.
 */
export function openModbusLine(options: LineOptions): ModbusLine {
  const { baud, echo = false } = options;
  const served = serve(options);
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
    for (let request = takeRtuRequest(received); request; request = takeRtuRequest(received)) {
      received = request.rest;
      const { unit } = request;
      const pdu = served.answer(unit, request.pdu);
      if (pdu === null) continue;
      const sent = rtuAnswer(served.fault(unit), unit, pdu, served.random);
      const firstMs = 3.5 * characterMs(baud) + sent.delayMs;
      timers.after(firstMs, () => toClient.put(sent.bytes));
      const { next } = sent;
      if (next === undefined) continue;
      timers.after(firstMs + next.delayMs, () => toClient.put(next.bytes));
    }
  });
  pty.onData = (bytes) => {
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
    ...served,
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

/** Serves `devices` over Modbus TCP at a free port of 127.0.0.1. */
export async function openModbusTcp(options: ServerOptions): Promise<ModbusTcpServer> {
  const served = serve(options);
  const timers = new Timers();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A client that goes away is nothing to report.
    socket.on("error", () => {});
    let received: Uint8Array = new Uint8Array(0);
    const send = ({ bytes, delayMs, next }: Sent) => {
      if (delayMs === 0) socket.write(bytes);
      else timers.after(delayMs, () => socket.destroyed || socket.write(bytes));
      if (next !== undefined) send({ ...next, delayMs: delayMs + next.delayMs });
    };
    socket.on("data", (bytes) => {
      received = Buffer.concat([received, bytes]);
      for (let request = takeTcpRequest(received); request; request = takeTcpRequest(received)) {
        received = request.rest;
        const { transaction, unit } = request;
        const pdu = served.answer(unit, request.pdu);
        if (pdu === null) continue;
        send(tcpAnswer(served.fault(unit), transaction, unit, pdu, served.random));
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
    ...served,
    port: address.port,
    dropConnections,
    async close() {
      timers.clear();
      dropConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** What both servers do with a request, whatever it came in. */
function serve({ devices, clock, random = Math.random }: ServerOptions) {
  const startedMs = performance.now();
  const now = clock ?? (() => performance.now() - startedMs);
  const byUnit = new Map(devices.map((device) => [device.unit, device]));
  const faults = new Map<number, Fault>();
  const requests = new Map<number, number>();
  return {
    random,
    setFault(unit: number, fault: Fault | null): void {
      if (!byUnit.has(unit)) throw new Error(`no unit ${unit} here`);
      if (fault === null) faults.delete(unit);
      else faults.set(unit, fault);
    },
    requestsTo: (unit: number) => requests.get(unit) ?? 0,
    fault: (unit: number) => faults.get(unit) ?? null,
    /** The answer of `unit`, null where it is not here. */
    answer(unit: number, pdu: Uint8Array): Uint8Array | null {
      requests.set(unit, (requests.get(unit) ?? 0) + 1);
      const device = byUnit.get(unit);
      return device === undefined ? null : answer(device, pdu, now());
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
