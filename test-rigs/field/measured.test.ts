import test from "ava";
import { openBroker } from "../plant/broker.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import type { Signal } from "../plant/signal.ts";
import { collect, fieldRig, until } from "./rig.ts";

const PRESSURE = "main.pressure";

test.serial(
  "a running gateway measures: a current loop, the device's own state, and what is derived from both",
  async (t) => {
    t.timeout(60_000);
    const holds = { current: 12_000, state: 1 };
    const input = (address: number, valueAt: () => number) =>
      ({ area: "input", address, type: "uint16", valueAt }) as Signal;
    const signals = [input(0, () => holds.current), input(1, () => holds.state)];
    const { start, receive } = await fieldRig(t, {
      plant: () => openModbusTcp({ devices: [modbusDevice(1, signals)] }),
      broker: openBroker,
      commit: "100ms",
      yaml: ({ port }) => `
buses: { pump: { kind: modbus-tcp, host: 127.0.0.1, port: ${port} } }
devices:
  main:
    bus: pump
    unit: 1
    every: 200ms
    points:
      state: { number: 30002, type: uint16 }
      pressure:
        number: 30001
        type: uint16
        scale: 0.001
        loop: { low: 0, high: 1.6, hold: 0ms }
        status: { point: state, values: { 2: calibration } }
        unit: MPa
      head:
        derive: { kind: expression, is: "p * 102", of: { p: pressure } }
        unit: m
`,
    });
    const got = collect(await receive());
    await start();
    const last = (point: string) => {
      const { value, quality } = got.findLast((each) => each.point === point) ?? {};
      return `${value} ${quality}`;
    };
    await until("a good pressure", 20_000, () => last(PRESSURE) === "0.8 good");
    await until("what is derived of it", 5000, () => last("main.head") === "81.6 good");
    holds.state = 2;
    await until(
      "no value amid a calibration",
      5000,
      () => last(PRESSURE) === "null bad:calibration",
    );
    await until("nothing derived", 5000, () => last("main.head") === "null bad:input");
    holds.state = 1;
    holds.current = 2000;
    await until("no value of a broken loop", 5000, () => last(PRESSURE) === "null bad:loop-fault");
    holds.current = 20_000;
    await until("a good pressure again", 5000, () => last(PRESSURE) === "1.6 good");
    t.pass();
  },
);
