import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test, { type ExecutionContext } from "ava";
import { connect } from "mqtt";
import { callControl } from "../../edge/world/control-socket.ts";
import { certsOnly, openAuthority } from "../centre/authority.ts";
import { openBroker } from "../plant/broker.ts";
import { openEchoBroker } from "../plant/echo-broker.ts";
import { openEcho } from "../plant/echo-server.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { freePort } from "../processes/mosquitto.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

/** Every secret that is planted, by where it stands. */
const PLANTED = {
  claim: "S3CRT-CLA1M-0FTHE-CARD0-00001",
  stick: "S3CRT-CLA1M-0FTHE-ST1CK-00002",
  broker: "s3cret of the broker",
  five: "s3cret of the broker of MQTT 5",
  user: "s3cret-user-of-the-environment",
  token: "s3cret/token+of~the=server",
  pin: "s3cret-pin",
} as const;

/** Secrets where none may stand. */
const MISPLACED = {
  inUrl: "s3cret-in-a-url",
  inEnrolment: "s3cret-in-the-enrolment",
  inMetrics: "s3cret-in-the-metrics",
  inText: "s3cret-in-the-text",
  inToken: "s3cret-in-the-token",
  inPin: "s3cret-in-the-pin",
} as const;

type Secrets = Readonly<Record<string, string>>;

/** What was told, by where. */
class Told {
  readonly #texts = new Map<string, string>();

  add(where: string, text: string): void {
    this.#texts.set(where, `${this.#texts.get(where) ?? ""}\n${text}`);
  }

  of(where: string): string {
    return this.#texts.get(where) ?? "";
  }

  /** Which of `secrets` stands where, in any form. */
  leaks(secrets: Secrets): readonly string[] {
    return [...this.#texts].flatMap(([where, text]) =>
      Object.entries(secrets).flatMap(([name, secret]) =>
        formsOf(secret)
          .filter((form) => text.includes(form))
          .map((form) => `${name} in ${where}: ${around(text, form)}`),
      ),
    );
  }
}

/** As it is, in a URL, in digits, in base64 alone and behind the gateway's id. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const basic = Buffer.from(`gw-test:${secret}`).toString("base64");
  const base64 = [bytes.toString("base64"), bytes.toString("base64url"), basic];
  const forms = [secret, encodeURIComponent(secret), bytes.toString("hex")];
  return [...new Set([...forms, ...base64.map((text) => text.replace(/=+$/, ""))])];
}

function around(text: string, form: string): string {
  const at = text.indexOf(form);
  return text.slice(Math.max(0, at - 120), at + form.length + 40);
}

/** A gateway with a secret wherever one can stand, whose servers repeat what they are sent. */
async function site(t: ExecutionContext) {
  const stack = new AsyncDisposableStack();
  t.teardown(() => stack.disposeAsync());
  const dir = tempDir("secrets");
  const put = (name: string, text: string) => {
    writeFileSync(join(dir, name), `${text}\n`, { mode: 0o600 });
    return join(dir, name);
  };
  const authority = await openAuthority(join(dir, "authority"));
  const roots = certsOnly([authority.root.toString("pem")]);
  const est = await openEcho(roots, await authority.forServer());
  stack.defer(() => est.close());
  const web = await openEcho();
  stack.defer(() => web.close());
  const five = await openEchoBroker();
  stack.defer(() => five.close());
  const broker = await openBroker();
  stack.defer(() => broker.close());
  const [panel, metrics] = [await freePort(), await freePort()];
  const yaml = `
buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: ${await freePort()} } }
devices: { gas: { bus: line, unit: 1, points: { gas: { area: input, address: 0, type: uint16, every: 1s } } } }
alarms: { gas-high: { point: gas.gas, high: 50, severity: red } }
enrolment: { url: "https://localhost:${est.port}", ca: ${authority.file}, claim: ${put("claim", PLANTED.claim)} }
panel: { listen: "127.0.0.1:${panel}", pin: "\${file:${put("pin", PLANTED.pin)}}" }
metrics: { listen: "127.0.0.1:${metrics}" }
destinations:
  centre: { kind: mqtt, url: "mqtt://127.0.0.1:${broker.port}", username: "\${env:PLANTED_USER}", password: "\${file:${put("password", PLANTED.broker)}}" }
  five: { kind: mqtt, version: 5, url: "mqtt://127.0.0.1:${five.port}", username: gw, password: "\${file:${put("five", PLANTED.five)}}" }
  web: { kind: http, url: "http://127.0.0.1:${web.port}/in", token: "\${file:${put("token", PLANTED.token)}}" }`;
  // As a supervisor leaves one that it has sealed, and opened again for the gateway.
  mkdirSync(join(dir, "opened"));
  renameSync(join(dir, "token"), join(dir, "opened", "token"));
  put("token.sealed", "Whxqht+d");
  const told = new Told();
  const home = gatewayHome(yaml, { env: { PLANTED_USER: PLANTED.user } });
  const centre = connect(`mqtt://127.0.0.1:${broker.port}`, { protocolVersion: 4 });
  stack.defer(() => centre.endAsync());
  centre.on("message", (topic, payload) => told.add(`broker ${topic}`, String(payload)));
  await centre.subscribeAsync("#", { qos: 1 });
  const gateway = await home.start();
  stack.defer(() => gateway.end("SIGKILL"));
  return {
    ...{ dir, put, home, gateway, told, panel, metrics },
    env: { PLANTED_USER: PLANTED.user },
  };
}

type Site = Awaited<ReturnType<typeof site>>;

/** Runs `lifeline` with the words of `line`, and takes down what it prints and runs with. */
async function says(
  { told, env = {} }: Pick<Site, "told"> & { readonly env?: Secrets },
  line: string,
): Promise<void> {
  const child = startChild(process.execPath, [MAIN, ...line.split(" ")], env);
  const timer = setInterval(() => told.add("arguments", argumentsNow()), 50);
  await child.exited;
  clearInterval(timer);
  told.add(line, child.lines.join("\n"));
}

/** The arguments of every process that can be seen. */
function argumentsNow(): string {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.map((pid) => textOf(`/proc/${pid}/cmdline`)).join("\n");
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

/** Takes down every file below `dir` but those of the identity. */
function files({ told }: Pick<Site, "told">, dir: string, what: string): void {
  for (const each of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const file = join(each.parentPath, each.name);
    if (each.isFile() && !file.includes("/identity/")) told.add(`${what} ${file}`, textOf(file));
  }
}

/** What whoever is near the box sees of the page, and who watches it of its figures. */
async function pages({ told, panel, metrics }: Site): Promise<void> {
  const headers = { "content-type": "application/json", "x-lifeline-panel": "1" };
  const at = `http://127.0.0.1:${panel}`;
  for (const pin of ["wrong-pin", PLANTED.pin]) {
    const body = JSON.stringify({ pin });
    const answer = await fetch(`${at}/api/session`, { method: "POST", headers, body });
    told.add("page session", JSON.stringify([...answer.headers]) + (await answer.text()));
  }
  const shown = ["/", "/api/state", "/api/trends", "/api/doctor"].map((path) => `${at}${path}`);
  for (const url of [...shown, `http://127.0.0.1:${metrics}/metrics`]) {
    told.add(url, await (await fetch(url)).text());
  }
}

test("no secret comes out of a gateway, whatever its servers repeat and whoever asks", async (t) => {
  t.timeout(600_000);
  const place = await site(t);
  const { dir, put, home, gateway, told } = place;
  const key = () => textOf(join(home.dir, "buffer/identity/key.pem")).split("\n")[1] ?? "";
  await until("the claim and a message are refused", 60_000, () => {
    const isTold = gateway.lines.some((line) => line.includes("the server refuses a message"));
    const isEchoed = gateway.lines.some((line) => /five.*(password|login|user)/i.test(line));
    return (
      isTold && isEchoed && told.of("broker lifeline/v1/gw-test/events").includes("enrol.answer")
    );
  });
  t.true(key().length > 60, "there is a key");
  const here = `--config ${home.config}`;
  await pages(place);
  for (const line of [
    ...["status", "doctor --quick", "log"],
    ...["status --json", "doctor --quick --json", "events --json", "config --json"],
    ...["provision enrol", `provision enrol --json --claim ${put("stick", PLANTED.stick)}`],
    `buffer export --out ${dir}/all.csv`,
    `bundle --out ${dir}/bundle.tar.gz`,
  ]) {
    await says(place, `${line} ${here}`);
  }
  mkdirSync(join(dir, "bundle"));
  execFileSync("tar", ["xzf", join(dir, "bundle.tar.gz"), "-C", join(dir, "bundle")]);
  told.add("export", textOf(join(dir, "all.csv")));
  const socket = join(home.dir, "buffer", "control.sock");
  told.add("control", JSON.stringify(await callControl(socket, "status")));
  await gateway.end("SIGTERM");
  const crashed = await home.start();
  await crashed.end("SIGABRT");
  told.add("log of the run", [...gateway.lines, ...crashed.lines].join("\n"));
  files(place, home.dir, "left by the crash");
  files(place, join(home.dir, "buffer"), "kept");
  files(place, join(dir, "bundle"), "bundle");
  t.regex(told.of("broker lifeline/v1/gw-test/events"), /enrol\.answer/, "the centre was told");
  t.deepEqual(told.leaks({ ...PLANTED, key: key() }), []);
});

test("a secret that stands where none may is refused, and not repeated", async (t) => {
  t.timeout(300_000);
  const [told, dir] = [new Told(), tempDir("misplaced")];
  const config = join(dir, "gateway.yaml");
  writeFileSync(
    config,
    `gateway: { id: gw-test }
buffer: { dir: ${dir}/buffer }
buses: { line: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }
devices: { gas: { bus: line, unit: 1, points: { gas: { area: input, address: 0, type: uint16 } } } }
enrolment: { url: "https://gw:${MISPLACED.inEnrolment}@127.0.0.1:1", claim: claim }
panel: { listen: "127.0.0.1:1", pin: "${MISPLACED.inPin}" }
metrics: { otlp: { url: "http://gw:${MISPLACED.inMetrics}@127.0.0.1:1/v1" } }
destinations:
  centre: { kind: mqtt, url: "mqtt://gw:${MISPLACED.inUrl}@127.0.0.1:1", password: "${MISPLACED.inText}" }
  web: { kind: http, url: "http://gw:${MISPLACED.inUrl}@127.0.0.1:1/", token: "${MISPLACED.inToken}" }
`,
  );
  for (const line of ["check", "check --json", "run"]) {
    await says({ told }, `${line} --config ${config}`);
  }
  t.deepEqual(told.leaks(MISPLACED), []);
  const codes = told.of(`check --json --config ${config}`);
  for (const path of ["enrolment.url", "metrics.otlp.url", "centre.url", "centre.password"]) {
    t.true(codes.includes(path), `${path} is told of: ${codes}`);
  }
});
