import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test, { type ExecutionContext } from "ava";
import type { Manifest } from "../../edge/bundle/pack.ts";
import { callControl } from "../../edge/world/control-socket.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { freePort } from "../processes/mosquitto.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

/** Every secret that is planted, by where. */
const PLANTED = {
  file: "s3cret-of-the-file",
  env: "s3cret/of the+environment",
  url: "s3cret-of-a-url",
  token: "s3cret-token-in-a-reason",
  wifi: "s3cret-wifi-psk",
} as const;

/** A running gateway that has to do with secrets wherever it can. */
async function plant(t: ExecutionContext) {
  const dir = tempDir("secrets");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = String(privateKey.export({ format: "pem", type: "pkcs8" }));
  writeFileSync(join(dir, "password"), `${PLANTED.file}\n`, { mode: 0o600 });
  writeFileSync(join(dir, "client.key"), pem, { mode: 0o600 });
  const port = await freePort();
  const home = gatewayHome(`
# the box's Wi-Fi: ssid=box psk=${PLANTED.wifi}
# before: mqtt://user:${PLANTED.url}@127.0.0.1:1883
# ${dir}/client.key
buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: ${await freePort()} } }
devices: { gas: { bus: line, unit: 1, points: { gas: { area: input, address: 0, type: uint16 } } } }
alarms: { gas-high: { point: gas.gas, high: 50, severity: red } }
destinations:
  centre:
    kind: mqtt
    url: mqtt://127.0.0.1:${port}
    username: \${env:PLANTED_SECRET}
    password: \${file:${dir}/password}`);
  process.env.PLANTED_SECRET = PLANTED.env;
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  const socket = join(home.dir, "buffer", "control.sock");
  for (const reason of [
    `the password is ${PLANTED.file}`,
    `token=${PLANTED.token}`,
    Buffer.from(PLANTED.env).toString("base64"),
  ]) {
    await callControl(socket, "shelve", { alarm: "gas-high", reason, forMs: 60_000 });
  }
  const keyLine = pem.split("\n")[1] ?? "";
  await callControl(socket, "shelve", { alarm: "gas-high", reason: keyLine, forMs: 60_000 });
  return { home, gateway, secrets: [...Object.values(PLANTED), keyLine] };
}

/** Makes a bundle and unpacks it: its manifest, and every file that it holds, as a text. */
async function unpacked(t: ExecutionContext, config: string) {
  const dir = tempDir("bundle");
  const file = join(dir, "box.tar.gz");
  const args = ["bundle", "--out", file, "--config", config, "--json"];
  const child = startChild(process.execPath, [MAIN, ...args]);
  t.is(await child.exited, 0, child.lines.join("\n"));
  const made = JSON.parse(child.lines.join("\n"));
  t.is(createHash("sha256").update(readFileSync(file)).digest("hex"), made.sha256);
  t.is(statSync(file).mode & 0o777, 0o600);
  mkdirSync(join(dir, "x"));
  execFileSync("tar", ["xzf", file, "-C", join(dir, "x")]);
  const [folder = ""] = readdirSync(join(dir, "x"));
  const texts = new Map(
    readdirSync(join(dir, "x", folder)).map((name) => {
      return [name, readFileSync(join(dir, "x", folder, name), "utf8")] as const;
    }),
  );
  const manifest = JSON.parse(texts.get("manifest.json") ?? "") as Manifest;
  for (const { name, bytes, sha256 } of manifest.files) {
    const text = texts.get(name) ?? "";
    t.is(Buffer.byteLength(text), bytes, name);
    t.is(createHash("sha256").update(text).digest("hex"), sha256, name);
  }
  t.is(texts.size, manifest.files.length + 1);
  return { manifest, texts };
}

/** Fails where a secret stands in a text, in any of its forms. */
function hasNone(
  t: ExecutionContext,
  texts: ReadonlyMap<string, string>,
  secrets: readonly string[],
) {
  for (const [name, text] of texts) {
    for (const secret of secrets) {
      const bytes = Buffer.from(secret);
      const forms = [secret, encodeURIComponent(secret), bytes.toString("hex")];
      for (const form of [...forms, bytes.toString("base64").replace(/=+$/, "")]) {
        t.false(text.includes(form), `${name} holds ${form}`);
      }
    }
  }
}

test("a bundle holds what support needs and no secret, with the gateway up, down, or broken", async (t) => {
  t.timeout(600_000);
  const { home, gateway, secrets } = await plant(t);
  const up = await unpacked(t, home.config);
  hasNone(t, up.texts, secrets);
  t.like(up.manifest, { v: 1, gateway: "gw-test" });
  for (const name of [
    ...["gateway.yaml", "machine.json", "release.json", "status.json", "check.json"],
    ...["buffer.json", "alarms.json", "events.jsonl", "log.jsonl"],
  ]) {
    t.true(up.texts.has(name), name);
  }
  t.like(JSON.parse(up.texts.get("status.json") ?? ""), { gateway: "gw-test" });
  t.regex(up.texts.get("events.jsonl") ?? "", /the password is \[secret\]/);
  t.regex(up.texts.get("gateway.yaml") ?? "", /password: \$\{file:/);
  t.regex(up.texts.get("log.jsonl") ?? "", /gw-test/);

  await gateway.end("SIGTERM");
  const down = await unpacked(t, home.config);
  hasNone(t, down.texts, secrets);
  t.like(JSON.parse(down.texts.get("status.json") ?? ""), { running: false });
  t.true(down.manifest.missing.some(({ name }) => name === "log.jsonl"));

  appendFileSync(home.config, `\n  password: ${PLANTED.url}\nnonsense: [`);
  const broken = await unpacked(t, home.config);
  hasNone(t, broken.texts, secrets);
  t.is(broken.manifest.gateway, null);
  t.true(broken.texts.has("gateway.yaml"));
});

test("who may, orders a bundle by a signed command and fetches it part by part", async (t) => {
  t.timeout(300_000);
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  const key = Buffer.from(x, "base64url").toString("base64");
  const home = gatewayHome(
    `buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }
commands: { keys: { support: { key: "${key}", may: [bundle] } } }`,
    { isSynced: true },
  );
  const gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  const socket = join(home.dir, "buffer", "control.sock");
  let counter = 0;
  const order = async (part?: number) => {
    const [issued, id] = [Date.now(), `bundle-${++counter}`];
    const claims = { gateway: "gw-test", id, counter, issued, expires: issued + 60_000 };
    const said = { ...claims, order: { kind: "bundle", ...(part !== undefined && { part }) } };
    const payload = Buffer.from(JSON.stringify(said)).toString("base64url");
    const signed = sign(null, Buffer.from(`lifeline/command/v1\n${payload}`), privateKey);
    const envelope = { v: 1, key: "support", payload, signature: signed.toString("base64url") };
    const call = { envelope: JSON.stringify(envelope) };
    return (await callControl(socket, "command", call, 20_000)) as Ordered;
  };
  // A new buffer remembers no commands: those of its first seconds are refused.
  let none = await order(0);
  await until("commands are taken", 60_000, async () => {
    if (none.outcome === "refused") none = await order(0);
    return none.outcome !== "refused";
  });
  t.like(none, { outcome: "failed", detail: "no bundle was made yet" });
  t.like(await order(), { outcome: "done", result: { state: "making" } });
  t.like(await order(), { outcome: "refused", code: "command.busy" });
  let first = await order(0);
  await until("the bundle is there", 120_000, async () => {
    if (first.code === "command.busy") first = await order(0);
    return first.code !== "command.busy";
  });
  t.is(first.outcome, "done", JSON.stringify(first));
  const { parts = 0, sha256 } = first.result ?? {};
  const data: string[] = [];
  for (let part = 0; part < parts; part++) data.push((await order(part)).result?.data ?? "");
  const whole = Buffer.concat(data.map((each) => Buffer.from(each, "base64")));
  t.is(createHash("sha256").update(whole).digest("hex"), sha256 ?? "");
  t.deepEqual(whole, readFileSync(join(home.dir, "buffer", "bundles", "bundle.tar.gz")));
});

type Ordered = {
  readonly outcome: string;
  readonly code?: string;
  readonly result?: { readonly parts: number; readonly sha256: string; readonly data: string };
};
