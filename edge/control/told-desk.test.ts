import test from "ava";
import { loadConfig } from "../../config/load.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { FakeLedger } from "../../test-rigs/sim/fake-ledger.ts";
import { GatewayError } from "../core/errors.ts";
import type { Event } from "../core/event.ts";
import { startGateway } from "../gateway.ts";
import type { World } from "../world.ts";
import { tellOrderOf } from "./told-desk.ts";

/** A gateway with two points that programs tell, and what it stored and told. */
async function started() {
  const clock = new SimClock();
  const { config, problems } = loadConfig(
    `gateway: { id: gw }
buses: { flows: { kind: local, user: nodered }, line: { kind: modbus-tcp, host: 10.0.0.1 } }
devices:
  flow:
    bus: flows
    every: 1s
    silentAfter: 5s
    points: { risk: { unit: "%", range: [0, 100] }, busy: { type: bool } }
  pump: { bus: line, unit: 1, points: { on: { area: coil, address: 0 } } }
alarms: { risky: { point: flow.risk, high: 80, severity: yellow } }
buffer: { dir: /buffer }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`,
    { profiles: new Map(), readFile: () => "", env: () => undefined },
  );
  if (config === null) throw new Error(JSON.stringify(problems));
  const ledger = new FakeLedger(clock);
  const events: Event[] = [];
  const never = () => new Promise(() => {});
  const tools = { clock, random: () => 0.5, log: () => {}, residentBytes: () => 0 };
  const gateway = await settled(
    clock,
    startGateway(
      {
        world: { ...tools, openTcp: never, connectMqtt: never } as unknown as World,
        config,
        ledger,
        release: "0",
        news: {
          onEvent: (event) => events.push(event),
          onReadings: () => {},
          onHold: () => {},
          onDrain: () => {},
        },
      },
      new AbortController().signal,
    ),
  );
  await clock.advance(10);
  const tell = (point: string, value: unknown, quality?: string, who = "nodered") =>
    gateway.told.tell(tellOrderOf({ readings: [{ point, value, quality }] }), who);
  const shown = (point: string) => {
    const { value, quality } = gateway.status().points.find((each) => each.point === point) ?? {};
    return [value, quality];
  };
  return { clock, gateway, events, tell, shown, ledger };
}

async function settled<Result>(clock: SimClock, promise: Promise<Result>): Promise<Result> {
  await clock.advance(1);
  return promise;
}

test("what a program tells is measured, judged by the alarms and stored as any reading", async (t) => {
  const { clock, tell, shown, events, ledger } = await started();
  t.deepEqual(tell("flow.risk", 93), { told: 1 });
  tell("flow.busy", true);
  t.deepEqual(shown("flow.risk"), [93, "good"]);
  t.deepEqual(shown("flow.busy"), [true, "good"]);
  t.true(events.some((event) => event.kind === "alarm" && event.alarm === "risky"));
  await clock.advance(2_000);
  const stored = ledger.batches.flatMap(({ batch }) => batch.series.map(({ point }) => point));
  t.true(stored.includes("flow.risk") && stored.includes("flow.busy"), `${stored}`);
});

test("a value that a program doubts is uncertain, and one that it does not know is null", async (t) => {
  const { tell, shown } = await started();
  tell("flow.risk", 12, "uncertain:input");
  t.deepEqual(shown("flow.risk"), [12, "uncertain:input"]);
  tell("flow.risk", null, "bad:input");
  t.deepEqual(shown("flow.risk"), [null, "bad:input"]);
});

test("the range of a point holds for what a program tells too", async (t) => {
  const { tell, shown } = await started();
  tell("flow.risk", 140);
  t.deepEqual(shown("flow.risk"), [140, "uncertain:out-of-range"]);
});

test("when the program stops its points go bad, and its silence is no fault of a line", async (t) => {
  const { clock, gateway, tell, shown, events } = await started();
  tell("flow.risk", 12);
  await clock.advance(6_000);
  t.deepEqual(shown("flow.risk"), [null, "bad:timeout"]);
  t.true(events.some((event) => event.kind === "device" && event.to === "silent"));
  await clock.advance(600_000);
  const flows = gateway.status().buses.find(({ bus }) => bus === "flows");
  t.like(flows, { state: "open", silent: ["flow"] });
  t.false(events.some((event) => "cause" in event && event.cause === "reopened"));
});

test("a value is refused whole where a point is told by no program, or is of another type", async (t) => {
  const { tell, gateway, shown } = await started();
  const refused = (act: () => unknown, message: RegExp) => {
    const error = t.throws(act, { instanceOf: GatewayError, message });
    t.is(error?.code, "control.call");
  };
  refused(() => tell("pump.on", true), /no point on a bus of kind local/);
  refused(() => tell("flow.risk", true), /is no number/);
  refused(() => tell("flow.busy", 1), /is no boolean/);
  const readings = [
    { point: "flow.risk", value: 1 },
    { point: "flow.none", value: 1 },
  ];
  refused(() => gateway.told.tell(tellOrderOf({ readings }), "nodered"), /flow\.none/);
  t.deepEqual(shown("flow.risk"), [null, "bad:not-yet-read"]);
});

test("nobody but the user that the bus names may tell its values", async (t) => {
  const { tell, shown } = await started();
  const error = t.throws(() => tell("flow.risk", 1, undefined, "li"), { instanceOf: GatewayError });
  t.is(error?.code, "control.teller");
  t.deepEqual(shown("flow.risk"), [null, "bad:not-yet-read"]);
});
