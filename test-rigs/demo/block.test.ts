import test from "ava";
import { parse } from "yaml";
import { answer } from "../plant/modbus-device.ts";
import { blockOf } from "./block.ts";
import { gatewayYaml } from "./gateway-yaml.ts";

const WHERE = {
  manholePort: "/tmp/a b/port",
  streetPort: "/tmp/c/port",
  bridgePort: 1502,
  brokerPort: 1884,
  bufferDir: "/tmp/d",
  controlSocket: "/tmp/s",
};

test("every sensor has its place within the range of its trend while all is calm", (t) => {
  for (const { device, point, signal, range } of blockOf(90).points) {
    for (let ms = 0; ms < 10_000; ms += 100) {
      const value = Number(signal.valueAt(ms));
      t.true(value >= range[0] && value <= range[1], `${device}.${point} is ${value}`);
    }
  }
});

test("the configuration names every line and every point where the devices have them", (t) => {
  const block = blockOf(90);
  const yaml = parse(gatewayYaml(block, WHERE, 3000));
  t.is(yaml.buses.manhole.port, WHERE.manholePort);
  t.is(yaml.buses.bridge.port, 1502);
  t.is(yaml.alarms["gas-1-high"].onDelay, "3000ms");
  const codes = { coil: 1, discrete: 2, holding: 3, input: 4 };
  for (const { device, point, signal } of block.points) {
    const { bus, unit, points } = yaml.devices[device];
    const { area, address } = points[point];
    t.is(area, signal.area);
    const server = block.devicesOn(bus).find((one) => one.unit === unit);
    const code = codes[area as keyof typeof codes];
    const request = Uint8Array.of(code, 0, address, 0, 1);
    t.is(server === undefined ? 0 : answer(server, request, 0)[0], code);
  }
});
