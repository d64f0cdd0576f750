import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import test from "ava";
import { openAuthority } from "../centre/authority.ts";
import { EnrolmentLedger } from "../centre/enrolment-ledger.ts";
import { enrolled } from "../centre/first-boots.ts";
import { newClaim, newGateway } from "../centre/gateway-claim.ts";
import { testAsRoot } from "../debian/test-with.ts";
import { type Child, startChild, tempDir } from "../processes/child.ts";
import { freePort } from "../processes/mosquitto.ts";

const SERVER = fileURLToPath(new URL("../centre/enrolment-main.ts", import.meta.url));
const GATEWAYS = 20;

/** How many certificates stand in the audit log in `dir`, a torn last line left out. */
function issuedIn(dir: string): number {
  try {
    const text = readFileSync(join(dir, "audit.jsonl"), "utf8");
    return text.split("\n").filter((line) => line.includes('"kind":"issued"')).length;
  } catch {
    return 0;
  }
}

test("twenty gateways enrol while the server is killed again and again: each has exactly one identity", async (t) => {
  t.timeout(180_000);
  const dir = tempDir("centre");
  const [authority, port] = [await openAuthority(dir), await freePort()];
  const server = { url: `https://localhost:${port}`, ca: authority.file };
  const made = Array.from({ length: GATEWAYS }, (_, at) => {
    const gateway = `gw-${at}`;
    const claim = [newClaim(dir, gateway)];
    return newGateway({ gateway, server, claim, board: `board-${at}` });
  });
  const start = async () => {
    const child = startChild(process.execPath, [SERVER, dir, `${port}`]);
    await child.waitFor(/enrolment at/, 60_000);
    return child;
  };
  const end = new AbortController();
  t.teardown(() => end.abort());
  let running: Child = await start();
  t.teardown(() => running.end("SIGKILL"));
  const from = Date.now();
  const all = Promise.all(made.map(({ identity }) => enrolled(identity, end.signal)));
  let kills = 0;
  for (const least of [3, 9, 15]) {
    while (issuedIn(dir) < least) await sleep(1);
    await running.end("SIGKILL");
    kills++;
    running = await start();
  }
  const tries = await all;
  const ms = Date.now() - from;
  t.log(`${GATEWAYS} in ${ms} ms, ${kills} kills, ${Math.max(...tries)} tries at the most`);
  t.true(Math.max(...tries) > 1, "the kills were felt");
  await running.end("SIGKILL");
  const ledger = new EnrolmentLedger(join(dir, "audit.jsonl"));
  const issued = ledger.entries.flatMap((each) => (each.kind === "issued" ? [each] : []));
  ledger.close();
  t.is(issued.length, GATEWAYS);
  t.is(new Set(issued.map(({ gateway }) => gateway)).size, GATEWAYS);
  t.deepEqual(
    made.map(({ identity }) => identity.standing().current?.serial.toLowerCase()),
    made.map((_, at) => issued.find(({ gateway }) => gateway === `gw-${at}`)?.serial),
    "each holds the certificate that the log has of it",
  );
  t.false(ledger.entries.some(({ kind }) => kind === "refused" || kind === "quarantined"));
});

test("half a line at the end of the audit log is what nobody was answered upon", (t) => {
  const file = join(tempDir("centre"), "audit.jsonl");
  const entry = { at: 1, kind: "revoked", gateway: "gw-1", serial: "01", why: "lost" } as const;
  const first = new EnrolmentLedger(file);
  first.add(entry);
  first.close();
  writeFileSync(file, '{"at":2,"kind":"revo', { flag: "a" });
  const second = new EnrolmentLedger(file);
  second.add({ ...entry, at: 3 });
  t.deepEqual(
    second.entries.map(({ at }) => at),
    [1, 3],
  );
  second.close();
  t.is(readFileSync(file, "utf8").split("\n").length, 3);
});

testAsRoot("what a full disk took half of is not left in the audit log", (t) => {
  const dir = tempDir("centre");
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", dir]);
  t.teardown(() => execFileSync("umount", [dir]));
  const file = join(dir, "audit.jsonl");
  const entry = { at: 1, kind: "quarantined", gateway: "gw-1" } as const;
  const ledger = new EnrolmentLedger(file);
  ledger.add({ ...entry, why: "first" });
  t.throws(() => ledger.add({ ...entry, why: "x".repeat(100_000) }), { code: "ENOSPC" });
  ledger.add({ ...entry, why: "last" });
  ledger.close();
  const again = new EnrolmentLedger(file);
  t.deepEqual(again.entries, [
    { ...entry, why: "first" },
    { ...entry, why: "last" },
  ]);
  again.close();
});
