import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { readConfig } from "../../config/read.ts";
import { diagnose } from "../doctor/rules.ts";
import { SystemClock } from "../world/clock.ts";
import { gatherFacts } from "./doctor-gather.ts";

test("a gateway that dies between two of its answers is examined as one that does not run", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "lifeline-gather-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const file = join(dir, "gateway.yaml");
  writeFileSync(
    file,
    `gateway: { id: gw-gone }
buffer: { dir: ${dir} }
buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices:
  d: { bus: line, unit: 1, points: { x: { area: holding, address: 0, type: uint16 } } }
`,
  );
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on("data", (line) => {
      const { method } = JSON.parse(String(line)) as { method: string };
      asked.push(method);
      if (method === "status") socket.write('{"jsonrpc":"2.0","v":1,"id":1,"result":{}}\n');
      else socket.destroy();
    });
  });
  t.teardown(() => server.close());
  const { config } = readConfig(file, () => undefined, "en");
  if (config === null) return t.fail();
  await new Promise<void>((resolve) => server.listen(config.control.socket, resolve));

  const depth = { isDeep: false, isQuick: false };
  const facts = await gatherFacts(config, file, new SystemClock(), depth);
  t.deepEqual(asked, ["status", "trace"]);
  t.is(facts.status, null);
  t.is(diagnose(facts)[0]?.code, "gateway.down");
});
