import { hexOf } from "../../drivers/wire-text.ts";
import type { Lang } from "../core/errors.ts";
import type { Part } from "../forward/sl651/body.ts";
import { leadText } from "../forward/sl651/digits.ts";
import { type Decoded, decodeFrame } from "../forward/sl651/frame.ts";
import { functionOf } from "../forward/sl651/functions.ts";
import type { Frame } from "../forward/sl651/header.ts";
import { stationAddressOf } from "../forward/sl651/stations.ts";
import { partJson, partRows, stampText } from "./decode-sl651-parts.ts";
import { saySl651, saySl651Fault, saySl651Note } from "./decode-sl651-text.ts";
import { sayFrame } from "./decode-text.ts";
import { checkText, type Row, type Told } from "./decode-told.ts";

/** The control characters by their codes, as they are shown and typed. */
export const CONTROL_NAMES: Readonly<Record<number, string>> = {
  1: "SOH",
  2: "STX",
  3: "ETX",
  4: "EOT",
  5: "ENQ",
  6: "ACK",
  21: "NAK",
  22: "SYN",
  23: "ETB",
  27: "ESC",
};

/** What a frame of SL 651 says, and what is wrong with it. */
export function tellSl651(bytes: Uint8Array, lang: Lang): Told {
  const decoded = decodeFrame(bytes);
  const { frame, faults, notes } = decoded;
  return {
    heading: headingOf(bytes),
    summary: frame === null ? "" : summaryOf(frame, lang),
    rows: frame === null ? [] : rowsOf(decoded, frame, lang),
    faults: faults.map((fault) => ({
      ...fault,
      text: saySl651Fault(lang, fault.kind, fault.data),
    })),
    notes: notes.map((note) => ({ ...note, text: saySl651Note(lang, note.kind, note.data) })),
    json: jsonOf(decoded, lang),
  };
}

/** Characters as they are, control characters by name; a frame of bytes in hex. */
function headingOf(bytes: Uint8Array): string {
  const isText = bytes[0] === 1 && bytes.every((byte) => shown(byte) !== null);
  return isText ? Array.from(bytes, (byte) => shown(byte) ?? "").join("") : hexOf(bytes);
}

function shown(byte: number): string | null {
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  const name = CONTROL_NAMES[byte];
  return name === undefined ? null : `<${name}>`;
}

function summaryOf({ functionCode, direction, encoding }: Frame, lang: Lang): string {
  const parts = [saySl651(lang, direction), saySl651(lang, encoding)];
  const way = parts.join(lang === "en" ? ", " : "，");
  const code = leadText(functionCode);
  const name = functionOf(functionCode)?.name[lang];
  return name === undefined
    ? saySl651(lang, "unknownFunction", { code, way })
    : saySl651(lang, "summary", { name, code, way });
}

function rowsOf(decoded: Decoded, frame: Frame, lang: Lang): readonly Row[] {
  const { body, declaredLength, bodyLength, crcGiven, crcComputed, crcValid } = decoded;
  const word = (key: Parameters<typeof saySl651>[1]) => saySl651(lang, key);
  const { packet, functionCode, direction } = frame;
  const head: readonly Row[] = [
    [word("centre"), String(frame.centre)],
    [word("stationAddress"), frame.station, addressText(frame.station, lang)],
    [word("password"), frame.password],
    [word("function"), leadText(functionCode), functionOf(functionCode)?.name[lang]],
    [
      word("direction"),
      `${declaredLength}`,
      saySl651(lang, "bytes", { way: word(direction), count: bodyLength }),
    ],
    packet === null
      ? [word("start"), "STX", word("single")]
      : [word("start"), "SYN", word("several")],
  ];
  const numbers: readonly Row[] =
    packet === null
      ? []
      : [[word("packets"), `${packet.total} ${packet.index}`, saySl651(lang, "packetOf", packet)]];
  const times: readonly Row[] =
    body?.sentAt == null
      ? []
      : [
          [word("serial"), `${body.serial}`],
          [word("sent"), stampText(body.sentAt)],
        ];
  const parts = (body?.parts ?? []).flatMap((part: Part) => partRows(part, frame, lang));
  return [
    ...head,
    ...numbers,
    ...times,
    ...parts,
    [word("end"), frame.end, word(frame.end)],
    [sayFrame(lang, "crc"), crcGiven, checkText(crcValid, crcComputed, lang)],
  ];
}

function addressText(digits: string, lang: Lang): string {
  const address = stationAddressOf(digits);
  return address.kind === "hydrology"
    ? saySl651(lang, "hydrology", address)
    : saySl651(lang, address.kind, address);
}

function jsonOf(decoded: Decoded, lang: Lang): object {
  const { bytes, frame, body, crcValid, crcGiven, crcComputed } = decoded;
  return {
    framing: "sl651",
    hex: hexOf(bytes),
    crcValid,
    crc: { given: crcGiven, computed: crcComputed },
    length: { declared: decoded.declaredLength, found: decoded.bodyLength },
    encoding: frame?.encoding ?? null,
    centreAddress: frame?.centre ?? null,
    stationAddress: frame?.station ?? null,
    password: frame?.password ?? null,
    functionCode: frame === null ? null : leadText(frame.functionCode),
    functionName: frame === null ? null : (functionOf(frame.functionCode)?.name[lang] ?? null),
    direction: frame?.direction ?? null,
    start: frame === null ? null : frame.packet === null ? "STX" : "SYN",
    packet: frame?.packet ?? null,
    end: frame?.end ?? null,
    serial: body?.serial ?? null,
    sentAt: body?.sentAt == null ? null : stampText(body.sentAt),
    parts: frame === null ? [] : (body?.parts ?? []).map((part) => partJson(part, frame, lang)),
  };
}
