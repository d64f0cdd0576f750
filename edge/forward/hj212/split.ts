import { cpText, groupText, headerText } from "./encode.ts";
import { CP_MAX, flagBits, flagOf, type Group, type Packet, SEGMENT_MAX } from "./packet.ts";

const PACKETS_MAX = 9999;
/** As long as every QN is: packets may get theirs when they are split. */
const ANY_QN = "YYYYMMDDhhmmssZZZ";

/**
 * `message` as packets of which none is longer than the standard allows (HJ 212-2017, 6.3.2: PNUM
 * and PNO). Every one begins with the group of DataTime, where the message does (Annex C). `qnOf`
 * gives each its own QN, as those need that are answered one by one: index 0 is the message's.
 * Throws a `RangeError` where one group alone is too long.
 */
export function splitPacket(
  message: Packet,
  qnOf: (index: number) => string | null = () => message.qn,
): readonly Packet[] {
  const [first] = message.cp;
  const isTimed = first?.length === 1 && first[0]?.name === "DataTime";
  const heads = isTimed && first !== undefined ? [first] : [];
  const parts = partsOf(message.cp.slice(heads.length), roomOf(message, heads));
  if (parts.length > PACKETS_MAX) throw new RangeError(`${parts.length} packets`);
  if (parts.length <= 1) return [{ ...message, qn: qnOf(0) }];
  const flag = flagOf({ ...flagBits(message.flag ?? 0), isNumbered: true });
  return parts.map((part, index) => ({
    ...message,
    qn: qnOf(index),
    flag,
    pnum: parts.length,
    pno: index + 1,
    cp: [...heads, ...part],
  }));
}

/** How many bytes of groups a packet can take beside its fields and `heads`. */
function roomOf(message: Packet, heads: readonly Group[]): number {
  const { qn } = message;
  const numbered = { ...message, qn: qn ?? ANY_QN, flag: 255, pnum: PACKETS_MAX, pno: PACKETS_MAX };
  const fields = Buffer.byteLength(headerText(numbered)) + "CP=&&&&".length;
  const head = heads.length === 0 ? 0 : Buffer.byteLength(cpText(heads)) + 1;
  return Math.min(CP_MAX, SEGMENT_MAX - fields) - head;
}

function partsOf(groups: readonly Group[], room: number): readonly (readonly Group[])[] {
  const parts: Group[][] = [];
  let left = -1;
  for (const group of groups) {
    const size = Buffer.byteLength(groupText(group));
    if (size > room) throw new RangeError(`a group of ${size} bytes, and room for ${room}`);
    if (size + 1 > left) {
      parts.push([]);
      left = room + 1;
    }
    parts.at(-1)?.push(group);
    left -= size + 1;
  }
  return parts;
}

/**
 * Puts messages together again. A message is known by device, command, number of packets and time
 * of its data, as the packets of one that is answered have a QN each.
 */
export class PacketJoiner {
  readonly #packetsMax: number;
  readonly #open = new Map<string, Map<number, Packet>>();
  #waiting = 0;
  #dropped = 0;

  /** At most so many packets wait for others; the message that waits longest gives way. */
  constructor(packetsMax = 512) {
    this.#packetsMax = packetsMax;
  }

  /** Packets that wait for others of their message. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Packets that were given up for newer ones. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The message that `packet` completes, or is; null while packets of it are missing. */
  add(packet: Packet): Packet | null {
    const { pnum, pno } = packet;
    if (pnum === null || pno === null || pnum < 2 || pno > pnum) return packet;
    const key = keyOf(packet);
    const parts = this.#open.get(key) ?? new Map<number, Packet>();
    if (!parts.has(pno)) this.#waiting++;
    parts.set(pno, packet);
    // The newest stands last.
    this.#open.delete(key);
    if (parts.size === pnum) {
      this.#waiting -= pnum;
      return joined(parts);
    }
    this.#open.set(key, parts);
    this.#makeRoom();
    return null;
  }

  #makeRoom(): void {
    for (const [key, parts] of this.#open) {
      if (this.#waiting <= this.#packetsMax) return;
      this.#open.delete(key);
      this.#waiting -= parts.size;
      this.#dropped += parts.size;
    }
  }
}

function keyOf({ mn, st, cn, pnum, isResent, cp }: Packet): string {
  const [first] = cp;
  const time = first?.[0]?.name === "DataTime" ? first[0].value : null;
  return JSON.stringify([mn, st, cn, pnum, isResent, time]);
}

/** The message that was split into `parts`: the first one's fields, and the groups of all. */
function joined(parts: ReadonlyMap<number, Packet>): Packet {
  const inOrder = Array.from(parts.keys())
    .sort((a, b) => a - b)
    .map((pno) => parts.get(pno) as Packet);
  const first = inOrder[0] as Packet;
  const cp = inOrder.flatMap((part, index) => (index === 0 ? part.cp : untimed(part.cp)));
  const flag = first.flag === null ? null : flagOf({ ...flagBits(first.flag), isNumbered: false });
  return { ...first, flag, pnum: null, pno: null, cp };
}

/** The groups behind the DataTime that every packet begins with. */
function untimed(cp: readonly Group[]): readonly Group[] {
  const [first] = cp;
  return first?.length === 1 && first[0]?.name === "DataTime" ? cp.slice(1) : cp;
}
