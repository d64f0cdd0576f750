import test from "ava";
import type { Session } from "../../drivers/driver.ts";
import { orderTo, queryTo, requestOf } from "../../test-rigs/sim/bus-rig.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { exchangeOnce, queryOnce, readOnce, writeOnce } from "./operation.ts";

const { signal } = new AbortController();
const clock = new SimClock();
const stamp = { at: clock.now(), uptime: clock.uptime() };
const write = writeOnce(orderTo(1), signal, clock);
const exchange = exchangeOnce({ device: "d", unit: 1, pdu: Uint8Array.of(17) }, signal, clock);
const readAndQuery = [
  readOnce(requestOf("d", 1), signal, clock),
  queryOnce(queryTo(1), signal, clock),
];

test("what was never begun was not done, and tells why and when", (t) => {
  for (const operation of readAndQuery) {
    t.like(operation.unbegun("timeout"), { kind: "failure", reason: "timeout", ...stamp });
  }
  t.deepEqual(write.unbegun("timeout"), { kind: "not-done", reason: "timeout", ...stamp });
  const unsent = { kind: "failure", reason: "link-closed", wasSent: false } as const;
  t.deepEqual(exchange.unbegun("link-closed"), { ...unsent, ...stamp });
});

test("of what was cut short nobody knows whether a device did it", (t) => {
  for (const operation of readAndQuery) {
    t.like(operation.broken(), { kind: "failure", reason: "link-closed" });
  }
  t.like(write.broken(), { kind: "unknown", reason: "link-closed" });
  t.like(exchange.broken(), { kind: "failure", reason: "link-closed", wasSent: true });
});

test("what a driver cannot do is not done", async (t) => {
  const session = {} as Session;
  t.like(await write.run(session), { kind: "not-done", reason: "link-closed" });
  t.like(await exchange.run(session), { kind: "failure", wasSent: false });
});
