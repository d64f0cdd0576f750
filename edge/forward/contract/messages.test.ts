import test from "ava";
import type { z } from "zod";
import { findUndocumented } from "../../../test-rigs/receiver/documented.ts";
import type {
  AlarmEvent,
  DocumentEvent,
  GatewayEvent,
  InterlockEvent,
  WriteEvent,
} from "../../core/event.ts";
import type { WallMs } from "../../core/time.ts";
import { eventPayload, readingsPayload, statusPayload, topicOf } from "../mqtt-json.ts";
import type * as messages from "./messages.ts";

/** Does not compile where an event may hold what the schema does not take. */
type Told<Schema extends z.ZodType> = Omit<
  z.input<Schema>,
  "v" | "gateway" | "stream" | "seq" | "between"
>;
const alarm = (event: Omit<AlarmEvent, "value" | "setpoint">) => {
  return event satisfies Omit<Told<typeof messages.alarmEvent>, "value" | "setpoint">;
};
const turn = (event: GatewayEvent) => event satisfies Told<typeof messages.gatewayEvent>;
const write = (event: Omit<WriteEvent, "old" | "value">) => {
  return event satisfies Omit<Told<typeof messages.writeEvent>, "old" | "value">;
};
const interlock = (event: Omit<InterlockEvent, "value" | "readBack">) => {
  return event satisfies Omit<Told<typeof messages.interlockEvent>, "value" | "readBack">;
};

const document = (event: DocumentEvent) => event satisfies Told<typeof messages.documentEvent>;

const key = { gateway: "gw-0001", stream: "01JD", seq: 1 };
const moment = { at: 1763964000000 as WallMs, clock: "synced" } as const;
const numbers = { value: 1.5, setpoint: null, unit: null };
const hash = "a".repeat(64);

const EVENTS = {
  alarm: {
    ...alarm({
      ...{ kind: "alarm", alarm: "gas", point: "a.b", from: "normal", to: "unacknowledged" },
      ...{ severity: "red", unit: "%", cause: "high", first: true, ...moment },
    }),
    ...numbers,
  },
  turn: turn({
    ...{ kind: "buffer", subject: "buffer", from: "keeping", to: "dropping", cause: "buffer.full" },
    ...{ detail: { stream: "readings", fromSeq: 1 }, ...moment },
  }),
  write: {
    ...write({
      kind: "write",
      point: "a.b",
      unit: null,
      outcome: "done",
      cause: "confirmed",
      who: "me",
      ...moment,
    }),
    ...{ old: null, value: true },
  },
  interlock: {
    ...interlock({
      ...{ kind: "interlock", interlock: "i", point: "a.b", from: "idle", to: "tripping" },
      ...{ cause: "alarm", by: "gas", trip: "i/gas/1", unit: null, ...moment },
      chain: { n: 1, previous: hash, hash },
    }),
    ...{ value: true, readBack: null },
  },
  document: document({
    ...{ kind: "document", document: "commissioning", number: "gw-0001-C1", who: "li" },
    ...{ sha256: { json: hash, pdf: hash }, ...moment },
    chain: { n: 2, previous: hash, hash },
  }),
} as const;

for (const [name, event] of Object.entries(EVENTS)) {
  test(`an event of kind ${name} is documented, and no key more`, (t) => {
    const topic = topicOf("gw-0001", "events");
    t.is(findUndocumented(topic, eventPayload(key, event)), null);
    const more = JSON.stringify({ ...JSON.parse(eventPayload(key, event)), more: 1 });
    t.not(findUndocumented(topic, more), null);
  });
}

test("readings and status are documented, and wrong ones are not", (t) => {
  const readings = { at: 1, clock: "synced", readings: 1 } as const;
  const series = '[{"point":"a.b","t":[0],"v":[1],"q":["bad:exception:2"]}]';
  const topic = topicOf("gw-0001", "backlog");
  const said = readingsPayload(key, { ...readings, at: 1 as WallMs, series });
  t.is(findUndocumented(topic, said), null);
  t.not(findUndocumented(topic, said.replace("bad:exception:2", "dubious")), null);
  t.not(findUndocumented(topic, said.replace('"seq":1', '"seq":0')), null);
  const state = { gateway: "gw-0001", state: "offline", since: null, release: "1" } as const;
  const status = statusPayload({ ...state, configuration: "f" });
  t.is(findUndocumented(topicOf("gw-0001", "status"), status), null);
  const proven = { ...state, state: "online", since: 1, configuration: "f" } as const;
  const proof = statusPayload({ ...proven, proof: "h.b.s" });
  t.is(findUndocumented(topicOf("gw-0001", "status"), proof), null);
});

test("a topic that is not the contract's is documented nowhere", (t) => {
  t.regex(findUndocumented("lifeline/v1/gw/else", "{}") ?? "", /no topic of the contract/);
});
