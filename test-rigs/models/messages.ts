import type { Profile } from "../../config/profile.ts";

type Points = Profile["points"];
type Binary = Extract<NonNullable<Profile["protocol"]>, { kind: "binary" }>;

/** A message, and what the raw value of each point in it is. */
export type Message = { readonly bytes: Uint8Array; readonly raws: ReadonlyMap<string, number> };

const WIDTHS: Readonly<Record<string, number>> = {
  ...{ int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, float32: 4 },
};

/** A frame of `protocol` in which no two points hold the same; `fixed` are raw values to be held. */
export function frameOf(
  { header, length, tail = "", checksum }: Binary,
  points: Points,
  fixed: ReadonlyMap<string, number> = new Map(),
): Message {
  const frame = Buffer.alloc(length);
  frame.set(bytesIn(header));
  const raws = new Map<string, number>();
  for (const [name, { byte, type = "", order = "ABCD" }] of Object.entries(points)) {
    if (byte === undefined) continue;
    const raw = fixed.get(name) ?? 0x21 + 3 * raws.size + (WIDTHS[type] === 1 ? 0 : 0x1200);
    raws.set(name, raw);
    frame.set(valueOnWire(type, order, raw), byte);
  }
  const end = bytesIn(tail);
  frame.set(end, length - end.length);
  if (checksum !== undefined) {
    const sumLength = /16/.test(checksum.kind) ? 2 : 1;
    const at = length - end.length - sumLength;
    frame.set(sumOf(checksum.kind, frame.subarray(checksum.from, at)), at);
  }
  return { bytes: frame, raws };
}

/** Sentences in which no two fields hold the same; tests of fields are passed. */
export function sentencesOf(points: Points): Message {
  const raws = new Map<string, number>();
  const told = Object.entries(points).filter(([, { sentence }]) => sentence !== undefined);
  const bySentence = Map.groupBy(told, ([, { sentence, only }]) =>
    JSON.stringify([sentence, only]),
  );
  const lines = [...bySentence.values()].map((group) => {
    const fields: string[] = [];
    for (const [name, { field = 0, only, valid }] of group) {
      const raw = 10.5 + raws.size;
      raws.set(name, raw);
      fields[field] = String(raw);
      for (const test of [only, valid]) if (test !== undefined) fields[test.field] = test.is;
    }
    const sentence = group[0]?.[1].sentence ?? "";
    // The type alone means any talker's.
    fields[0] = sentence.length === 3 ? `II${sentence}` : sentence;
    const body = Array.from(fields, (text = "") => text).join(",");
    const sum = sumOf("xor8", Buffer.from(body, "latin1"))[0] ?? 0;
    return `$${body}*${sum.toString(16).toUpperCase().padStart(2, "0")}\r\n`;
  });
  // What comes first may be the rest of a sentence.
  return { bytes: Buffer.from(`\r\n${lines.join("")}`, "latin1"), raws };
}

function bytesIn(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(" ", ""), "hex");
}

function valueOnWire(type: string, order: string, raw: number): Buffer {
  const width = WIDTHS[type];
  if (width === undefined) throw new Error(`no frame with ${type} can be made yet`);
  const bytes = Buffer.alloc(width);
  if (type === "float32") bytes.writeFloatBE(raw);
  else if (raw < 0) bytes.writeIntBE(raw, 0, width);
  else bytes.writeUIntBE(raw, 0, width);
  // Every order of two bytes is one of these.
  if (width === 2) return order === "BADC" || order === "DCBA" ? bytes.reverse() : bytes;
  if (order === "DCBA") return bytes.reverse();
  if (order === "CDAB") return Buffer.concat([bytes.subarray(2), bytes.subarray(0, 2)]);
  return order === "BADC" ? bytes.swap16() : bytes;
}

function sumOf(kind: string, bytes: Uint8Array): readonly number[] {
  const sum = bytes.reduce((all, byte) => all + byte, 0);
  switch (kind) {
    case "sum8":
      return [sum % 256];
    case "sum8-negated":
      return [(256 - (sum % 256)) % 256];
    case "sum16":
      return [Math.floor(sum / 256) % 256, sum % 256];
    case "xor8":
      return [bytes.reduce((all, byte) => all ^ byte, 0)];
    default:
      throw new Error(`no ${kind} can be made yet`);
  }
}
