import type { PduOutcome } from "../../drivers/driver.ts";
import { confirms, isRefusal } from "../../drivers/modbus/confirmation.ts";
import { isHarmless } from "../../drivers/modbus/pdu-safety.ts";
import { hexOf } from "../../drivers/wire-text.ts";
import type { WriteEvent } from "../core/event.ts";
import type { Reason } from "../core/reading.ts";
import type { WallMs } from "../core/time.ts";

/** Any request to one unit, for diagnosis, and who wants it. */
export type PduOrder = {
  readonly bus: string;
  /** 0 to 255. */
  readonly unit: number;
  /** Function code and data as hexadecimal digits. */
  readonly pdu: string;
  /** Whether it may be sent though it is not known to be harmless. */
  readonly unsafe: boolean;
  readonly who: string;
};

/**
 * What was answered, as hexadecimal digits; or why nothing was, and whether the device may have
 * heard of it. `at` is null where the gateway went away meanwhile; `notRecorded` says why it could
 * not be recorded, where it could not.
 */
export type PduAnswer = { readonly at: WallMs | null; readonly notRecorded?: string } & (
  | { readonly kind: "answer"; readonly pdu: string }
  | { readonly kind: "failure"; readonly reason: Reason; readonly wasSent: boolean }
);

/** The longest PDU (Modbus Application Protocol V1.1b3, 4.1). */
export const PDU_MAX = 253;

/** Whether `pdu` can be sent as a request: not too long, and its function is no exception's. */
export function canBeAsked(pdu: Uint8Array): boolean {
  const [code = 0] = pdu;
  return code >= 1 && code <= 127 && pdu.length <= PDU_MAX;
}

/** The order in the parameters of a call. Throws where there is none, saying why. */
export function pduOrderOf(params: unknown): PduOrder {
  const { bus, unit, pdu, unsafe, who } = (params ?? {}) as Partial<Record<string, unknown>>;
  if (typeof bus !== "string" || typeof pdu !== "string" || typeof who !== "string") {
    throw new Error("exchange needs a bus, a PDU and who acts");
  }
  if (typeof unit !== "number" || !Number.isInteger(unit) || unit < 0 || unit > 255) {
    throw new Error("unit must be a whole number from 0 to 255");
  }
  if (!/^([0-9a-f]{2} ?)+$/i.test(pdu) || !canBeAsked(bytesOfPdu(pdu))) {
    throw new Error(`a PDU is 1 to ${PDU_MAX} bytes in hex, the first from 01 to 7F`);
  }
  return { bus, unit, pdu, unsafe: unsafe === true, who };
}

/** The bytes of a PDU in hexadecimal digits. */
export function bytesOfPdu(pdu: string): Uint8Array {
  return Uint8Array.from(Buffer.from(pdu.replaceAll(" ", ""), "hex"));
}

/** The outcome for whoever asked. */
export function pduAnswerOf(outcome: PduOutcome): PduAnswer {
  const { at } = outcome;
  if (outcome.kind === "failure") {
    const { reason, wasSent } = outcome;
    return { kind: "failure", reason, wasSent, at };
  }
  return { kind: "answer", pdu: hexOf(outcome.pdu), at };
}

/**
 * What the outcome says of whether the device has done what `pdu` asks. It has confirmed only what
 * it repeats; what repeats all of it, on a line that may echo, may be that echo.
 */
function pduEffectOf(
  pdu: Uint8Array,
  outcome: PduOutcome,
  mayEcho: boolean,
): Pick<WriteEvent, "outcome" | "cause"> {
  if (outcome.kind === "failure") {
    return { outcome: outcome.wasSent ? "unknown" : "not-done", cause: outcome.reason };
  }
  const [code = 0, exception = 0] = outcome.pdu;
  if (code >= 0x80) {
    const cause = `exception:${exception}` as const;
    return { outcome: isRefusal(cause) ? "not-done" : "unknown", cause };
  }
  if (!confirms(pdu, outcome.pdu)) return { outcome: "unknown", cause: "malformed" };
  const isRepeat = mayEcho && hexOf(outcome.pdu) === hexOf(pdu);
  return { outcome: "done", cause: isRepeat ? "repeated" : "confirmed" };
}

/**
 * How what is not known to be harmless is told as an event, `line-a/3/pdu`; `mayEcho`: a request may
 * come back from its bus by itself.
 */
export function pduEventOf(
  { bus, unit, pdu, who }: PduOrder,
  outcome: PduOutcome,
  mayEcho: boolean,
): Omit<WriteEvent, "clock"> | null {
  const bytes = bytesOfPdu(pdu);
  if (isHarmless(bytes)) return null;
  const point = `${bus}/${unit}/pdu`;
  const told = { kind: "write", point, unit: null, old: null, value: pdu } as const;
  return { ...told, ...pduEffectOf(bytes, outcome, mayEcho), who, at: outcome.at };
}
