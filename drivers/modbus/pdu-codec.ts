import { EventEmitter } from "node:events";
import modbusSerial from "modbus-serial";
import type { Area } from "../../edge/core/point.ts";
import type { ReadRequest } from "../driver.ts";
import { MAX_BITS, MAX_REGISTERS } from "./limits.ts";
import type { Data } from "./readings.ts";

const { default: ModbusRTU } = modbusSerial;

/** What a checked answer says: the registers or bits read, or an exception's code. */
export type Answer = Data | { readonly kind: "exception"; readonly code: number };

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

  constructor() {
    this.#client.open();
  }

  /**
   * The request in serial-line form: unit, PDU and check sum. Throws a RangeError where no frame
   * can carry the answer: a plan keeps to the limits.
   */
  encode({ unit, area, address, count }: ReadRequest): Uint8Array {
    const max = area === "coil" || area === "discrete" ? MAX_BITS : MAX_REGISTERS;
    if (count < 1 || count > max) throw new RangeError(`${count} is not in 1 to ${max}`);
    this.#answer = null;
    this.#client[READ[area]](unit, address, count, (error, result) => {
      this.#answer = answerOf(error, result?.data);
    });
    return this.#port.written;
  }

  /** Requests that modbus-serial remembers. */
  get unanswered(): number {
    return Object.keys((this.#client as unknown as { _transactions: object })._transactions).length;
  }

  /**
   * What `adu` (in serial-line form, its check sum right) says as the answer to the last request;
   * null where it is no answer to it.
   */
  decode(adu: Uint8Array): Answer | null {
    this.#port.emit("data", Buffer.from(adu));
    return this.#answer;
  }
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
