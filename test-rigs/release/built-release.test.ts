import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import test from "ava";
import type { OutputName } from "../../edge/cli/json/outputs.ts";
import { outputSchema } from "../../edge/cli/json/page.ts";
import type { Status } from "../../edge/control/status.ts";
import type { JournalLine } from "../../edge/core/update-notes.ts";
import { callControl } from "../../edge/world/control-socket.ts";
import type { Application } from "../../ota/release/application.ts";
import { slotFiles, tarOf } from "../../ota/release/archive.ts";
import { bundleProgram, type ProgramBundle } from "../../ota/release/bundle.ts";
import { parseRelease, RELEASE_FILE } from "../../ota/release/manifest.ts";
import { startEnrolment } from "../centre/enrolment-server.ts";
import { newClaim } from "../centre/gateway-claim.ts";
import { until } from "../field/rig.ts";
import { openBroker } from "../plant/broker.ts";
import { modbusDevice } from "../plant/modbus-device.ts";
import { openModbusLine } from "../plant/modbus-server.ts";
import { openPty } from "../plant/pty.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { builtHere, CHECKOUT, installRelease, OWN_ARCH } from "./installed-release.ts";
import { UpdateSite } from "./update-story.ts";

const VERSION = "0.2.0";
/** Which documented output a word after `update` prints, where it is not that of an installation. */
const OUTPUTS: Readonly<Record<string, OutputName>> = {
  check: "updateCheck",
  status: "updateStatus",
  history: "updateHistory",
};
/** A machine that does much else starts a gateway slowly. */
const START_MS = 60_000;

let bundle: ProgramBundle;
let built: Application;
let root: string;
let launcher: string;

// One build for all: it is what takes time here.
test.before(async () => {
  bundle = await bundleProgram(CHECKOUT, OWN_ARCH);
  built = await builtHere(VERSION, 1, OWN_ARCH, bundle);
  root = tempDir("release");
  launcher = installRelease(root, VERSION, built.files);
});

/** Runs `lifeline` of the release to its end, far from the checkout. */
async function lifeline(...args: readonly string[]) {
  const child = startChild(launcher, args, { HOME: root });
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

test("what the program loads as it is needed has the names that it asks for", (t) => {
  const texts = new Map(
    built.files
      .filter(({ path }) => path.startsWith("app/") && path.endsWith(".js"))
      .map(({ path, bytes }) => [path, Buffer.from(bytes()).toString()]),
  );
  const asked = /\{ ([^{}]+) \} = await import\("\.\/([^"]+)"\)/g;
  let count = 0;
  for (const [path, text] of texts) {
    for (const [, names = "", from = ""] of text.matchAll(asked)) {
      const loaded = texts.get(`app/${from}`) ?? "";
      for (const name of names.split(",").map((each) => each.split(":")[0]?.trim())) {
        const gives =
          name === "default" ? /export default/ : new RegExp(`export \\{[^}]*\\b${name}\\b`);
        t.regex(loaded, gives, `${path} asks ${from} for ${name}`);
        count += 1;
      }
    }
  }
  t.true(count > 3);
});

test("a release has its gateway enrolled", async (t) => {
  t.timeout(120_000);
  const dir = tempDir("centre");
  const server = await startEnrolment(dir);
  t.teardown(() => server.close());
  const { dir: home, config } = gatewayHome(`buses: {}
enrolment: { url: "${server.url}", ca: ${server.authority.file}, claim: claim }`);
  writeFileSync(join(home, "claim"), newClaim(dir, "gw-test"));
  const { code, text } = await lifeline("provision", "enrol", "--config", config);
  t.is(code, 0, text);
  t.regex(text, /gw-test is enrolled/);
});

test("a release runs a gateway: serial line, buffer, alarms, board, page, papers", async (t) => {
  t.timeout(120_000);
  const gauge = modbusDevice(1, [{ area: "input", address: 0, type: "uint16", valueAt: () => 7 }]);
  const line = openModbusLine({ baud: 115_200, devices: [gauge] });
  t.teardown(() => line.close());
  const board = openPty();
  t.teardown(() => board.close());
  let asked = 0;
  board.onData = (bytes) => {
    asked += bytes.length;
  };
  const broker = await openBroker();
  t.teardown(() => broker.close());
  const { dir, config } = gatewayHome(`buses:
  line: { kind: modbus-rtu, port: ${line.path}, baud: 115200, timeout: 1s }
  node: { kind: firmata, port: ${board.path} }
devices:
  gauge: { bus: line, unit: 1, every: 500ms, points: { level: { area: input, address: 0, type: uint16 } } }
  node: { bus: node, every: 500ms, points: { volts: { pin: A0 } } }
alarms: { high: { point: gauge.level, high: 5, severity: red } }
panel: { listen: "127.0.0.1:48613" }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:${broker.port}" } }`);
  const gateway = startChild(launcher, ["run", "--config", config], { HOME: root });
  t.teardown(() => gateway.end("SIGKILL"));
  await gateway.waitFor(/gateway gw-test runs/, START_MS);
  const status = async () => (await callControl(`${dir}/buffer/control.sock`, "status")) as Status;
  await until("the alarm, the centre and the board", START_MS, async () => {
    const { alarms, destinations } = await status();
    const isActive = alarms.some(({ state }) => state === "unacknowledged");
    return isActive && destinations[0]?.state === "connected" && asked > 0;
  });
  t.is((await status()).release, VERSION);

  const acknowledged = await lifeline("alarms", "ack", "high", "--config", config);
  t.is(acknowledged.code, 0, acknowledged.text);
  const page = await fetch("http://127.0.0.1:48613/");
  t.regex(await page.text(), /<html/);
  const args = ["report", "commissioning", "--config", config, "--yes", "--out", dir];
  const made = await lifeline(...args, "--json", "--lang", "zh-CN");
  const told = JSON.parse(made.text);
  t.regex(readFileSync(told.files.pdf, "latin1"), /^%PDF-1.*NotoSansHans/s);
  const checked = await lifeline("check", "--config", config);
  t.is(checked.code, 0, checked.text);
  const doctor = await lifeline("doctor", "--quick", "--config", config);
  t.notRegex(doctor.text, /not whole|program error/i);
  await gateway.end("SIGTERM");
});

test("a stick brings a release, which is tried, kept, gone back from and taken again", async (t) => {
  t.timeout(240_000);
  const site = new UpdateSite();
  site.install(built);
  site.publish(await builtHere("0.3.0", 2, OWN_ARCH, bundle));
  const line = "buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }";
  const home = gatewayHome(`${line}\nupdate: { healthWindow: 10s }`);
  const watched = site.supervise(home.config, join(home.dir, "buffer"));
  t.teardown(() => watched.end("SIGTERM"));
  await watched.waitFor(/gateway gw-test runs/, START_MS);
  const update = async (...words: readonly string[]) => {
    const args = ["update", ...words, "--config", home.config, "--json"];
    const { code, text } = await site.lifeline(...args);
    t.is(code, 0, text);
    const schema = outputSchema(OUTPUTS[words[0] ?? ""] ?? "update", "closed");
    const isDocumented = new Ajv({ strict: false }).compile(schema);
    t.true(isDocumented(JSON.parse(text)), JSON.stringify(isDocumented.errors));
    return JSON.parse(text);
  };
  const from = ["--from", site.stick];
  t.like(await update("check", ...from), { version: "0.3.0", isNewer: true, isCurrent: false });
  t.like(await update("install", "--dry-run", ...from), { outcome: "dry-run" });
  t.is((await home.status()).release, VERSION);

  t.deepEqual(await update("install", ...from), {
    ...{ version: "0.3.0", outcome: "on-trial", why: null },
  });
  await watched.waitFor(/release 0\.3\.0 does well/, 90_000);
  t.like(await update("status"), { trial: { candidate: "0.3.0" }, current: "0.3.0" });
  t.like(await update("run"), { version: "0.3.0", outcome: "committed" });
  t.is((await home.status()).release, "0.3.0");
  t.like(await update("check", ...from), { isCurrent: true, bytesMax: 0 });

  t.like(await update("rollback", "--yes", "--reason", "the pump is not read"), {
    version: VERSION,
    outcome: "rolled-back",
  });
  await until("the release before", START_MS, async () => {
    const status = await home.status().catch(() => null);
    return status?.release === VERSION;
  });
  // It lies there still: nothing is fetched again.
  t.like(await update("install", ...from), { version: "0.3.0", outcome: "on-trial" });
  const { lines } = await update("history");
  const steps = lines.map(({ step, release }: JournalLine) => `${step} ${release}`);
  t.deepEqual(steps.slice(0, 5), [
    "installed 0.3.0",
    "activated 0.3.0",
    "tried 0.3.0",
    "committed 0.3.0",
    "rolled-back 0.3.0",
  ]);
  t.like(lines[4], { reason: "update.by-hand", note: "the pump is not read" });
});

test("every command of a release is there, in both languages, and the demo says where it is", async (t) => {
  t.is((await lifeline("--version")).text, VERSION);
  t.regex((await lifeline("scan", "--help", "--lang", "zh-CN")).text, /用法|总线/);
  const frame = await lifeline("decode", "modbus-rtu", "010300000002C40B", "--lang", "en");
  t.regex(frame.text, /check sum .* right/);
  t.regex((await lifeline("profiles")).text, /lifeline-node/);
  const demo = await lifeline("demo", "--lang", "en");
  t.is(demo.code, 2);
  t.regex(demo.text, /part of a checkout, not of an installed release/);
});

test("what is compiled is kept where whoever starts it may write, one release at a time", async (t) => {
  const home = tempDir("home");
  const start = async (env: Readonly<Record<string, string>>) =>
    await startChild(launcher, ["--version"], { NODE_COMPILE_CACHE: "", ...env }).exited;
  mkdirSync(join(home, ".cache/lifeline/node/0.1.0"), { recursive: true });
  t.is(await start({ HOME: home }), 0);
  t.deepEqual(readdirSync(join(home, ".cache/lifeline/node")), [VERSION]);
  const own = join(home, "own");
  t.is(await start({ CACHE_DIRECTORY: own, HOME: "" }), 0);
  t.deepEqual(readdirSync(join(own, "node")), [VERSION]);
  t.is(await start({ HOME: "" }), 0);
  t.deepEqual(readdirSync(join(root, "current/app")).includes("node_modules"), true);
  t.deepEqual(readdirSync(join(root, "current/app/node_modules")), ["@embedpdf"]);
});

test("a release lists all that is in it; packed anew where it is installed it is the same", (t) => {
  const slot = join(root, "releases", VERSION);
  const { files } = parseRelease(readFileSync(join(slot, RELEASE_FILE)));
  t.is(Object.keys(files).length + 1, built.files.length);
  t.is(Buffer.compare(tarOf(slotFiles(slot, RELEASE_FILE)), tarOf(built.files)), 0);
  const natives = Object.keys(files).filter((path) => path.endsWith(".node"));
  // e_machine of the header: 183 is AArch64, 62 is x86-64.
  const machine = OWN_ARCH === "arm64" ? 183 : 62;
  t.deepEqual(
    natives.map((path) => readFileSync(join(slot, path)).readUInt16LE(18)),
    [machine, machine],
    "only the native parts of this processor",
  );
  t.false(Object.keys(files).some((path) => /test-rigs|\.test\.|esbuild/.test(path)));
});

test("the same sources are the same bytes", async (t) => {
  t.is(Buffer.compare(tarOf((await builtHere(VERSION)).files), tarOf(built.files)), 0);
});

test("a small change of the sources is a small update", async (t) => {
  const copy = tempDir("changed");
  for (const name of ["edge", "drivers", "config", "buffer", "ota", "tsconfig.json"]) {
    cpSync(join(CHECKOUT, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(CHECKOUT, "node_modules"), join(copy, "node_modules"));
  const { files: before } = await bundleProgram(copy, OWN_ARCH);
  // What every part of the program imports, so that all would be renamed by their contents.
  const file = join(copy, "edge/core/errors.ts");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("the bus could not be opened", "the bus cannot be opened now"));
  const { files: after } = await bundleProgram(copy, OWN_ARCH);
  t.deepEqual([...after.keys()].toSorted(), [...before.keys()].toSorted());
  const changed = [...after].filter(([name, bytes]) => {
    return Buffer.compare(bytes, before.get(name) ?? Buffer.of()) !== 0;
  });
  t.deepEqual(
    changed.map(([name]) => name),
    ["shared-edge-core-ota-errors.js"],
  );
});
