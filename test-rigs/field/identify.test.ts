import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import { loadProfile } from "../../config/profile.ts";
import { openOutputModule } from "../plant/output-module.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";

test.serial(
  "a meter that nobody knows is told by the running gateway, and a profile drafted",
  async (t) => {
    t.timeout(120_000);
    const meter = await openOutputModule(20);
    t.teardown(() => meter.close());
    const home = gatewayHome(`
buses: { pump: { kind: modbus-tcp, host: 127.0.0.1, port: ${meter.port}, timeout: 300ms } }
devices: { known: { bus: pump, unit: 1, points: { first: { area: holding, address: 19, type: uint16 } } } }`);
    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    const bytes = Buffer.alloc(4);
    const begun = Date.now();
    meter.onAnswer = () => {
      bytes.writeFloatBE(21.4 + Math.sin((Date.now() - begun) / 9000));
      meter.registers[2] = bytes.readUInt16BE(2);
      meter.registers[3] = bytes.readUInt16BE(0);
    };
    const draft = join(home.dir, "draft.yaml");
    const words = `identify pump 1 --for 30s --addresses 0-31 --profile ${draft}`.split(" ");
    const child = startChild(process.execPath, [
      MAIN,
      ...words,
      "--config",
      home.config,
      "--lang",
      "en",
    ]);
    t.teardown(() => child.end("SIGKILL"));
    t.is(await child.exited, 0, child.lines.join("\n"));
    t.regex(child.lines.join("\n"), /holding 2 +40003 +float32 CDAB/);
    const { profile, problems } = loadProfile(readFileSync(draft, "utf8"));
    t.deepEqual(problems, []);
    t.like(profile?.points.holding2, { type: "float32", order: "CDAB" });
  },
);
