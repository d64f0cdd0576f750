import type { UptimeMs } from "../../edge/core/time.ts";
import { EXCEPTIONS } from "../plant/line-fault.ts";
import { answer } from "../plant/modbus-device.ts";
import { drawFault, type Faults } from "./bus-faults.ts";
import { type AnswerTruth, BusTruth, type RequestTruth } from "./bus-truth.ts";
import type { SimClock } from "./clock.ts";
import type { SimDevice } from "./device.ts";
import { isWellFormed, readOf } from "./pdu-form.ts";
import type { Random } from "./random.ts";
import { hex, type Trace } from "./trace.ts";

/** A bus and what hangs on it. */
export type UnitsSettings = {
  readonly clock: SimClock;
  readonly random: Random;
  readonly trace: Trace;
  /** Name of the bus in the records. */
  readonly name: string;
  /** The gateway's time-out, which a late answer is measured by, in milliseconds. */
  readonly timeoutMs: number;
  readonly devices: readonly SimDevice[];
  /** The most requests that the gateway may have under way at the same time; 1 if left out. */
  readonly inFlight?: number;
  /** Units that never answer. */
  readonly dead?: ReadonlySet<number>;
};

/** What befell an answer, what the device says all the same, and the record of it. */
export type UnitAnswer<Fault> = {
  readonly fault: Fault | null;
  readonly pdu: Uint8Array;
  readonly truth: AnswerTruth;
};

/** Rounding of times that were computed in another order. */
export const EPSILON_MS = 1e-6;

/**
 * The units of one bus, however the bytes come to them: what they answer, what befalls an answer,
 * and the record of all that was said. `Fault` has the kinds `exception` and `late`.
 */
export class SimUnits<Fault extends string> {
  readonly truth: BusTruth;
  readonly dead: Set<number>;
  /** Units that take their time for every answer: until its last byte, in milliseconds. */
  readonly tardy = new Map<number, number>();
  faults = {} as Faults<Fault>;
  /** How often an answer is handed over in several pieces. */
  splits = 0;
  readonly #settings: UnitsSettings;
  readonly #kinds: readonly Fault[];
  readonly #devices: ReadonlyMap<number, SimDevice>;
  /** The latest request, while the link that carried it is open. */
  #asked: RequestTruth | null = null;
  /** The requests that are under way, where they may be several. */
  readonly #underWay = new Set<RequestTruth>();

  /** `kinds` is every mishap of this bus. */
  constructor(settings: UnitsSettings, kinds: readonly Fault[]) {
    this.#settings = settings;
    this.#kinds = kinds;
    this.truth = new BusTruth(settings.name);
    this.dead = new Set(settings.dead);
    this.#devices = new Map(settings.devices.map((device) => [device.unit, device]));
  }

  /** The device at `unit`. Throws where there is none. */
  device(unit: number): SimDevice {
    const device = this.#devices.get(unit);
    if (device === undefined) throw new Error(`there is no unit ${unit}`);
    return device;
  }

  /** The gateway's `life` opened the bus, or was refused because of `refusal`. */
  linkOpened(life: number, refusal: string | null): void {
    const at = this.#settings.clock.uptime();
    this.truth.openings.push({ life, at, isRefused: refusal !== null, closedAt: null });
    this.note(refusal === null ? `opened by life ${life}` : `refused: ${refusal}`);
  }

  /** A request whose last byte is over at `end`; a rule that it breaks is noted. */
  ask(unit: number, pdu: Uint8Array, end: number, life: number): RequestTruth {
    const { clock } = this.#settings;
    this.#checkTurn();
    const read = readOf(pdu);
    const device = this.#devices.get(unit);
    const covered = device?.points.filter(
      (point) => read !== null && device.covers(point, read.area, read.address, read.count),
    );
    const request = this.truth.note({
      unit,
      pdu,
      points: (covered ?? []).map(({ id }) => id),
      at: clock.uptime(),
      wall: clock.ruler(),
      end: end as UptimeMs,
      life,
    });
    this.#asked = request;
    this.#underWay.add(request);
    if (unit < 0 || !isWellFormed(pdu)) {
      this.violate("valid-request", `${hex(pdu)} to unit ${unit} is no request`);
    }
    return request;
  }

  /** Whom `request` is for, and what is drawn to befall the answer; null where nobody hears it. */
  meet(request: RequestTruth): { readonly device: SimDevice; readonly fault: Fault | null } | null {
    const device = this.#devices.get(request.unit);
    if (device === undefined || this.dead.has(device.unit)) {
      request.fault = device === undefined ? "nobody" : "dead";
      return null;
    }
    const drawn = drawFault(this.#settings.random, this.#kinds, this.faults);
    const fault = drawn ?? (this.tardy.has(device.unit) ? ("late" as Fault) : null);
    request.fault = fault ?? "none";
    return { device, fault };
  }

  /** What the unit says to `request` over a network; null where nothing comes. */
  answer(request: RequestTruth): UnitAnswer<Fault> | null {
    const { random, clock } = this.#settings;
    const met = this.meet(request);
    if (met === null || met.fault === "silent") return null;
    const { device, fault } = met;
    const pdu =
      fault === "exception"
        ? Uint8Array.of((request.pdu[0] as number) | 0x80, random.pick(EXCEPTIONS))
        : answer(device, request.pdu, clock.uptime());
    return { fault, pdu, truth: this.told(request, device, pdu) };
  }

  /** `device` answers `pdu` to `request`. */
  told(request: RequestTruth, device: SimDevice, pdu: Uint8Array): AnswerTruth {
    return this.truth.answer(request, pdu, device.raws);
  }

  /**
   * A transaction that is not the one of the answer, and none that is under way: a server that
   * answers one request with the transaction of another cannot be seen through.
   */
  otherTransaction(transaction: number): number {
    const { random } = this.#settings;
    return (transaction + random.pick(this.#isWide ? [0x4000, 0x8000] : [-1, 1, 256])) & 0xffff;
  }

  /** `bytes` reach the gateway, and with them the last byte of each answer in `completed`. */
  heard(bytes: Uint8Array, completed: readonly AnswerTruth[]): void {
    const { clock } = this.#settings;
    this.note(`< ${hex(bytes)}`);
    this.#dropOver();
    const underWay = this.#isWide ? this.#underWay : null;
    this.truth.heard(clock.uptime(), clock.ruler(), completed, underWay);
    for (const { request } of completed) this.#underWay.delete(request);
    // What has the right transaction ends its request, whatever else is wrong with it.
    for (const request of this.#underWay) {
      if (request.fault === "wrong-length") this.#underWay.delete(request);
    }
  }

  /** The gateway's link is gone, and with it its wait for an answer. */
  linkClosed(): void {
    const last = this.truth.openings.at(-1);
    if (last !== undefined) last.closedAt ??= this.#settings.clock.uptime();
    this.#asked = null;
    this.#underWay.clear();
    this.note("closed");
  }

  violate(rule: string, text: string): void {
    const { clock, name } = this.#settings;
    this.truth.violate(clock.uptime(), rule, `${name}: ${text}`);
  }

  /** Puts a line into the trace. */
  note(what: string): void {
    this.#settings.trace.add(this.#settings.name, what);
  }

  get #isWide(): boolean {
    return (this.#settings.inFlight ?? 1) > 1;
  }

  /** Forgets the requests whose time is over. */
  #dropOver(): void {
    const { clock, timeoutMs } = this.#settings;
    const now = clock.uptime();
    for (const request of this.#underWay) {
      if (now >= request.end + timeoutMs - EPSILON_MS) this.#underWay.delete(request);
    }
  }

  #checkTurn(): void {
    const { clock, timeoutMs, inFlight = 1 } = this.#settings;
    this.#dropOver();
    if (this.#isWide) {
      if (this.#underWay.size < inFlight) return;
      this.violate("in-flight", `a request while ${this.#underWay.size} are under way`);
      return;
    }
    const last = this.#asked;
    const isOver =
      last === null || last.heardAt !== null || clock.uptime() >= last.end + timeoutMs - EPSILON_MS;
    if (isOver) return;
    this.violate("one-request", `request ${last.index + 1} while ${last.index} waits`);
  }
}
