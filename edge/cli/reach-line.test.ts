import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { ReadBus } from "../acquire/open-session.ts";
import { SystemClock } from "../world/clock.ts";
import { serveControl } from "../world/control-socket.ts";
import { realWorld } from "../world/real.ts";
import { DirectLines, isGatewayRunning, isLineRead, wayThroughGateway } from "./reach-line.ts";

const QUERY = { kind: "server-id" } as const;
const HEARD = { tookMs: 0, isEchoed: false, bytes: 0, others: [] };

/** A gateway's socket on which `probe` gives `outcomes` one after the other. */
async function aGateway(
  t: { teardown(end: () => Promise<void>): void },
  outcomes: readonly object[],
) {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-reach-"));
  const socket = join(dir, "control.sock");
  let calls = 0;
  const handle = (method: string) => (method === "probe" ? outcomes[calls++] : []);
  const server = await serveControl(socket, handle, () => {});
  t.teardown(async () => {
    await server.close();
    rmSync(dir, { recursive: true });
  });
  return { config: { control: { socket } } as GatewayConfig, calls: () => calls };
}

test("a gateway that opens its line anew is waited for", async (t) => {
  const closed = { kind: "failure", reason: "link-closed", heard: HEARD };
  const answer = { kind: "answer", answer: { kind: "server-id", id: [1] }, heard: HEARD };
  const { config, calls } = await aGateway(t, [closed, closed, answer, closed, closed, closed]);
  t.true(await isGatewayRunning(config));
  const patience = { tries: 3, pauseMs: 5 };
  const way = wayThroughGateway(config, "line", new SystemClock(), patience);
  t.like(await way.probe(7, QUERY, 300), { kind: "answer" });
  t.is(calls(), 3);
  t.like(await way.probe(8, QUERY, 300), { kind: "failure", reason: "link-closed" });
  t.is(calls(), 6);
});

test("a line works where the gateway has a good value from it, and not for another bus", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-reach-"));
  const socket = join(dir, "control.sock");
  const points = [
    { point: "gas-1.gas", quality: "good" },
    { point: "gas-10.gas", quality: "bad:timeout" },
  ];
  const server = await serveControl(
    socket,
    () => ({ points }),
    () => {},
  );
  t.teardown(async () => {
    await server.close();
    rmSync(dir, { recursive: true });
  });
  const devices = [
    { name: "gas-1", bus: "line-a" },
    { name: "gas-10", bus: "line-b" },
  ];
  const config = { control: { socket }, devices } as unknown as GatewayConfig;
  t.true(await isLineRead(config, "line-a"));
  t.false(await isLineRead(config, "line-b"));
});

test("without a socket no gateway runs", async (t) => {
  const config = { control: { socket: join(tmpdir(), "lifeline-reach-none.sock") } };
  t.false(await isGatewayRunning(config as GatewayConfig));
});

test("a server that hangs up on a unit has not answered for it, and the next is asked", async (t) => {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (request) => {
      if (request[6] === 7) {
        socket.destroy();
        return;
      }
      const body = [request[6] as number, 17, 2, 0x41, 0xff];
      socket.write(Uint8Array.of(...request.subarray(0, 4), 0, body.length, ...body));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const bus = {
    kind: "modbus-tcp",
    name: "pump",
    tcp: { host: "127.0.0.1", port, connectTimeoutMs: 5000 },
    timeoutMs: 5000,
    graceMs: 100,
  } as unknown as ReadBus;
  const world = realWorld(
    () => true,
    () => "",
  );
  const lines = new DirectLines(world, { buses: [bus] } as unknown as GatewayConfig);
  t.teardown(() => lines.close());
  const way = await lines.way(bus, null);
  t.like(await way.probe(7, QUERY, 5000), { kind: "failure", reason: "timeout" });
  t.like(await way.probe(8, QUERY, 5000), { kind: "answer", answer: { id: [0x41, 0xff] } });
});
