import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "ava";
import Database from "better-sqlite3";
import { connectAsync } from "mqtt";
import { type Commander, commander } from "../centre/commander.ts";
import { openOutputModule } from "../plant/output-module.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { startMosquitto } from "../processes/mosquitto.ts";
import { MAIN } from "../processes/program.ts";
import { findUndocumented } from "../receiver/documented.ts";
import { until } from "./rig.ts";

const TOPIC = "lifeline/v1/gw-test";

type Test = { teardown(end: () => unknown): void; timeout(ms: number): void };
type Message = Readonly<Record<string, unknown>>;

/** Runs `lifeline` with `args` in `cwd` to its end. */
async function lifeline(cwd: string, ...args: readonly string[]) {
  const script = `cd '${cwd}' && exec '${process.execPath}' '${MAIN}' "$@"`;
  const child = startChild("sh", ["-c", script, "lifeline", ...args, "--lang", "en"]);
  const code = await child.exited;
  return { code, text: child.lines.join("\n") };
}

/** A mosquitto with a centre at it, an output module, and a home for a gateway between them. */
async function rig(t: Test, who: Commander, timeout = "300ms") {
  t.timeout(120_000);
  const module = await openOutputModule();
  t.teardown(() => module.close());
  const broker = await startMosquitto();
  t.teardown(() => broker.close());
  const { name, publicKey, may } = who.key;
  const home = gatewayHome(
    `
buses: { out: { kind: modbus-tcp, host: 127.0.0.1, port: ${module.port}, timeout: ${timeout} } }
devices:
  valve: { bus: out, unit: 1, every: 60s, points: { shut: { area: coil, address: 2, type: bool, write: true } } }
destinations: { centre: { kind: mqtt, url: "${broker.url}", commands: true } }
commands: { keys: { ${name}: { key: "${publicKey}", may: [${may}] } } }`,
    { isSynced: true },
  );
  const start = async () => {
    const gateway = await home.start();
    t.teardown(() => gateway.end("SIGKILL"));
    return gateway;
  };
  return { module, broker, home, start, ...(await centreAt(t, broker.url)) };
}

/** What a centre at the broker is told of commands, and how it gives some. */
async function centreAt(t: Test, url: string) {
  const centre = await connectAsync(url, { protocolVersion: 5 });
  t.teardown(() => centre.endAsync(true));
  const results: Message[] = [];
  const events: Message[] = [];
  centre.on("message", (topic, payload) => {
    const undocumented = findUndocumented(topic, payload.toString());
    if (undocumented !== null) throw new Error(undocumented);
    const message = JSON.parse(payload.toString());
    if (topic === `${TOPIC}/results`) results.push(message);
    else if (message.kind === "command" || message.kind === "write") events.push(message);
  });
  await centre.subscribeAsync([`${TOPIC}/results`, `${TOPIC}/events`], { qos: 1 });
  const give = (text: string) => centre.publishAsync(`${TOPIC}/commands`, text, { qos: 1 });
  /** Gives a command as often as it takes until the gateway listens; then its result. */
  const answerTo = async (text: string, match: Message = { id: idOf(text) }) => {
    const [[key, value] = []] = Object.entries(match);
    const found = () => results.find((result) => result[key as string] === value);
    await give(text);
    await until(`a result with ${key} ${value}`, 20_000, () => found() !== undefined);
    return found() as Message;
  };
  return { results, events, give, answerTo };
}

const idOf = (text: string) =>
  JSON.parse(Buffer.from(JSON.parse(text).payload, "base64url").toString()).id as string;

const shut = { kind: "write", point: "valve.shut", value: true };
/** A gateway without a memory of commands takes none that was issued in its first ten seconds. */
const soon = () => Date.now() + 9_900;

/** Resolves once the gateway has subscribed: it answers what makes no sense. */
async function listens(give: (text: string) => Promise<unknown>, results: readonly Message[]) {
  await until("the gateway to listen", 30_000, async () => {
    if (results.length === 0) await give("{}");
    return results.length > 0;
  });
}

test("a signed write reaches the coil through a broker, once, and its result the centre", async (t) => {
  const op = commander("op", ["read", "write"], "gw-test");
  const { module, start, give, answerTo, results, events, home } = await rig(t, op);
  await start();
  await listens(give, results);
  const text = op.sign(shut, soon());
  const result = await answerTo(text);
  t.like(result, { gateway: "gw-test", key: "op", order: "write", outcome: "done" });
  t.like(result.result, { point: "valve.shut", old: false, value: true, cause: "confirmed" });
  t.true(module.coils[2]);

  t.like(await answerTo(text, { code: "command.replay" }), { outcome: "refused" });
  const stranger = commander("op", ["write"], "gw-test");
  const forged = stranger.sign({ ...shut, value: false }, soon());
  t.like(await answerTo(forged, { code: "command.signature" }), { outcome: "refused" });
  t.is(module.writes.length, 1);

  const read = await answerTo(op.sign({ kind: "read", points: ["valve.shut"] }, soon()));
  t.like((read.result as Message[])[0], { point: "valve.shut", value: true, quality: "good" });

  const file = join(home.dir, "order.json");
  writeFileSync(file, op.sign({ ...shut, value: false }, soon()));
  const byHand = await lifeline(home.dir, "command", file, "--config", home.config);
  t.is(byHand.code, 0, byHand.text);
  t.false(module.coils[2]);
  const again = await lifeline(home.dir, "command", file, "--config", home.config);
  t.is(again.code, 1);
  t.regex(again.text, /refused.*command\.replay/s);
  const told = () => events.filter(({ kind }) => kind === "write");
  await until("both writes to be told", 10_000, () => told().length === 2);
  t.like(told()[0], { who: "op", value: true, outcome: "done" });
  await until("the refusals to be told", 10_000, () =>
    ["command.replay", "command.signature"].every((code) =>
      events.some(({ cause, to }) => cause === code && to === "refused"),
    ),
  );
});

/** Whether the buffer of the gateway in `dir` remembers the command `id` as under way. */
function isUnderWay(dir: string, id: string): boolean {
  const database = new Database(join(dir, "buffer", "lifeline.db"), { readonly: true });
  try {
    const row = database.prepare("SELECT value FROM meta WHERE name = 'commands'").get();
    const { value = "{}" } = (row ?? {}) as { readonly value?: string };
    return JSON.parse(value).underWay?.id === id;
  } finally {
    database.close();
  }
}

test("a gateway killed before a command acts never carries it out, and says that it is not known", async (t) => {
  const op = commander("op", ["write"], "gw-test");
  const { module, home, start, give, results, answerTo } = await rig(t, op, "10s");
  const gateway = await start();
  await listens(give, results);
  module.manners = "mute";
  const text = op.sign(shut, soon());
  await give(text);
  // The value before is asked for first, and nobody answers.
  await until("it to be remembered", 20_000, () => isUnderWay(home.dir, idOf(text)));
  await gateway.end("SIGKILL");
  t.is(module.writes.length, 0);
  module.manners = "sound";
  await start();
  await until("the result", 30_000, () => results.some(({ id }) => id === idOf(text)));
  const result = results.find(({ id }) => id === idOf(text));
  t.like(result, { outcome: "unknown", code: "command.interrupted" });
  t.like(await answerTo(text, { code: "command.replay" }), { outcome: "refused" });
  t.is(module.writes.length, 0);
  t.false(module.coils[2]);
});

test("a gateway killed between an act and its result does not act again, and says that it is not known", async (t) => {
  const op = commander("op", ["write"], "gw-test");
  const { module, start, give, results, answerTo } = await rig(t, op, "1500ms");
  const gateway = await start();
  await listens(give, results);
  module.manners = "mute";
  const text = op.sign(shut, soon());
  await give(text);
  await until("the write to be heard", 30_000, () => module.writes.length === 1);
  await gateway.end("SIGKILL");
  t.false(results.some(({ id }) => id === idOf(text)));
  module.manners = "sound";
  await start();
  await until("the result", 30_000, () => results.some(({ id }) => id === idOf(text)));
  const result = results.find(({ id }) => id === idOf(text));
  t.like(result, { outcome: "unknown", code: "command.interrupted" });
  t.like(await answerTo(text, { code: "command.replay" }), { outcome: "refused" });
  t.is(module.writes.length, 1);
});

test("a result waits through an outage of the broker, and through a restart of the gateway", async (t) => {
  const op = commander("op", ["write"], "gw-test");
  const { module, broker, home, start, give, results } = await rig(t, op);
  const gateway = await start();
  await listens(give, results);
  module.manners = "mute";
  const text = op.sign(shut, soon());
  await give(text);
  await until("it to be remembered", 20_000, () => isUnderWay(home.dir, idOf(text)));
  await broker.kill();
  module.manners = "sound";
  await until("it to end", 30_000, () => !isUnderWay(home.dir, idOf(text)));
  await gateway.end("SIGKILL");
  await broker.start();
  const later = await centreAt(t, broker.url);
  await start();
  await until("the result", 30_000, () => later.results.some(({ id }) => id === idOf(text)));
  t.is(later.results.filter(({ id }) => id === idOf(text)).length, 1);
});

test("the centre makes its keys and signs with them, and the private half is for nobody else", async (t) => {
  t.timeout(60_000);
  const dir = tempDir("centre");
  const made = await lifeline(dir, "command", "keygen", "op", "--json");
  t.is(made.code, 0, made.text);
  t.is(statSync(join(dir, "op.pem")).mode & 0o777, 0o600);
  t.regex(readFileSync(join(dir, "op.pub.pem"), "utf8"), /BEGIN PUBLIC KEY/);
  const twice = await lifeline(dir, "command", "keygen", "op");
  t.is(twice.code, 1);
  t.regex(twice.text, /nothing was written.*is there already/);
  t.is((await lifeline(dir, "command", "keygen", "../op")).code, 2);

  const order = JSON.stringify(shut);
  const signed = await lifeline(dir, "command", "sign", "op.pem", "gw-test", order);
  t.is(signed.code, 0, signed.text);
  t.like(JSON.parse(signed.text), { v: 1, key: "op" });
  const claims = JSON.parse(
    Buffer.from(JSON.parse(signed.text).payload, "base64url").toString(),
  ) as Record<string, number>;
  t.is(Number(claims.expires) - Number(claims.issued), 600_000);
  const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
    [["op.pub.pem", "gw-test", order], 1, /no private Ed25519 key/],
    [["op.pem", "gw-test", "{"], 1, /this is no order/],
    [["op.pem", "gw-test", '{"kind":"explode"}'], 1, /the kinds are read, write/],
    [["op.pem", "gw-test", '{"kind":"write"}'], 1, /write needs/],
    [["op.pem", "gw-test", order, "--for", "2d"], 2, /at most 24h/],
    [["op.pem"], 2, /command takes a FILE/],
  ];
  for (const [args, code, text] of wrong) {
    const told = await lifeline(dir, "command", "sign", ...args);
    t.is(told.code, code, told.text);
    t.regex(told.text, text);
  }
});
