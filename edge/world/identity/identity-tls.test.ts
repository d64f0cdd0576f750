import { mkdirSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { startEnrolment } from "../../../test-rigs/centre/enrolment-server.ts";
import { newClaim, newGateway, wayTo } from "../../../test-rigs/centre/gateway-claim.ts";
import { tempDir } from "../../../test-rigs/processes/child.ts";
import { GatewayError } from "../../core/errors.ts";
import type { TlsSettings } from "../../core/uplink.ts";
import { readTls } from "../mqtt-tls.ts";
import { hasFile, keep, pathOf, promote } from "./files.ts";
import { openedWith, showingsOf, withIdentity } from "./identity-tls.ts";

const never = new AbortController().signal;
const DAY_MS = 86_400_000;

/** A gateway whose certificate was renewed, and what shows it. */
async function renewed(t: ExecutionContext) {
  const at = tempDir("centre");
  const server = await startEnrolment(at);
  t.teardown(() => server.close());
  const { dir, identity } = newGateway({ server: wayTo(server), claim: [newClaim(at, "gw-1")] });
  await identity.enrol(never);
  await identity.renew(never);
  const { current, next } = identity.standing();
  return { dir, identity, tls: { identity: dir }, old: current?.serial, newer: next?.serial };
}

/** Opens lines that a platform takes where `takes` says so, and notes the files that it was shown. */
function line(takes: (file: string) => Error | null) {
  const shown: string[] = [];
  const refusals: (string | undefined)[] = [];
  const open = ({ cert = "" }: TlsSettings, refused: string | undefined) => {
    const file = cert.slice(cert.lastIndexOf("/") + 1);
    shown.push(file);
    refusals.push(refused);
    const error = takes(file);
    return error === null ? Promise.resolve(file) : Promise.reject(error);
  };
  return { shown, refusals, open };
}

const refused = () => new GatewayError("uplink.client-certificate", "unknown ca");

test("a copied card is withheld from a platform that asks for the identity, and is no hindrance elsewhere", async (t) => {
  const { dir } = await renewed(t);
  keep(dir, "hardware", "board-of-the-original\n");
  const asks = { identity: dir } as const;
  t.throws(() => withIdentity(asks, "board-of-the-copy"), {
    message: /made on board board-of-the-original, this is board-of-the-copy/,
  });
  // What stands in the file is no matter to a line that shows nobody's identity: its owed alarms go.
  await t.notThrowsAsync(readTls({}));
});

test("a renewed certificate is in force once it has worked, and the one before is kept beside it", async (t) => {
  const { dir, identity, tls, newer } = await renewed(t);
  const { shown, open } = line(() => null);
  t.is(await openedWith(tls, open, never), "next.pem");
  t.is(identity.standing().current?.serial, newer);
  t.true(hasFile(dir, "previous") && !hasFile(dir, "next"));
  await openedWith(tls, open, never);
  t.deepEqual(shown, ["next.pem", "credential.pem"]);
});

test("who does not take it yet is shown the one before, also when another has taken it, and hears why", async (t) => {
  const { tls } = await renewed(t);
  const before = line((file) => (file === "credential.pem" ? null : refused()));
  t.is(await openedWith(tls, before.open, never), "credential.pem");
  t.deepEqual(before.refusals, [undefined, "unknown ca"]);
  await openedWith(tls, line(() => null).open, never);
  const after = line((file) => (file === "previous.pem" ? null : refused()));
  t.is(await openedWith(tls, after.open, never), "previous.pem");
  t.deepEqual(after.shown, ["credential.pem", "previous.pem"]);
  const nowhere = line(refused);
  await t.throwsAsync(openedWith(tls, nowhere.open, never), { message: "unknown ca" });
});

test("where nobody is there, or nobody answers, one certificate is tried and no more", async (t) => {
  const { tls } = await renewed(t);
  const gone = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const mute = new Error("connack timeout");
  for (const cause of [gone, mute]) {
    const { shown, open } = line(() => new GatewayError("uplink.refused", "no", { cause }));
    await t.throwsAsync(openedWith(tls, open, never));
    t.deepEqual(shown, ["next.pem"]);
  }
});

test("a line that is open stays so where the disk takes nothing, and the next one tries again", async (t) => {
  const { dir, identity, tls, old, newer } = await renewed(t);
  mkdirSync(`${pathOf(dir, "previous")}.new`);
  const { shown, open } = line(() => null);
  await openedWith(tls, open, never);
  t.deepEqual(shown, ["next.pem"], "no second line");
  t.is(identity.standing().current?.serial, old);
  t.not(newer, old);
});

test("a damaged file beside the one in force keeps nobody away", async (t) => {
  const { dir, tls } = await renewed(t);
  promote(dir);
  keep(dir, "previous", "torn");
  const { shown, open } = line(() => null);
  await openedWith(tls, open, never);
  t.deepEqual(shown, ["credential.pem"]);
});

test("two lines that take it at once both stay", async (t) => {
  const { identity, tls, newer } = await renewed(t);
  const { shown, open } = line(() => null);
  await Promise.all([openedWith(tls, open, never), openedWith(tls, open, never)]);
  t.deepEqual(shown, ["next.pem", "next.pem"]);
  t.is(identity.standing().current?.serial, newer);
});

test("a certificate that has ended is shown to nobody while there is another", async (t) => {
  const at = tempDir("centre");
  const brief = await startEnrolment(at, { terms: { lifeMs: 1, graceMs: DAY_MS } });
  const claim = [newClaim(at, "gw-1")];
  const first = newGateway({ server: wayTo(brief), claim });
  await first.identity.enrol(never);
  await brief.close();
  const tls = { identity: first.dir };
  const files = () => showingsOf(tls, null).map(({ file }) => file);
  const end = first.identity.standing().current?.validTo ?? 0;
  while (Date.now() < end + 10) await new Promise((resolve) => setTimeout(resolve, 20));
  t.deepEqual(files(), ["credential"], "there is no other");
  const server = await startEnrolment(at);
  t.teardown(() => server.close());
  await newGateway({ dir: first.dir, server: wayTo(server) }).identity.renew(never);
  t.deepEqual(files(), ["next"]);
  t.regex(withIdentity(tls, null).cert ?? "", /next\.pem$/, "who cannot try both");
  promote(first.dir);
  t.deepEqual(files(), ["credential"]);
});
