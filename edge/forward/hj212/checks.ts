import { commandOf } from "./commands.ts";
import { fieldOf, kindOfParameter, MARKS } from "./data-names.ts";
import { CP_MAX, flagBits, type Packet } from "./packet.ts";
import type { Remarks } from "./remarks.ts";
import type { Placed } from "./segment.ts";
import { SYSTEMS } from "./systems.ts";
import { isTime } from "./times.ts";

/** The fields before CP in their order (HJ 212-2017, table 3; RF is of 2025), and their form. */
const FIELDS = {
  QN: (value: string) => isTime(value, true),
  ST: (value: string) => /^[0-9A-Za-z]{2}$/.test(value),
  CN: (value: string) => /^\d{4}$/.test(value),
  PW: () => true,
  MN: (value: string) => /^[\w.-]{1,24}$/.test(value),
  Flag: (value: string) => /^\d{1,3}$/.test(value) && Number(value) <= 255,
  PNUM: isPacketNumber,
  PNO: isPacketNumber,
  RF: (value: string) => value === "1",
} as const satisfies Readonly<Record<string, (value: string) => boolean>>;

const ORDER = Object.keys(FIELDS);

/** Without these nothing can be done, or answered. */
const NEEDED = ["CN", "MN"];
const EXPECTED = ["ST", "PW"];

/** Remarks what is wrong with the fields before CP. */
export function checkHeader(fields: readonly Placed[], packet: Packet, remarks: Remarks): void {
  const seen = new Set<string>();
  for (const { name, value, index } of fields) {
    const isRight = (FIELDS as Readonly<Record<string, (value: string) => boolean>>)[name];
    if (!Object.hasOwn(FIELDS, name)) remarks.note("field-unknown", index, { name });
    else if (seen.has(name)) remarks.fault("field-twice", index, { name });
    else if (!isRight?.(value)) remarks.fault("field-value", index, { name, value });
    seen.add(name);
  }
  for (const name of NEEDED) if (!seen.has(name)) remarks.fault("field-missing", null, { name });
  for (const name of EXPECTED) if (!seen.has(name)) remarks.note("field-absent", null, { name });
  const places = fields.map(({ name }) => ORDER.indexOf(name)).filter((place) => place >= 0);
  const before = places.findIndex((place, i) => place < (places[i - 1] ?? 0));
  if (before >= 0) remarks.note("field-order", null);
  checkPlainFields(fields, packet, remarks);
  checkPackets(packet, remarks);
}

/** What departs from the standard in fields of a possible form. */
function checkPlainFields(
  fields: readonly Placed[],
  { qn, st, cn, pw, mn, flag }: Packet,
  remarks: Remarks,
): void {
  const at = (name: string) => fields.find((field) => field.name === name)?.index ?? null;
  if (qn === null || (flag === null && at("Flag") === null)) remarks.note("edition-2005", null);
  if (st !== null && !isSystem(st)) remarks.note("system-unknown", at("ST"), { st });
  if (cn !== null && /^\d{4}$/.test(cn) && commandOf(cn) === null) {
    remarks.note("command-unknown", at("CN"), { cn });
  }
  if (pw !== null && pw.length !== 6) remarks.note("pw-length", at("PW"), { found: pw.length });
  if (mn !== null && !/^[0-9A-F]{24}$/.test(mn)) remarks.note("mn-form", at("MN"), { mn });
}

/** A system of the table, or one of those that are free: a letter and a digit or letter. */
function isSystem(st: string): boolean {
  return Object.hasOwn(SYSTEMS, st) || /^[A-Z][0-9A-Z]$/.test(st);
}

function checkPackets({ flag, pnum, pno }: Packet, remarks: Remarks): void {
  const isNumbered = flag !== null && flagBits(flag).isNumbered;
  const isHalf = (pnum === null) !== (pno === null);
  if (isNumbered && (pnum === null || pno === null)) remarks.note("packets-missing", null);
  else if (isHalf || (pnum !== null && !isNumbered)) remarks.note("packets-unflagged", null);
  if (pnum !== null && pno !== null && pno > pnum) {
    remarks.fault("packet-number", null, { pno, pnum });
  }
}

function isPacketNumber(value: string): boolean {
  return /^\d{1,4}$/.test(value) && Number(value) > 0;
}

/** Remarks what departs from the standard in CP (HJ 212-2017, 6.3.3 and Annex B). */
export function checkCp(groups: readonly (readonly Placed[])[], remarks: Remarks): void {
  for (const group of groups) {
    const isSpan = group.some(({ name }) => name === "BeginTime") && group.length > 1;
    if (isSpan) remarks.note("comma-times", group[0]?.index ?? null);
    for (const item of group) checkValue(item, remarks);
  }
  const [first, last] = [groups[0]?.[0], groups.at(-1)?.at(-1)];
  if (first === undefined || last === undefined) return;
  const end = last.index + last.name.length + 1 + Buffer.byteLength(last.value);
  const found = end - first.index;
  if (found > CP_MAX) remarks.note("cp-long", first.index, { found, max: CP_MAX });
}

function checkValue({ name, value, index }: Placed, remarks: Remarks): void {
  const kind = fieldOf(name)?.kind ?? kindOfParameter(name);
  const data = { name, value };
  if (kind === "time" && !isTime(value)) remarks.note("time-form", index, data);
  if (kind === "number" && !isNumber(value)) remarks.note("number-form", index, data);
  if (kind === "mark" && !Object.hasOwn(MARKS, value)) remarks.note("mark-unknown", index, data);
}

/** Whether `value` is a decimal number as HJ 212 writes one. */
export function isNumber(value: string): boolean {
  return /^[+-]?\d+(?:\.\d+)?$/.test(value);
}
