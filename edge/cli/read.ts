import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import { numberOfPlace, placeOfNumber } from "../../config/numbering.ts";
import type { FieldReading } from "../control/field-desk.ts";
import type { RawOrder, ReadOrder } from "../control/field-orders.ts";
import { isEverybody } from "../control/raw-write.ts";
import { readBarOf } from "../control/read-bar.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { isBitArea, widthOf } from "../core/point.ts";
import { columns } from "./columns.ts";
import { readOrderTyped } from "./field-operands.ts";
import { readBarSentence, sayField } from "./field-text.ts";
import { formatValue } from "./format.ts";
import { type Invocation, misuse, print } from "./invocation.ts";
import { qualityNotes } from "./quality-view.ts";
import { reachField } from "./reach-field.ts";
import { readPdu } from "./read-pdu.ts";
import { exceptionLines } from "./reason-text.ts";
import { refuse } from "./refuse.ts";
import { say, sayQuality } from "./text.ts";
import { deviceOnly, unknownPoint } from "./unknown-point.ts";
import { usableConfig } from "./usable-config.ts";
import { whyUnread } from "./why-unread.ts";

/**
 * `lifeline read POINT...`, `lifeline read BUS UNIT AREA ADDRESS [COUNT|TYPE]` and `lifeline read
 * BUS UNIT --pdu HEX...`.
 */
export async function read(invocation: Invocation): Promise<number> {
  const { lang, json, operands, order: byteOrder, pdu } = invocation;
  if (pdu !== undefined) return await readPdu(pdu, invocation);
  const how = byteOrder === undefined ? {} : { order: byteOrder };
  const typed = readOrderTyped(operands, lang, how);
  if ("mistake" in typed && operands.length !== 1) return misuse(typed.mistake, invocation);
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  if ("mistake" in typed) {
    return misuse(deviceOnly(config, operands[0] ?? "", lang) ?? typed.mistake, invocation);
  }
  const { order } = typed;
  const missing = missingIn(config, order, lang);
  if (missing !== null) return refuse(missing, invocation);
  const field = await reachField(config);
  try {
    const readings = await field.read(order);
    if (json) print(toJson({ ...placeOf(order), readings }));
    else for (const line of viewOf(order, readings, lang)) print(line);
    return readings.every(({ quality }) => quality === "good") ? 0 : 1;
  } finally {
    field.close();
  }
}

/** What the order names and the configuration lacks, as a sentence, or null. */
function missingIn(config: GatewayConfig, order: ReadOrder, lang: Lang): string | null {
  const { points, boards, buses } = config;
  if ("points" in order) {
    const pins = boards.flatMap(({ points }) => points.filter(({ write }) => write));
    const asked = new Set([...points, ...pins].map(({ id }) => id));
    const missing = order.points.find((id) => !asked.has(id));
    if (missing === undefined) return null;
    if (config.derived.some(({ id }) => id === missing)) {
      return sayField(lang, "derivedFromOthers", { point: missing });
    }
    const isTold = allPoints(config).some(({ id }) => id === missing);
    if (isTold) return sayField(lang, "toldByItself", { point: missing });
    return unknownPoint(config, missing, lang);
  }
  const { raw } = order;
  // Who reads from unit 0 of a serial line asks everybody, and waits for nobody.
  if (isEverybody(config, raw)) return sayField(lang, "nobodyAnswers");
  const width = isBitArea(raw.area) ? 1 : widthOf(raw.type, 0);
  const bar = readBarOf(config, raw, { ...raw, count: raw.count * width });
  if (bar !== null) return readBarSentence(bar, lang);
  return whyUnread(buses, raw.bus, lang);
}

/** Where what was read by address stands: the address of each alone says little. */
function placeOf(order: ReadOrder): object {
  if (!("raw" in order)) return {};
  const { bus, unit, area } = order.raw;
  return { bus, unit, area };
}

function viewOf(order: ReadOrder, readings: readonly FieldReading[], lang: Lang) {
  return "raw" in order ? rawView(order.raw, readings, lang) : pointsView(readings, lang);
}

function pointsView(readings: readonly FieldReading[], lang: Lang): readonly string[] {
  const titles = (["point", "value", "unit", "quality"] as const).map((key) => say(lang, key));
  const rows = readings.map(({ point, value, unit, quality }) => [
    point,
    formatValue(value),
    unit ?? "",
    sayQuality(lang, quality),
  ]);
  const notes = qualityNotes(readings, lang);
  return [
    ...columns([titles, ...rows], [1]),
    ...exceptionLines(qualitiesOf(readings), lang),
    ...(notes.length === 0 ? [] : ["", ...notes]),
  ];
}

/** Each address also by the number that manuals give it; registers also in hexadecimal digits. */
function rawView(raw: RawOrder, readings: readonly FieldReading[], lang: Lang): readonly string[] {
  const { area, type } = raw;
  const hasHex = type === "uint16";
  const titles = [
    sayField(lang, "address"),
    sayField(lang, "number"),
    say(lang, "value"),
    ...(hasHex ? [sayField(lang, "hex")] : []),
    say(lang, "quality"),
  ];
  const rows = readings.map(({ point: address, value, quality }) => [
    address,
    String(numberOfPlace({ area, address: Number(address) })),
    value === null ? "?" : String(value),
    ...(hasHex ? [value === null ? "" : hexOf(Number(value))] : []),
    sayQuality(lang, quality),
  ]);
  const table = columns([titles, ...rows], [0, 1, 2]);
  return [
    ...table,
    ...exceptionLines(qualitiesOf(readings), lang),
    ...numberHint(raw, readings, lang),
  ];
}

/** That what was taken for an address may have been a number of the manual, where it was refused. */
function numberHint(
  { bus, unit, area, address }: RawOrder,
  readings: readonly FieldReading[],
  lang: Lang,
): readonly string[] {
  const place = placeOfNumber(address);
  const isRefused = readings.some(({ quality }) => quality === "bad:exception:2");
  if (place === null || place.area !== area || !isRefused) return [];
  const command = `lifeline read ${bus} ${unit} ${area} ${place.address}`;
  const number = numberOfPlace({ area, address });
  return [sayField(lang, "noSuchPlace", { address, number, command })];
}

function qualitiesOf(readings: readonly FieldReading[]): readonly string[] {
  return readings.map(({ quality }) => quality);
}

function hexOf(register: number): string {
  return register.toString(16).toUpperCase().padStart(4, "0");
}
