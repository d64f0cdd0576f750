import { byKind, choice, duration, section, text, textLike, whole } from "./fields.ts";

/** Protocols of devices on a bus of kind serial. */
const PROTOCOL_KINDS = ["text", "nmea", "binary"] as const;

const PLAIN_CHECKSUMS = ["sum8", "sum8-negated", "sum16", "xor8", "crc16-modbus"] as const;

function bytes() {
  return textLike("bytes", /^[0-9A-Fa-f]{2}( ?[0-9A-Fa-f]{2}){0,31}$/);
}

const textProtocol = section({
  kind: choice(["text"]).describe("Lines of text, of at most 512 bytes."),
  match: text(400)
    .optional()
    .describe(
      "Regular expression in RE2 syntax (no look-around, no back-references) that a whole line must match, blanks at its ends left out; a named group (?<level>…) gives the point of that name. Best in single quotes. Either match or separator.",
    ),
  separator: text(8)
    .optional()
    .describe('What stands between two columns of a line; " " stands for any run of blanks.'),
  columns: whole(1, 64)
    .optional()
    .describe(
      "How many columns a line has: others are left aside. Default: any number from the last column needed on.",
    ),
  decimal: choice(["point", "comma"])
    .default("point")
    .describe("What stands before the digits after the whole number."),
  ending: text(8)
    .optional()
    .describe('What ends a line, in double quotes for "\\r" or "\\x03". Default: CR, LF or both.'),
  ask: text(200)
    .optional()
    .describe(
      'What is sent every period to have the device answer, in double quotes for "R\\r\\n". Default: nothing, the device talks by itself.',
    ),
}).meta({ title: "text" });

const nmeaProtocol = section({
  kind: choice(["nmea"]).describe("Sentences of NMEA 0183. Their check sum must be right."),
}).meta({ title: "nmea" });

const checksumFrom = () =>
  whole(0, 255)
    .default(0)
    .describe("First byte of the frame that it covers, from 0. It covers all up to itself.");

const checksum = byKind(
  [...PLAIN_CHECKSUMS, "crc8"],
  [
    section({
      kind: choice(PLAIN_CHECKSUMS).describe(
        "sum8: the low byte of the sum. sum8-negated: what makes that sum 0. sum16: two bytes of the sum, high byte first. xor8: exclusive or. crc16-modbus: as Modbus RTU, low byte first.",
      ),
      from: checksumFrom(),
    }).meta({ title: "all but crc8" }),
    section({
      kind: choice(["crc8"]).describe("CRC of 8 bits, highest bit first, not reflected."),
      from: checksumFrom(),
      polynomial: whole(1, 255).describe("Without its highest bit, such as 0x31."),
      init: whole(0, 255).default(0).describe("What it begins with, such as 0xFF."),
    }).meta({ title: "crc8" }),
  ],
);

const binaryProtocol = section({
  kind: choice(["binary"]).describe("Frames of a fixed length."),
  header: bytes().describe("The bytes with which a frame begins."),
  length: whole(2, 256).describe("Bytes of a frame, header, check sum and tail among them."),
  tail: bytes().optional().describe("The bytes with which a frame ends. Default: none."),
  checksum: checksum
    .optional()
    .describe(
      "Check sum at the end of the frame, before the tail. Default: none, which is unsafe.",
    ),
  ask: bytes()
    .optional()
    .describe(
      "What is sent every period to have the device answer. Default: nothing, the device talks by itself.",
    ),
}).meta({ title: "binary" });

/** How a device on a bus of kind serial talks. */
export const protocolSchema = byKind(PROTOCOL_KINDS, [textProtocol, nmeaProtocol, binaryProtocol]);

/** After how long a silent device's points are bad. */
export function silentAfter() {
  return duration("100ms", "30d").optional();
}

const fieldTest = section({
  field: whole(1, 64).describe("Field of the sentence, from 1."),
  is: text(32).describe("What must stand there. Digits need quotes."),
}).meta({ title: "test of a field" });

/** The keys of a point on a bus of kind serial, beside those that every point has. */
export const TALK_POINT_SHAPE = {
  group: text(64)
    .optional()
    .describe(
      "Protocol text with match: named group that holds the value. Default: the point's name.",
    ),
  column: whole(1, 64)
    .optional()
    .describe("Protocol text with separator: column that holds the value, from 1."),
  suffix: text(16)
    .optional()
    .describe("Protocol text: what may stand behind the number, such as its unit."),
  sentence: textLike("sentence", /^[A-Z0-9]{3,8}$/)
    .optional()
    .describe("Protocol nmea: sentence that holds the value; the type alone means any talker's."),
  field: whole(1, 64)
    .optional()
    .describe(
      "Protocol nmea: field that holds the value, from 1, the one behind the sentence's name.",
    ),
  only: fieldTest
    .optional()
    .describe("Protocol nmea: sentences where this does not hold say nothing about the point."),
  valid: fieldTest
    .optional()
    .describe("Protocol nmea: where this does not hold, the value is bad."),
  byte: whole(0, 255)
    .optional()
    .describe(
      "Protocol binary: first byte of the value in the frame, from 0, the first of the header.",
    ),
};
