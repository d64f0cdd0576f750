import type { z } from "zod";
import type { BinaryProtocol, Protocol, TextProtocol } from "../edge/core/talker.ts";
import { checksumBytes } from "../edge/core/talker.ts";
import { groupsOf, type NoteAt } from "./expression.ts";
import type { protocolSchema } from "./talk-schema.ts";

/** The key `protocol` of a device or profile, read. */
export type ProtocolInput = z.output<typeof protocolSchema>;
type TextInput = Extract<ProtocolInput, { readonly kind: "text" }>;
type BinaryInput = Extract<ProtocolInput, { readonly kind: "binary" }>;

/** A protocol as the driver wants it, with what only the checks of its points need. */
export type ResolvedProtocol = {
  readonly protocol: Protocol;
  /** What is sent to have the device answer, or null. */
  readonly ask: readonly number[] | null;
  /** Named groups of the expression; empty for other protocols. */
  readonly groups: readonly string[];
};

/** `input` with its defaults, or null with all that is wrong noted below its path. */
export function resolveProtocol(input: ProtocolInput, note: NoteAt): ResolvedProtocol | null {
  switch (input.kind) {
    case "text":
      return textOf(input, note);
    case "nmea":
      return { protocol: { kind: "nmea" }, ask: null, groups: [] };
    case "binary":
      return binaryOf(input, note);
  }
}

function textOf(input: TextInput, note: NoteAt): ResolvedProtocol | null {
  const { match, separator, columns = null, decimal } = input;
  const ending = input.ending === undefined ? null : bytesOfText(input.ending);
  const ask = input.ask === undefined ? null : bytesOfText(input.ask);
  const of = (layout: TextProtocol["layout"], groups: readonly string[]) => {
    return { protocol: { kind: "text", ending, decimal, layout } as const, ask, groups };
  };
  if ((match === undefined) === (separator === undefined)) {
    note("text-layout", { count: match === undefined ? 0 : 2 }, []);
    return null;
  }
  if (separator !== undefined) return of({ kind: "columns", separator, columns }, []);
  if (columns !== null) {
    const allowed = ["match", "decimal", "ending", "ask"];
    note("key-elsewhere", { name: "columns", here: "match", allowed }, ["columns"]);
  }
  const expression = match as string;
  const groups = groupsOf(expression, ["match"], note);
  return groups === null ? null : of({ kind: "match", expression }, groups);
}

function binaryOf(input: BinaryInput, note: NoteAt): ResolvedProtocol | null {
  const { length, checksum = null } = input;
  const header = bytesOfHex(input.header);
  const tail = input.tail === undefined ? [] : bytesOfHex(input.tail);
  const protocol: BinaryProtocol = { kind: "binary", header, length, tail, checksum };
  const end = dataEnd(protocol);
  if (checksum === null) note("frame-unchecked", null, []);
  if (end < header.length || (checksum !== null && end <= checksum.from)) {
    note("frame-too-short", { length }, ["length"]);
    return null;
  }
  const ask = input.ask === undefined ? null : bytesOfHex(input.ask);
  return { protocol, ask, groups: [] };
}

/** The byte of a frame, from 0, before which its data end. */
export function dataEnd({ length, tail, checksum }: BinaryProtocol): number {
  return length - tail.length - (checksum === null ? 0 : checksumBytes(checksum));
}

function bytesOfText(text: string): readonly number[] {
  return [...new TextEncoder().encode(text)];
}

function bytesOfHex(hex: string): readonly number[] {
  return [...hex.matchAll(/[0-9A-Fa-f]{2}/g)].map(([digits]) => Number.parseInt(digits, 16));
}
