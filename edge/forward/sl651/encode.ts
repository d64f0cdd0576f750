import { crcOf } from "./crc.ts";
import { hexBytes, hexNumber, latin1Bytes } from "./digits.ts";
import { type Frame, LENGTH_MAX } from "./header.ts";
import { HEAD, MARKS, SOH } from "./marks.ts";

/**
 * The bytes of `frame` (SL 651-2014, 6.4 and 6.5). Throws a `RangeError` where a member is beyond
 * what the header can say; configuration and `splitFrame` see to it that this never happens.
 */
export function encodeFrame(frame: Frame): Uint8Array {
  const { encoding, body, packet, end } = frame;
  const number = packet === null ? "" : hexNumber(packet.total, 3) + hexNumber(packet.index, 3);
  const isText = encoding === "ascii";
  const write = isText ? latin1Bytes : hexBytes;
  const data = Buffer.concat([write(number), body]);
  if (data.length > LENGTH_MAX) throw new RangeError(`a body of ${data.length} bytes`);
  const head = isText ? [SOH] : [HEAD, HEAD];
  const start = packet === null ? MARKS.STX : MARKS.SYN;
  const checked = Buffer.concat([
    Uint8Array.from(head),
    write(headerDigits(frame, data.length)),
    Uint8Array.of(start),
    data,
    Uint8Array.of(MARKS[end]),
  ]);
  return Uint8Array.from(Buffer.concat([checked, write(hexNumber(crcOf(checked), 4))]));
}

/** The header's digits: addresses change places with the direction. */
function headerDigits(frame: Frame, length: number): string {
  const { direction, station, password } = frame;
  if (!/^[0-9A-F]{10}$/.test(station)) throw new RangeError(`the station '${station}'`);
  if (!/^[0-9A-F]{4}$/.test(password)) throw new RangeError(`the password '${password}'`);
  const centre = hexNumber(frame.centre, 2);
  const addresses = direction === "up" ? centre + station : station + centre;
  const way = direction === "up" ? "0" : "8";
  return `${addresses}${password}${hexNumber(frame.functionCode, 2)}${way}${hexNumber(length, 3)}`;
}
