import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { parseTcp, tcpFrame } from "./frame.ts";
import { answer, type ModbusDevice } from "./modbus-device.ts";

/**
 * How an output module takes a write.
 *
 * - `sound`: it does it
 * - `stuck`: it confirms it and does nothing
 * - `refusing`: it refuses it with exception 4, server device failure
 * - `mute`: it answers nothing, neither writes nor reads
 */
export type Manners = "sound" | "stuck" | "refusing" | "mute";

/** A write to a coil as it came, on the clock of `performance.now()`. */
export type HeardWrite = { readonly address: number; readonly on: boolean; readonly atMs: number };

/** A Modbus TCP device on 127.0.0.1 with holding registers and eight coils, unit 1. */
export type OutputModule = {
  readonly port: number;
  manners: Manners;
  /** What the holding registers hold; written from outside. */
  readonly registers: number[];
  /** Whether the coils are on. */
  readonly coils: boolean[];
  readonly writes: readonly HeardWrite[];
  /** Called when an answer has been handed to the connection: the registers it told, from where. */
  onAnswer: ((address: number, values: readonly number[], atMs: number) => void) | null;
  close(): Promise<void>;
};

/** Modbus Application Protocol V1.1b3, 6 and 7. */
const READ_HOLDING = 3;
const WRITE_COIL = 5;
const DEVICE_FAILURE = 4;

/** Opens a device with so many holding registers, all 0. */
export async function openOutputModule(registerCount = 1): Promise<OutputModule> {
  const registers = Array.from({ length: registerCount }, () => 0);
  const coils = Array.from({ length: 8 }, () => false);
  const writes: HeardWrite[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let received: Uint8Array = new Uint8Array(0);
    socket.on("data", (bytes) => {
      received = Buffer.concat([received, bytes]);
      for (let request = parseTcp(received); request; request = parseTcp(received)) {
        received = received.subarray(request.length);
        const pdu = reply(module, request.pdu, writes);
        if (pdu === null) continue;
        socket.write(tcpFrame({ ...request, pdu }));
        if (request.pdu[0] !== READ_HOLDING) continue;
        const view = Buffer.from(request.pdu);
        const address = view.readUInt16BE(1);
        const told = registers.slice(address, address + view.readUInt16BE(3));
        module.onAnswer?.(address, told, performance.now());
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP port");
  const module: OutputModule = {
    port: address.port,
    manners: "sound",
    registers,
    coils,
    writes,
    onAnswer: null,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return module;
}

/** What the module answers to `pdu`; null for nothing. */
function reply(
  { manners, registers, coils }: OutputModule,
  pdu: Uint8Array,
  writes: HeardWrite[],
): Uint8Array | null {
  const isWrite = pdu[0] === WRITE_COIL;
  if (isWrite) {
    const address = Buffer.from(pdu).readUInt16BE(1);
    writes.push({ address, on: pdu[3] === 0xff, atMs: performance.now() });
  }
  if (manners === "mute") return null;
  if (isWrite && manners === "refusing") return Uint8Array.of(WRITE_COIL | 0x80, DEVICE_FAILURE);
  const device: ModbusDevice = {
    unit: 1,
    read: (area, at) => (area === "coil" ? bitOf(coils[at]) : registers[at]),
    write: (area, at, value) => {
      if (area === "coil" && manners !== "stuck") coils[at] = value === 1;
    },
  };
  return answer(device, pdu, 0);
}

function bitOf(coil: boolean | undefined): number | undefined {
  return coil === undefined ? undefined : Number(coil);
}
