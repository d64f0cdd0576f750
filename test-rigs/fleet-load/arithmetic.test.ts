import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { centreFor, flowOf, type Kind, payloadBytes, togetherOf } from "./arithmetic.ts";
import { fleetPage, KINDS } from "./page.ts";

const KIND: Kind = {
  ...{ name: "some", share: 1, points: 10, everyS: 10, messageS: 10, compression: "none" },
};

test("a fleet brings its gateways' messages and readings, and bytes beyond its payloads", (t) => {
  const { messagesS, readingsS, wireBytesS, storedBytesS } = flowOf(KIND, 1000);
  t.is(messagesS, 100);
  t.is(readingsS, 1000);
  t.is(storedBytesS, 100 * payloadBytes(KIND));
  t.true(wireBytesS > storedBytesS + 100 * 200 && wireBytesS < storedBytesS + 100 * 500);
});

test("messages that go together are fewer, and of as many readings", (t) => {
  const together = { ...KIND, messageS: 60, compression: "zstd" } as const;
  t.is(flowOf(together, 600).messagesS, 10);
  t.is(flowOf(together, 600).readingsS, flowOf(KIND, 600).readingsS);
  t.true(flowOf(together, 600).storedBytesS < flowOf(KIND, 600).storedBytesS / 4);
});

test("a centre needs as many processors as messages take, and more while it makes good", (t) => {
  const flow = togetherOf([flowOf(KIND, 40_000), flowOf(KIND, 60_000)]);
  t.is(flow.gateways, 100_000);
  const measured = {
    ...{ gateways: 1000, messages: 1, perSecond: 1, missing: 0, brokersMb: 100 },
    cpuMs: { brokers: 0.5, receivers: 0.1 },
  };
  const centre = centreFor(flow, measured, { share: 0.5, outageH: 2, drainH: 1 });
  t.is(centre.brokerCores, 5);
  t.is(centre.receiverCores, 1);
  t.is(centre.drainCores, 12);
  t.deepEqual([centre.brokers, centre.receivers], [6, 2]);
  t.is(centre.brokersGb, 10);
  t.is(Math.round(centre.yearTb / centre.dayTb), 365);
});

test("the kinds are all of a fleet, and the page is made from what was measured", (t) => {
  t.is(
    KINDS.reduce((sum, { share }) => sum + Math.round(share * 1000), 0),
    1000,
  );
  const read = (file: string) => readFileSync(join(import.meta.dirname, file), "utf8");
  t.is(read("HUNDRED-THOUSAND.md"), fleetPage(JSON.parse(read("measured.json"))));
});
