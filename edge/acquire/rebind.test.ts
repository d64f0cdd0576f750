import test from "ava";
import type { BusConfig, GatewayConfig } from "../../config/gateway-config.ts";
import { busRig, requestOf } from "../../test-rigs/sim/bus-rig.ts";
import type { World } from "../world.ts";
import { givesBack, rebindOf } from "./rebind.ts";

const line = (name: string) => ({ kind: "modbus-rtu", name, serial: { path: `/dev/${name}` } });

/** A machine where each port named in `adapters` hangs on an adapter; one can be bound or not. */
function rebinding(adapters: Readonly<Record<string, string>>, kind = "done") {
  const bound: string[] = [];
  const dirs: string[] = [];
  const logged: string[] = [];
  const world = {
    log: (_level: string, text: string) => logged.push(text),
    usbOf: (path: string) => Promise.resolve(adapters[path] ?? null),
    rebindUsb: (usb: string, marks: string) => {
      bound.push(usb);
      dirs.push(marks);
      return Promise.resolve({ kind, why: "" });
    },
    giveBackUsb: (marks: string) => {
      dirs.push(marks);
      return Promise.resolve([{ usb: "1-1", kind: "failed", why: "busy" }]);
    },
  } as unknown as World;
  const pump = { kind: "modbus-tcp", name: "pump", tcp: {} };
  const node = { kind: "firmata", name: "node", board: { path: "/dev/node", baud: 57_600 } };
  const buses = [line("a"), line("b"), pump, node];
  const config = { buses, buffer: { dir: "/var/lib/lifeline" } } as unknown as GatewayConfig;
  const busOf = (number: number) => config.buses[number] as BusConfig;
  return {
    bound,
    dirs,
    logged,
    of: (number: number) => rebindOf(world, busOf(number), config),
    giveBack: (number: number) => givesBack(world, busOf(number), config),
  };
}

test("the adapter of the line is bound anew, and nobody else's", async (t) => {
  const { bound, of } = rebinding({ "/dev/a": "1-1", "/dev/b": "1-2" });
  t.is(await of(0)?.(), "done");
  t.deepEqual(bound, ["1-1"]);
});

test("an adapter that serves another bus is left alone", async (t) => {
  const { bound, of } = rebinding({ "/dev/a": "1-1", "/dev/b": "1-1" });
  t.is(await of(0)?.(), "never");
  t.deepEqual(bound, []);
});

test("an adapter that serves a board too is left alone", async (t) => {
  const { bound, of } = rebinding({ "/dev/a": "1-1", "/dev/node": "1-1" });
  t.is(await of(0)?.(), "never");
  t.deepEqual(bound, []);
});

test("a port that is not on USB, or away, is tried again later, as one that was not bound", async (t) => {
  t.is(await rebinding({}).of(0)?.(), "not-now");
  t.is(await rebinding({ "/dev/a": "1-1" }, "failed").of(0)?.(), "not-now");
});

test("an adapter that the gateway may not bind is not tried again", async (t) => {
  t.is(await rebinding({ "/dev/a": "1-1" }, "refused").of(0)?.(), "never");
});

test("a bus over the network has nothing to bind", (t) => {
  t.is(rebinding({}).of(2), null);
});

test("what was left without its driver is found where it was noted, and told once", async (t) => {
  const { of, giveBack, dirs, logged } = rebinding({ "/dev/a": "1-1" });
  await of(0)?.();
  logged.length = 0;
  const tryIt = giveBack(0);
  await tryIt();
  await tryIt();
  t.deepEqual(logged, ["USB adapter 1-1, left without its driver, given back: failed"]);
  t.deepEqual(new Set(dirs), new Set(["/var/lib/lifeline/usb-unbound"]));
});

test("a bus over the network looks for no adapter", async (t) => {
  const { giveBack, dirs } = rebinding({});
  await giveBack(2)();
  t.deepEqual(dirs, []);
});

test("a gateway that stops waits until the adapter has its driver again", async (t) => {
  const happened: string[] = [];
  const rig = busRig([requestOf("a", 1)], {
    rebind: async () => {
      happened.push("taken");
      await rig.clock.sleep(500);
      happened.push("given back");
      return "done";
    },
  });
  await rig.clock.advance(20_000);
  rig.dead.add(1);
  while (happened.length === 0) await rig.clock.advance(100);
  rig.stop.abort();
  void rig.running.then(() => happened.push("stopped"));
  await rig.clock.advance(1000);
  t.deepEqual(happened, ["taken", "given back", "stopped"]);
  t.deepEqual(rig.told, ["bus open", "a silent", "reopen", "rebind"]);
});
