import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import type { ExecutionContext } from "ava";
import { connectAsync } from "mqtt";
import { get } from "sparkplug-payload";
import { type EnrolmentServer, startEnrolment } from "../centre/enrolment-server.ts";
import { newClaim, newGateway, wayTo } from "../centre/gateway-claim.ts";
import { startIdentityBroker } from "../centre/identity-broker.ts";
import { testWith } from "../debian/test-with.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { tempDir } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { Audit } from "../receiver/audit.ts";
import { openReceiver } from "../receiver/receiver.ts";
import { collect, until } from "./rig.ts";

const never = new AbortController().signal;

/** A platform over HTTP that asks for certificates; messages of those that it does not know get 403. */
async function platform(
  t: ExecutionContext,
  { authority }: EnrolmentServer,
  knows: (serial: string) => boolean,
) {
  const audit = new Audit();
  const serials = new Set<string>();
  const root = authority.root.toString("pem");
  const tls = { ...(await authority.forServer()), ca: root, requestCert: true };
  const server = createServer(tls, (request, response) => {
    const { serialNumber = "" } = (request.socket as TLSSocket).getPeerX509Certificate() ?? {};
    const parts: Buffer[] = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      if (request.method === "HEAD") return void response.writeHead(405).end();
      if (!knows(serialNumber)) return void response.writeHead(403).end("unknown");
      serials.add(serialNumber);
      audit.take(`${request.headers["lifeline-topic"]}`, Buffer.concat(parts));
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}/in`, audit, serials };
}

testWith("mosquitto")(
  "a renewed certificate is taken up over MQTT, Sparkplug and HTTP amid live data, or not, and each platform has every message once",
  async (t) => {
    t.timeout(240_000);
    const dir = tempDir("centre");
    const server = await startEnrolment(dir);
    t.teardown(() => server.close());
    const [broker, sparkplug] = [
      await startIdentityBroker(dir, server),
      await startIdentityBroker(dir, server),
    ];
    t.teardown(() => Promise.all([broker.close(), sparkplug.close()]));
    let old = "";
    const keen = await platform(t, server, () => true);
    const slow = await platform(t, server, (serial) => serial === old);
    const signal = { area: "input", address: 0, type: "uint16" } as const;
    const counting = { ...signal, valueAt: (ms: number) => Math.floor(ms / 100) % 60_000 };
    const plant = await openModbusTcp({ devices: [modbusDevice(1, [counting])] });
    t.teardown(() => plant.close());
    const tls = `tls: { identity: true, ca: ${server.authority.file} }`;
    const home = gatewayHome(
      `buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} } }
devices: { d: { bus: main, unit: 1, every: 500ms, points: { x: { area: input, address: 0, type: uint16 } } } }
enrolment: { url: "${server.url}", ca: ${server.authority.file} }
destinations:
  centre: { kind: mqtt, url: "${broker.url}", ${tls} }
  scada: { kind: mqtt, format: sparkplug, url: "${sparkplug.url}", sparkplug: { group: city, grace: 1s }, ${tls} }
  keen: { kind: http, url: "${keen.url}", ${tls} }
  slow: { kind: http, url: "${slow.url}", ${tls} }`,
      { commit: "500ms", isSynced: true },
    );
    const claim = [newClaim(dir, "gw-test")];
    const place = { dir: join(home.dir, "buffer/identity"), gateway: "gw-test" };
    const { identity } = newGateway({ ...place, server: wayTo(server), claim });
    await identity.enrol(never);
    old = `${identity.standing().current?.serial}`;

    const receiver = await openReceiver(broker.adminUrl);
    t.teardown(() => receiver.close());
    const got = collect(receiver);
    const births: string[] = [];
    const times: number[] = [];
    const born: number[] = [];
    const codec = get("spBv1.0");
    const host = await connectAsync(sparkplug.adminUrl, { clientId: "host" });
    t.teardown(() => host.endAsync(true));
    host.on("message", (topic, payload) => {
      const metrics = codec?.decodePayload(payload).metrics ?? [];
      if (topic.includes("/NBIRTH/")) births.push(topic);
      const of = topic.includes("/DDATA/") ? times : topic.includes("/DBIRTH/") ? born : [];
      of.push(...metrics.map(({ timestamp }) => Number(timestamp)));
    });
    await host.subscribeAsync("spBv1.0/#", { qos: 1 });

    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    const audits = () => [receiver.audit, keen.audit, slow.audit];
    const readings = () =>
      audits().map((audit) => audit.report("gw-test")?.readings[0]?.distinct ?? 0);
    await until("readings everywhere", 60_000, () => {
      return readings().every((count) => count > 2) && times.length > 2;
    });
    await identity.renew(never);
    const renewed = `${identity.standing().next?.serial}`;
    await until("the hand-over", 120_000, () => {
      return keen.serials.has(renewed) && births.length > 1;
    });
    const then = readings();
    await until("readings behind it", 60_000, () => {
      return readings().every((count, at) => count > (then[at] ?? 0) + 2);
    });
    const seen = times.length;
    await until("data behind it", 60_000, () => times.length > seen + 2);
    await gateway.end("SIGTERM");
    await until("all of it", 30_000, () => new Set(readings()).size === 1);

    t.is(identity.standing().current?.serial, renewed);
    t.deepEqual([...slow.serials], [old]);
    for (const audit of audits()) {
      const { readings: streams = [], events = [] } = audit.report("gw-test") ?? {};
      t.is(streams.length, 1);
      for (const { gaps, duplicates, conflicts } of [...streams, ...events]) {
        t.deepEqual({ gaps, duplicates, conflicts }, { gaps: 0, duplicates: 0, conflicts: 0 });
      }
    }
    t.is(new Set(times).size, times.length, "each value once");
    const told = new Set([...times, ...born]);
    t.deepEqual(
      got.filter(({ at }) => !told.has(at)),
      [],
      "and each one that the others have",
    );
    const lines = gateway.lines.filter((line) => line.includes("uplink.certificate-renewed"));
    t.is(lines.length, 1, gateway.lines.join("\n"));
    t.regex(lines[0] ?? "", /slow/);
    t.log(lines[0]);
  },
);
