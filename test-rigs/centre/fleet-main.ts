import { createPrivateKey, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { basename } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { columns } from "../../edge/cli/columns.ts";
import { LANGUAGES, languageOf } from "../../edge/cli/language.ts";
import type { Lang } from "../../edge/core/errors.ts";
import { messageOf } from "../../edge/core/errors.ts";
import { SystemClock } from "../../edge/world/clock.ts";
import { connectMqtt } from "../../edge/world/mqtt.ts";
import { commander } from "./commander.ts";
import { sayFleet } from "./fleet-text.ts";
import { runController } from "./rollout/controller.ts";
import { FleetDesk } from "./rollout/desk.ts";
import { canariesOf } from "./rollout/membership.ts";
import { readPlan } from "./rollout/plan.ts";
import { credentialsIn, registryIn } from "./rollout/registry.ts";
import { byRing, type Rollout, tallyOf } from "./rollout/rollout.ts";
import { FleetStore } from "./rollout/store.ts";
import { unheard, type Version } from "./rollout/version-table.ts";

const OPTIONS = {
  dir: { type: "string", default: "centre" },
  json: { type: "boolean", default: false },
  lang: { type: "string", default: languageOf(process.env) },
  canaries: { type: "string", default: "0" },
  broker: { type: "string" },
  key: { type: "string" },
} as const;

/** How long the centre is waited for, and how often it looks, in milliseconds. */
const ANSWER_MS = 5_000;
const TICK_MS = 1_000;
/** How often the list of gateways and what was issued are read anew, in milliseconds. */
const READ_MS = 60_000;

type Given = ReturnType<typeof given>["values"];

function given() {
  return parseArgs({ options: OPTIONS, allowPositionals: true });
}

/** What was asked is none of what can be; the word that is wrong, or none where one lacks. */
class Misuse extends Error {}

async function main(): Promise<number> {
  let lang: Lang = languageOf(process.env);
  try {
    const { values, positionals } = given();
    lang = LANGUAGES.find((each) => each === values.lang) ?? lang;
    return await perform(positionals, values, lang);
  } catch (error) {
    const isMisuse = error instanceof Misuse || error instanceof TypeError;
    const wrong = error instanceof Misuse ? error.message : "";
    if (wrong !== "") process.stderr.write(`${sayFleet(lang, "unknown", { name: wrong })}\n`);
    process.stderr.write(`${isMisuse ? sayFleet(lang, "usage") : messageOf(error)}\n`);
    return isMisuse ? 2 : 1;
  }
}

async function perform(operands: readonly string[], values: Given, lang: Lang): Promise<number> {
  const [command, what, id] = operands;
  if (command === "run") return await run(values);
  if (command === undefined) throw new Misuse();
  // Asking never makes a centre: in a wrong folder nothing would be all that it knows.
  if (!existsSync(values.dir)) throw new Error(sayFleet(lang, "noCentre", { dir: values.dir }));
  const store = new FleetStore(values.dir);
  try {
    if (command === "list") return list(store, values, lang);
    if (command === "versions") return versions(store, values, lang);
    if (command === "show" && what !== undefined) return show(store, what, values, lang);
    if (command !== "rollout") throw new Misuse(command === "show" ? "" : command);
    if (what === "status") return status(store, id, values, lang);
    if (what === "start" && id !== undefined) return await start(store, id, values, lang);
    const isWish = what === "pause" || what === "resume" || what === "abort";
    if (!isWish && what !== "start") throw new Misuse(what);
    if (!isWish || id === undefined) throw new Misuse();
    return await ask(store, { kind: what, rollout: id }, values, lang);
  } finally {
    store.close();
  }
}

/** All that are listed or were heard. */
function all(store: FleetStore, { dir }: Given): readonly Version[] {
  const heard = store.versions();
  const listed = registryIn(dir).map(({ gateway }) => heard.get(gateway) ?? unheard(gateway));
  return [...new Map([...heard, ...listed.map((each) => [each.gateway, each] as const)]).values()];
}

/** What a gateway proved; what it merely says where that is something else. */
function standing({ proved, said }: Version, lang: Lang): readonly [string, string] {
  const { release, trial } = proved ?? { release: null, trial: false };
  const name = release ?? sayFleet(lang, "unproved");
  const shown = trial ? sayFleet(lang, "trial", { release: name }) : name;
  const isOdd = said !== null && said.release !== release;
  return [shown, isOdd ? sayFleet(lang, "says", { release: said.release }) : ""];
}

function list(store: FleetStore, values: Given, lang: Lang): number {
  const rows = all(store, values);
  if (values.json) return print(JSON.stringify(rows));
  const lines = rows.map((each) => [
    each.gateway,
    sayFleet(lang, each.isOnline ? "online" : "offline"),
    ...standing(each, lang),
  ]);
  return print(columns(lines).join("\n"));
}

function versions(store: FleetStore, values: Given, lang: Lang): number {
  const groups = Map.groupBy(all(store, values), (each) => standing(each, lang)[0]);
  const counts = [...groups].map(([release, own]) => ({ release, gateways: own.length }));
  if (values.json) return print(JSON.stringify(counts));
  const lines = counts.map(({ release, gateways }) => [release, String(gateways)]);
  return print(columns(lines, [1]).join("\n"));
}

function show(store: FleetStore, gateway: string, values: Given, lang: Lang): number {
  const version = all(store, values).find((each) => each.gateway === gateway);
  if (version === undefined) throw new Error(sayFleet(lang, "unknown", { name: gateway }));
  const audit = store.audited(gateway, 50);
  if (values.json) return print(JSON.stringify({ version, audit }));
  const lines = audit.map(({ at, who, what, rollout, detail }) => [
    new Date(at).toISOString(),
    who,
    what,
    rollout ?? "",
    detail ?? "",
  ]);
  return print([standing(version, lang).join("  ").trim(), ...columns(lines)].join("\n"));
}

function status(store: FleetStore, id: string | undefined, values: Given, lang: Lang): number {
  const found = store.rollouts().filter(({ plan }) => id === undefined || plan.id === id);
  if (id !== undefined && found.length === 0) {
    throw new Error(sayFleet(lang, "unknown", { name: id }));
  }
  const whole = found.map((rollout) => ({ rollout, rings: tallies(store, rollout, values) }));
  if (values.json) {
    const rows = whole.map(({ rollout: { tasks, ...rest }, rings }) => ({
      ...rest,
      rings,
      tasks: [...tasks.values()],
    }));
    return print(JSON.stringify(rows));
  }
  const lines = whole.flatMap(({ rollout: { plan, state, ring, reason }, rings }) => [
    sayFleet(lang, "rollout", {
      id: plan.id,
      state: sayFleet(lang, state === "done" ? "over" : state),
      ring: ring + 1,
      rings: plan.rings.length,
      why: reason === null ? "" : ` (${reason})`,
    }),
    ...rings.map((tally, at) => sayFleet(lang, "ring", { ...tally, ring: at + 1 })),
  ]);
  return print(lines.join("\n"));
}

function tallies(store: FleetStore, rollout: Rollout, { dir }: Given) {
  const heard = store.versions();
  const credentials = credentialsIn(dir);
  const fleet = registryIn(dir).map((known) => ({
    ...known,
    ...(heard.get(known.gateway) ?? unheard(known.gateway)),
    hasIdentity: (credentials.get(known.gateway) ?? []).length > 0,
  }));
  const now = { watched: store.centre().watched, wall: Date.now() };
  return byRing(rollout, fleet).map((members) => tallyOf(rollout, members, now));
}

async function start(store: FleetStore, file: string, values: Given, lang: Lang): Promise<number> {
  const plan = readPlan(JSON.parse(readFileSync(file, "utf8")));
  if (!("id" in plan)) throw new Error(sayFleet(lang, "badPlan", { why: plan.join("; ") }));
  const salt = randomBytes(16).toString("hex");
  const chosen = canariesOf(registryIn(values.dir), salt, Number(values.canaries));
  const canaries = [...new Set([...plan.canaries, ...chosen])];
  return await ask(store, { kind: "start", plan: { ...plan, canaries }, salt }, values, lang);
}

/** Leaves a wish for the centre, and waits a little for what becomes of it. */
async function ask(
  store: FleetStore,
  wish: Parameters<FleetStore["ask"]>[2],
  { json }: Given,
  lang: Lang,
): Promise<number> {
  const id = store.ask(Date.now(), userInfo().username, wish);
  const until = Date.now() + ANSWER_MS;
  while (store.answerTo(id) === null && Date.now() < until) await sleep(100);
  const answer = store.answerTo(id);
  if (json) print(JSON.stringify({ answer }));
  else if (answer === null) print(sayFleet(lang, "waits"));
  else print(sayFleet(lang, answer === "done" ? "done" : "refused", { why: answer }));
  return answer === null || answer === "done" ? 0 : 1;
}

async function run({ dir, broker, key }: Given): Promise<number> {
  if (broker === undefined || key === undefined) throw new Misuse();
  const store = new FleetStore(dir);
  const privateKey = createPrivateKey(readFileSync(key));
  const name = basename(key).replace(/\.pem$/, "");
  const clock = new SystemClock();
  let read = { at: clock.uptime(), registry: registryIn(dir), credentials: credentialsIn(dir) };
  const fresh = () => {
    const at = clock.uptime();
    if (at - read.at < READ_MS) return read;
    try {
      read = { at, registry: registryIn(dir), credentials: credentialsIn(dir) };
    } catch (error) {
      process.stderr.write(`${messageOf(error)}\n`);
      read = { ...read, at };
    }
    return read;
  };
  const desk = new FleetDesk({
    store,
    commander: commander(name, ["update"], "", privateKey),
    registry: () => fresh().registry,
    credentialsOf: (gateway) => fresh().credentials.get(gateway) ?? [],
  });
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
  const log = (level: string, text: string, fields = {}) =>
    void process.stderr.write(`${JSON.stringify({ level, text, ...fields })}\n`);
  const settings = { url: broker, clientId: "fleet", keepAliveS: 60, connectTimeoutMs: 10_000 };
  print("the centre runs");
  const world = { clock, connectMqtt, log };
  await runController({ world, desk, settings, tickMs: TICK_MS }, stop.signal);
  store.close();
  return 0;
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

process.exitCode = await main();
