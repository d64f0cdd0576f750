import process from "node:process";
import { Conversation, type Heard } from "../../drivers/modbus/conversation.ts";
import { FRAMINGS, type Framing } from "../../drivers/modbus/decode.ts";
import type { Direction } from "../../drivers/modbus/meaning.ts";
import { hexOf, parseWireLine } from "../../drivers/wire-text.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { linesOfStandardInput } from "../world/standard-input.ts";
import { explainLine, TELEMETRY, type Telemetry } from "./decode-telemetry.ts";
import { frameJson } from "./frame-json.ts";
import { frameLines } from "./frame-view.ts";
import { type HexProblem, linesOfOperands, parseHex } from "./hex-input.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { sayLine } from "./line-text.ts";

const KNOWN = [...FRAMINGS, ...TELEMETRY];

/**
 * `lifeline decode FRAMING [HEX...]`: explains each frame, from the command line or, without HEX,
 * from standard input, a line each. 1 when one of them is faulty, 2 when something is no hex.
 * Frames of telemetry may also be given as their text.
 */
export async function decode(invocation: Invocation): Promise<number> {
  const { lang, operands } = invocation;
  const [name = "", ...hexes] = operands;
  const lines = () => (hexes.length > 0 ? linesOfOperands(hexes) : typed(lang));
  const protocol = TELEMETRY.find((each) => each === name);
  if (protocol !== undefined) return decodeTelemetry(protocol, lines(), invocation);
  const framing = FRAMINGS.find((each) => each === name);
  if (framing === undefined) {
    const key = name === "" ? "framingMissing" : "framingUnknown";
    return misuse(sayLine(lang, key, { name, known: KNOWN.join(", ") }), invocation);
  }
  const talk = new Conversation(framing);
  let isFaulty = false;
  for await (const line of lines()) {
    const frame = frameIn(line, framing);
    if (frame === null) continue;
    if (frame.kind === "problem") return misuse(frame.text(lang), invocation);
    if (frame.kind === "failure") {
      talk.giveUp();
      continue;
    }
    const heard = talk.hear(frame.direction, frame.bytes);
    if (tell(heard, framing, invocation)) isFaulty = true;
  }
  return isFaulty ? 1 : 0;
}

/** The same for telemetry, in which every frame stands for itself. */
async function decodeTelemetry(
  protocol: Telemetry,
  lines: AsyncIterable<string> | readonly string[],
  invocation: Invocation,
): Promise<number> {
  let isFaulty = false;
  for await (const line of lines) {
    const told = explainLine(protocol, line, invocation);
    if (typeof told === "object" && told !== null) {
      return misuse(hexText(told, line.trim(), invocation.lang), invocation);
    }
    if (told === true) isFaulty = true;
  }
  return isFaulty ? 1 : 0;
}

/** The lines of standard input; a person at a terminal is told that they are waited for. */
function typed(lang: Lang): AsyncIterable<string> {
  if (process.stdin.isTTY) complain(sayLine(lang, "typeFrames"));
  return linesOfStandardInput();
}

type Line =
  | { readonly kind: "frame"; readonly direction: Direction | null; readonly bytes: Uint8Array }
  | { readonly kind: "failure" }
  | { readonly kind: "problem"; readonly text: (lang: Lang) => string };

/** What one line tells; null where it tells nothing. */
function frameIn(line: string, framing: Framing): Line | null {
  const record = parseWireLine(line);
  if (record?.kind === "failure") return { kind: "failure" };
  if (record !== null) {
    const direction = record.kind === "sent" ? "request" : "answer";
    return { kind: "frame", direction, bytes: record.bytes };
  }
  const text = line.replace(/\s*#.*$/, "").trim();
  if (text === "") return null;
  if (framing === "modbus-ascii") {
    const bytes = charactersIn(text);
    if (bytes !== null) return { kind: "frame", direction: null, bytes };
  }
  const bytes = parseHex(text);
  if (bytes instanceof Uint8Array) return { kind: "frame", direction: null, bytes };
  return { kind: "problem", text: (lang) => hexText(bytes, text, lang) };
}

function hexText({ kind, text: where }: HexProblem, line: string, lang: Lang): string {
  return sayLine(lang, kind === "odd" ? "hexOdd" : "hexCharacter", { where, line });
}

/** The characters of Modbus ASCII as they are typed; null where their codes are given in hex. */
function charactersIn(text: string): Uint8Array | null {
  const bytes = parseHex(text);
  const isCode = (byte: number) => /[0-9A-Fa-f:\r\n]/.test(String.fromCharCode(byte));
  if (!text.startsWith(":") && bytes instanceof Uint8Array && bytes.every(isCode)) return null;
  return new TextEncoder().encode(text.replace(/(\\r)?(\\n)?$/, ""));
}

/** The bytes for a person: Modbus ASCII by its characters, unless it has others. */
function shown(bytes: Uint8Array, framing: Framing): string {
  const isText = framing === "modbus-ascii" && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? String.fromCharCode(...bytes) : hexOf(bytes);
}

/** Tells the frames of one line; says whether one of them is faulty. */
function tell(heard: readonly Heard[], framing: Framing, { lang, json }: Invocation): boolean {
  for (const frame of heard) {
    if (json) print(toJson({ framing, ...frameJson(frame, lang) }));
    else {
      print(shown(frame.explanation.bytes, framing));
      for (const line of frameLines(frame.explanation, lang)) print(line);
      if (heard.length === 1) tellParts(frame, framing, lang);
      print("");
    }
  }
  return heard.some(({ explanation }) => explanation.faults.length > 0);
}

/** The sound frames that were found in one that is not. */
function tellParts({ explanation }: Heard, framing: Framing, lang: Lang): void {
  const talk = new Conversation(framing);
  for (const part of explanation.parts) {
    for (const { explanation: inner } of talk.hear(null, part)) {
      print(`    ${hexOf(inner.bytes)}`);
      for (const line of frameLines(inner, lang)) print(`    ${line}`);
    }
  }
}
