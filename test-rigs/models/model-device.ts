import { FakeLink } from "../../drivers/modbus/fake-link.ts";
import { isBitArea } from "../../edge/core/point.ts";
import { RTU } from "../plant/frame.ts";
import type { SimClock } from "../sim/clock.ts";
import { type Model, UNIT } from "./model.ts";
import { type Memory, meet, type Spot, spotsOf } from "./registers.ts";

const AREA_OF_FUNCTION = ["", "coil", "discrete", "holding", "input"] as const;
const BITS_PER_REGISTER = 16;

/** What is asked of a device: `width` registers or bits. */
type Asked = Pick<Spot, "area" | "address" | "width">;

/**
 * A device of a model on a line of its own, in virtual time: it answers what its memory has, no
 * sooner than the model does, and complains of every request that the model must not get.
 */
export class ModelDevice {
  readonly link = new FakeLink();
  /** What was asked that must not be. */
  readonly complaints: string[] = [];
  /** What it holds; the place of an identity too. */
  memory: Memory = new Map();
  readonly #model: Pick<Model, "profile">;
  readonly #clock: SimClock;
  readonly #spots: readonly Spot[];
  #answeredAt = Number.NEGATIVE_INFINITY;
  #cleared = new Set<string>();

  constructor(model: Pick<Model, "profile">, clock: SimClock) {
    this.#model = model;
    this.#clock = clock;
    this.#spots = spotsOf(model.profile);
    this.link.onWrite = (frame) => this.#take(Buffer.from(frame));
  }

  /** A period begins: what reading clears may be read once more. */
  beginPeriod(): void {
    this.#cleared = new Set();
  }

  #take(frame: Buffer): void {
    const { turnaround = 1, silence = 0, serial } = this.#model.profile;
    const now = this.#clock.uptime();
    if (now - this.#answeredAt < silence) this.complaints.push(`asked before ${silence} ms`);
    if (frame[0] !== UNIT) this.complaints.push(`unit ${frame[0]} was asked`);
    const sendMs = (frame.length * 11_000) / (serial?.baud ?? 9600);
    this.#clock.at(now + sendMs + turnaround, () => {
      this.#answeredAt = this.#clock.uptime();
      this.link.send(RTU.frame(UNIT, this.#answerTo(frame.subarray(1, -2))));
    });
  }

  #answerTo(pdu: Buffer): Uint8Array {
    const code = pdu[0] ?? 0;
    const area = AREA_OF_FUNCTION[code];
    if (area === undefined || area === "") return this.#named(pdu);
    const asked = { area, address: pdu.readUInt16BE(1), width: pdu.readUInt16BE(3) };
    const cells = Array.from({ length: asked.width }, (_, i) =>
      this.memory.get(`${area} ${asked.address + i}`),
    );
    // A scan asks for places that a model does not have.
    if (cells.every((cell) => cell === undefined)) return Uint8Array.of(code | 0x80, 2);
    this.#judge(asked, cells);
    const data = isBitArea(area) ? packed(cells) : cells.flatMap((cell = 0) => [cell >> 8, cell]);
    return Uint8Array.of(code, data.length, ...data);
  }

  /** Who it is (Modbus Application Protocol V1.1b3, 6.21), where the profile asks for names. */
  #named(pdu: Buffer): Uint8Array {
    const { vendor, product } = this.#model.profile.identify ?? {};
    const objects = [vendor, product].flatMap((text, id) =>
      text === undefined ? [] : [id, text.length, ...Buffer.from(text, "latin1")],
    );
    if (pdu[0] !== 0x2b || objects.length === 0) return Uint8Array.of((pdu[0] ?? 0) | 0x80, 1);
    const count = [vendor, product].filter((text) => text !== undefined).length;
    return Uint8Array.of(0x2b, 0x0e, 1, 1, 0, 0, count, ...objects);
  }

  #judge(asked: Asked, cells: readonly (number | undefined)[]): void {
    const { maxRegisters = 125, maxBits = 2000, maxGap, forbidden = [] } = this.#model.profile;
    const { area, address, width } = asked;
    const where = `${width} of ${area} from ${address}`;
    const most = isBitArea(area) ? maxBits : maxRegisters;
    if (width > most) this.complaints.push(`${where}: more than ${most}`);
    for (const range of forbidden) {
      const taboo = { ...range, width: (range.last ?? range.address) - range.address + 1 };
      if (meet(taboo, asked)) this.complaints.push(`${where}: forbidden`);
    }
    const gap = maxGap === undefined || !isBitArea(area) ? maxGap : maxGap * BITS_PER_REGISTER;
    if (gap !== undefined && longestGap(cells) > gap) this.complaints.push(`${where}: a gap`);
    for (const spot of this.#spots) if (meet(spot, asked)) this.#judgeSpot(spot, asked, where);
  }

  #judgeSpot(spot: Spot, asked: Asked, where: string): void {
    const { profile } = this.#model;
    const point = profile.points[spot.name];
    const isAlone = point?.readAlone ?? profile.readAlone ?? false;
    const clears = point?.readClears ?? false;
    const isExact = spot.address === asked.address && spot.width === asked.width;
    if ((isAlone || clears) && !isExact) this.complaints.push(`${where}: ${spot.name} not alone`);
    if (!clears) return;
    if (this.#cleared.has(spot.name)) this.complaints.push(`${where}: ${spot.name} read twice`);
    this.#cleared.add(spot.name);
  }
}

function packed(bits: readonly (number | undefined)[]): readonly number[] {
  return Array.from({ length: Math.ceil(bits.length / 8) }, (_, byte) =>
    bits.slice(8 * byte, 8 * byte + 8).reduce<number>((all, bit = 0, i) => all | (bit << i), 0),
  );
}

/** The most cells in a row that nothing stands in. */
function longestGap(cells: readonly (number | undefined)[]): number {
  let longest = 0;
  let run = 0;
  for (const cell of cells) {
    run = cell === undefined ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
