import { Conversation, type Heard } from "../../drivers/modbus/conversation.ts";
import type { Framing } from "../../drivers/modbus/decode.ts";
import type { WireRecord } from "../../drivers/wire-text.ts";
import type { Lang } from "../core/errors.ts";
import { frameSummary } from "./frame-view.ts";
import { sayLine } from "./line-text.ts";

/** The frames of one record after the other, understood by those before; none for a failure. */
export function listener(framing: Framing): (record: WireRecord) => readonly Heard[] {
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

/** What a record means, in one line. */
export function recordSummary(record: WireRecord, heard: readonly Heard[], lang: Lang): string {
  if (record.kind !== "failure") return heard.map((each) => frameSummary(each, lang)).join(" | ");
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
