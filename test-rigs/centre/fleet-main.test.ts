import { execFile } from "node:child_process";
import { generateKeyPairSync, webcrypto } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
// The library does not load without.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import test from "ava";
import type { CommandKey } from "../../edge/core/command.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { connectMqtt } from "../../edge/world/mqtt.ts";
import { testWith } from "../debian/test-with.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { openAuthority } from "./authority.ts";
import { commander } from "./commander.ts";
import { FleetGateway } from "./simulated/fleet-gateway.ts";
import { fourRings, NEW, OLD } from "./simulated/fleet-rig.ts";

const MAIN = fileURLToPath(new URL("fleet-main.ts", import.meta.url));
const call = promisify(execFile);

testWith("mosquitto")(
  "over a real broker a fleet is updated once each, though the centre is killed",
  async (t) => {
    const dir = tempDir("fleet-main");
    const broker = await startMosquitto();
    t.teardown(() => broker.close());
    const { privateKey } = generateKeyPairSync("ed25519");
    const keyFile = join(dir, "fleet.pem");
    writeFileSync(keyFile, privateKey.export({ format: "pem", type: "pkcs8" }));
    const { key } = commander("fleet", ["update"], "", privateKey);
    const gateways = await fleetIn(dir, broker.url, key);
    const stop = new AbortController();
    t.teardown(() => stop.abort());
    for (const each of gateways) void each.run([], stop.signal);

    const args = ["--dir", dir, "--json", "--lang", "en"];
    const fleet = async (...operands: readonly string[]) => {
      const { stdout } = await call(process.execPath, [MAIN, ...operands, ...args]);
      return JSON.parse(stdout);
    };
    const centre = () =>
      startChild(process.execPath, [
        MAIN,
        "run",
        "--broker",
        broker.url,
        "--key",
        keyFile,
        "--dir",
        dir,
      ]);
    let running = centre();
    t.teardown(() => running.end("SIGKILL"));
    await running.waitFor(/the centre runs/, 20_000);
    const soon = { soakMs: 0, wave: 8 };
    const { rings, ...plan } = fourRings(["gw-0"]);
    const quick = { ...plan, rings: rings.map((ring) => ({ ...ring, ...soon })) };
    writeFileSync(join(dir, "plan.json"), JSON.stringify(quick));
    t.deepEqual(await fleet("rollout", "start", join(dir, "plan.json")), { answer: "done" });

    for (let round = 0; round < 2; round++) {
      await sleep(1_500);
      await running.end("SIGKILL");
      running = centre();
      await running.waitFor(/the centre runs/, 20_000);
    }
    let state = "";
    for (let tries = 0; tries < 60 && state !== "done"; tries++) {
      await sleep(1_000);
      [{ state }] = await fleet("rollout", "status");
    }
    t.is(state, "done");
    t.deepEqual(await fleet("versions"), [{ release: NEW.name, gateways: gateways.length }]);
    t.true(
      gateways.every(({ running: { name }, installs }) => name === NEW.name && installs === 1),
    );
    await running.end("SIGTERM");
  },
);

/** Some gateways with identities that the centre in `dir` issued, much quicker than real ones. */
async function fleetIn(dir: string, url: string, key: CommandKey) {
  const authority = await openAuthority(dir);
  const clock = new SystemClock();
  // A trial of ten minutes takes one second.
  const fast = {
    now: () => clock.now(),
    uptime: () => clock.uptime(),
    state: () => "synced" as const,
    isStateKnown: () => true,
    boot: clock.boot,
    sleep: (ms: number, signal?: AbortSignal) =>
      clock.sleep(Math.min(ms / 600, 2 ** 31 - 1), signal),
  };
  const gateways = Array.from(
    { length: 8 },
    (_, i) =>
      new FleetGateway({
        world: { clock: fast, connectMqtt },
        url,
        name: `gw-${i}`,
        key,
        fault: "none",
        clockOffMs: 0,
        installMs: 60_000,
        releases: { old: OLD, new: NEW },
        stolen: () => null,
      }),
  );
  const lines: string[] = [];
  for (const [serial, each] of gateways.entries()) {
    const der = each.publicKey.export({ type: "spki", format: "der" });
    const usage = { name: "ECDSA", namedCurve: "P-256" };
    const open = await webcrypto.subtle.importKey("spki", der, usage, true, ["verify"]);
    const publicKey = await x509.PublicKey.create(open as CryptoKey);
    const term = { fromMs: Date.now() - 60_000, toMs: Date.now() + 3_600_000 };
    const cert = await authority.issue({ publicKey, gateway: each.name, hardware: null, ...term });
    each.certify(cert.fingerprint256.replaceAll(":", "").toLowerCase());
    const issued = { at: 0, kind: "issued", gateway: each.name, serial: String(serial) };
    lines.push(JSON.stringify({ ...issued, cert: cert.toString() }));
  }
  writeFileSync(join(dir, "audit.jsonl"), lines.map((line) => `${line}\n`).join(""));
  const listed = gateways.map(({ name }) =>
    JSON.stringify({ gateway: name, hardware: "rpi-arm64" }),
  );
  writeFileSync(join(dir, "gateways.jsonl"), `${listed.join("\n")}\n`);
  return gateways;
}

test("whoever asks in a wrong folder is told so, and no centre is made there", async (t) => {
  const dir = join(tempDir("no-centre"), "centre");
  const asked = call(process.execPath, [MAIN, "list", "--dir", dir, "--lang", "en"]);
  const { code, stderr } = await t.throwsAsync<Error & { code: number; stderr: string }>(asked);
  t.is(code, 1);
  t.regex(stderr, /^there is no centre in .*: name its folder with --dir/);
  t.false(existsSync(dir));
});
