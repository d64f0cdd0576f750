import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import process from "node:process";
import { Ajv } from "ajv";
import test, { type ExecutionContext } from "ava";
import { OUTPUT_NAMES, type OutputName } from "../../edge/cli/json/outputs.ts";
import { outputSchema } from "../../edge/cli/json/page.ts";
import { smallImage } from "../../ota/image/small-image.ts";
import { openBroker } from "../plant/broker.ts";
import { openOutputModule } from "../plant/output-module.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

/** What takes a board, a minute, or a configuration that was replaced, which other tests have. */
const ELSEWHERE: readonly OutputName[] = [
  "nodeFlash",
  "demo",
  "configDiff",
  "calibrate",
  "calibrations",
  // Of releases that are installed: test-rigs/release.
  "update",
  "updateConfig",
  "updateCheck",
  "updateStatus",
  "updateHistory",
  // Of a repository: edge/cli/release.test.ts.
  "releaseKey",
  "releaseDrafts",
  "releasePublished",
  "releaseVerified",
];

const ajv = new Ajv({ strict: false });

/** What of `texts`, one JSON text each, is not documented of `name`; nothing where all is. */
function undocumented(name: OutputName, texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return [`${name}: nothing was printed`];
  const isRight = ajv.compile(outputSchema(name, "closed"));
  return texts.flatMap((text) => {
    if (isRight(JSON.parse(text))) return [];
    return `${name}: ${JSON.stringify(isRight.errors?.slice(0, 3))} in ${text.slice(0, 1000)}`;
  });
}

/** A gateway that has something of everything to tell: an alarm, an interlock, a destination. */
async function siteOf(t: ExecutionContext) {
  const stack = new AsyncDisposableStack();
  t.teardown(() => stack.disposeAsync());
  const open = async <Each extends { close(): unknown }>(opening: Promise<Each>) => {
    const each = await opening;
    stack.defer(async () => void (await each.close()));
    return each;
  };
  const gas = await open(openOutputModule());
  const valve = await open(openOutputModule());
  const broker = await open(openBroker());
  const tcp = (port: number) => `{ kind: modbus-tcp, host: 127.0.0.1, port: ${port} }`;
  const home = gatewayHome(`
buses: { sense: ${tcp(gas.port)}, act: ${tcp(valve.port)} }
devices:
  gas-1: { bus: sense, unit: 1, every: 200ms, points: { gas: { area: holding, address: 0, type: uint16 } } }
  valve-1: { bus: act, unit: 1, every: 500ms, points: { shut: { area: coil, address: 0, type: bool, write: true } } }
alarms: { gas-high: { point: gas-1.gas, high: 50, severity: red, interlock: shut-off } }
interlocks: { shut-off: { write: valve-1.shut, value: true, retryEvery: 100ms } }
destinations: { centre: { kind: mqtt, url: "mqtt://127.0.0.1:${broker.port}" } }`);
  const gateway = await home.start();
  stack.defer(() => gateway.end("SIGKILL"));
  gas.registers[0] = 60;
  const isTripped = async () => (await home.status()).interlocks[0]?.state === "tripped";
  await until("the interlock to trip", 30_000, isTripped);
  return { ...home, gateway };
}

test.serial(
  "what every command prints for programs is what is documented, and no more",
  async (t) => {
    t.timeout(400_000);
    const home = await siteOf(t);
    const { config, dir } = home;
    const wrong: string[] = [];
    const covered = new Set<OutputName>(ELSEWHERE);
    const prints = async (name: OutputName, line: string) => {
      covered.add(name);
      const child = startChild(process.execPath, [MAIN, ...line.split(" "), "--json"], {
        PWD: dir,
      });
      await child.exited;
      // Which card of how many it is, is told to whoever stands there, on the other stream.
      const isFlash = name === "flash";
      const lines = child.lines.filter((text) => !isFlash || text.startsWith("{"));
      wrong.push(...undocumented(name, lines));
    };
    const here = async (name: OutputName, line: string) =>
      await prints(name, `${line} --config ${config}`);
    await here("status", "status");
    await here("doctor", "doctor --quick");
    await here("events", "events");
    await here("run", "log");
    await here("watch", "watch --once");
    await here("alarms", "alarms");
    await here("alarmAct", "alarms ack gas-high");
    await here("alarmHistory", "alarms history");
    await here("alarmStats", "alarms stats");
    await here("interlocks", "interlock");
    await here("interlockAct", "interlock override shut-off --for 30m --reason test --yes");
    await here("chainAudit", "interlock audit");
    await here("buffer", "buffer");
    await here("bufferVerify", "buffer verify");
    await here("bufferExport", `buffer export --out ${dir}/all.csv`);
    await here("check", "check");
    await here("config", "config");
    await here("read", "read gas-1.gas");
    await here("read", "read sense 1 holding 0 2");
    await here("readPdu", "read sense 1 --pdu 03 00 00 00 01");
    await here("write", "write valve-1.shut false --yes");
    await here("writeRaw", "write sense 1 holding 5 9 --type uint16 --yes");
    await here("trace", "trace sense --past --seconds 0");
    await here("scan", "scan sense --units 1-2");
    await here("identify", "identify sense 1 --for 10s --addresses 0-3");
    await here("report", `report commissioning --out ${dir}/papers`);
    const [paper = ""] = readdirSync(`${dir}/papers`);
    await here("reportVerify", `report verify ${dir}/papers/${paper}`);
    await here("bundle", `bundle --out ${dir}/bundle.tar.gz`);
    await here("profiles", "profiles level");
    await here("profile", "profiles hydreon-rg-15");
    await here("completionWords", "completion --words points");
    await here("failure", "config diff 7");
    writeFileSync(`${dir}/order.json`, "{}");
    await here("carriedOut", `command ${dir}/order.json`);
    await here("provisionCsr", "provision csr");
    await here("provision", "provision");
    writeFileSync(`${dir}/sites.csv`, "id,name\ngw-1,One\n");
    writeFileSync(`${dir}/form.yaml`, "gateway: { id: {{ id }} }\n");
    await prints(
      "provisionBatch",
      `provision batch ${dir}/sites.csv --template ${dir}/form.yaml --out ${dir}/batch`,
    );
    smallImage(`${dir}/small.img`);
    await prints("flash", `flash ${dir}/small.img --batch ${dir}/batch --images ${dir}/cards`);
    await prints("flashCards", "flash");
    await here("updatePreflight", "update preflight");
    mkdirSync(`${dir}/centre`);
    await prints("fleet", `fleet list --dir ${dir}/centre`);
    await home.gateway.end("SIGTERM");
    await here("offline", "status");
    await here("offline", "alarms");
    await prints("completion", "completion bash");
    await prints("man", "man");
    await prints("decode", "decode modbus-rtu 01 03 00 00 00 02 C4 0B");
    await prints("failure", "nothing");
    await prints("failure", "status --config nowhere.yaml");
    covered.add("keyPair");
    const keys = [MAIN, "command", "keygen", "dispatcher", "--json"];
    const made = execFileSync(process.execPath, keys, { cwd: dir, encoding: "utf8" });
    wrong.push(...undocumented("keyPair", [made]));
    t.deepEqual(wrong, []);
    const left: readonly OutputName[] = OUTPUT_NAMES.filter((name) => !covered.has(name));
    t.deepEqual(left, []);
  },
);

test.serial("every line of a gateway's log for programs is what is documented", async (t) => {
  const { config } = gatewayHome(
    "buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }\n" +
      "devices: { d: { bus: main, unit: 1, points: { x: { area: coil, address: 0, type: bool, every: 1s } } } }",
  );
  const gateway = startChild(process.execPath, [MAIN, "run", "--config", config, "--json"]);
  await gateway.waitFor(/gateway gw-test runs/, 60_000);
  await gateway.end("SIGTERM");
  t.deepEqual(undocumented("run", gateway.lines), []);
});
