/**
 * Captures that Wireshark opens without being told anything: pcapng (draft-ietf-opsawg-pcapng), the
 * frames as "exported PDUs" (LINKTYPE_WIRESHARK_UPPER_PDU), each of which names its dissector. A
 * serial line has no packets of its own, and Modbus RTU no link type.
 */

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const PACKET = 6;

const BYTE_ORDER = 0x1a2b3c4d;
const LINKTYPE_WIRESHARK_UPPER_PDU = 252;

const COMMENT = 1;
const HARDWARE_FLAGS = 2;
const NAME = 2;
const APPLICATION = 4;

const TAG_DISSECTOR = 12;
const TAG_PORT_TYPE = 24;
const TAG_SOURCE_PORT = 25;
const TAG_DESTINATION_PORT = 26;
const PORT_TYPE_TCP = 2;

/** By these ports Wireshark tells a request from an answer; no such port is in use. */
const SERVER_PORT = 502;
const CLIENT_PORT = 50_200;

/** One frame of a capture. */
export type Packet = {
  /** Wireshark's name for what it is: `mbrtu`, `mbtcp` or `data`. */
  readonly dissector: string;
  readonly direction: "sent" | "received";
  /** Microseconds since the Unix epoch. */
  readonly atUs: number;
  readonly bytes: Uint8Array;
  /** Shown beside the packet; empty for none. */
  readonly comment: string;
};

/** The beginning of a capture of the bus `name`, written by `application`. */
export function pcapngHead(name: string, application: string): Uint8Array {
  const section = words(BYTE_ORDER, 1, 0xffff_ffff, 0xffff_ffff);
  const interfaces = words(LINKTYPE_WIRESHARK_UPPER_PDU, 0);
  return Buffer.concat([
    block(SECTION, section, option(APPLICATION, text(application)), END),
    block(INTERFACE, interfaces, option(NAME, text(name)), END),
  ]);
}

/** The block of one packet. Blocks stand one behind the other, so that a file can grow by them. */
export function pcapngPacket({ dissector, direction, atUs, bytes, comment }: Packet): Uint8Array {
  const [source, destination] =
    direction === "sent" ? [CLIENT_PORT, SERVER_PORT] : [SERVER_PORT, CLIENT_PORT];
  const data = Buffer.concat([
    tag(TAG_DISSECTOR, padded(text(dissector))),
    tag(TAG_PORT_TYPE, big(PORT_TYPE_TCP)),
    tag(TAG_SOURCE_PORT, big(source)),
    tag(TAG_DESTINATION_PORT, big(destination)),
    tag(0, new Uint8Array(0)),
    bytes,
  ]);
  const at = Math.round(atUs);
  const head = words(0, Math.floor(at / 2 ** 32), at % 2 ** 32, data.length, data.length);
  const comments = comment === "" ? [] : [option(COMMENT, text(comment))];
  // Inbound is 1, outbound 2 (pcapng, 4.3.1).
  const flags = option(HARDWARE_FLAGS, words(direction === "sent" ? 2 : 1));
  return block(PACKET, head, padded(data), ...comments, flags, END);
}

/** The end of a list of options. */
const END = new Uint8Array(4);

function block(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 12);
  return Buffer.concat([words(type, length), ...parts, words(length)]);
}

function option(code: number, value: Uint8Array): Uint8Array {
  const head = new DataView(new ArrayBuffer(4));
  head.setUint16(0, code, true);
  head.setUint16(2, value.length, true);
  return Buffer.concat([new Uint8Array(head.buffer), padded(value)]);
}

/** A tag of an exported PDU; unlike the file it is big-endian. */
function tag(code: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([big(code * 0x10000 + value.length), value]);
}

function words(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value, true);
  return new Uint8Array(view.buffer);
}

function big(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value);
  return new Uint8Array(view.buffer);
}

/** `bytes` with zeros up to a multiple of four. */
function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return whole;
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
