import { parseWireLine } from "../../drivers/wire-text.ts";
import { tellHj212 } from "./decode-hj212.ts";
import { CONTROL_NAMES, tellSl651 } from "./decode-sl651.ts";
import { tellSparkplug } from "./decode-sparkplug.ts";
import { printTold } from "./decode-told.ts";
import { type HexProblem, parseHex } from "./hex-input.ts";
import type { Invocation } from "./invocation.ts";

/** The protocols of telemetry that frames are decoded of. */
export const TELEMETRY = ["hj212", "sl651", "sparkplug"] as const;

/** One of them. */
export type Telemetry = (typeof TELEMETRY)[number];

const TELL = { hj212: tellHj212, sl651: tellSl651, sparkplug: tellSparkplug } as const;

const READ = { hj212: hj212Bytes, sl651: sl651Bytes, sparkplug: sparkplugBytes } as const;

/** A line as `mosquitto_sub -F "%t %x"` prints it: the topic before the payload. */
const TOPIC = /^\s*(spBv1\.0\/\S+)(?:\s+(.*))?$/s;

/**
 * Explains the frame that `line` holds as text or as hex. Whether it is faulty; null where the line
 * holds none; what is no hex where it is meant to be.
 */
export function explainLine(
  protocol: Telemetry,
  line: string,
  { lang, json }: Invocation,
): boolean | null | HexProblem {
  const record = parseWireLine(line);
  if (record?.kind === "failure") return null;
  const [, topic = null, rest = line] = TOPIC.exec(protocol === "sparkplug" ? line : "") ?? [];
  const bytes = record?.bytes ?? READ[protocol](rest);
  if (!(bytes instanceof Uint8Array)) return bytes;
  if (bytes.length === 0 && topic === null) return null;
  return printTold(TELL[protocol](bytes, lang, topic), lang, json === true);
}

/** A packet as it is typed: what ends a line cannot be typed, so it is not missed. */
function hj212Bytes(line: string): Uint8Array | HexProblem {
  const text = line.trim().replace(/(\\r)?(\\n)?$/, "");
  if (!/##|CP=/.test(text)) return parseHex(text.replace(/#.*$/, ""));
  return new TextEncoder().encode(`${text}\r\n`);
}

/** A frame in characters, its control characters by name, `<SOH>01…`; or in hex. */
function sl651Bytes(line: string): Uint8Array | HexProblem {
  const text = line.trim();
  if (!text.includes("<SOH>") && !text.includes("\u0001"))
    return parseHex(text.replace(/#.*$/, ""));
  const characters = Object.entries(CONTROL_NAMES).reduce(
    (all, [code, name]) => all.replaceAll(`<${name}>`, String.fromCharCode(Number(code))),
    text,
  );
  return Uint8Array.from(Buffer.from(characters, "latin1"));
}

/** A payload in hex, or what a host says of itself as its text. */
function sparkplugBytes(line: string): Uint8Array | HexProblem {
  const text = line.trim();
  if (text.startsWith("{")) return new TextEncoder().encode(text);
  return parseHex(text.replace(/#.*$/, ""));
}
