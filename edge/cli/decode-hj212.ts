import type { Lang, Text } from "../core/errors.ts";
import { commandOf } from "../forward/hj212/commands.ts";
import { DATA_FIELDS, PARAMETERS } from "../forward/hj212/data-names.ts";
import { type Factor, factorsOf, parametersOf } from "../forward/hj212/factors.ts";
import { type Decoded, decodeFrame } from "../forward/hj212/frame.ts";
import { EDITIONS, flagBits, type Item } from "../forward/hj212/packet.ts";
import { pollutantOf } from "../forward/hj212/pollutants.ts";
import { EXE_RTN, QN_RTN } from "../forward/hj212/return-codes.ts";
import { SYSTEMS } from "../forward/hj212/systems.ts";
import { isTime } from "../forward/hj212/times.ts";
import { sayHj212, sayHj212Fault, sayHj212Note } from "./decode-hj212-text.ts";
import { sayFrame } from "./decode-text.ts";
import { checkText, type Row, type Told } from "./decode-told.ts";

/** What a frame of HJ 212 says, and what is wrong with it. */
export function tellHj212(bytes: Uint8Array, lang: Lang): Told {
  const decoded = decodeFrame(bytes);
  const { packet, faults, notes } = decoded;
  const heading = Buffer.from(bytes).toString("utf8").replace(/\r\n$/, "");
  return {
    heading,
    summary: packet === null ? "" : summaryOf(packet.cn, lang),
    rows: packet === null ? [] : rowsOf(decoded, lang),
    faults: faults.map((fault) => ({
      ...fault,
      text: sayHj212Fault(lang, fault.kind, fault.data),
    })),
    notes: notes.map((note) => ({ ...note, text: sayHj212Note(lang, note.kind, note.data) })),
    json: jsonOf(decoded, heading, lang),
  };
}

function summaryOf(cn: string | null, lang: Lang): string {
  if (cn === null) return sayHj212(lang, "noCommand");
  const name = commandOf(cn)?.name[lang];
  return name === undefined
    ? sayHj212(lang, "unknownCommand", { cn })
    : sayHj212(lang, "summary", { name, cn });
}

function rowsOf(decoded: Decoded, lang: Lang): readonly Row[] {
  const { packet, fields, declaredLength, segmentLength } = decoded;
  if (packet === null) return [];
  const isRight = declaredLength === segmentLength;
  return [
    ...fields.map(({ name, value }): Row => [name, value, fieldMeaning(name, value, lang)]),
    ...parametersOf(packet).map((item): Row => [item.name, item.value, parameterText(item, lang)]),
    ...factorsOf(packet).flatMap((factor) => factorRows(factor, lang)),
    [
      sayHj212(lang, "length"),
      `${declaredLength ?? "?"}`,
      checkText(isRight, String(segmentLength), lang),
    ],
    [sayFrame(lang, "crc"), decoded.crcGiven, crcText(decoded, lang)],
  ];
}

function crcText({ crcValid, crcComputed }: Decoded, lang: Lang): string {
  return checkText(crcValid, crcComputed, lang);
}

/** What a field before CP means. */
function fieldMeaning(name: string, value: string, lang: Lang): string {
  if (name === "QN" && isTime(value, true)) return timeText(value);
  if (name === "ST") return own(SYSTEMS, value)?.[lang] ?? "";
  if (name === "CN") return commandOf(value)?.name[lang] ?? "";
  if (name === "Flag" && /^\d{1,3}$/.test(value)) return flagText(Number(value), lang);
  return name === "RF" && value === "1" ? sayHj212(lang, "resent") : "";
}

function flagText(flag: number, lang: Lang): string {
  const { version, isNumbered, wantsAnswer } = flagBits(flag);
  const edition = EDITIONS[version];
  const said = [
    edition === undefined
      ? sayHj212(lang, "version", { version })
      : sayHj212(lang, "edition", { edition }),
    ...(isNumbered ? [sayHj212(lang, "numbered")] : []),
    sayHj212(lang, wantsAnswer ? "answer" : "noAnswer"),
  ];
  return said.join(lang === "en" ? ", " : "，");
}

function parameterText({ name, value }: Item, lang: Lang): string {
  const code = name === "QnRtn" ? QN_RTN : name === "ExeRtn" ? EXE_RTN : {};
  const pollutant = name === "PolId" ? pollutantOf(value) : null;
  const meaning = own(code, value)?.[lang] ?? pollutant?.name[lang];
  const kind = own(PARAMETERS, name);
  const time = kind?.kind === "time" && isTime(value) ? timeText(value) : undefined;
  return joined([kind?.name[lang], meaning ?? time], lang);
}

function factorRows({ code, name, fields }: Factor, lang: Lang): readonly Row[] {
  return fields.map(({ field, value, unit, meaning }) => {
    const comma = lang === "en" ? ", " : "，";
    const said = [name?.[lang], own(DATA_FIELDS, field)?.name[lang]].filter(Boolean).join(comma);
    const raw = unit === null ? value : `${value} ${unit}`;
    return [`${code}-${field}`, raw, joined([said, meaning?.[lang]], lang)];
  });
}

/** What a value is, and what it says, where either is known. */
function joined(parts: readonly (string | undefined)[], lang: Lang): string {
  return parts.filter(Boolean).join(lang === "en" ? ": " : "：");
}

/** `20160801085857223` as `2016-08-01 08:58:57.223`. */
function timeText(digits: string): string {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})?$/.exec(digits) ?? [];
  const tail = ms === undefined ? "" : `.${ms}`;
  return `${year}-${month}-${day} ${hour}:${minute}:${second}${tail}`;
}

function jsonOf(decoded: Decoded, text: string, lang: Lang): object {
  const { packet, fields, crcValid, crcGiven, crcComputed, declaredLength } = decoded;
  const flag = packet?.flag ?? null;
  return {
    framing: "hj212",
    text,
    crcValid,
    crc: { given: crcGiven, computed: crcComputed },
    length: { declared: declaredLength, found: decoded.segmentLength },
    fields: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
    command: packet?.cn == null ? null : (commandOf(packet.cn)?.name[lang] ?? null),
    system: packet?.st == null ? null : (own(SYSTEMS, packet.st)?.[lang] ?? null),
    flag: flag === null ? null : flagBits(flag),
    edition: flag === null ? null : (EDITIONS[flagBits(flag).version] ?? null),
    parameters: packet === null ? [] : parametersOf(packet),
    factors: packet === null ? [] : factorsOf(packet).map((factor) => factorJson(factor, lang)),
  };
}

function factorJson({ code, name, fields, mark }: Factor, lang: Lang): object {
  return {
    code,
    name: name?.[lang] ?? null,
    mark,
    fields: fields.map((field) => ({ ...field, meaning: field.meaning?.[lang] ?? null })),
  };
}

function own<T extends Text | object>(table: Readonly<Record<string, T>>, key: string): T | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}
