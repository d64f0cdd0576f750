import { appendFileSync, chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { callControl } from "../../edge/world/control-socket.ts";
import { commander } from "../centre/commander.ts";
import { openAuthority } from "../processes/certificates.ts";
import type { Bench, Fault } from "./fault.ts";
import { fillBuffer } from "./filled-buffer.ts";
import { installSideBySide } from "./installed.ts";
import { isConnected, openSite } from "./site.ts";
import { openSlowLine } from "./slow-line.ts";
import { startBroker, to } from "./uplink-faults.ts";

/** What can be wrong with what was stored and what was installed. */
export const UPKEEP_FAULTS: readonly Fault[] = [
  {
    name: "the line takes less than what comes",
    expected: "buffer.growing",
    subject: "buffer",
    isQuick: false,
    examine: async (bench) => {
      const broker = await startBroker(bench);
      const line = await openSlowLine(bench, { port: broker.port, bytesPerS: 400 });
      const centre = to(`mqtt://127.0.0.1:${line}`, ", needsSubscriber: false");
      const site = await openSite(bench, centre);
      await fillBuffer(site.home.dir, { owed: { messages: 5_000, everyMs: 300 } });
      await site.start();
      await site.until("a session", isConnected);
      return site.examine();
    },
  },
  {
    name: "somebody changed a signed configuration by hand",
    expected: "gateway.configuration-drift",
    isQuick: false,
    examine: changeSigned,
  },
  {
    name: "an update was cut off half-way",
    expected: "update.half-done",
    isQuick: false,
    examine: async (bench) => {
      const site = await openSite(bench);
      await site.start();
      const { main } = installSideBySide(bench.dir, { whole: "0.1.0", broken: "0.2.0" });
      return site.examine({ main });
    },
  },
  {
    name: "a new release is tried",
    expected: "update.on-trial",
    isQuick: false,
    examine: async (bench) => {
      const site = await openSite(bench);
      await site.start();
      const { main, root } = installSideBySide(bench.dir, { whole: "0.2.0" });
      const trial = "candidate=0.2.0\nprevious=0.1.0\ncounter=17\ntries=1\n";
      writeFileSync(join(root, "trial"), trial);
      return site.examine({ main });
    },
  },
  {
    name: "a new release did not do well",
    expected: "update.rolled-back",
    isQuick: false,
    examine: async (bench) => {
      const site = await openSite(bench);
      await site.start();
      const { main, root } = installSideBySide(bench.dir, { whole: "0.1.0" });
      const step = { at: Date.now() - 60_000, step: "rolled-back", release: "0.2.0" };
      const line = { ...step, boot: "b", from: "0.1.0", reason: "update.memory" };
      writeFileSync(join(root, "journal.jsonl"), `${JSON.stringify(line)}\n`);
      return site.examine({ main });
    },
  },
  {
    name: "nobody says which releases there are",
    expected: "update.stale",
    isQuick: false,
    examine: async (bench) => {
      const more = 'update: { urls: ["http://127.0.0.1:9/releases"], auto: download }';
      const site = await openSite(bench, { more });
      await site.start();
      const { main } = installSideBySide(bench.dir, { whole: "0.1.0" });
      return site.examine({ main });
    },
  },
  {
    name: "the gateway's key is gone",
    expected: "identity.missing",
    isQuick: false,
    examine: async (bench) => {
      const authority = openAuthority();
      const own = authority.issue({ name: "gw-test" });
      const tls = authority.issue({ name: "localhost" });
      const broker = await startBroker(bench, { tls, clientCa: authority.cert });
      const files = `ca: ${authority.cert}, cert: ${own.cert}, key: ${own.key}`;
      const site = await openSite(bench, to(broker.url, `, tls: { ${files} }`));
      chmodSync(own.key, 0o600);
      await site.start();
      await site.until("a session", isConnected);
      rmSync(own.key);
      return site.examine();
    },
  },
  {
    name: "the file of a password is gone",
    expected: "secret.missing",
    isQuick: false,
    examine: async (bench) => {
      const { site, file } = await withPassword(bench);
      rmSync(file);
      return site.examine();
    },
  },
  {
    name: "everybody can read a password",
    expected: "secret.open",
    isQuick: false,
    examine: async (bench) => {
      const { site, file } = await withPassword(bench);
      chmodSync(file, 0o644);
      return site.examine();
    },
  },
];

/** How long a busy machine may take to check and to try a configuration, in milliseconds. */
const CHECKED_MS = 60_000;

/** A site whose broker asks for no password and gets one. */
async function withPassword(bench: Bench) {
  const broker = await startBroker(bench);
  const file = join(bench.dir, "password");
  writeFileSync(file, "secret\n", { mode: 0o600 });
  const login = `, username: gw, password: "\${file:${file}}", needsSubscriber: false`;
  const site = await openSite(bench, to(broker.url, login));
  await site.start();
  await site.until("a session", isConnected);
  return { site, file };
}

/** A configuration comes signed and is kept; then the file is edited and the gateway restarted. */
async function changeSigned(bench: Bench) {
  const fleet = commander("fleet", ["configure"], "gw-test");
  const keys = `{ fleet: { key: "${fleet.key.publicKey}", may: [configure] } }`;
  const site = await openSite(bench, { more: `commands: { keys: ${keys} }` });
  const gateway = await site.start();
  await site.until("a value", ({ points: [point] }) => point?.quality === "good");
  const yaml = `${readFileSync(site.home.config, "utf8")}# Signed.\n`;
  const order = { kind: "configure", yaml, withinMs: 60_000, confirm: false };
  // One that is older than its memory a gateway refuses, and that begins ten seconds ahead.
  await sleep(1_000);
  const envelope = fleet.sign(order, Date.now() + 9_900);
  const socket = join(site.home.dir, "buffer", "control.sock");
  await callControl(socket, "command", { envelope }, CHECKED_MS);
  await gateway.waitFor(/configuration.*cause=healthy/, 60_000);
  const kept = (await site.home.status()).buffer.heads.events;
  await site.until("that stored", ({ buffer }) => buffer.heads.events >= kept);
  await gateway.end("SIGTERM");
  appendFileSync(site.home.config, "# By hand.\n");
  await site.start();
  await site.until("a value", ({ points: [point] }) => point?.quality === "good");
  return site.examine();
}
