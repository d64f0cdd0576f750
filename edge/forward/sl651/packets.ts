import { type Frame, LENGTH_MAX, PACKET_NUMBER } from "./header.ts";

const PACKETS_MAX = 4095;

/**
 * `frame` as packets whose bodies have at most `bodyMax` bytes, for mode M3 (SL 651-2014, 6.3.1.2
 * c and tables 18 and 22): all but the last end with ETB. One that fits goes as it is. Over IP at
 * most 220 bytes are advised, by SMS a message has 140 (6.1.4).
 */
export function splitFrame(frame: Frame, bodyMax: number): readonly Frame[] {
  const { body, encoding } = frame;
  if (body.length <= bodyMax && body.length <= LENGTH_MAX) return [frame];
  const size = Math.min(bodyMax, LENGTH_MAX - PACKET_NUMBER[encoding]);
  const total = Math.ceil(body.length / size);
  if (size < 1 || total > PACKETS_MAX) throw new RangeError(`${total} packets`);
  return Array.from({ length: total }, (_, i) => ({
    ...frame,
    packet: { total, index: i + 1 },
    body: body.slice(i * size, (i + 1) * size),
    end: i + 1 === total ? "ETX" : "ETB",
  }));
}

/** What a packet takes beside its body, in bytes: empty ones are no way around the bound. */
const PACKET_BYTES = 500;

type Message = { readonly total: number; readonly parts: Map<number, Frame>; bytes: number };

/**
 * Puts the packets of mode M3 together again. Of a station and function there is one message at a
 * time; a first packet begins a new one only with another body, as packets are sent again.
 */
export class FrameJoiner {
  readonly #bytesMax: number;
  readonly #open = new Map<string, Message>();
  #bytes = 0;
  #dropped = 0;

  /** About so many bytes wait at most; the message that waits longest gives way. */
  constructor(bytesMax = 4_000_000) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes that wait for the rest of their message, 500 for each packet added. */
  get waiting(): number {
    return this.#bytes;
  }

  /** Messages that were given up. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The message that `frame` completes, or is, behind STX; null while packets are missing. */
  add(frame: Frame): Frame | null {
    const { packet } = frame;
    if (packet === null) return frame;
    const key = keyOf(frame);
    const message = this.#messageFor(key, frame, packet.total);
    const more = sizeOf(frame) - sizeOf(message.parts.get(packet.index));
    message.parts.set(packet.index, frame);
    message.bytes += more;
    this.#bytes += more;
    // The newest stands last.
    this.#open.delete(key);
    if (message.parts.size === packet.total) {
      this.#bytes -= message.bytes;
      return joined(message.parts);
    }
    this.#open.set(key, message);
    for (const oldest of this.#open.keys()) {
      if (this.#bytes <= this.#bytesMax) break;
      this.#drop(oldest);
    }
    return null;
  }

  /** The packets that are missing of the message that `frame` belongs to, in order: for NAK. */
  missing(frame: Frame): readonly number[] {
    const message = this.#open.get(keyOf(frame));
    if (message === undefined) return [];
    const all = Array.from({ length: message.total }, (_, i) => i + 1);
    return all.filter((index) => !message.parts.has(index));
  }

  #messageFor(key: string, frame: Frame, total: number): Message {
    const open = this.#open.get(key);
    const first = frame.packet?.index === 1 ? open?.parts.get(1) : undefined;
    const isOther = first !== undefined && Buffer.compare(first.body, frame.body) !== 0;
    if (open !== undefined && open.total === total && !isOther) return open;
    if (open !== undefined) this.#drop(key);
    return { total, parts: new Map(), bytes: 0 };
  }

  #drop(key: string): void {
    this.#bytes -= this.#open.get(key)?.bytes ?? 0;
    this.#open.delete(key);
    this.#dropped++;
  }
}

function sizeOf(frame: Frame | undefined): number {
  return frame === undefined ? 0 : PACKET_BYTES + frame.body.length;
}

function keyOf({ encoding, direction, centre, station, functionCode }: Frame): string {
  return JSON.stringify([encoding, direction, centre, station, functionCode]);
}

/** One frame with the bodies of all; it may be longer than a frame can be sent. */
function joined(parts: ReadonlyMap<number, Frame>): Frame {
  const inOrder = Array.from(parts.keys())
    .sort((a, b) => a - b)
    .map((index) => parts.get(index) as Frame);
  const body = Uint8Array.from(Buffer.concat(inOrder.map((frame) => frame.body)));
  return { ...(inOrder[0] as Frame), packet: null, body, end: "ETX" };
}
