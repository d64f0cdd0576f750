import test from "ava";
import type { Batch } from "../core/batch.ts";
import { batchText } from "../core/batch-text.ts";
import type { Event } from "../core/event.ts";
import type { UptimeMs, WallMs } from "../core/time.ts";
import { eventPayload, readingsPayload, statusPayload, topicOf } from "./mqtt-json.ts";

const key = { gateway: "gw-0001", stream: "01JD", seq: 1042 };

function readingsOf(batch: Batch): string {
  return readingsPayload(key, batchText(batch));
}

test("readings have the form of contract v1", (t) => {
  const payload = readingsOf({
    at: 1763964000000 as WallMs,
    clock: "synced",
    series: [
      {
        point: "gas-1.gas",
        unit: "%[LEL]",
        t: [0, 1000, 2000],
        v: [1.2, 1.2, null],
        q: ["good", "good", "bad:timeout"],
      },
    ],
  });
  t.is(
    payload,
    '{"v":1,"gateway":"gw-0001","stream":"01JD","seq":1042,"clock":"synced","at":1763964000000,' +
      '"series":[{"point":"gas-1.gas","unit":"%[LEL]","t":[0,1000,2000],"v":[1.2,1.2,null],' +
      '"q":["good","good","bad:timeout"]}]}',
  );
});

test("a time that is not known comes with its bounds, where there are any, and no moment", (t) => {
  const between = [1763960000000, 1763963000000] as const;
  const moment = { at: 1763961000000 as WallMs, clock: "unsynced", between } as const;
  const uptime = 5 as UptimeMs;
  const head =
    '{"v":1,"gateway":"gw-0001","stream":"01JD","seq":1042,"clock":"unsynced","at":1763961000000,' +
    '"between":[1763960000000,1763963000000],';
  t.is(readingsOf({ ...moment, uptime, series: [] }), `${head}"series":[]}`);
  const turn = { kind: "bus", subject: "line", from: "closed", to: "open", cause: "open" } as const;
  t.is(
    eventPayload(key, { ...turn, ...moment, uptime }),
    `${head}"kind":"bus","subject":"line","from":"closed","to":"open","cause":"open"}`,
  );
});

test("qualities and units that say nothing are left out", (t) => {
  const series = [{ point: "a.b", unit: null, t: [0], v: [true], q: null }];
  const payload = readingsOf({ at: 0 as WallMs, clock: "unsynced", series });
  t.true(payload.endsWith('"series":[{"point":"a.b","t":[0],"v":[true]}]}'));
});

test("a thinned series says its window, and what each was", (t) => {
  const thinned = { windowMs: 60_000, min: [0.5], max: [9], mean: [1.25], n: [60] };
  const series = [{ point: "a.b", unit: null, t: [0], v: [2], q: null, thinned }];
  const payload = readingsOf({ at: 0 as WallMs, clock: "synced", series });
  const columns = '"window":60000,"min":[0.5],"max":[9],"mean":[1.25],"n":[60]';
  t.true(payload.endsWith(`"series":[{"point":"a.b","t":[0],"v":[2],${columns}}]}`));
});

test("an integer beyond 2^53 keeps all its digits", (t) => {
  const series = [{ point: "a.b", unit: null, t: [0, 1], v: [18446744073709551615n, 7], q: null }];
  const payload = readingsOf({ at: 0 as WallMs, clock: "synced", series });
  t.true(payload.includes('"v":[18446744073709551615,7]'));
});

test("an alarm event carries all that contract v1 names", (t) => {
  const event: Event = {
    kind: "alarm",
    alarm: "gas-high",
    point: "gas-1.gas",
    from: "normal",
    to: "unacknowledged",
    severity: "red",
    value: 52.1,
    unit: "%[LEL]",
    setpoint: 50,
    cause: "high",
    at: 5 as WallMs,
    clock: "synced",
  };
  t.deepEqual(JSON.parse(eventPayload(key, event)), { v: 1, ...key, ...event });
});

test("topics are those of contract v1", (t) => {
  t.is(topicOf("gw-0001", "backlog"), "lifeline/v1/gw-0001/backlog");
});

test("the status tells state, release, configuration and since when", (t) => {
  const state = {
    gateway: "gw-0001",
    state: "online",
    since: 1,
    release: "0.1.0",
    configuration: "sha256:00",
  } as const;
  t.deepEqual(JSON.parse(statusPayload(state)), { v: 1, ...state });
});

test("a write is told with both values in all their digits, and who gave the command", (t) => {
  const event: Event = {
    kind: "write",
    point: "meter.total",
    unit: "m3",
    old: 18446744073709551615n,
    value: 18446744073709551614n,
    outcome: "done",
    cause: "confirmed",
    who: "wang",
    at: 1763964000000 as WallMs,
    clock: "synced",
  };
  t.is(
    eventPayload(key, event),
    '{"v":1,"gateway":"gw-0001","stream":"01JD","seq":1042,"clock":"synced","at":1763964000000,' +
      '"kind":"write","point":"meter.total","unit":"m3","old":18446744073709551615,' +
      '"value":18446744073709551614,"outcome":"done","cause":"confirmed","who":"wang"}',
  );
});

test("a will, which cannot know when it is going to be sent, claims no time", (t) => {
  const will = {
    gateway: "gw-0001",
    state: "offline",
    since: null,
    release: "0.1.0",
    configuration: "sha256:00",
  } as const;
  const { since: _, ...told } = will;
  t.deepEqual(JSON.parse(statusPayload(will)), { v: 1, ...told });
});
