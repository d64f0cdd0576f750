import test from "ava";
import type { Heard } from "../../drivers/modbus/conversation.ts";
import { withCrc } from "../../drivers/modbus/crc16.ts";
import { hex } from "../../drivers/modbus/fake-link.ts";
import type { WireRecord } from "../../drivers/wire-text.ts";
import { listener } from "./record-view.ts";
import { isFaulty, recordJson, recordLines, type Told } from "./trace-view.ts";

const listen = listener("modbus-rtu");

const pointless = (heard: Heard) => ({ ...heard, points: [] });

function told(record: WireRecord, points: Told["frames"][number]["points"] = []): Told {
  const frames = listen(record).map((heard) => ({ ...heard, points }));
  return { record, atUs: 1_763_964_000_123_456, sinceUs: 23_412, frames };
}

const moment = { fromUs: 0, untilUs: 0 };
const sent = (text: string): WireRecord => ({ kind: "sent", ...moment, bytes: withCrc(hex(text)) });

test("a record is shown with its time, its bytes, its meaning and its points", (t) => {
  const value = { point: "level-1.level", value: 1.234, quality: "good", unit: "m" } as const;
  const [first, ...rest] = recordLines(told(sent("010300040001"), [value]), "en");
  t.regex(first ?? "", /^\d\d:\d\d:00\.123 +\+23\.41 ms {2}> 01 03 00 04 00 01 C5 CB$/);
  t.deepEqual(
    rest.map((line) => line.trim()),
    ["request to unit 1: read holding registers 4", "level-1.level 1.234 m"],
  );
});

test("a point whose value is not known is shown with why", (t) => {
  const value = { point: "a.b", value: null, quality: "bad:not-a-number", unit: "m" } as const;
  t.regex(recordLines(told(sent("010300040001"), [value]), "en").at(-1) ?? "", /a\.b \? \(bad:not/);
});

test("what came to nothing is shown as a fault", (t) => {
  const lines = recordLines(told({ kind: "failure", ...moment, reason: "timeout" }), "zh-CN");
  t.is(lines.length, 1);
  t.regex(lines[0] ?? "", /! ✗ 请求无果：未按时应答$/);
});

test("a program is told the same, with microseconds", (t) => {
  const json = recordJson(told(sent("010300040001")), "line-a", "en");
  t.like(json, {
    bus: "line-a",
    at: 1_763_964_000_123.456,
    sinceUs: 23_412,
    kind: "sent",
    hex: "01 03 00 04 00 01 C5 CB",
    faulty: false,
    frames: [{ role: "request", unit: 1, points: [] }],
  });
});

test("bytes whose framing is not known are shown, with their text where they are any", (t) => {
  const hear = listener(null);
  const shown = (bytes: Uint8Array) => {
    const record: WireRecord = { kind: "received", ...moment, bytes };
    return recordLines({ record, atUs: 0, sinceUs: 0, frames: hear(record).map(pointless) }, "en");
  };
  const [bytes, text] = shown(new TextEncoder().encode("R1.5\r\n"));
  t.regex(bytes ?? "", /< 52 31 2E 35 0D 0A$/);
  t.is(text?.trim(), '"R1.5\\r\\n"');
  t.is(shown(Uint8Array.of(0x52, 0xff)).length, 1);
});

test("damage, refusals, strays and what came to nothing are faults, other frames are none", (t) => {
  const received = (bytes: Uint8Array): WireRecord => ({ kind: "received", ...moment, bytes });
  t.false(isFaulty(told(sent("010300040001"))));
  t.true(isFaulty(told(received(hex("0103 02 0001 0000")))));
  t.true(isFaulty(told(received(withCrc(hex("0183 02"))))));
  t.true(isFaulty(told(received(withCrc(hex("0203 02 0001"))))));
  t.true(isFaulty(told({ kind: "failure", ...moment, reason: "timeout" })));
});
