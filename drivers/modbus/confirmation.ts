import type { Reason } from "../../edge/core/reading.ts";
import type { Write } from "../driver.ts";

/**
 * How many bytes of its PDU an answer repeats that confirms an order: writes of one and of several
 * coils and registers, the mask write, and the function and sub-function of a diagnostic (Modbus
 * Application Protocol V1.1b3, 6.5, 6.6, 6.11, 6.12, 6.16 and 6.8).
 */
const REPEATED: Readonly<Record<number, number>> = { 5: 5, 6: 5, 8: 3, 15: 5, 16: 5, 22: 7 };

/**
 * Whether `answer`, which is no exception, confirms `request`; both are PDUs. A device that repeats
 * something else than was asked has not confirmed it. Where no answer repeats its request, any is
 * one.
 */
export function confirms(request: Uint8Array, answer: Uint8Array): boolean {
  const length = REPEATED[request[0] ?? 0] ?? 1;
  const repeated = answer.subarray(0, length);
  return repeated.length === length && repeated.every((byte, index) => byte === request[index]);
}

/**
 * Whether a device confirms such a write by repeating the whole of it, as a line that gives back
 * what is sent does by itself (Modbus Application Protocol V1.1b3, 6.5, 6.6 and 6.16).
 */
export function isRepeatedWhole(kind: Write["kind"]): boolean {
  return kind === "coil" || kind === "register" || kind === "mask";
}

/**
 * Exceptions after which an order may have been carried out all the same: it failed half-way, or
 * goes on (Modbus Application Protocol V1.1b3, 7: server device failure, acknowledge), or a gateway
 * passed it on and heard no answer (gateway target device failed to respond).
 */
const IN_DOUBT: readonly Reason[] = ["exception:4", "exception:5", "exception:11"];

/** Whether a device that told `reason` has surely left undone what it was asked. */
export function isRefusal(reason: Reason): boolean {
  return reason.startsWith("exception:") && !IN_DOUBT.includes(reason);
}
