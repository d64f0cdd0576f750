import { crcOf, crcText } from "./crc.ts";
import type { Group, Packet } from "./packet.ts";

/** The longest data segment whose length four digits can say. */
const LENGTH_MAX = 9999;

/**
 * The frame that says `packet` (HJ 212-2017, 6.3): `##`, length, data segment, check sum, CR LF.
 * Throws a `RangeError` where the grammar has no way to say it; configuration and `splitPacket`
 * see to it that this never happens.
 */
export function encodeFrame(packet: Packet): Uint8Array {
  const segment = Buffer.from(segmentText(packet), "utf8");
  if (segment.length > LENGTH_MAX) throw new RangeError(`a segment of ${segment.length} bytes`);
  const length = String(segment.length).padStart(4, "0");
  const head = Buffer.from(`##${length}`);
  return Uint8Array.from(
    Buffer.concat([head, segment, Buffer.from(`${crcText(crcOf(segment))}\r\n`)]),
  );
}

/** The fields before CP, in the order of the standard, with the semicolon behind the last. */
export function headerText(packet: Packet): string {
  const { qn, st, cn, pw, mn, flag, pnum, pno, isResent } = packet;
  const fields = {
    QN: qn,
    ST: st,
    CN: cn,
    PW: pw,
    MN: mn,
    Flag: flag,
    PNUM: pnum,
    PNO: pno,
    RF: isResent ? 1 : null,
  };
  return Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${plain(String(value))};`)
    .join("");
}

/** The groups as they stand between the `&&`. */
export function cpText(cp: readonly Group[]): string {
  return cp.map(groupText).join(";");
}

/** One group: items joined by commas. */
export function groupText(group: Group): string {
  if (group.length === 0) throw new RangeError("a group without items");
  return group
    .map(({ name, value }) => {
      if (name === "" || name.includes("=")) throw new RangeError(`the name '${name}'`);
      return `${plain(name)}=${plain(value)}`;
    })
    .join(",");
}

function segmentText(packet: Packet): string {
  return `${headerText(packet)}CP=&&${cpText(packet.cp)}&&`;
}

/** `text` where it has none of the characters that part items. */
function plain(text: string): string {
  if (/[;,&\r\n\uD800-\uDFFF]/u.test(text)) throw new RangeError(`the text '${text}'`);
  return text;
}
