import test from "ava";
import { probeOrderOf } from "./probe-order.ts";

const ORDER = { bus: "line", unit: 7, timeoutMs: 300 };
const place = (some: object) => ({
  ...ORDER,
  query: { kind: "place", area: "holding", address: 0, count: 1, ...some },
});

test("every query is taken, and nothing besides it", (t) => {
  const queries = [
    { kind: "place", area: "input", address: 5, count: 125 },
    { kind: "exception-status" },
    { kind: "server-id" },
    { kind: "return-data", data: 7 },
    { kind: "identification", from: 0 },
  ];
  for (const query of queries) {
    t.deepEqual(probeOrderOf({ ...ORDER, query: { ...query, write: true } }), {
      ...ORDER,
      query,
    } as never);
  }
});

test("what is no query, or cannot be sent, is refused with why", (t) => {
  const refusals: readonly (readonly [unknown, RegExp])[] = [
    [null, /needs a bus/],
    [{ ...ORDER }, /needs a query/],
    [{ ...ORDER, query: { kind: "restart" } }, /needs a query/],
    [{ ...ORDER, unit: 256, query: { kind: "server-id" } }, /unit/],
    [{ ...ORDER, timeoutMs: 5, query: { kind: "server-id" } }, /timeoutMs/],
    [place({ area: "file" }), /area/],
    [place({ count: 126 }), /count/],
    [place({ address: -1 }), /address/],
  ];
  for (const [params, message] of refusals) {
    t.throws(() => probeOrderOf(params), { message });
  }
});
