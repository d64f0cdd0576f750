import test from "ava";
import type { BusConfig } from "../../config/gateway-config.ts";
import type { World } from "../world.ts";
import { rebindOf } from "./rebind.ts";

const line = (name: string) => ({ kind: "modbus-rtu", name, serial: { path: `/dev/${name}` } });

/** A machine where each port named in `adapters` hangs on an adapter; one can be bound or not. */
function rebinding(adapters: Readonly<Record<string, string>>, kind = "done") {
  const bound: string[] = [];
  const world = {
    log: () => {},
    usbOf: (path: string) => Promise.resolve(adapters[path] ?? null),
    rebindUsb: (usb: string) => {
      bound.push(usb);
      return Promise.resolve({ kind, why: "" });
    },
  } as unknown as World;
  const pump = { kind: "modbus-tcp", name: "pump", tcp: {} };
  const buses = [line("a"), line("b"), pump] as unknown as readonly BusConfig[];
  return { bound, of: (name: number) => rebindOf(world, buses[name] as BusConfig, buses) };
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
