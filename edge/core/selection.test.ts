import test from "ava";
import type { Batch } from "./batch.ts";
import type { AlarmEvent, GatewayEvent } from "./event.ts";
import { type EventSelection, isSelected, selectedOf } from "./selection.ts";
import type { WallMs } from "./time.ts";

const now = { at: 0 as WallMs, clock: "synced" } as const;

const all: EventSelection = { rule: "", kinds: null, severity: null, alarms: null };

function alarm(severity: AlarmEvent["severity"], name = "high"): AlarmEvent {
  const turn = { from: "normal", to: "unacknowledged", cause: "high" } as const;
  const values = { value: 1, unit: null, setpoint: 0 };
  return { kind: "alarm", alarm: name, point: "a.b", severity, ...turn, ...values, ...now };
}

function buffer(detail: GatewayEvent["detail"] & object): GatewayEvent {
  const turn = { from: "keeping", to: "dropping", cause: "buffer.full" };
  return { kind: "buffer", subject: "buffer", ...turn, detail, ...now };
}

test("a batch keeps the series of the selected points, and its time", (t) => {
  const series = ["a.b", "a.c"].map((point) => {
    return { point, unit: null, t: [5], v: [1], q: null };
  });
  const batch: Batch = { ...now, series };
  t.deepEqual(selectedOf(batch, new Set(["a.c"])), { ...now, series: series.slice(1) });
  t.is(selectedOf(batch, new Set(["a.b", "a.c"])), batch);
  t.is(selectedOf(batch, new Set(["a.x"])), null);
});

test("an alarm goes from its least severity on, and by its name", (t) => {
  const orange = { ...all, severity: "orange" } as const;
  t.deepEqual(
    (["blue", "yellow", "orange", "red"] as const).map((each) =>
      isSelected(orange, alarm(each), "c"),
    ),
    [false, false, true, true],
  );
  const named = { ...all, alarms: new Set(["high"]) };
  t.true(isSelected(named, alarm("blue"), "c"));
  t.false(isSelected(named, alarm("red", "low"), "c"));
  t.true(isSelected(named, buffer({}), "c"), "other events are not affected");
});

test("whatever is selected, a destination is told what of its own had to go", (t) => {
  const alarms = { ...all, kinds: new Set(["alarm"] as const) };
  t.true(isSelected(alarms, buffer({ destination: "c" }), "c"));
  t.false(isSelected(alarms, buffer({ destination: "other" }), "c"));
  t.false(isSelected(alarms, buffer({ stream: "readings" }), "c"));
});
