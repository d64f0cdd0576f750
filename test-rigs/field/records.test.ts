import process from "node:process";
import test from "ava";
import { startChild } from "../processes/child.ts";
import { gatewayHome } from "../processes/gateway.ts";
import { MAIN } from "../processes/program.ts";
import { until } from "./rig.ts";

const IDLE = "buses: { main: { kind: modbus-tcp, host: 127.0.0.1, port: 1 } }";

test("log and events go on with what comes, over a restart, and tell what is stored", async (t) => {
  t.timeout(300_000);
  const home = gatewayHome(IDLE);
  const args = ["--config", home.config, "--lang", "en"];
  const type = (...words: readonly string[]) => {
    const child = startChild(process.execPath, [MAIN, ...words, ...args]);
    t.teardown(() => child.end("SIGKILL"));
    return child;
  };
  let gateway = await home.start();
  t.teardown(() => gateway.end("SIGKILL"));
  const log = type("log", "--follow");
  const events = type("events", "--follow", "--kind", "gateway");
  await log.waitFor(/gateway gw-test runs/, 60_000);
  await events.waitFor(/the gateway began/, 60_000);
  const errors = type("log", "--level", "error", "--json");
  t.is(await errors.exited, 0);
  t.deepEqual(errors.lines, [], "an idle bus that is not there is a warning");
  const all = type("log", "--json");
  t.is(await all.exited, 0);
  for (const line of all.lines) t.true(JSON.parse(line).text.length > 0);

  await gateway.end("SIGTERM");
  await log.waitFor(/the gateway is gone/, 60_000);
  await events.waitFor(/asked to stop/, 60_000);
  const dead = type("log");
  t.is(await dead.exited, 1);
  t.regex(dead.lines.join("\n"), /gw-test is NOT RUNNING/);
  const stored = type("events", "--json");
  t.is(await stored.exited, 0);
  const told = stored.lines.map((line) => JSON.parse(line));
  t.deepEqual([told[0].cause, told.at(-1).cause], ["start", "stop"]);

  const seen = log.lines.length;
  gateway = await home.start();
  await events.waitFor(/the gateway began/, 60_000);
  const isBack = () => log.lines.slice(seen).some((line) => /gw-test runs/.test(line));
  await until("the log goes on with the next gateway's lines", 60_000, isBack);
  for (const each of [log, events]) {
    each.signal("SIGINT");
    t.is(await each.exited, 0);
  }
});
