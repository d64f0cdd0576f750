import { EventEmitter } from "node:events";
import modbusSerial from "modbus-serial";
import type { Area } from "../../edge/core/point.ts";
import type { ReadRequest, WriteRequest } from "../driver.ts";
import type { QueryRequest } from "../query.ts";
import { confirms } from "./confirmation.ts";
import { CRC_LENGTH } from "./crc16.ts";
import { MAX_BITS, MAX_REGISTERS, refuseUnless, refuseUnsendable } from "./limits.ts";
import { decodeQuery, encodeQuery, type OwnAnswer, type OwnQuery } from "./query-codec.ts";
import type { Data } from "./readings.ts";

const { default: ModbusRTU } = modbusSerial;

/**
 * What a checked answer says: the registers or bits read, that what was asked is written, what a
 * query asked for, or an exception's code.
 */
export type Answer = Data | { readonly kind: "written" } | OwnAnswer;

/** Where to read. */
type Reading = Pick<ReadRequest, "unit" | "area" | "address" | "count">;

/** The function that reads each area (Modbus Application Protocol V1.1b3, 6.1 to 6.4). */
const READ = {
  coil: "writeFC1",
  discrete: "writeFC2",
  holding: "writeFC3",
  input: "writeFC4",
} as const satisfies Record<Area, string>;

/**
 * Makes requests and reads answers, by modbus-serial. That is given a port which leads nowhere:
 * the line, the time-out and the check of every frame are ours. One request at a time.
 */
export class PduCodec {
  readonly #port = new DetachedPort();
  readonly #client = new ModbusRTU(this.#port);
  #answer: Answer | null = null;
  /** What was asked without modbus-serial, or null. */
  #query: OwnQuery | null = null;

  constructor() {
    this.#client.open();
  }

  /**
   * The request in serial-line form: unit, PDU and check sum. Throws a RangeError where no frame
   * can carry the answer: a plan keeps to the limits.
   */
  encode({ unit, area, address, count }: Reading): Uint8Array {
    const isBits = area === "coil" || area === "discrete";
    refuseUnless(count, isBits ? MAX_BITS : MAX_REGISTERS);
    this.#answer = null;
    this.#query = null;
    this.#client[READ[area]](unit, address, count, (error, result) => {
      this.#answer = answerOf(error, result?.data);
    });
    return this.#port.written;
  }

  /**
   * The order in serial-line form. Throws a RangeError where no frame can carry it, or a register
   * is no 16-bit number.
   */
  encodeWrite({ unit, write }: WriteRequest): Uint8Array {
    refuseUnsendable(write);
    this.#answer = null;
    this.#query = null;
    const client = this.#client;
    const done = (error: Error | null) => {
      this.#answer = error === null ? { kind: "written" } : answerOf(error, undefined);
    };
    switch (write.kind) {
      case "coil":
        client.writeFC5(unit, write.address, write.on, done);
        break;
      case "register":
        client.writeFC6(unit, write.address, write.register, done);
        break;
      case "coils":
        client.writeFC15(unit, write.address, [...write.bits], done);
        break;
      case "registers":
        client.writeFC16(unit, write.address, [...write.registers], done);
        break;
      case "mask":
        client.writeFC22(unit, write.address, write.and, write.or, done);
        break;
      case "read-write": {
        const { from, count, address, registers } = write;
        const values = [...registers];
        client.writeFC23(unit, from, count, address, values.length, values, (error, result) => {
          this.#answer = answerOf(error, result?.data);
        });
      }
    }
    return this.#port.written;
  }

  /** The query in serial-line form. Throws a RangeError where no frame can carry the answer. */
  encodeQuery({ unit, query }: QueryRequest): Uint8Array {
    if (query.kind === "place") return this.encode({ unit, ...query });
    this.#query = query;
    return encodeQuery(unit, query);
  }

  /** Requests that modbus-serial remembers. */
  get unanswered(): number {
    return Object.keys((this.#client as unknown as { _transactions: object })._transactions).length;
  }

  /**
   * What `adu` (in serial-line form, its check sum right) says as the answer to the last request;
   * null where it is no answer to it. A device that confirms something else than was asked has not
   * confirmed (Modbus Application Protocol V1.1b3, 6.5, 6.6, 6.11, 6.12 and 6.16).
   */
  decode(adu: Uint8Array): Answer | null {
    if (this.#query !== null) return decodeQuery(this.#query, adu);
    this.#port.emit("data", Buffer.from(adu));
    if (this.#answer?.kind !== "written") return this.#answer;
    return confirms(pduIn(this.#port.written), pduIn(adu)) ? this.#answer : null;
  }
}

/** The PDU in a frame in serial-line form. */
function pduIn(adu: Uint8Array): Uint8Array {
  return adu.subarray(1, -CRC_LENGTH);
}

/**
 * Keeps what is written. modbus-serial files a request under the port's transaction number; here
 * that never changes, so that unanswered requests cannot pile up.
 */
class DetachedPort extends EventEmitter {
  readonly isOpen = true;
  written: Uint8Array = new Uint8Array(0);

  open(done: () => void): void {
    done();
  }

  write(request: Uint8Array): void {
    this.written = request;
  }
}

/** modbus-serial calls back with an error that has a code for an exception, and none otherwise. */
function answerOf(
  error: (Error & { readonly modbusCode?: number }) | null,
  data: readonly number[] | readonly boolean[] | undefined,
): Answer | null {
  if (error !== null) {
    return error.modbusCode === undefined ? null : { kind: "exception", code: error.modbusCode };
  }
  if (data === undefined || data.length === 0) return null;
  return typeof data[0] === "boolean"
    ? { kind: "bits", bits: data as readonly boolean[] }
    : { kind: "registers", registers: data as readonly number[] };
}
