import type { Area } from "../../edge/core/point.ts";
import { type Signal, wordsOf } from "./signal.ts";

/** A device as its registers show it. Coils and discrete inputs hold 0 or 1. */
export type ModbusDevice = {
  /** Modbus unit identifier. */
  readonly unit: number;
  /** What is at `address` at time `atMs`, 0 to 65535; undefined where there is no such address. */
  read(area: Area, address: number, atMs: number): number | undefined;
  /** Changes a coil or holding register that exists. */
  write(area: "coil" | "holding", address: number, value: number): void;
  /** Vendor name, product code and revision; left out where it does not tell. */
  readonly names?: readonly [string, string, string];
  /** What it reports as its server ID; left out where it does not. */
  readonly serverId?: string;
  /** Its eight outputs of exception status; left out where it has none. */
  readonly exceptionStatus?: number;
  /** Called before each answer, for a device that shows something else in each. */
  begin?(atMs: number): void;
};

/**
 * A device with `signals` in its registers. A register that was written keeps what was written.
 */
export function modbusDevice(
  unit: number,
  signals: readonly Signal[],
  told: Pick<ModbusDevice, "names" | "serverId"> = {},
): ModbusDevice {
  const at = new Map<string, { readonly signal: Signal; readonly offset: number }>();
  for (const signal of signals) {
    for (const offset of wordsOf(signal, signal.valueAt(0)).keys()) {
      at.set(`${signal.area}:${signal.address + offset}`, { signal, offset });
    }
  }
  const written = new Map<string, number>();
  return {
    ...told,
    unit,
    read(area, address, atMs) {
      const key = `${area}:${address}`;
      const place = at.get(key);
      if (place === undefined) return undefined;
      const { signal, offset } = place;
      return written.get(key) ?? wordsOf(signal, signal.valueAt(atMs))[offset];
    },
    write(area, address, value) {
      written.set(`${area}:${address}`, value);
    },
  };
}

/** Exception codes (Modbus Application Protocol V1.1b3, 7). */
const ILLEGAL_FUNCTION = 1;
const ILLEGAL_DATA_ADDRESS = 2;
const ILLEGAL_DATA_VALUE = 3;

class Refusal extends Error {
  readonly exception: number;

  constructor(exception: number) {
    super(`exception ${exception}`);
    this.exception = exception;
  }
}

/**
 * What `device` answers to the request PDU at time `atMs`: function codes 1 to 6, 8 for the return
 * of data, 15 and 16, and 7, 17 and 43/14 where it has something to tell; an exception for all else
 * (Modbus Application Protocol V1.1b3, 6 and 7). Writes change the device.
 */
export function answer(device: ModbusDevice, request: Uint8Array, atMs: number): Uint8Array {
  const functionCode = request[0] ?? 0;
  device.begin?.(atMs);
  try {
    return respond(device, functionCode, Buffer.from(request), atMs);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return Uint8Array.of(functionCode | 0x80, error.exception);
  }
}

function respond(device: ModbusDevice, code: number, request: Buffer, atMs: number): Uint8Array {
  switch (code) {
    case 1:
      return readBits(device, "coil", request, atMs);
    case 2:
      return readBits(device, "discrete", request, atMs);
    case 3:
      return readRegisters(device, "holding", request, atMs);
    case 4:
      return readRegisters(device, "input", request, atMs);
    case 5:
      return writeCoil(device, request, atMs);
    case 6:
      expect(request.length === 5);
      writeAll(device, "holding", request.readUInt16BE(1), [request.readUInt16BE(3)], atMs);
      return request;
    case 7:
      if (device.exceptionStatus === undefined) throw new Refusal(ILLEGAL_FUNCTION);
      return Uint8Array.of(7, device.exceptionStatus);
    case 8:
      if (request.length !== 5 || request.readUInt16BE(1) !== 0)
        throw new Refusal(ILLEGAL_FUNCTION);
      return request;
    case 15:
      return writeCoils(device, request, atMs);
    case 16:
      return writeRegisters(device, request, atMs);
    case 17:
      return reportServerId(device);
    case 43:
      return identify(device, request);
    default:
      throw new Refusal(ILLEGAL_FUNCTION);
  }
}

function reportServerId({ serverId }: ModbusDevice): Uint8Array {
  if (serverId === undefined) throw new Refusal(ILLEGAL_FUNCTION);
  const id = Buffer.from(serverId);
  return Uint8Array.of(17, id.length + 1, ...id, 0xff);
}

/** Basic identification, all in one answer (6.21). */
function identify({ names }: ModbusDevice, request: Buffer): Uint8Array {
  if (names === undefined || request[1] !== 14) throw new Refusal(ILLEGAL_FUNCTION);
  expect(request.length === 4 && request[2] === 1);
  const objects = names.flatMap((name, id) => {
    const text = Buffer.from(name);
    return [id, text.length, ...text];
  });
  return Uint8Array.of(43, 14, 1, 1, 0, 0, names.length, ...objects);
}

function readBits(device: ModbusDevice, area: Area, request: Buffer, atMs: number): Uint8Array {
  const bits = readAll(device, area, request, 2000, atMs);
  const packed = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [i, bit] of bits.entries()) {
    packed[i >> 3] = (packed[i >> 3] ?? 0) | ((bit === 0 ? 0 : 1) << (i & 7));
  }
  return Uint8Array.of(request[0] ?? 0, packed.length, ...packed);
}

function readRegisters(device: ModbusDevice, area: Area, request: Buffer, atMs: number) {
  const words = readAll(device, area, request, 125, atMs);
  const bytes = words.flatMap((word) => [word >> 8, word & 0xff]);
  return Uint8Array.of(request[0] ?? 0, bytes.length, ...bytes);
}

function readAll(
  device: ModbusDevice,
  area: Area,
  request: Buffer,
  most: number,
  atMs: number,
): number[] {
  expect(request.length === 5);
  const address = request.readUInt16BE(1);
  const quantity = request.readUInt16BE(3);
  expect(quantity >= 1 && quantity <= most);
  return Array.from({ length: quantity }, (_, i) => {
    const word = device.read(area, address + i, atMs);
    if (word === undefined) throw new Refusal(ILLEGAL_DATA_ADDRESS);
    return word;
  });
}

function writeCoil(device: ModbusDevice, request: Buffer, atMs: number): Uint8Array {
  expect(request.length === 5);
  const value = request.readUInt16BE(3);
  expect(value === 0 || value === 0xff00);
  writeAll(device, "coil", request.readUInt16BE(1), [value === 0 ? 0 : 1], atMs);
  return request;
}

function writeCoils(device: ModbusDevice, request: Buffer, atMs: number): Uint8Array {
  expect(request.length >= 7);
  const quantity = request.readUInt16BE(3);
  const bytes = request.subarray(6);
  expect(quantity >= 1 && quantity <= 1968);
  expect(request[5] === bytes.length && bytes.length === Math.ceil(quantity / 8));
  const bits = Array.from({ length: quantity }, (_, i) => ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1);
  writeAll(device, "coil", request.readUInt16BE(1), bits, atMs);
  return request.subarray(0, 5);
}

function writeRegisters(device: ModbusDevice, request: Buffer, atMs: number): Uint8Array {
  expect(request.length >= 8);
  const quantity = request.readUInt16BE(3);
  const bytes = request.subarray(6);
  expect(quantity >= 1 && quantity <= 123);
  expect(request[5] === bytes.length && bytes.length === 2 * quantity);
  const words = Array.from({ length: quantity }, (_, i) => bytes.readUInt16BE(2 * i));
  writeAll(device, "holding", request.readUInt16BE(1), words, atMs);
  return request.subarray(0, 5);
}

/** Writes all of `values` or, where one address does not exist, none. */
function writeAll(
  device: ModbusDevice,
  area: "coil" | "holding",
  address: number,
  values: readonly number[],
  atMs: number,
): void {
  for (const i of values.keys()) {
    if (device.read(area, address + i, atMs) === undefined) throw new Refusal(ILLEGAL_DATA_ADDRESS);
  }
  for (const [i, value] of values.entries()) device.write(area, address + i, value);
}

function expect(holds: boolean): void {
  if (!holds) throw new Refusal(ILLEGAL_DATA_VALUE);
}
