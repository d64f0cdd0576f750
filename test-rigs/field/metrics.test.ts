import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "ava";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusTcp } from "../plant/modbus-server.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { until } from "./rig.ts";

const LEVEL = { area: "holding", address: 4, type: "int16", valueAt: () => 1234 } as const;

type Pushed = { readonly type: string | undefined; readonly body: string };

/** A collector that keeps what is pushed to it; it refuses the first. */
async function collector() {
  const pushed: Pushed[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      pushed.push({ type: request.headers["content-type"], body });
      response.writeHead(pushed.length === 1 ? 503 : 200).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { pushed, url: `http://127.0.0.1:${port}/v1/metrics`, close: () => server.close() };
}

/** A port of this machine that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

test("a gateway serves its figures and its health, and pushes them to a collector", async (t) => {
  t.timeout(180_000);
  const plant = await openModbusTcp({ devices: [modbusDevice(1, [LEVEL])] });
  const centre = await collector();
  const port = await freePort();
  const home =
    gatewayHome(`buses: { pump: { kind: modbus-tcp, host: 127.0.0.1, port: ${plant.port} } }
devices:
  level-1: { bus: pump, unit: 1, points: { level: { area: holding, address: 4, type: int16, every: 200ms } } }
metrics: { listen: "127.0.0.1:${port}", otlp: { url: "${centre.url}", every: 5s } }`);
  const gateway = await home.start();
  t.teardown(async () => {
    await gateway.end("SIGKILL");
    centre.close();
    await plant.close();
  });
  await until("a reading", 20_000, async () => (await home.status()).points[0]?.quality === "good");

  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  const metrics = await get("/metrics");
  t.is(metrics.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  const text = await metrics.text();
  t.regex(text, /^lifeline_bus_open\{bus="pump"\} 1$/m);
  t.regex(text, /^lifeline_points\{quality="good"\} 1$/m);
  t.regex(text, /^lifeline_bus_events_total\{bus="pump",kind="requests"\} [1-9]/m);
  t.regex(text, /^lifeline_resident_memory_bytes [1-9]/m);
  const health = await get("/health");
  t.is(health.status, 200);
  t.true(((await health.json()) as { healthy: boolean }).healthy);
  t.is((await get("/ready")).status, 200);
  t.is((await get("/etc/passwd")).status, 404);
  t.is((await fetch(`http://127.0.0.1:${port}/metrics`, { method: "POST" })).status, 405);

  await until("a push after one that was refused", 30_000, async () => centre.pushed.length >= 2);
  const [, push] = centre.pushed;
  t.is(push?.type, "application/json");
  const { resourceMetrics } = JSON.parse(push?.body ?? "");
  const names = resourceMetrics[0].scopeMetrics[0].metrics.map(
    ({ name }: { name: string }) => name,
  );
  t.true(names.includes("lifeline_bus_load_ratio"));
  await gateway.waitFor(/figures are not taken.*503/, 20_000);
  await gateway.waitFor(/figures are taken again/, 20_000);
  await gateway.end("SIGTERM");
  t.is(await gateway.exited, 0);
});

test("a port that is taken is told, and the gateway runs", async (t) => {
  t.timeout(180_000);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const home = gatewayHome(`metrics: { listen: "127.0.0.1:${port}" }`);
  const gateway = await home.start();
  await gateway.waitFor(/cannot listen on 127.0.0.1:\d+: .*EADDRINUSE.*web\.unusable/, 20_000);
  await gateway.end("SIGTERM");
  t.is(await gateway.exited, 0);
  other.close();
});
