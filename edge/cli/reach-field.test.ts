import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { GatewayError } from "../core/errors.ts";
import { reachField } from "./reach-field.ts";
import { isGatewayRunning } from "./reach-line.ts";

/** A configuration whose control socket may be served by `onCall`. */
async function aConfig(t: ExecutionContext, onCall: ((socket: Socket) => void) | null) {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-reach-"));
  const socket = join(dir, "control.sock");
  const server = createServer(onCall ?? (() => {}));
  if (onCall !== null) await new Promise<void>((resolve) => server.listen(socket, resolve));
  t.teardown(() => {
    server.close();
    rmSync(dir, { recursive: true });
  });
  return { control: { socket }, buses: [], devices: [], points: [] } as unknown as GatewayConfig;
}

test("a gateway that is there and does not answer is not passed by", async (t) => {
  const hangUp = (socket: Socket) => socket.resume().end();
  const held = new Set<Socket>();
  const keepMum = (socket: Socket) => held.add(socket.resume());
  for (const [onCall, code] of [
    [hangUp, "control.unreachable"],
    [keepMum, "control.silent"],
  ] as const) {
    const config = await aConfig(t, onCall);
    for (const reach of [reachField, isGatewayRunning]) {
      const error = await t.throwsAsync(reach(config), { instanceOf: GatewayError });
      t.is(error?.code, code);
    }
  }
  for (const socket of held) socket.destroy();
});

test("where no gateway runs, or has left its socket behind, the devices are reached without", async (t) => {
  const config = await aConfig(t, null);
  await t.notThrowsAsync(reachField(config));
  t.false(await isGatewayRunning(config));
  writeFileSync(config.control.socket, "");
  await t.notThrowsAsync(reachField(config));
  t.false(await isGatewayRunning(config));
});
