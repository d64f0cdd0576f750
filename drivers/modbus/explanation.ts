import { EXCEPTION_BIT } from "./framer.ts";
import { FUNCTION_NAMES } from "./function-names.ts";
import {
  type Direction,
  type FaultKind,
  type HintKind,
  type Meaning,
  type NoteKind,
  type Remark,
  remark,
} from "./meaning.ts";
import { type Asked, meaningsOf } from "./pdu-meaning.ts";

/** What the moment tells of a frame: which way it went, and what it answers. */
export type Known = { readonly direction: Direction | null; readonly asked: Asked | null };

/** A check sum as it is in the frame and as it should be, in the order of the wire. */
export type Check = {
  readonly given: Uint8Array;
  readonly computed: Uint8Array;
  readonly passes: boolean;
};

/** Everything that can be said of the bytes of one frame. */
export type Explanation = {
  readonly bytes: Uint8Array;
  /** The transaction identifier of Modbus TCP; null on a serial line. */
  readonly transaction: number | null;
  /** Null where the frame is too short to have one. */
  readonly unit: number | null;
  /** Without the bit of an exception; null where the frame is too short to have one. */
  readonly functionCode: number | null;
  readonly isException: boolean;
  /** More than one where the frame can be read both ways; none where there is no PDU. */
  readonly meanings: readonly Meaning[];
  /** Null where the frame has none: over TCP, or too short. */
  readonly check: Check | null;
  /** What is wrong; a frame without faults is sound. */
  readonly faults: readonly Remark<FaultKind>[];
  /** How it could be right. */
  readonly hints: readonly Remark<HintKind>[];
  readonly notes: readonly Remark<NoteKind>[];
  /** The sound frames found in it, in order, where it is not one itself. */
  readonly parts: readonly Uint8Array[];
};

/** What a frame's envelope, whatever its form, says of it. */
export type Envelope = Pick<Explanation, "bytes"> &
  Partial<Pick<Explanation, "transaction" | "check" | "faults" | "hints" | "parts">> & {
    /** Unit and PDU. */
    readonly body: Uint8Array;
  };

/** The explanation of a frame of which the envelope has been taken off. */
export function explain(envelope: Envelope, { direction, asked }: Known): Explanation {
  const { bytes, body, transaction = null, check = null, hints = [], parts = [] } = envelope;
  const [unit = null, code = null] = body;
  const way = asked === null ? direction : "answer";
  const meanings = code === null ? [] : meaningsOf(body.subarray(1), way, asked);
  const pduFaults = meanings.length === 1 ? (meanings[0] as Meaning).faults : [];
  const misfits = asked === null ? [] : misfitsOf(body, meanings, asked);
  return {
    bytes,
    transaction,
    unit,
    functionCode: code === null ? null : code & ~EXCEPTION_BIT,
    isException: code !== null && (code & EXCEPTION_BIT) !== 0,
    meanings,
    check,
    faults: [...(envelope.faults ?? []), ...pduFaults, ...misfits],
    hints,
    notes: notesOf(unit, meanings, transaction !== null),
    parts,
  };
}

/**
 * The explanation of a frame whose envelope has a fault: what stands in it is told only where it
 * makes sense, and is no fault of its own.
 */
export function explainDamaged(envelope: Envelope, known: Known): Explanation {
  const told = explain(envelope, known);
  const isKnown = told.functionCode !== null && told.functionCode in FUNCTION_NAMES;
  const meanings = told.meanings.filter(({ faults }) => isKnown && faults.length === 0);
  return { ...told, meanings, faults: envelope.faults ?? [], notes: [] };
}

/** Where an answer does not fit what was asked. */
function misfitsOf(
  body: Uint8Array,
  meanings: readonly Meaning[],
  asked: Asked,
): readonly Remark<FaultKind>[] {
  const [unit, code = 0] = body;
  if (unit !== asked.unit) return [remark("not-asked", { what: "unit" })];
  if ((code & ~EXCEPTION_BIT) !== asked.functionCode) {
    return [remark("not-asked", { what: "function" })];
  }
  if (code & EXCEPTION_BIT || asked.count === null) return [];
  const fields = meanings[0]?.fields ?? [];
  const saidOf = (wanted: string) => fields.find(({ name }) => name === wanted)?.value;
  const expected = code <= 2 ? Math.ceil(asked.count / 8) : asked.count * 2;
  const bytes = saidOf("byteCount") ?? expected;
  const isMeant = (saidOf("address") ?? asked.address) === asked.address;
  if (!isMeant) return [remark("not-asked", { what: "address" })];
  const isAll = bytes === expected && (saidOf("count") ?? asked.count) === asked.count;
  return isAll ? [] : [remark("not-asked", { what: "count" })];
}

function notesOf(
  unit: number | null,
  meanings: readonly Meaning[],
  isTcp: boolean,
): readonly Remark<NoteKind>[] {
  const notes: Remark<NoteKind>[] = [];
  // Over TCP unit 0 and 255 are the device itself (Modbus messaging on TCP/IP V1.0b, 4.4.2.1).
  if (unit === 0 && !isTcp) notes.push(remark("broadcast"));
  if (unit !== null && unit > 247 && !isTcp) notes.push(remark("reserved-unit", { unit }));
  if (meanings.length > 1) notes.push(remark("ambiguous"));
  if (meanings[0]?.direction === null) notes.push(remark("either-way"));
  return notes;
}
