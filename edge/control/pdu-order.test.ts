import test from "ava";
import { bytesOfPdu, pduOrderOf } from "./pdu-order.ts";

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
