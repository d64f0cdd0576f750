import { checkCp, checkHeader } from "./checks.ts";
import type { Group, Item, Packet } from "./packet.ts";
import type { Remarks } from "./remarks.ts";

/** An item and where its name begins in the frame, from 0. */
export type Placed = Item & { readonly index: number };

/** What a data segment says, and its fields as they stand there. */
export type Segment = {
  /** The fields before CP, in the order of the wire. */
  readonly fields: readonly Placed[];
  /** The groups of CP with their places. */
  readonly groups: readonly (readonly Placed[])[];
  readonly packet: Packet;
};

const OPEN = "CP=&&";
const FENCE = "&&";

/**
 * Reads the data segment `segment`, which begins at byte `from` of its frame (HJ 212-2017, 6.3.2
 * and 6.3.3), and remarks what is wrong with it.
 */
export function readSegment(segment: Uint8Array, from: number, remarks: Remarks): Segment {
  // A character a byte, so that a place in the text is one in the frame.
  const text = Buffer.from(segment).toString("latin1");
  const at = cpIndex(text);
  const fields = items(text.slice(0, at).replace(/;$/, ""), from, ";", remarks);
  const groups = at === text.length ? [] : cpGroups(text.slice(at), from + at, remarks);
  if (at === text.length) remarks.fault("no-cp", from + at);
  const packet = packetOf(fields, groups);
  checkHeader(fields, packet, remarks);
  checkCp(groups, remarks);
  return { fields, groups, packet };
}

/** Where CP begins: at the beginning or behind a semicolon; the text's length where it does not. */
function cpIndex(text: string): number {
  const at = text.search(/(?:^|(?<=;))CP=/);
  return at < 0 ? text.length : at;
}

function cpGroups(text: string, from: number, remarks: Remarks): readonly (readonly Placed[])[] {
  const isOpen = text.startsWith(OPEN);
  const begin = isOpen ? OPEN.length : "CP=".length;
  const isClosed = text.endsWith(FENCE) && text.length >= begin + (isOpen ? FENCE.length : 0);
  if (!isOpen) remarks.fault("cp-open", from + begin);
  if (!isClosed) remarks.fault("cp-close", from + text.length);
  const inside = text.slice(begin, isClosed ? -FENCE.length : undefined);
  if (inside === "") return [];
  let index = from + begin;
  const groups: (readonly Placed[])[] = [];
  for (const part of inside.split(";")) {
    const group = items(part, index, ",", remarks);
    if (group.length > 0) groups.push(group);
    index += part.length + 1;
  }
  return groups;
}

/** The items of `text`, parted by `by`. */
function items(text: string, from: number, by: string, remarks: Remarks): readonly Placed[] {
  const found: Placed[] = [];
  let index = from;
  for (const part of text.split(by)) {
    const equals = part.indexOf("=");
    if (part === "") {
      if (text !== "" || by === ",") remarks.note("item-empty", index);
    } else if (equals < 1) remarks.fault("no-equals", index, { text: utf8(part).text });
    else {
      const name = utf8(part.slice(0, equals));
      const value = utf8(part.slice(equals + 1));
      if (name.isWrong || value.isWrong) remarks.fault("not-utf8", index, { name: name.text });
      found.push({ name: name.text, value: value.text, index });
    }
    index += part.length + 1;
  }
  return found;
}

/** The text that UTF-8 has for these bytes, each given as a character. */
function utf8(latin1: string): { readonly text: string; readonly isWrong: boolean } {
  if (/^[\x20-\x7e]*$/.test(latin1)) return { text: latin1, isWrong: false };
  const bytes = Buffer.from(latin1, "latin1");
  const text = bytes.toString("utf8");
  return { text, isWrong: !Buffer.from(text, "utf8").equals(bytes) };
}

function packetOf(fields: readonly Placed[], groups: readonly (readonly Placed[])[]): Packet {
  const text = (name: string) => fields.find((field) => field.name === name)?.value ?? null;
  const number = (name: string) => {
    const value = text(name);
    return value !== null && /^\d{1,4}$/.test(value) ? Number(value) : null;
  };
  return {
    qn: text("QN"),
    st: text("ST"),
    cn: text("CN"),
    pw: text("PW"),
    mn: text("MN"),
    flag: number("Flag"),
    pnum: number("PNUM"),
    pno: number("PNO"),
    isResent: text("RF") === "1",
    cp: groups.map((group): Group => group.map(({ name, value }) => ({ name, value }))),
  };
}
