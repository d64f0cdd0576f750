import { connectAsync } from "mqtt";
import { get } from "sparkplug-payload";
import { testWith } from "../debian/test-with.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";
import type { Signal } from "../plant/signal.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { until } from "./rig.ts";

const held = (area: Signal["area"], type: Signal["type"], value: number) =>
  ({ area, address: 0, type, valueAt: () => value }) as Signal;

const yaml = (port: string, url: string) => `
buses: { line: { kind: modbus-rtu, port: ${port}, baud: 115200, timeout: 200ms, grace: 50ms } }
devices:
  gas: { bus: line, unit: 1, every: 200ms, points: { gas: { area: input, address: 0, type: uint16, unit: "%[LEL]" } } }
  valve: { bus: line, unit: 2, every: 500ms, points: { shut: { area: coil, address: 0, write: true } } }
destinations:
  scada:
    kind: mqtt
    format: sparkplug
    url: "${url}"
    sparkplug: { group: city, primaryHost: scada-1, commands: true, grace: 1s }`;

testWith("mosquitto")(
  "a host application gets births and data once it is online, writes, and is told the end",
  async (t) => {
    t.timeout(90_000);
    const devices = [
      modbusDevice(1, [held("input", "uint16", 7)]),
      modbusDevice(2, [held("coil", "bool", 0)]),
    ];
    const line = openModbusLine({ baud: 115_200, devices });
    t.teardown(() => line.close());
    const broker = await startMosquitto();
    t.teardown(() => broker.close());
    const codec = get("spBv1.0");
    if (codec === null) return t.fail("no codec");
    const host = await connectAsync(broker.url);
    t.teardown(() => host.endAsync(true));
    const got: {
      readonly topic: string;
      readonly metrics: readonly unknown[];
      readonly text: string;
    }[] = [];
    host.on("message", (topic, payload) => {
      const { metrics = [] } = codec.decodePayload(payload);
      got.push({ topic, metrics: JSON.parse(JSON.stringify(metrics)), text: payload.toString() });
    });
    await host.subscribeAsync("spBv1.0/city/#", { qos: 1 });
    const home = gatewayHome(yaml(line.path, broker.url), { commit: "200ms" });
    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    const count = (topic: string) =>
      got.filter((each) => each.topic === `spBv1.0/city/${topic}`).length;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    t.deepEqual(got, [], "the host is not online");
    const online = JSON.stringify({ online: true, timestamp: Date.now() });
    await host.publishAsync("spBv1.0/STATE/scada-1", online, { qos: 1, retain: true });
    await until("births and data", 20_000, () => {
      return count("DBIRTH/gw-test/gas") > 0 && count("DDATA/gw-test/gas") > 3;
    });
    const birth = got.find(({ topic }) => topic === "spBv1.0/city/DBIRTH/gw-test/gas");
    t.like(birth?.metrics[0], { name: "gas", type: "UInt16", value: 7 });
    const metrics = [{ name: "shut", type: "Boolean" as const, value: true }];
    const command = codec.encodePayload({ timestamp: Date.now(), metrics });
    await until("the valve born", 20_000, () => count("DBIRTH/gw-test/valve") > 0);
    await host.publishAsync("spBv1.0/city/DCMD/gw-test/valve", Buffer.from(command));
    const told = (text: string) => got.some((each) => each.text.includes(text));
    await until("the write told", 20_000, () => told("sparkplug:scada"));
    t.true(told('"outcome":"done"'));
    await gateway.end("SIGTERM");
    await until("its death", 10_000, () => count("NDEATH/gw-test") > 0);
  },
);
