import test from "ava";
import type { PduOutcome } from "../../drivers/driver.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { bytesOfPdu, pduEventOf, pduOrderOf } from "./pdu-order.ts";

const ORDER = { bus: "line", unit: 3, pdu: "2B 0E 01 00", unsafe: false, who: "wang" };

test("an order for any request names a bus, a unit, the request and who acts", (t) => {
  t.deepEqual(pduOrderOf(ORDER), ORDER);
  t.deepEqual(bytesOfPdu(ORDER.pdu), Uint8Array.of(0x2b, 0x0e, 1, 0));
  const { unsafe: _, ...unsaid } = ORDER;
  t.false(pduOrderOf(unsaid).unsafe);
});

test("what is no request, or not for one unit, is refused, saying why", (t) => {
  const refused: readonly (readonly [object, RegExp])[] = [
    [{ bus: 1 }, /needs a bus/],
    [{ who: null }, /who acts/],
    [{ unit: 256 }, /unit must be/],
    [{ pdu: "" }, /1 to 253 bytes/],
    [{ pdu: "2B 0" }, /1 to 253 bytes/],
    [{ pdu: "00 01" }, /from 01 to 7F/],
    [{ pdu: "83 01" }, /from 01 to 7F/],
    [{ pdu: "03 ".repeat(254) }, /1 to 253 bytes/],
  ];
  for (const [change, message] of refused) {
    t.throws(() => pduOrderOf({ ...ORDER, ...change }), { message });
  }
});

/** How the order to write register 2 is told whose answer is `pdu`. */
function toldOf(pdu: string, mayEcho = false): string {
  const stamp = { at: 0 as WallMs, uptime: 0 as UptimeMs };
  const outcome: PduOutcome = { kind: "answer", pdu: bytesOfPdu(pdu), ...stamp };
  const event = pduEventOf({ ...ORDER, pdu: "06 0002 0007", unsafe: true }, outcome, mayEcho);
  return `${event?.outcome}, ${event?.cause}`;
}

test("a write by hand is told as done only where the device confirms what was asked", (t) => {
  t.is(toldOf("06 0002 0007"), "done, confirmed");
  t.is(toldOf("06 0001 0000"), "unknown, malformed");
});

test("one that only came back from a line that may echo is told as repeated, not as confirmed", (t) => {
  t.is(toldOf("06 0002 0007", true), "done, repeated");
  t.is(toldOf("06 0001 0000", true), "unknown, malformed");
});

test("a write by hand is told as not done only after a refusal that says so, as any write", (t) => {
  t.is(toldOf("86 02"), "not-done, exception:2");
  for (const code of [4, 5, 11]) {
    t.is(toldOf(`86 0${code.toString(16)}`), `unknown, exception:${code}`);
  }
});
