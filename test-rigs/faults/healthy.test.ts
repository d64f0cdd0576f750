import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { openAuthority } from "../processes/certificates.ts";
import { tempDir } from "../processes/child.ts";
import { openReceiver } from "../receiver/receiver.ts";
import type { Bench } from "./fault.ts";
import { isConnected, openSite } from "./site.ts";
import { startBroker, to } from "./uplink-faults.ts";

/** Like the bench of a fault; the doctor is asked by the site. */
function benchOf(t: { teardown(end: () => Promise<void>): void }): Bench {
  const stack = new AsyncDisposableStack();
  t.teardown(() => stack.disposeAsync());
  const doctor = () => Promise.reject(new Error("the site asks"));
  return { dir: tempDir("healthy"), defer: (end) => stack.defer(end), doctor };
}

test("nothing is found on a gateway with which nothing is wrong, encrypted and logged in", async (t) => {
  t.timeout(90_000);
  const bench = benchOf(t);
  const authority = openAuthority();
  const tls = authority.issue({ name: "localhost", toMs: 100 * 86_400_000 });
  const broker = await startBroker(bench, { tls });
  const password = join(bench.dir, "password");
  writeFileSync(password, "right\n", { mode: 0o600 });
  const login = `, username: gw, password: "\${file:${password}}", needsSubscriber: false`;
  const site = await openSite(bench, to(broker.url, `${login}, tls: { ca: ${authority.cert} }`));
  await site.start();
  await site.until("a session", isConnected);
  await site.until("delivery", ({ destinations: [centre] }) => (centre?.acknowledged ?? 0) > 2);
  const { findings, running } = await site.examine();
  t.true(running);
  t.deepEqual(findings, []);
});

test("the doctor's own way to a broker leaves the session of the gateway alone", async (t) => {
  t.timeout(90_000);
  const bench = benchOf(t);
  const broker = await startBroker(bench);
  const receiver = await openReceiver(broker.url);
  bench.defer(() => receiver.close());
  const site = await openSite(bench, to(broker.url));
  const gateway = await site.start();
  await site.until("a session", isConnected);
  // Without the gateway to ask, the doctor logs in by itself.
  gateway.signal("SIGSTOP");
  const { findings } = await site.examine();
  gateway.signal("SIGCONT");
  t.deepEqual(
    findings.map(({ code }) => code),
    ["gateway.hung"],
  );
  await site.until(
    "messages more",
    ({ destinations: [centre] }) => (centre?.acknowledged ?? 0) > 3,
  );
  const turns = gateway.lines.filter((line) => /destination centre disconnected/.test(line));
  t.deepEqual(turns, []);
});
