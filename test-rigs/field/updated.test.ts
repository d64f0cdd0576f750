import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import Database from "better-sqlite3";
import { MIGRATIONS } from "../../buffer/schema.ts";
import { verdictIn } from "../../edge/core/update-notes.ts";
import type { Permission } from "../../edge/update/permission.ts";
import { callControl } from "../../edge/world/control-socket.ts";
import { installSideBySide } from "../faults/installed.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { SOURCES } from "../processes/program.ts";
import { until } from "./rig.ts";

const NOWHERE = "buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }";
const TRIAL = "candidate=0.2.0\nprevious=0.1.0\ncounter=17\ntries=1\nlayer=application\n";

test("a candidate from a slot judges itself, is kept, and ends to be started anew when told to", async (t) => {
  t.timeout(120_000);
  const { root, main } = installSideBySide(tempDir("install"), { whole: "0.2.0" });
  const home = gatewayHome(`${NOWHERE}\nupdate: { healthWindow: 10s }`);
  const socket = join(home.dir, "buffer", "control.sock");
  const state = join(home.dir, "buffer", "update");
  mkdirSync(state, { recursive: true });
  const before = { v: 1, at: Date.now(), buses: [], destinations: [], isStoring: true };
  writeFileSync(join(state, "before.json"), JSON.stringify(before));
  writeFileSync(join(root, "trial"), TRIAL);
  // Somebody watches over it, though nobody listens.
  const env = { NOTIFY_SOCKET: join(home.dir, "nobody") };
  const run = [main, "run", "--config", home.config, "--lang", "en"];
  const gateway = startChild(process.execPath, run, env);
  t.teardown(() => gateway.end("SIGKILL"));
  await gateway.waitFor(/gateway gw-test runs/, 60_000);
  const trial = (await home.status()).update?.trial;
  t.like(trial, { previous: "0.1.0", state: "judged" });
  const verdict = () => {
    const file = join(state, "verdict");
    return existsSync(file) ? verdictIn(readFileSync(file, "utf8")) : null;
  };
  await until("it to judge itself", 40_000, () => verdict() !== null);
  t.like(verdict(), { release: "0.2.0", verdict: "healthy", reason: "offline" });
  const line = { at: Date.now(), boot: "b", step: "committed", release: "0.2.0", from: "0.1.0" };
  writeFileSync(join(root, "journal.jsonl"), `${JSON.stringify(line)}\n`);
  rmSync(join(root, "trial"));
  await until("it to be kept", 40_000, async () => {
    const { update } = await home.status();
    return update?.trial === null && update.last?.step === "committed";
  });
  await gateway.waitFor(/release 0\.2\.0 is kept/, 10_000);
  const ask = (method: string) => callControl(socket, method, { release: "0.3.0" });
  t.true(((await ask("update.permit")) as Permission).permitted);
  t.true(((await ask("update.restart")) as Permission).permitted);
  t.is(await gateway.exited, 75);
  t.deepEqual(JSON.parse(readFileSync(join(state, "before.json"), "utf8")).destinations, []);
});

test("a gateway that nobody updates loads nothing of it", async (t) => {
  t.timeout(120_000);
  const dir = tempDir("loads");
  const [hook, loads] = [join(dir, "hook.mjs"), join(dir, "loads")];
  const code = `import { registerHooks } from "node:module";
import { appendFileSync } from "node:fs";
const load = (url, context, next) => (appendFileSync(${JSON.stringify(loads)}, url + "\\n"), next(url, context));
registerHooks({ load });`;
  writeFileSync(hook, code);
  const loaded = async (yaml: string) => {
    rmSync(loads, { force: true });
    const home = gatewayHome(`${NOWHERE}\n${yaml}`, { main: SOURCES });
    const gateway = await home.start({ NODE_OPTIONS: `--import=${hook}` });
    await home.status();
    await gateway.end("SIGTERM");
    const urls = readFileSync(loads, "utf8").split("\n");
    return urls.filter((url) => /\/(edge\/update|ota|edge\/world\/identity)\//.test(url));
  };
  t.deepEqual(await loaded(""), []);
  t.true((await loaded("update: {}")).some((url) => url.endsWith("/updating.ts")));
});

test("a candidate that cannot run leaves why, so that the one before comes back at once", async (t) => {
  t.timeout(120_000);
  const { root, main } = installSideBySide(tempDir("install"), { whole: "0.2.0" });
  writeFileSync(join(root, "trial"), TRIAL);
  const home = gatewayHome(`${NOWHERE}\nflies: true`);
  const state = join(home.dir, "buffer");
  mkdirSync(state);
  const run = [main, "run", "--config", home.config, "--lang", "en"];
  const refused = startChild(process.execPath, run, { STATE_DIRECTORY: state });
  t.teardown(() => refused.end("SIGKILL"));
  t.is(await refused.exited, 1);
  const verdict = () => verdictIn(readFileSync(join(state, "update", "verdict"), "utf8"));
  t.like(verdict(), { release: "0.2.0", verdict: "unhealthy", reason: "config.invalid" });
  // A buffer that only a later release can use.
  const usable = gatewayHome(NOWHERE);
  const later = join(usable.dir, "buffer");
  mkdirSync(later);
  const db = new Database(join(later, "lifeline.db"));
  for (const sql of MIGRATIONS) db.exec(sql);
  db.pragma("user_version = 999");
  db.close();
  const again = [main, "run", "--config", usable.config, "--lang", "en"];
  const unable = startChild(process.execPath, again);
  t.teardown(() => unable.end("SIGKILL"));
  t.is(await unable.exited, 1);
  const found = verdictIn(readFileSync(join(later, "update", "verdict"), "utf8"));
  t.like(found, { verdict: "unhealthy", reason: "buffer.version" });
});
