import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { testWith } from "../debian/test-with.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { PACKAGE } from "./rig.ts";

type Reading = { readonly point: string; readonly value: unknown; readonly quality: string };
type Link = {
  on(event: string, listener: (told: never) => void): void;
  want(patterns: readonly string[]): () => void;
  write(point: string, value: unknown): Promise<unknown>;
  acknowledge(alarm: string): Promise<unknown>;
  tell(readings: readonly unknown[]): Promise<unknown>;
  close(): void;
};

testWith("mosquitto")(
  "over a broker a flow sees readings and alarms once each, and writes by signed commands only",
  async (t) => {
    t.timeout(180_000);
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const { x = "" } = publicKey.export({ format: "jwk" });
    const key = Buffer.from(x, "base64url").toString("base64");
    let gas = 6;
    const siren = modbusDevice(2, [
      { area: "coil", address: 0, type: "bool", valueAt: () => false },
    ]);
    const plant = await openModbusTcp({
      devices: [
        modbusDevice(1, [{ area: "holding", address: 0, type: "int16", valueAt: () => gas }]),
        siren,
      ],
    });
    const broker = await startMosquitto();
    const home = gatewayHome(
      `
buses: { street: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} } }
devices:
  gas-1: { bus: street, unit: 1, points: { gas: { area: holding, address: 0, type: int16, every: 200ms } } }
  siren: { bus: street, unit: 2, points: { on: { area: coil, address: 0, write: true } } }
alarms: { gas-high: { point: gas-1.gas, high: 50, severity: red } }
commands: { keys: { flow: { key: "${key}", may: [write, acknowledge] } } }
destinations: { centre: { kind: mqtt, url: "${broker.url}", commands: true } }`,
      { isSynced: true },
    );
    const gateway = await home.start();
    const { BrokerLink } = (await import(join(PACKAGE, "lib/broker-link.js"))) as {
      BrokerLink: new (settings: object) => Link;
    };
    const settings = { url: broker.url, gateway: "gw-test" };
    const keyPem = privateKey.export({ type: "pkcs8", format: "pem" });
    const link = new BrokerLink({ ...settings, keyName: "flow", keyPem });
    const unsigned = new BrokerLink(settings);
    t.teardown(async () => {
      link.close();
      unsigned.close();
      await gateway.end("SIGKILL");
      await broker.close();
      await plant.close();
    });
    const readings: Reading[] = [];
    const events: { readonly kind: string; readonly to?: string }[] = [];
    link.on("readings", (told: readonly Reading[]) => void readings.push(...told));
    link.on("event", (told: { readonly kind: string }) => void events.push(told));
    link.want(["gas-*"]);
    await until(() => readings.filter(({ quality }) => quality === "good").length > 3);
    t.true(readings.every(({ point }) => point === "gas-1.gas"));

    // What is no message of a gateway ends nothing.
    const stranger = await connectAsync(broker.url);
    for (const text of ["null", "{}", '{"stream":"x","seq":1,"series":[{}]}', "no JSON"]) {
      await stranger.publishAsync("lifeline/v1/gw-test/readings", text, { qos: 1 });
      await stranger.publishAsync("lifeline/v1/gw-test/status", "null", { qos: 1 });
    }
    await stranger.endAsync();
    const heard = readings.length;
    await until(() => readings.length > heard + 2);

    gas = 60;
    const alarms = () => events.filter(({ kind }) => kind === "alarm").map(({ to }) => to);
    await until(() => alarms().length > 0);
    t.deepEqual(alarms(), ["unacknowledged"]);

    // A new buffer remembers no commands: those of its first seconds are refused.
    let written: unknown = null;
    await until(() => {
      written ??= link.write("siren.on", true).catch((error) => {
        written = null;
        return error;
      });
      return siren.read("coil", 0, 0) === 1;
    }, 300);
    t.like(await written, { outcome: "done" });
    t.is(await link.acknowledge("gas-high"), "done");
    await until(() => alarms().includes("acknowledged"));
    await t.throwsAsync(unsigned.write("siren.on", false), {
      message: /need the name and the PEM/,
    });
    await t.throwsAsync(link.tell([]), { message: /on its own machine only/ });
    t.is(siren.read("coil", 0, 0), 1);
  },
);

async function until(holds: () => boolean, everyMs = 50): Promise<void> {
  const end = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error("it never came to that");
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
