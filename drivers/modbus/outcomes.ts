import type { Reason } from "../../edge/core/reading.ts";
import type { UptimeMs, WallMs } from "../../edge/core/time.ts";
import type { PduOutcome, ReadOutcome, ReadRequest, WriteOutcome } from "../driver.ts";
import type { Overheard, QueryOutcome } from "../query.ts";
import { isRefusal } from "./confirmation.ts";
import { CRC_LENGTH } from "./crc16.ts";
import { EXCEPTION_BIT } from "./framer.ts";
import type { Answer } from "./pdu-codec.ts";
import { readingsOf } from "./readings.ts";

/**
 * How an exchange with a device ended. `wasSent` says whether the device may have heard of it.
 */
export type Ending = { readonly at: WallMs; readonly uptime: UptimeMs } & (
  | { readonly kind: "answer"; readonly answer: Exclude<Answer, { readonly kind: "exception" }> }
  | { readonly kind: "pdu"; readonly pdu: Uint8Array }
  | { readonly kind: "failure"; readonly reason: Reason; readonly wasSent: boolean }
);

/** An answer in serial-line form, and when its last byte was there. */
export type Heard = {
  readonly adu: Uint8Array;
  readonly at: WallMs;
  readonly uptime: UptimeMs;
};

/** Whether `adu` is an exception. */
export function isException(adu: Uint8Array): boolean {
  return ((adu[1] as number) & EXCEPTION_BIT) !== 0;
}

/** How a request ended that was answered, and that is told as the answer came. */
export function rawEnding({ adu, at, uptime }: Heard): Ending {
  return { kind: "pdu", pdu: adu.slice(1, -CRC_LENGTH), at, uptime };
}

/** How a request ended that was answered; null for `answer` where that does not answer it. */
export function endingOf(answer: Answer | null, { at, uptime }: Heard): Ending {
  if (answer !== null && answer.kind !== "exception") return { kind: "answer", answer, at, uptime };
  const reason = answer === null ? "malformed" : (`exception:${answer.code}` as const);
  return { kind: "failure", reason, wasSent: true, at, uptime };
}

/** Why what ended so came to nothing; null where it did not. */
export function reasonOf(ending: Ending): Reason | null {
  if (ending.kind === "failure") return ending.reason;
  if (ending.kind === "answer") return null;
  const [code = 0, exception = 0] = ending.pdu;
  return code & EXCEPTION_BIT ? `exception:${exception}` : null;
}

/** What came of a read that ended so. */
export function readOutcome(request: ReadRequest, ending: Ending): ReadOutcome {
  const { at, uptime } = ending;
  if (ending.kind === "failure") return { kind: "failure", reason: ending.reason, at, uptime };
  if (ending.kind === "pdu") throw new Error("a read was answered as any request");
  const { answer } = ending;
  if (answer.kind !== "registers" && answer.kind !== "bits") {
    throw new Error(`a read was answered as ${answer.kind}`);
  }
  return { kind: "values", readings: readingsOf(request, answer), at, uptime };
}

/** What came of a query that ended so, and what was heard meanwhile. */
export function queryOutcome(ending: Ending, heard: Overheard): QueryOutcome {
  const { at, uptime } = ending;
  if (ending.kind === "failure") {
    return { kind: "failure", reason: ending.reason, at, uptime, heard };
  }
  if (ending.kind === "pdu") throw new Error("a query was answered as any request");
  const { answer } = ending;
  if (answer.kind === "written") throw new Error("a query was answered as a write");
  return { kind: "answer", answer, at, uptime, heard };
}

/** What came of a write that ended so. */
export function writeOutcome(ending: Ending): WriteOutcome {
  const { at, uptime } = ending;
  if (ending.kind === "answer") {
    const { answer } = ending;
    const registers = answer.kind === "registers" ? answer.registers : [];
    return { kind: "done", registers, at, uptime };
  }
  if (ending.kind === "pdu") throw new Error("a write was answered as any request");
  const { reason, wasSent } = ending;
  return { kind: wasSent && !isRefusal(reason) ? "unknown" : "not-done", reason, at, uptime };
}

/** What came of any request that ended so. */
export function pduOutcome(ending: Ending): PduOutcome {
  const { at, uptime } = ending;
  switch (ending.kind) {
    case "pdu":
      return { kind: "answer", pdu: ending.pdu, at, uptime };
    case "failure":
      return { ...ending };
    case "answer":
      throw new Error("any request was answered as a read or a write");
  }
}
