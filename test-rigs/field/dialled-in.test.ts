import { createConnection, type Socket } from "node:net";
import test from "ava";
import { RTU } from "../plant/frame.ts";
import { answer, modbusDevice } from "../plant/modbus-device.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { freePort } from "../processes/mosquitto.ts";
import { until } from "./rig.ts";

/** A serial server that dials in, with one device behind it whose register holds `value`. */
function dialIn(port: number, registration: string, value: number): Socket {
  const signal = { area: "holding", address: 0, type: "uint16", valueAt: () => value } as const;
  const device = modbusDevice(1, [signal]);
  const socket = createConnection({ host: "127.0.0.1", port });
  socket.write(registration);
  // The reset of a gateway that has hung up.
  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    const request = RTU.take(bytes);
    if (request === null) return;
    socket.write(Buffer.concat([RTU.frame(1, answer(device, request.pdu, 0)), HEARTBEAT]));
  });
  return socket;
}

const HEARTBEAT = Buffer.from("ping");

test("serial servers that dial in to one port are read, lost and read again", async (t) => {
  t.timeout(60_000);
  const port = await freePort();
  const bus = (registration: string) =>
    `{ kind: modbus-dial-in, listen: "127.0.0.1:${port}", registration: ${registration}, heartbeat: ping, timeout: 500ms, grace: 100ms, connectTimeout: 200ms }`;
  const point = "points: { x: { area: holding, address: 0, type: uint16 } }";
  const home = gatewayHome(`buses: { a: ${bus("DTU-A")}, b: ${bus("DTU-B")} }
devices:
  one: { bus: a, unit: 1, every: 200ms, ${point} }
  two: { bus: b, unit: 1, every: 200ms, ${point} }`);
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  const shown = async () =>
    (await home.status()).points.map(({ value, quality }) => value ?? quality);
  const show = (...expected: readonly unknown[]) =>
    until(`${expected}`, 15_000, async () => `${await shown()}` === `${expected}`);

  await show("bad:link-closed", "bad:link-closed");
  const { buses } = await home.status();
  t.regex(buses[0]?.trouble ?? "", /nobody with the registration 'DTU-A' has dialled in/);

  const first = dialIn(port, "DTU-A", 11);
  const second = dialIn(port, "DTU-B", 22);
  t.teardown(() => second.destroy());
  await show(11, 22);

  // It lost its network and comes back, while its old connection still looks alive.
  first.removeAllListeners("data");
  await show("bad:timeout", 22);
  const again = dialIn(port, "DTU-A", 33);
  t.teardown(() => again.destroy());
  await show(33, 22);
  await until("the end of the old connection", 5000, () => first.destroyed);

  const stranger = dialIn(port, "GET / HTTP/1.1\r\n", 44);
  await until("the end of the stranger", 5000, () => stranger.destroyed);
  t.deepEqual(await shown(), [33, 22]);

  again.destroy();
  await show("bad:link-closed", 22);
  const third = dialIn(port, "DTU-A", 55);
  t.teardown(() => third.destroy());
  await show(55, 22);
  // It stops though callers hold connections to it.
  await gateway.end("SIGTERM");
});

test("two serial servers with one registration are told of in status and by an event, once", async (t) => {
  t.timeout(60_000);
  const port = await freePort();
  const point = "points: { x: { area: holding, address: 0, type: uint16 } }";
  const home = gatewayHome(`buses:
  a: { kind: modbus-dial-in, listen: "127.0.0.1:${port}", registration: DTU, timeout: 500ms, grace: 100ms, connectTimeout: 200ms }
devices:
  one: { bus: a, unit: 1, every: 200ms, ${point} }`);
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  const rivals = async () => (await home.status()).buses[0]?.rivals;
  t.deepEqual(await rivals(), []);
  const place = () => {
    const socket = dialIn(port, "DTU", 1);
    t.teardown(() => socket.destroy());
    return socket;
  };
  let last = place();
  await until("a reading", 10_000, async () => (await home.status()).points[0]?.value === 1);
  for (let turn = 0; turn < 6; turn++) {
    const displaced = last;
    last = place();
    await until("the end of the one before", 10_000, () => displaced.destroyed);
  }
  t.deepEqual(await rivals(), ["127.0.0.1"]);
  const told = gateway.lines.filter((line) => line.includes("with the identity of bus a"));
  t.is(told.length, 1);
});
