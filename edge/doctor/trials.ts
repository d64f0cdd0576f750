import type { BusConfig, GatewayConfig, PointConfig } from "../../config/gateway-config.ts";
import type { Query } from "../../drivers/query.ts";
import type { AttuneOrder, LineSetting } from "../acquire/attune.ts";
import { isRead, type ReadBus } from "../acquire/open-session.ts";
import { FORMATS, SPEEDS } from "../control/attune-order.ts";
import type { Status } from "../control/status.ts";
import { type Area, isBitArea, widthOf } from "../core/point.ts";
import type { BusFacts } from "./bus-facts.ts";
import type { Facts } from "./facts.ts";
import { isPlausible } from "./plausible.ts";
import { isDeaf, isMute } from "./wire-counts.ts";

/** A place to be read once, because the value that stands there is doubted. */
export type PlaceTrial = {
  readonly point: string;
  readonly bus: string;
  readonly unit: number;
  readonly area: Area;
  readonly address: number;
  /** Registers, or 1 in a bit area. */
  readonly count: number;
};

/** Units to be asked for the place of a device that is silent. */
export type UnitTrial = {
  readonly bus: string;
  readonly device: string;
  readonly query: Query;
  readonly units: readonly number[];
  /** How long each is given, in milliseconds. */
  readonly timeoutMs: number;
};

/** At most so many doubted points are looked at, and so many of one device. */
const POINTS_MAX = 24;
const POINTS_OF_DEVICE_MAX = 6;
/** At most so long an answer is waited for, in milliseconds: most units are not there. */
const UNIT_TIMEOUT_MS = 500;
const ATTUNE_TIMEOUT_MS = 400;

/** The points whose value may stand elsewhere, or otherwise, than is configured. */
export function placeTrials({ config, status }: Pick<Facts, "config" | "status">) {
  if (status === null) return [];
  const doubted = config.points.filter((point) => isDoubted(point, status));
  const byDevice = Map.groupBy(doubted, ({ device }) => device);
  const some = [...byDevice.values()].flatMap((points) => points.slice(0, POINTS_OF_DEVICE_MAX));
  return some.slice(0, POINTS_MAX).flatMap((point) => placeOf(config, point) ?? []);
}

/** A device that says that it has no value, or no number, is believed. */
const DOUBTED =
  /^(bad:(exception:\d+|invalid-bcd|out-of-range)|uncertain:out-of-range|(bad|uncertain):loop-fault)$/;

function isDoubted(point: PointConfig, { points }: Status): boolean {
  if (point.readClears || point.type === "string") return false;
  const now = points.find((each) => each.point === point.id);
  if (now === undefined) return false;
  if (DOUBTED.test(now.quality)) return true;
  return now.quality === "good" && point.measurement === null && isOdd(point, now.value);
}

function isOdd(point: PointConfig, value: Status["points"][number]["value"]): boolean {
  return isPlausible(point, value) === false;
}

/** Where `point` stands; null where its device is not known. */
function placeOf({ devices }: GatewayConfig, point: PointConfig): PlaceTrial | null {
  const device = devices.find(({ name }) => name === point.device);
  if (device === undefined) return null;
  const { id, area, address, type, length } = point;
  const count = isBitArea(area) ? 1 : widthOf(type, length);
  return { point: id, bus: device.bus, unit: device.unit, area, address, count };
}

/** The area that is taken for `area`, and the other way round. */
export function twinOf(area: Area): Area {
  return ({ holding: "input", input: "holding", coil: "discrete", discrete: "coil" } as const)[
    area
  ];
}

/** Whether nothing that is configured on `bus` answers, though the line is open. */
export function isBusDeaf({ config, status }: Facts, { bus, exchanges }: BusFacts): boolean {
  const state = status?.buses.find((each) => each.bus === bus)?.state;
  const devices = config.devices.filter((device) => device.bus === bus);
  const asked = devices.filter(({ unit }) => exchanges.some((each) => each.unit === unit));
  if (state !== "open" || asked.length === 0) return false;
  const isLate = exchanges.some(({ lateMs }) => lateMs !== null);
  return !isLate && asked.every(({ unit }) => isDeaf(exchanges, unit));
}

/** Whose unit may be another one: units to ask on every bus with a device that keeps silent. */
export function unitTrials(facts: Facts, isDeep: boolean): readonly UnitTrial[] {
  const { config, buses } = facts;
  return buses.flatMap((known) => {
    const bus = config.buses.find(({ name }) => name === known.bus);
    if (bus === undefined || !isRead(bus)) return [];
    const own = config.devices.filter((device) => device.bus === bus.name);
    // That several have another unit is less likely than that the line is at fault.
    if (own.length > 1 && isBusDeaf(facts, known) && !isDeep) return [];
    const silent = own.find(({ unit }) => isMute(known.exchanges, unit));
    const query = silent === undefined ? null : queryOf(config, silent.name);
    if (silent === undefined || query === null) return [];
    const taken = new Set(own.map(({ unit }) => unit));
    const units = candidates(silent.unit, bus, isDeep).filter((unit) => !taken.has(unit));
    const timeoutMs = Math.min(bus.timeoutMs, UNIT_TIMEOUT_MS);
    return [{ bus: bus.name, device: silent.name, query, units, timeoutMs }];
  });
}

/** Units that may be meant in place of `unit`, the likeliest first. */
function candidates(unit: number, bus: ReadBus, isDeep: boolean): readonly number[] {
  const isLine = "serial" in bus || ("framing" in bus && bus.framing !== "tcp");
  const [least, most] = isLine ? [1, 247] : [0, 255];
  const low = Array.from({ length: 16 }, (_, i) => i + 1);
  const all = isDeep ? Array.from({ length: 256 }, (_, i) => i) : [];
  // Neighbours, what devices leave their factory with, and decimal taken for hexadecimal.
  const hex = [Number.parseInt(`${unit}`, 16), Number(unit.toString(16))];
  const usual = [unit + 1, unit - 1, ...hex, ...low, 247, 32, 100, 126, 127, 0, 255, ...all];
  const isUnit = (each: number) => Number.isInteger(each) && each >= least && each <= most;
  return [...new Set(usual)].filter(isUnit);
}

/** A register of `device` that the gateway reads, and that reading does not clear. */
function queryOf({ points }: GatewayConfig, device: string): Query | null {
  const point = points.find((each) => each.device === device && !each.readClears);
  if (point === undefined) return null;
  const { area, address, type, length } = point;
  const count = isBitArea(area) ? 1 : widthOf(type, length);
  return { kind: "place", area, address, count };
}

/** What to ask at other settings of each line on which nothing answers, and nobody else does. */
export function attuneTrials(facts: Facts, isForced: boolean): readonly AttuneOrder[] {
  const { config, buses } = facts;
  return buses.flatMap((known) => {
    const bus = config.buses.find(({ name }) => name === known.bus);
    if (bus?.kind !== "modbus-rtu" || known.strangers.length > 0) return [];
    if (!isBusDeaf(facts, known)) return [];
    const asked = config.devices
      .filter((device) => device.bus === bus.name)
      .flatMap(({ name, unit }) => {
        const query = queryOf(config, name);
        return query === null ? [] : { unit, query };
      });
    if (asked.length === 0) return [];
    const timeoutMs = Math.min(bus.timeoutMs, ATTUNE_TIMEOUT_MS);
    const settings = otherSettings(bus.serial);
    return [{ bus: bus.name, settings, asked: asked.slice(0, 2), timeoutMs, isForced }];
  });
}

/** With another format too only so many speeds are tried. */
const USUAL_SPEEDS = 4;

/** Other settings than `own`, the likeliest first: one thing other, then both. */
function otherSettings(own: Extract<BusConfig, { serial: unknown }>["serial"]) {
  const parities = FORMATS.map((format): LineSetting => ({ baud: own.baud, format }));
  const speeds = SPEEDS.map((baud): LineSetting => ({ baud, format: own.format }));
  const usual = SPEEDS.slice(0, USUAL_SPEEDS);
  const both = FORMATS.flatMap((format) => usual.map((baud): LineSetting => ({ baud, format })));
  const seen = new Set([settingKey(own)]);
  return [...parities, ...speeds, ...both].filter((setting) => {
    const isNew = !seen.has(settingKey(setting));
    seen.add(settingKey(setting));
    return isNew && FORMATS.some((format) => format === setting.format);
  });
}

function settingKey({ baud, format }: LineSetting): string {
  return `${baud} ${format}`;
}
