import test, { type ExecutionContext } from "ava";
import stringWidth from "string-width";
import { openLocalLedger } from "../../buffer/local.ts";
import { Reader } from "../../buffer/reader.ts";
import { fileIn, optionsFor, tempDir } from "../../test-rigs/sim/buffer-rig.ts";
import type { AlarmEvent, Event, GatewayEvent, WriteEvent } from "../core/event.ts";
import type { WallMs } from "../core/time.ts";
import { eventTeller } from "./event-lines.ts";
import { eventsFrom, type Wanted, wantedBy } from "./events.ts";

const AT = Date.UTC(2026, 10, 1, 8) as WallMs;
const at = (s: number) => ({ at: (AT + 1000 * s) as WallMs, clock: "synced" }) as const;

const RAISED: AlarmEvent = {
  kind: "alarm",
  alarm: "gas-high",
  point: "gas-1.gas",
  from: "normal",
  to: "unacknowledged",
  severity: "red",
  value: 60,
  unit: "%[LEL]",
  setpoint: 50,
  cause: "high",
  ...at(1),
};
const SHELVED: AlarmEvent = {
  ...RAISED,
  to: "shelved",
  value: null,
  cause: "shelved",
  who: "li",
  reason: "the sensor is washed, and dries until tomorrow in the sun behind the box",
  ...at(2),
};
const WRITTEN: WriteEvent = {
  kind: "write",
  point: "valve-1.shut",
  unit: null,
  old: false,
  value: true,
  outcome: "done",
  cause: "confirmed",
  who: "wang",
  ...at(3),
};
const turn = (some: Partial<GatewayEvent>): GatewayEvent => ({
  kind: "gateway",
  subject: "gw-1",
  from: "stopped",
  to: "running",
  cause: "start",
  ...at(0),
  ...some,
});
const LOCAL = turn({
  cause: "local-configuration",
  detail: { who: "li", action: "rollback", outcome: "done" },
});
const HANDED_OVER = {
  ...{ kind: "document", document: "commissioning", number: "gw-C-1", who: "li-wei" },
  ...{ sha256: { json: "0".repeat(64), pdf: "0".repeat(64) }, ...at(0) },
  chain: { n: 1, previous: "0".repeat(64), hash: "0".repeat(64) },
} as Event;
const LOCKED = turn({
  cause: "panel-locked",
  detail: { who: "panel:192.168.4.20", minutes: 15 },
});
const ALL: readonly Event[] = [turn({}), RAISED, SHELVED, WRITTEN, LOCAL];

const invocation = (some: object) =>
  ({ config: "", lang: "en", operands: [], command: "events", ...some }) as const;

async function storing(t: ExecutionContext): Promise<Reader> {
  const dir = tempDir(t);
  const ledger = await openLocalLedger(optionsFor(dir));
  await ledger.commit({ events: ALL });
  await ledger.close();
  const reader = new Reader(fileIn(dir));
  t.teardown(() => reader.close());
  return reader;
}

test("how an order at the box ended is said in the reader's language", (t) => {
  const ended = (outcome: string) =>
    turn({ cause: "local-configuration", detail: { who: "li", action: "confirm", outcome } });
  t.regex(eventTeller("zh-CN")(ended("refused")).join(" "), /已拒绝/);
  t.regex(eventTeller("en")(ended("failed")).join(" "), /FAILED/);
});

test("events are found by their time, their kind and their point", async (t) => {
  const reader = await storing(t);
  const found = (some: object) => {
    const wanted = wantedBy(invocation(some)) as Wanted;
    return [...eventsFrom(reader, 1, wanted)].map(({ seq }) => seq);
  };
  t.deepEqual(found({}), [1, 2, 3, 4, 5]);
  t.deepEqual(found({ kind: "alarm, write" }), [2, 3, 4]);
  t.deepEqual(found({ point: "gas-1" }), [2, 3]);
  t.deepEqual(found({ point: "valve-*" }), [4]);
  const time = (s: number) => new Date(AT + 1000 * s).toISOString();
  t.deepEqual(found({ from: time(2), to: time(3) }), [3, 4]);
  const all = wantedBy(invocation({})) as Wanted;
  t.deepEqual(
    [...eventsFrom(reader, 4, all)].map(({ seq }) => seq),
    [4, 5],
    "what came since",
  );
});

test("a kind that is none, and a time that is none, are told with what there is", (t) => {
  t.regex(
    (wantedBy(invocation({ kind: "alarms" })) as { mistake: string }).mistake,
    /alarm, write/,
  );
  t.regex((wantedBy(invocation({ from: "noon" })) as { mistake: string }).mistake, /--from/);
});

test("an event is told with its value, who did it and why, in at most 80 cells", (t) => {
  for (const lang of ["en", "zh-CN"] as const) {
    const tell = eventTeller(lang);
    for (const event of [...ALL, HANDED_OVER, LOCKED]) {
      const lines = tell(event);
      for (const line of lines) t.true(stringWidth(line) <= 80, line);
      t.regex(lines[0] ?? "", /^2026-11-01 \d\d:\d\d:\d\d {2}\S/);
      t.notRegex(lines.join("\n"), /\{\w+\}|undefined/);
    }
    t.regex(tell(RAISED).join("\n"), /gas-high[\s\S]*gas-1\.gas 60 %\[LEL\]/);
    t.regex(tell(SHELVED).join(" "), /li · the sensor is washed/);
    t.regex(tell(LOCKED).join("\n"), /PIN[\s\S]*15 [\s\S]*panel:192\.168\.4\.20/);
    t.regex(tell(LOCAL).join("\n"), /rollback[\s\S]*li/);
    t.is(tell(HANDED_OVER).join(" ").split("li-wei").length, 2, "who made it is said once");
  }
});
