import { userInfo } from "node:os";
import process from "node:process";
import { askedBy } from "../../drivers/modbus/decode.ts";
import { type Explanation, explain, type Known } from "../../drivers/modbus/explanation.ts";
import { isHarmless, readBy, writtenBy } from "../../drivers/modbus/pdu-safety.ts";
import { hexOf } from "../../drivers/wire-text.ts";
import { bytesOfPdu, canBeAsked, PDU_MAX, type PduAnswer } from "../control/pdu-order.ts";
import { writeBarOf } from "../control/raw-write.ts";
import { readBarOf } from "../control/read-bar.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import { hasTerminal } from "../world/confirm.ts";
import { actorName } from "./alarms-act.ts";
import { agreesTo } from "./consent.ts";
import { unitTyped } from "./field-operands.ts";
import { readBarSentence, sayField } from "./field-text.ts";
import { frameJson } from "./frame-json.ts";
import { frameLines } from "./frame-view.ts";
import { parseHex } from "./hex-input.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { reachField } from "./reach-field.ts";
import { refuse } from "./refuse.ts";
import { sayQuality } from "./text.ts";
import { usableConfig } from "./usable-config.ts";
import { whyUnread } from "./why-unread.ts";
import { barSentence } from "./write-raw.ts";

/** A request to a unit on a bus. */
type Asking = { readonly bus: string; readonly unit: number; readonly pdu: Uint8Array };

/** `lifeline read BUS UNIT --pdu HEX...`: sends one request and explains what was answered. */
export async function readPdu(words: readonly string[], invocation: Invocation): Promise<number> {
  const { lang, yes, unsafe = false } = invocation;
  const asking = askingTyped(words, invocation);
  if ("mistake" in asking) return misuse(asking.mistake, invocation);
  const { bus, unit, pdu } = asking;
  const isSafe = isHarmless(pdu);
  const reads = readBy(pdu);
  if (!isSafe && !unsafe) {
    return refuse(sayField(lang, "mayChange", { code: pdu[0] as number }), invocation);
  }
  if (!isSafe && !yes && !hasTerminal()) return misuse(sayField(lang, "needsYes"), invocation);
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const unread = whyUnread(config.buses, bus, lang);
  if (unread !== null) return refuse(unread, invocation);
  const bar = isSafe ? null : writeBarOf(config, asking, writtenBy(pdu));
  if (bar !== null) return refuse(barSentence(bar, lang), invocation);
  const readBar = reads === null ? null : readBarOf(config, asking, reads);
  if (readBar !== null) return refuse(readBarSentence(readBar, lang), invocation);
  if (!isSafe && !yes) {
    const question = sayField(lang, "pduQuestion", { pdu: hexOf(pdu), unit, bus });
    if (!(await agreesTo(question))) return refuse(sayField(lang, "notSent"), invocation);
  }
  const field = await reachField(config);
  try {
    const who = actorName(userInfo, process.getuid?.());
    const answer = await field.exchange({ bus, unit, pdu: hexOf(pdu), unsafe, who });
    const { notRecorded: cause } = answer;
    const place = `${bus}/${unit}`;
    if (cause !== undefined) complain(sayField(lang, "notRecorded", { point: place, cause }));
    return tell(asking, answer, isSafe, invocation);
  } finally {
    field.close();
  }
}

function askingTyped(
  words: readonly string[],
  { operands, lang }: Invocation,
): Asking | { readonly mistake: string } {
  const [bus, unitText, ...more] = operands;
  if (bus === undefined || unitText === undefined || more.length > 0) {
    return { mistake: sayField(lang, "pduUsage") };
  }
  const unit = unitTyped(unitText, lang);
  if (typeof unit === "object") return unit;
  const text = words.join(" ");
  const pdu = parseHex(text);
  if (pdu instanceof Uint8Array && canBeAsked(pdu)) return { bus, unit, pdu };
  return { mistake: sayField(lang, "noPdu", { text, max: PDU_MAX }) };
}

/** Tells what was asked and answered, explained; 0 where the device did not refuse. */
function tell(asking: Asking, answer: PduAnswer, isSafe: boolean, invocation: Invocation): 0 | 1 {
  const { lang, json } = invocation;
  const { bus, unit, pdu } = asking;
  const request = explained(unit, pdu, { direction: "request", asked: null });
  const asked = askedBy(request);
  const reply =
    answer.kind === "failure"
      ? null
      : explained(unit, bytesOfPdu(answer.pdu), { direction: "answer", asked });
  if (json) {
    const reason = answer.kind === "failure" ? answer.reason : null;
    const frame = (role: "request" | "answer", explanation: Explanation) =>
      frameJson({ role, explanation, asked: null }, lang);
    const answered = reply === null ? null : frame("answer", reply);
    print(toJson({ at: answer.at, request: frame("request", request), answer: answered, reason }));
  } else {
    for (const line of frameText("pduSent", request, lang)) print(line);
    if (reply !== null) for (const line of frameText("pduReceived", reply, lang)) print(line);
    else if (answer.kind === "failure") {
      const isKnown = isSafe || !answer.wasSent;
      const reason = sayQuality(lang, answer.reason);
      print(sayField(lang, isKnown ? "pduFailed" : "pduLost", { reason, bus }));
    }
  }
  return reply === null || reply.isException ? 1 : 0;
}

function frameText(key: "pduSent" | "pduReceived", frame: Explanation, lang: Lang) {
  return [sayField(lang, key, { pdu: hexOf(frame.bytes) }), ...frameLines(frame, lang)];
}

/** What a PDU means: its envelope is the line's, and not told. */
function explained(unit: number, pdu: Uint8Array, known: Known): Explanation {
  return explain({ bytes: pdu, body: Uint8Array.of(unit, ...pdu) }, known);
}
