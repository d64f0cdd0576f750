import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import type { ReadRequest } from "../../../drivers/driver.ts";
import { askedBy, decode } from "../../../drivers/modbus/decode.ts";
import { aRequest, FakeLink, inTime } from "../../../drivers/modbus/fake-link.ts";
import { openModbus } from "../../../drivers/modbus/modbus.ts";
import { hexOf, parseWire, type WireRecord } from "../../../drivers/wire-text.ts";
import { SimClock } from "../../sim/clock.ts";

/** The captures that hold what the gateway concluded. */
const names = ["rtu-nine-units"];

const AREAS = { 1: "coil", 2: "discrete", 3: "holding", 4: "input" } as const;

/** A request, what came until the next, and what the gateway concluded. */
type Turn = {
  readonly sent: Extract<WireRecord, { readonly bytes: Uint8Array }>;
  readonly after: readonly WireRecord[];
};

function turnsOf(records: readonly WireRecord[]): readonly Turn[] {
  const turns: { sent: Turn["sent"]; after: WireRecord[] }[] = [];
  for (const record of records) {
    if (record.kind === "sent") turns.push({ sent: record, after: [] });
    else turns.at(-1)?.after.push(record);
  }
  return turns;
}

function requestOf({ sent }: Turn): ReadRequest {
  const asked = askedBy(decode("modbus-rtu", sent.bytes));
  if (asked === null || asked.address === null || asked.count === null) {
    throw new Error("a capture to replay holds only reads");
  }
  const area = AREAS[asked.functionCode as keyof typeof AREAS];
  return aRequest({ unit: asked.unit, area, address: asked.address, count: asked.count });
}

for (const name of names) {
  test(`${name}: the driver concludes of the same bytes what it concluded in the field`, async (t) => {
    const capture = parseWire(readFileSync(join(import.meta.dirname, name, "wire.txt"), "utf8"));
    if (typeof capture === "number") throw new Error(`line ${capture} is none of a capture`);
    const clock = new SimClock();
    // It was recorded on a pty, which hands an answer over a moment before its last bit would end.
    const link = Object.assign(new FakeLink(), { isPaced: false });
    const serial = { baud: 9600 };
    const session = openModbus(link, clock, {
      kind: "modbus-rtu",
      serial,
      timeoutMs: 300,
      graceMs: 0,
    });
    for (const [index, turn] of turnsOf(capture.records).entries()) {
      link.onWrite = () => {
        for (const record of turn.after) {
          if (record.kind !== "received") continue;
          const inMs = (record.fromUs - turn.sent.fromUs) / 1000;
          clock.at(clock.uptime() + inMs, () => link.send(record.bytes));
        }
      };
      const outcome = await inTime(
        clock,
        session.read(requestOf(turn), new AbortController().signal),
      );
      const failure = turn.after.find(({ kind }) => kind === "failure");
      const concluded = failure?.kind === "failure" ? failure.reason : "values";
      t.is(
        outcome.kind === "failure" ? outcome.reason : "values",
        concluded,
        `request ${index + 1}`,
      );
      t.is(hexOf(link.written[index] as Uint8Array), hexOf(turn.sent.bytes), "it asks the same");
    }
  });
}
