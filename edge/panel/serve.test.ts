import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { aPointStatus, aStatus } from "../../test-rigs/sim/a-status.ts";
import { SimClock } from "../../test-rigs/sim/clock.ts";
import { servePanel } from "./serve.ts";

/** A page at `port` of this machine, over a gateway with one point; ends with `end`. */
function aPage(port: number) {
  const clock = new SimClock();
  const logged: string[] = [];
  const over = new AbortController();
  const served = servePanel(
    {
      world: { clock, log: (_, text) => void logged.push(text) },
      config: { listen: { host: "127.0.0.1", port }, pin: null },
      site: { alarms: [], timeZone: "Asia/Shanghai" },
      status: () => aStatus({ points: [aPointStatus()] }),
      act: () => Promise.resolve("done"),
      tell: () => {},
      examine: () => Promise.reject(new Error("no doctor")),
    },
    over.signal,
  );
  const isLogged = async (pattern: RegExp) => {
    for (let i = 0; i < 500 && !logged.some((line) => pattern.test(line)); i++) await sleep(10);
    return logged.some((line) => pattern.test(line));
  };
  const end = async () => {
    over.abort();
    await served;
  };
  return { clock, logged, isLogged, end };
}

async function taken() {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const free = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port, free };
}

test("an address that is not to be had is told once, and served at as soon as it is", async (t) => {
  const { port, free } = await taken();
  const page = aPage(port);
  t.true(await page.isLogged(/cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/));
  await page.clock.advance(15_000);
  await sleep(50);
  await free();
  await page.clock.advance(15_000);
  t.true(await page.isLogged(/the local page is served/));
  t.is(page.logged.length, 2);
  const url = `http://127.0.0.1:${port}`;
  t.regex(await (await fetch(url)).text(), /^<!doctype html>/i);
  const { session } = (await (await fetch(`${url}/api/state`)).json()) as { session: string };
  t.is(session, "none");
  const { failed } = (await (await fetch(`${url}/api/doctor`)).json()) as { failed: string };
  t.is(failed, "no doctor");
  await page.end();
  await t.throwsAsync(() => fetch(url));
});

test("courses grow by a value every five seconds, whether anybody looks or not", async (t) => {
  const { port, free } = await taken();
  await free();
  const page = aPage(port);
  t.teardown(page.end);
  t.true(await page.isLogged(/the local page is served/));
  await page.clock.advance(60_000);
  const answer = await fetch(`http://127.0.0.1:${port}/api/trends`);
  const { rows } = (await answer.json()) as { rows: unknown[] };
  t.is(rows.length, 13);
});
