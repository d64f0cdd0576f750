import { Conversation, type Heard } from "../../drivers/modbus/conversation.ts";
import type { Framing } from "../../drivers/modbus/decode.ts";
import type { WireRecord } from "../../drivers/wire-text.ts";
import type { Lang } from "../core/errors.ts";
import { frameSummary } from "./frame-view.ts";
import { sayLine } from "./line-text.ts";

/**
 * The frames of one record after the other, understood by those before. There are none in a
 * failure, nor in bytes that are not framed in a way that is known (null).
 */
export function listener(framing: Framing | null): (record: WireRecord) => readonly Heard[] {
  if (framing === null) return () => [];
  const talk = new Conversation(framing);
  return (record) => {
    switch (record.kind) {
      case "sent":
        return talk.hear("request", record.bytes);
      case "received":
        return talk.hear("answer", record.bytes);
      case "failure":
        talk.giveUp();
        return [];
    }
  };
}

/** What a record means, in one line; of bytes without known frames their text, where they are any. */
export function recordSummary(record: WireRecord, heard: readonly Heard[], lang: Lang): string {
  if (record.kind !== "failure") {
    if (heard.length === 0) return textIn(record.bytes);
    return heard.map((each) => frameSummary(each, lang)).join(" | ");
  }
  const { reason } = record;
  const [kind, code = ""] = reason.split(":");
  switch (kind) {
    case "timeout":
      return sayLine(lang, "cameToTimeout");
    case "crc":
      return sayLine(lang, "cameToCrc");
    case "exception":
      return sayLine(lang, "cameToException", { code });
    default:
      return sayLine(lang, "cameTo", { reason });
  }
}

/** The characters of `bytes`, line ends visible; empty where some cannot be printed. */
function textIn(bytes: Uint8Array): string {
  const isText = bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || LINE_CODES.includes(byte));
  return isText ? JSON.stringify(String.fromCharCode(...bytes)) : "";
}

/** Tab, line feed and carriage return. */
const LINE_CODES = [0x09, 0x0a, 0x0d];
