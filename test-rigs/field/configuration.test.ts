import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import test from "ava";
import { connectAsync } from "mqtt";
import { commander } from "../centre/commander.ts";
import { openOutputModule } from "../plant/output-module.ts";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

const TOPIC = "lifeline/v1/gw-test";

type Test = { teardown(end: () => unknown): void; timeout(ms: number): void };
type Message = Readonly<Record<string, unknown>>;

async function lifeline(...args: readonly string[]) {
  const child = startChild(process.execPath, [MAIN, ...args, "--lang", "en"]);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

/** A gateway that runs, and a fleet operator who may change its configuration through a broker. */
async function rig(t: Test) {
  t.timeout(240_000);
  const fleet = commander("fleet", ["configure"], "gw-test");
  const module = await openOutputModule(2);
  t.teardown(() => module.close());
  const broker = await startMosquitto();
  t.teardown(() => broker.close());
  const { publicKey } = fleet.key;
  const home = gatewayHome(
    `buses: { out: { kind: modbus-tcp, host: 127.0.0.1, port: ${module.port} } }
devices: { gas: { bus: out, unit: 1, every: 100ms, points: { low: { area: holding, address: 0, type: uint16 } } } }
alarms: { high: { point: gas.low, high: 50, severity: red } }
destinations: { centre: { kind: mqtt, url: "${broker.url}", commands: true } }
commands: { keys: { fleet: { key: "${publicKey}", may: [configure] } } }`,
    { isSynced: true },
  );
  const centre = await connectAsync(broker.url, { protocolVersion: 5 });
  t.teardown(() => centre.endAsync(true));
  const results: Message[] = [];
  const events: Message[] = [];
  const times: number[] = [];
  const seqs: number[] = [];
  centre.on("message", (topic, payload) => {
    const message = JSON.parse(payload.toString());
    if (topic === `${TOPIC}/results`) results.push(message);
    else if (topic === `${TOPIC}/events`) events.push(message);
    else if (/(readings|backlog)$/.test(topic)) {
      seqs.push(message.seq);
      for (const { point, t: offsets } of message.series) {
        if (point !== "gas.low") continue;
        times.push(...offsets.map((offset: number) => message.at + offset));
      }
    }
  });
  await centre.subscribeAsync(`${TOPIC}/+`, { qos: 1 });
  const start = async () => {
    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    return gateway;
  };
  const gateway = await start();
  /** Gives an order; resolves with its result. */
  const order = async (what: object) => {
    const text = fleet.sign(what, Date.now() + 9_900);
    const id = `fleet-${++given}`;
    await centre.publishAsync(`${TOPIC}/commands`, text, { qos: 1 });
    const found = () => results.find((result) => result.id === id);
    await until(`a result of ${id}`, 60_000, () => found() !== undefined);
    return found() as Message;
  };
  let given = 0;
  await until("the gateway to listen", 30_000, async () => {
    if (results.length === 0) await centre.publishAsync(`${TOPIC}/commands`, "{}", { qos: 1 });
    return results.length > 0 && times.length > 5;
  });
  const file = () => readFileSync(home.config, "utf8");
  const turnsOf = (kind: string) =>
    events.filter((event) => event.kind === kind).map(({ to, cause }) => `${to} ${cause}`);
  return { gateway, start, module, home, order, file, results, events, times, seqs, turnsOf };
}

const withMore = (yaml: string) =>
  yaml.replace(
    "points: { low:",
    "points: { more: { area: holding, address: 1, type: uint16 }, low:",
  );

test("a configuration that is confirmed and does well is kept, and the gateway is blind for moments only", async (t) => {
  const { module, home, order, file, times, seqs, turnsOf, events, gateway } = await rig(t);
  module.registers[0] = 60;
  await until("the alarm", 20_000, () => events.some(({ alarm }) => alarm === "high"));
  const before = file();
  const asked = await order({ kind: "configure", yaml: withMore(before), withinMs: 60_000 });
  t.like(asked, { outcome: "done" });
  t.like(asked.result, { state: "trial", confirm: true, read: { good: 2, bad: 0, untried: 0 } });
  t.is(file(), before);
  await until("the trial to begin", 30_000, () => turnsOf("gateway").includes("trial command"));
  const { configuration } = asked.result as { readonly configuration: string };
  t.like(await order({ kind: "confirm", configuration }), { outcome: "done" });
  await until("it to be kept", 60_000, () => turnsOf("gateway").includes("kept confirmed"));
  t.is(file(), withMore(before));
  t.false(existsSync(`${home.config}.candidate`));
  // The alarm went on as it was: it was told once.
  t.is(events.filter(({ alarm }) => alarm === "high").length, 1);
  const { points, alarms } = await home.status();
  t.true(points.some(({ point, quality }) => point === "gas.more" && quality === "good"));
  t.like(alarms, [{ alarm: "high", state: "unacknowledged" }]);
  const sorted = times.toSorted((a, b) => a - b);
  const blindMs = Math.max(...sorted.slice(1).map((at, i) => at - (sorted[i] as number)));
  t.log(`blind for ${blindMs} ms`);
  t.true(blindMs < 20_000, `${blindMs}`);
  const known = new Set(seqs);
  t.is(known.size, Math.max(...seqs), "no gap, over both configurations");

  const list = await lifeline("config", "--config", home.config);
  t.regex(list.text, /^ +1 +20\d\d-/m);
  const diff = await lifeline("config", "diff", "--config", home.config);
  t.regex(diff.text, /^\+.*more/m);
  const back = await lifeline("config", "rollback", "--config", home.config, "--json");
  t.is(back.code, 0, back.text);
  await until("it to be back", 60_000, () => turnsOf("gateway").includes("kept healthy"));
  t.is(file(), before);
  t.is(
    gateway.lines.filter((line) => /runs: /.test(line) || /gateway gw-test runs/.test(line)).length,
    3,
  );
});

test("a configuration that loses the destination is given up by itself, as is one that is not confirmed", async (t) => {
  const { order, file, turnsOf, home } = await rig(t);
  const before = file();
  const lost = before.replace(/url: "[^"]*"/, 'url: "mqtt://127.0.0.1:9"');
  t.like(await order({ kind: "configure", yaml: lost, withinMs: 30_000, confirm: false }), {
    outcome: "done",
  });
  await until("it to be given up", 90_000, () => turnsOf("gateway").includes("reverted unhealthy"));
  t.is(file(), before);
  const unconfirmed = { kind: "configure", yaml: withMore(before), withinMs: 30_000 };
  t.like(await order(unconfirmed), { outcome: "done" });
  await until("it to be given up", 90_000, () =>
    turnsOf("gateway").includes("reverted unconfirmed"),
  );
  t.is(file(), before);
  t.false((await home.status()).points.some(({ point }) => point === "gas.more"));
});

test("a process that dies of a trial goes on with the configuration before, and says so", async (t) => {
  const { gateway, start, order, file, turnsOf, home } = await rig(t);
  const before = file();
  await order({ kind: "configure", yaml: withMore(before), withinMs: 600_000 });
  await until("the trial to begin", 30_000, () => turnsOf("gateway").includes("trial command"));
  t.true(existsSync(`${home.config}.trial`));
  await gateway.end("SIGKILL");
  await start();
  await until("it to be told", 30_000, () => turnsOf("gateway").includes("reverted restart"));
  t.is(file(), before);
  t.false(existsSync(`${home.config}.trial`));
  t.false((await home.status()).points.some(({ point }) => point === "gas.more"));
});

test("what lifeline check refuses, is for another gateway, or of which no point answers is not tried", async (t) => {
  const { order, file, turnsOf, home } = await rig(t);
  const before = file();
  const refusals: readonly (readonly [string, RegExp])[] = [
    [before.replace("area: holding", "area: holdin"), /check refuses it/],
    [before.replace("id: gw-test", "id: gw-other"), /it is for gw-other/],
    [before.replace("/buffer", "/other"), /buffer\.dir/],
    [before.replace("address: 0", "address: 900"), /no point of it could be read/],
  ];
  for (const [yaml, detail] of refusals) {
    const result = await order({ kind: "configure", yaml });
    t.like(result, { outcome: "refused", code: "config.invalid" });
    t.regex(String(result.detail), detail);
  }
  const nothing = await order({ kind: "confirm", configuration: "sha256:0" });
  t.like(nothing, { outcome: "refused", code: "command.failed" });
  t.is(file(), before);
  t.false(existsSync(`${home.config}.candidate`));
  t.false(turnsOf("gateway").some((turn) => /trial|kept|reverted/.test(turn)));
});

test("a file that is not there is no configuration in use", async (t) => {
  const { code, text } = await lifeline("config", "--config", "/nowhere/gateway.yaml");
  t.is(code, 1);
  t.regex(text, /cannot be read.*config\.unreadable/);
  t.regex(text, /no file \/nowhere\/gateway\.yaml/);
});
