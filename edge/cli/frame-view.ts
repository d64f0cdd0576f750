import type { Heard, Role } from "../../drivers/modbus/conversation.ts";
import type { Explanation } from "../../drivers/modbus/explanation.ts";
import { FUNCTION_NAMES } from "../../drivers/modbus/function-names.ts";
import type { FaultKind, Field, HintKind, Meaning, Remark } from "../../drivers/modbus/meaning.ts";
import { hexOf } from "../../drivers/wire-text.ts";
import type { Lang } from "../core/errors.ts";
import { columns } from "./columns.ts";
import { sayFault, sayField, sayFrame, sayHint, sayNote, sayWhat } from "./decode-text.ts";

/** In a summary at most so many values are told. */
const VALUES_MAX = 10;

/** The first documented number of each area (Modbus reference numbers), by the function. */
const FIRST_NUMBER: Readonly<Record<number, number>> = {
  1: 0,
  5: 0,
  15: 0,
  2: 1,
  4: 3,
  3: 4,
  6: 4,
  16: 4,
  22: 4,
  23: 4,
};

/** Where the frame stands elsewhere in the bytes, the first of them are no unit and no function. */
const ELSEWHERE: readonly HintKind[] = [
  "frame-inside",
  "first-byte-lost",
  "is-rtu",
  "is-tcp",
  "is-ascii",
];

/** All that can be said of a frame, a line each, for a person. */
export function frameLines(explanation: Explanation, lang: Lang): readonly string[] {
  const { meanings, faults, hints, notes } = explanation;
  const readings = meanings.length === 0 ? [null] : meanings;
  return [
    ...readings.flatMap((meaning) => meaningLines(explanation, meaning, lang)),
    ...faults.map((fault) => `  ✗ ${faultText(fault, lang)}`),
    ...hints.map(({ kind, data }) => `  → ${sayHint(lang, kind, data)}`),
    ...notes.map(({ kind, data }) => `  · ${sayNote(lang, kind, data)}`),
    ...(faults.length === 0 ? [`  ✓ ${sayFrame(lang, "sound")}`] : []),
  ];
}

function meaningLines(
  explanation: Explanation,
  meaning: Meaning | null,
  lang: Lang,
): readonly string[] {
  const isElsewhere = explanation.hints.some(({ kind }) => ELSEWHERE.includes(kind));
  if (explanation.unit === null || (meaning === null && isElsewhere)) return [];
  const head = [whoseText(explanation, meaning, lang), functionText(explanation, lang)];
  const text = head.filter((part) => part !== "").join(lang === "en" ? ": " : "：");
  const rows = [
    ...transactionRow(explanation, lang),
    ...(meaning?.fields ?? []).map((field) => fieldRow(field, explanation, lang)),
    ...checkRow(explanation, lang),
  ];
  return [`  ${text}`, ...columns(rows).map((line) => `    ${line}`)];
}

type Row = readonly string[];

function transactionRow({ transaction, bytes }: Explanation, lang: Lang): readonly Row[] {
  if (transaction === null) return [];
  return [[sayFrame(lang, "transaction"), hexOf(bytes.subarray(0, 2)), `${transaction}`]];
}

function checkRow({ check }: Explanation, lang: Lang): readonly Row[] {
  if (check === null) return [];
  const verdict = sayFrame(lang, check.passes ? "right" : "wrong", {
    computed: hexOf(check.computed),
  });
  return [[sayFrame(lang, "checkSum"), hexOf(check.given), verdict]];
}

function whoseText(
  { unit, isException }: Explanation,
  meaning: Meaning | null,
  lang: Lang,
): string {
  const parameters = { unit: unit ?? "?" };
  if (isException && meaning !== null) return sayFrame(lang, "refusalOf", parameters);
  switch (meaning?.direction) {
    case "request":
      return sayFrame(lang, "toUnit", parameters);
    case "answer":
      return sayFrame(lang, "ofUnit", parameters);
    default:
      return sayFrame(lang, "withUnit", parameters);
  }
}

function functionText({ functionCode: code }: Explanation, lang: Lang): string {
  if (code === null) return "";
  const name = FUNCTION_NAMES[code]?.[lang];
  if (name === undefined) return sayFrame(lang, "unknownFunction", { code });
  return sayFrame(lang, "function", { name, code });
}

/** The field's name, its bytes, its value and what that means. */
function fieldRow(field: Field, { functionCode }: Explanation, lang: Lang): Row {
  const { meaning, bytes, value } = field;
  const bits = Array.isArray(value) ? value.length : 1;
  const index = field.index ?? 0;
  const name = sayField(lang, field.name, { index, last: index + bits - 1 });
  const remarks = [meaning?.[lang] ?? "", numberText(field, functionCode, lang), signedText(field)];
  return [name, hexOf(bytes), valueText(value), remarks.filter((part) => part !== "").join("  ")];
}

/** The documented number of an address: 40001 is the first holding register. */
function numberText({ name, value }: Field, functionCode: number | null, lang: Lang): string {
  const first = FIRST_NUMBER[functionCode ?? 0];
  const isAddress = name === "address" || name === "readAddress" || name === "writeAddress";
  if (!isAddress || first === undefined || typeof value !== "number") return "";
  const digits = value < 9999 ? 4 : 5;
  return sayFrame(lang, "number", { number: `${first}${String(value + 1).padStart(digits, "0")}` });
}

/** What a register holds where its highest bit is a sign. */
function signedText({ name, value }: Field): string {
  const isRegister = name === "register" || name === "nthRegister";
  return isRegister && typeof value === "number" && value > 0x7fff ? `(${value - 0x10000})` : "";
}

function valueText(value: Field["value"]): string {
  if (value === null) return "";
  if (typeof value === "string") return `"${value}"`;
  return typeof value === "number" ? `${value}` : value.map(Number).join(" ");
}

/** What is wrong, in words. */
export function faultText({ kind, data }: Remark<FaultKind>, lang: Lang): string {
  const { what } = data;
  const isNamed = what === "unit" || what === "function" || what === "address" || what === "count";
  return sayFault(lang, kind, isNamed ? { ...data, what: sayWhat(lang, what) } : data);
}

/** A frame in one line: who, what, the values, and what is wrong. */
export function frameSummary({ role, explanation, asked }: Heard, lang: Lang): string {
  const { meanings, faults, unit } = explanation;
  const meaning = meanings[0] ?? null;
  const said: string[] = [];
  if (unit !== null && (meaning !== null || faults.length === 0)) {
    const name = FUNCTION_NAMES[explanation.functionCode ?? 0]?.[lang];
    const what = name ?? sayFrame(lang, "unknownFunction", { code: explanation.functionCode ?? 0 });
    const place = placeText(meaning, asked);
    const whose = whoseText(explanation, meaning, lang);
    said.push(`${whose}${lang === "en" ? ": " : "："}${[what, place].filter(Boolean).join(" ")}`);
    const values = valuesText(meaning, lang);
    if (values !== "") said.push(`${explanation.isException ? "✗" : "="} ${values}`);
  }
  const remark = roleText(role, lang);
  if (remark !== "") said.unshift(`[${remark}]`);
  const wrong = faults.map((fault) => `✗ ${faultText(fault, lang)}`);
  const right = explanation.hints
    .slice(0, 1)
    .map(({ kind, data }) => `→ ${sayHint(lang, kind, data)}`);
  return [...said, ...wrong, ...right].join(" ");
}

function roleText(role: Role, lang: Lang): string {
  return role === "echo" || role === "late" || role === "stray" ? sayFrame(lang, role) : "";
}

/** The addresses that a frame is about: `100`, or `100-119`. */
function placeText(meaning: Meaning | null, asked: Heard["asked"]): string {
  const numberOf = (...names: readonly Field["name"][]) => {
    const value = meaning?.fields.find(({ name }) => names.includes(name))?.value;
    return typeof value === "number" ? value : null;
  };
  const from = numberOf("address", "readAddress") ?? asked?.address ?? null;
  const count = numberOf("count", "readCount") ?? asked?.count ?? 1;
  if (from === null) return "";
  return count > 1 ? `${from}-${from + count - 1}` : `${from}`;
}

const VALUES: readonly Field["name"][] = [
  "register",
  "nthRegister",
  "bits",
  "nthBits",
  "value",
  "status",
  "exception",
  "object",
  "serverId",
  "data",
];

function valuesText(meaning: Meaning | null, lang: Lang): string {
  const fields = (meaning?.fields ?? []).filter(({ name }) => VALUES.includes(name));
  const texts = fields.map((field) => {
    if (field.meaning !== null) return field.meaning[lang];
    return field.value === null ? hexOf(field.bytes) : valueText(field.value);
  });
  const more = texts.length > VALUES_MAX ? " …" : "";
  return texts.slice(0, VALUES_MAX).join(" ") + more;
}
