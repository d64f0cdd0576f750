import type { Encoding, Frame } from "./header.ts";
import type { EndMark } from "./marks.ts";
import { writeBody } from "./write-body.ts";

/**
 * What a centre says to a frame of a station: the serial number of the frame, and when it is said
 * (SL 651-2014, 6.3.1.2 and table 33). EOT lets the station leave, ESC keeps it on line for 10 min,
 * ACK asks for what follows. To one of several packets it is said once, to the last of them.
 */
export function confirmation(
  frame: Frame,
  serial: number,
  sentAt: string,
  end: Extract<EndMark, "EOT" | "ESC" | "ACK">,
): Frame {
  const packet = frame.packet && { total: frame.packet.total, index: frame.packet.total };
  return { ...downward(frame, serial, sentAt), packet, end };
}

/** What a centre says to get packet `index` of several again (SL 651-2014, tables 19 and 23). */
export function repeatRequest(frame: Frame, serial: number, sentAt: string, index: number): Frame {
  const total = frame.packet?.total ?? 1;
  return { ...downward(frame, serial, sentAt), packet: { total, index }, end: "NAK" };
}

/** Whether `answer` is the centre's to `sent`, of several packets the first: by serial number. */
export function isAnswerTo(answer: Frame, sent: Frame): boolean {
  const { direction, encoding, station, functionCode } = answer;
  if (direction !== "down" || encoding !== sent.encoding) return false;
  const digits = SERIAL[encoding];
  const [mine, theirs] = [answer, sent].map(({ body }) => body.subarray(0, digits)) as [
    Uint8Array,
    Uint8Array,
  ];
  const isSame = mine.length === digits && Buffer.compare(mine, theirs) === 0;
  return isSame && station === sent.station && functionCode === sent.functionCode;
}

/** Bytes of a serial number, which begins a body. */
const SERIAL: Readonly<Record<Encoding, number>> = { hex: 2, ascii: 4 };

function downward(frame: Frame, serial: number, sentAt: string): Frame {
  const body = writeBody(frame, { serial, sentAt, parts: [] });
  return { ...frame, direction: "down", body };
}
