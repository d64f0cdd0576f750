import type { PointConfig } from "../../config/gateway-config.ts";
import type { AddressRange, Write, WriteOutcome } from "../../drivers/driver.ts";
import { isRepeatedWhole } from "../../drivers/modbus/confirmation.ts";
import { encode } from "../../drivers/modbus/encode.ts";
import { isHarmless, readBy, writtenBy } from "../../drivers/modbus/pdu-safety.ts";
import type { QueryOutcome } from "../../drivers/query.ts";
import type { Attuned, AttuneOrder } from "../acquire/attune.ts";
import type { Polled } from "../acquire/bus-status.ts";
import { mayEcho } from "../acquire/echo.ts";
import { readingsOf } from "../acquire/readings.ts";
import { GatewayError, messageOf } from "../core/errors.ts";
import type { WriteEvent } from "../core/event.ts";
import { isBitArea, widthOf } from "../core/point.ts";
import type { Quality, Reading, Value } from "../core/reading.ts";
import { type Clock, stampOf, type WallMs } from "../core/time.ts";
import type { MeasureDesk, PointNotes } from "../measure/measure-desk.ts";
import { countMax, type RawOrder, type ReadOrder, type WriteOrder } from "./field-orders.ts";
import { FieldReach, type ReachParts, refused } from "./field-reach.ts";
import { bytesOfPdu, type PduAnswer, type PduOrder, pduAnswerOf, pduEventOf } from "./pdu-order.ts";
import { type PinAtHand, readPin, writePin } from "./pin-orders.ts";
import type { ProbeOrder } from "./probe-order.ts";
import {
  barText,
  encodeRaw,
  placeName,
  type RawWriteOrder,
  rangeOf,
  writeBarOf,
} from "./raw-write.ts";
import { readBarOf, readBarText } from "./read-bar.ts";
import { typedValue } from "./typed-value.ts";

/** What came of a probe; of a unit that is read all the time, how it does: it is not probed. */
export type Probed = QueryOutcome | ({ readonly kind: "polled" } & Polled);

export type FieldParts = ReachParts & {
  readonly clock: Clock;
  /** Says what is measured by what was read. */
  readonly desk: Pick<MeasureDesk, "once" | "notes">;
  /**
   * Takes what was read of a point that reading clears, to be judged and stored as if it had been
   * due: nobody can read it again. Null where nobody does: then such points are not read.
   */
  readonly onCleared: ((readings: readonly Reading[]) => void) | null;
  /** A point was written, or it was tried. */
  readonly onWrite: (event: WriteEvent) => void | Promise<void>;
};

/** One value that was read. `point` is its id, or the address where there is none. */
export type FieldReading = {
  readonly point: string;
  /** UCUM code, or null. */
  readonly unit: string | null;
  readonly value: Value | null;
  readonly quality: Quality;
  readonly at: WallMs;
} & Partial<PointNotes>;

/**
 * What came of a write, and why it could not be recorded, where it could not: it was sent before.
 * Stable: other programs read it.
 */
export type Told = WriteEvent & { readonly notRecorded?: string };

/**
 * Reads and writes in the field because somebody asks for it: not at due times, and not stored but
 * for what reading clears.
 */
export class FieldDesk {
  readonly #parts: FieldParts;
  readonly #reach: FieldReach;

  constructor(parts: FieldParts) {
    this.#parts = parts;
    this.#reach = new FieldReach(parts);
  }

  /**
   * What was asked for, in that order: points as they are measured, but for the filter; places as
   * they are. Rejects with `field.unknown` or `field.refused`, saying why, where nothing such can
   * be read, as all here do.
   */
  async read(order: ReadOrder): Promise<readonly FieldReading[]> {
    if ("raw" in order) return await this.#readRaw(order.raw);
    const points = order.points.map((id) => this.#reach.pin(id) ?? this.#reach.point(id));
    const readings: FieldReading[] = [];
    const silent = new Set<string>();
    for (const point of points) {
      if ("pins" in point) {
        readings.push(this.#measured(point.point, await readPin(point)));
        continue;
      }
      // Who asks for many points of a silent device waits for one time-out, not for many.
      const isSilent = silent.has(point.device);
      const reading = isSilent ? this.#unread(point) : await this.#readPoint(point);
      if (reading.quality === "bad:timeout") silent.add(point.device);
      readings.push(this.#measured(point, reading));
    }
    return readings;
  }

  /** What the device tells of the point `id`, which reading does not clear, now and not measured. */
  readOnce(id: string): Promise<Reading> {
    return this.#readPoint(this.#reach.point(id));
  }

  #measured({ id, unit }: Pick<PointConfig, "id" | "unit">, reading: Reading): FieldReading {
    const { desk } = this.#parts;
    const { point, value, quality, at } = desk.once(reading);
    return { point, value, quality, unit, at, ...desk.notes(id) };
  }

  #unread({ id }: PointConfig): Reading {
    return { point: id, value: null, quality: "bad:timeout", ...stampOf(this.#parts.clock) };
  }

  /**
   * Writes a point once and tells the event, whatever came of it. Throws, saying why, where the
   * point may not be written, or cannot hold the value, or, by the time that the bus is free, the
   * order is not good any more (`command.expired`): then nothing was sent.
   */
  async write(
    { point: id, value: text, who }: WriteOrder,
    isStillGood: () => boolean = () => true,
  ): Promise<Told> {
    const pin = this.#reach.pin(id);
    if (pin !== null) return await this.#writePin(pin, text, who, isStillGood);
    const point = this.#reach.point(id);
    if (!point.write) throw refused(`${id} may not be written: it has no write: true`);
    const wanted = typedValue(point, text);
    const encoded = wanted === null ? null : encode(point, wanted);
    if (encoded?.kind !== "write") throw refused(`${id} cannot hold ${text}`);
    const isReadable = !point.readClears || this.#parts.onCleared !== null;
    const old = isReadable ? (await this.#readPoint(point)).value : null;
    const { bus, busName, ...device } = await this.#reach.deviceOf(point);
    if (!isStillGood()) throw new GatewayError("command.expired", `${id} was not written`);
    const outcome = await bus.write({ ...device, write: encoded.write });
    const event: WriteEvent = {
      kind: "write",
      point: id,
      unit: point.unit,
      old,
      value: encoded.value,
      ...this.#outcomeOf(outcome, encoded.write, busName),
      who,
    };
    return await this.#record(event);
  }

  async #writePin(
    pin: PinAtHand,
    text: string,
    who: string,
    isStillGood: () => boolean,
  ): Promise<Told> {
    const { id } = pin.point;
    const value = typedValue(pin.point, text);
    if (typeof value !== "boolean") throw refused(`${id} cannot hold ${text}`);
    const { value: old } = await readPin(pin);
    if (!isStillGood()) throw new GatewayError("command.expired", `${id} was not written`);
    return await this.#record(await writePin(pin, { value, old, who }, this.#parts.clock));
  }

  /** What a device was made to do is told, whatever keeps it from being recorded. */
  async #record(event: WriteEvent): Promise<Told> {
    try {
      await this.#parts.onWrite(event);
      return event;
    } catch (error) {
      return { ...event, notRecorded: messageOf(error) };
    }
  }

  /**
   * Writes values by address, all in one request, and tells an event of each, whatever came of it.
   * What must not be read is written without its old value. Throws, saying why, where writing is
   * barred or the place cannot hold them: then nothing was sent.
   */
  async writeRaw({ raw, who }: RawWriteOrder): Promise<readonly Told[]> {
    const bar = writeBarOf(this.#parts.config, raw, rangeOf(raw));
    if (bar !== null) throw refused(barText(bar));
    const encoded = encodeRaw(raw);
    if (encoded.kind === "unfit") throw refused(`${raw.area} cannot hold ${encoded.text}`);
    const bus = await this.#reach.bus(raw.bus);
    const { length: count } = raw.values;
    const isBarred = readBarOf(this.#parts.config, raw, rangeOf(raw)) !== null;
    const before = isBarred ? [] : await this.#readRaw({ ...raw, count });
    const { write, values } = encoded;
    const outcome = await bus.write({ ...this.#reach.addressee(raw), write });
    const came = this.#outcomeOf(outcome, write, raw.bus);
    const events = values.map((value, index): WriteEvent => {
      const point = placeName(raw, raw.address + index * widthOf(raw.type, 0));
      const old = before[index]?.value ?? null;
      return { kind: "write", point, unit: null, old, value, ...came, who };
    });
    const told: Told[] = [];
    for (const event of events) told.push(await this.#record(event));
    return told;
  }

  /**
   * Sends any request once and gives the answer as it came. What is not known to be harmless is
   * told as an event, whatever came of it, and refused unless the order says that it may be sent:
   * then this throws, saying why, and nothing was sent.
   */
  async exchange(order: PduOrder): Promise<PduAnswer> {
    const pdu = bytesOfPdu(order.pdu);
    if (!isHarmless(pdu)) {
      if (!order.unsafe)
        throw refused("the function may change the device, and the order does not allow it");
      const bar = writeBarOf(this.#parts.config, order, writtenBy(pdu));
      if (bar !== null) throw refused(barText(bar));
    }
    this.#readNothingBarred(order, readBy(pdu));
    const bus = await this.#reach.bus(order.bus);
    const outcome = await bus.exchange({ ...this.#reach.addressee(order), pdu });
    const event = pduEventOf(order, outcome, this.#mayEcho(order.bus));
    const clock = this.#parts.clock.state();
    const told = event === null ? {} : await this.#record({ ...event, clock });
    const { notRecorded } = told as Partial<Told>;
    return { ...pduAnswerOf(outcome), ...(notRecorded !== undefined && { notRecorded }) };
  }

  #outcomeOf(
    outcome: WriteOutcome,
    write: Write,
    bus: string,
  ): Pick<WriteEvent, "outcome" | "cause" | "at" | "clock"> {
    const { kind, at } = outcome;
    const isRepeat = isRepeatedWhole(write.kind) && this.#mayEcho(bus);
    const told = isRepeat ? "repeated" : "confirmed";
    const cause = kind === "done" ? told : outcome.reason;
    return { outcome: kind, cause, at, clock: this.#parts.clock.state() };
  }

  #mayEcho(bus: string): boolean {
    return this.#parts.config.buses.some((each) => each.name === bus && mayEcho(each));
  }

  /**
   * Asks a unit of which nothing is known. One that is read all the time is left in peace: a query
   * that it does not know may keep it from being read for a while. Throws, saying why, where the
   * bus cannot be asked.
   */
  async probe({ bus: name, unit, timeoutMs, query }: ProbeOrder): Promise<Probed> {
    const bus = await this.#reach.bus(name);
    const polled = bus.polled(unit);
    if (polled !== null) return { kind: "polled", ...polled };
    const { buses } = this.#parts.config;
    const longestMs = buses.flatMap((each) =>
      each.name === name && "timeoutMs" in each ? each.timeoutMs : [],
    );
    const pace = {
      timeoutMs: Math.min(timeoutMs, ...longestMs),
      silenceMs: null,
      turnaroundMs: null,
    };
    return await bus.query({ device: name, unit, pace, query });
  }

  /**
   * Asks at other settings of a bus on which nothing answers. Throws, saying why, where something
   * does, where an interlock writes to the bus and the order does not allow for that, and where
   * what is asked for must not be read.
   */
  async attune(order: AttuneOrder): Promise<Attuned> {
    const { config } = this.#parts;
    const bus = await this.#reach.bus(order.bus);
    if (!order.isForced && writesTo(config, order.bus)) {
      throw refused(`an interlock writes to the bus ${order.bus}`);
    }
    for (const { unit, query } of order.asked) {
      if (query.kind === "place") this.#readNothingBarred({ bus: order.bus, unit }, query);
    }
    const longestMs = config.buses.flatMap((each) =>
      each.name === order.bus && "timeoutMs" in each ? each.timeoutMs : [],
    );
    const timeoutMs = Math.min(order.timeoutMs, ...longestMs);
    const came = await bus.attune?.({ ...order, timeoutMs });
    if (came === undefined) throw refused(`the bus ${order.bus} has no settings`);
    return came;
  }

  /** What the device tells of `point`, not measured. */
  async #readPoint(point: PointConfig): Promise<Reading> {
    const { onCleared } = this.#parts;
    const { id, area, address, everyMs, type, length, readClears } = point;
    if (readClears && onCleared === null) throw refused(`${id} ${WOULD_BE_LOST}`);
    const { bus, busName: _, ...device } = await this.#reach.deviceOf(point);
    const count = isBitArea(area) ? 1 : widthOf(type, length);
    const points = [{ point, offset: 0 }];
    const request = { ...device, area, address, count, everyMs, points };
    const outcome = await bus.read(request);
    const readings = readingsOf(request, outcome);
    if (readClears && outcome.kind === "values") onCleared?.(readings);
    return readings[0] as Reading;
  }

  async #readRaw(raw: RawOrder) {
    const { bus: name, area, address, count, type, order = "ABCD" } = raw;
    const bus = await this.#reach.bus(name);
    const width = isBitArea(area) ? 1 : widthOf(type, 0);
    if (count * width > countMax(area))
      throw refused(`one answer holds at most ${countMax(area)} of ${area}`);
    if (address + count * width > 65_536) throw refused(`${area} ends at address 65535`);
    const range = { area, address, count: count * width };
    this.#readNothingBarred(raw, range);
    const points = Array.from({ length: count }, (_, index) => {
      const id = String(address + index * width);
      const place = { area, address: address + index * width, type, order } as const;
      const point = { id, ...place, length: 0, scale: 1, offset: 0, everyMs: ONCE_MS };
      return { point, offset: index * width };
    });
    const asked = { ...range, everyMs: ONCE_MS, points };
    const request = { ...this.#reach.addressee(raw), ...asked };
    const outcome = await bus.read(request);
    return readingsOf(request, outcome).map(({ uptime: _, ...reading }) => ({
      ...reading,
      unit: null,
    }));
  }

  /** Throws where `range` of the unit must not be read, or the value of a point would be lost. */
  #readNothingBarred(
    place: { readonly bus: string; readonly unit: number },
    range: AddressRange | null,
  ) {
    const bar = range === null ? null : readBarOf(this.#parts.config, place, range);
    if (bar !== null) throw refused(readBarText(bar));
  }
}

/** Whether an interlock writes to a device on `bus`. */
function writesTo({ interlocks, points, devices }: ReachParts["config"], bus: string): boolean {
  const written = new Set(interlocks.map(({ write }) => write));
  const own = new Set(devices.filter((each) => each.bus === bus).map(({ name }) => name));
  return points.some(({ id, device }) => written.has(id) && own.has(device));
}

const WOULD_BE_LOST =
  "is cleared by reading it, and without a running gateway its value would be lost: start one";

/** The period of what is read once; without meaning to a driver. */
const ONCE_MS = 1000;
