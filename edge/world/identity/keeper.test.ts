import { X509Certificate } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, request as plainRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { startEnrolment } from "../../../test-rigs/centre/enrolment-server.ts";
import { newClaim, newGateway, wayTo } from "../../../test-rigs/centre/gateway-claim.ts";
import { testWith } from "../../../test-rigs/debian/test-with.ts";
import { openAuthority } from "../../../test-rigs/processes/certificates.ts";
import { tempDir } from "../../../test-rigs/processes/child.ts";
import type { ErrorCode } from "../../core/errors.ts";
import { dutyOf } from "../../core/identity.ts";
import type { WallMs } from "../../core/time.ts";
import { requestFor } from "./certificates.ts";
import { askCertificate } from "./est-client.ts";
import { keep, keyIn, pathOf, promote, readOf } from "./files.ts";

const never = new AbortController().signal;
const DAY_MS = 86_400_000;

async function centre(t: ExecutionContext, lifeMs = 730 * DAY_MS, graceMs = 90 * DAY_MS) {
  const dir = tempDir("centre");
  const server = await startEnrolment(dir, { terms: { lifeMs, graceMs } });
  t.teardown(() => server.close());
  return { dir, server, way: wayTo(server) };
}

async function isRefused(t: ExecutionContext, work: Promise<unknown>, code: ErrorCode) {
  const error = await t.throwsAsync(work);
  t.is((error as { code?: string } | undefined)?.code, code, error?.message);
}

test("a key is made on the gateway, certified by a claim, and only its owner may read it", async (t) => {
  const { dir: at, server, way } = await centre(t);
  const claim = [newClaim(at, "gw-1")];
  const { dir, identity } = newGateway({ server: way, claim, board: "board-1" });
  t.is(identity.standing().state, "none");
  await identity.enrol(never);
  const { state, current, boundTo } = identity.standing();
  t.like({ state, boundTo }, { state: "enrolled", boundTo: "board-1" });
  t.is(current?.gateway, "gw-1");
  t.is(statSync(dir).mode & 0o077, 0);
  for (const name of readdirSync(dir)) t.is(statSync(join(dir, name)).mode & 0o777, 0o600, name);
  t.deepEqual(readdirSync(dir).sort(), ["authorities.pem", "credential.pem", "hardware"]);
  const certificate = new X509Certificate(readOf(dir, "credential") ?? "");
  t.true(certificate.verify(new X509Certificate(readFileSync(server.authority.file)).publicKey));
  const told = readFileSync(join(at, "audit.jsonl"), "utf8");
  t.false(told.includes("PRIVATE") || told.includes(`${claim[0]}`));
});

test("an answer that was lost on the way is given again, and there is one identity", async (t) => {
  const { dir: at, server, way } = await centre(t);
  const claim = [newClaim(at, "gw-1")];
  const { dir, identity } = newGateway({ server: way, claim });
  const der = await requestFor(keyIn(dir, "key"), "gw-1", null);
  const by = { kind: "claim", gateway: "gw-1", claim } as const;
  const lost = await askCertificate(way, der, by, never);
  t.is(await askCertificate(way, der, by, never), lost);
  await identity.enrol(never);
  await identity.enrol(never);
  t.is(server.entries.filter(({ kind }) => kind === "issued").length, 1);
});

test("a claim that is unknown, expired, another gateway's or used by another key gets nothing", async (t) => {
  const { dir: at, server, way } = await centre(t);
  const claim = [newClaim(at, "gw-1")];
  const late = [newClaim(at, "gw-2", Date.now() - 1)];
  const tries = [
    [newGateway({ server: way, claim: ["guessed"] }), "enrol.claim"],
    [newGateway({ server: way, claim: null }), "enrol.claim"],
    [newGateway({ server: way, gateway: "gw-2", claim: late }), "enrol.claim"],
    [newGateway({ server: way, gateway: "gw-2", claim }), "enrol.claim"],
  ] as const;
  for (const [{ identity }, code] of tries) await isRefused(t, identity.enrol(never), code);
  await newGateway({ server: way, claim }).identity.enrol(never);
  const thief = newGateway({ server: way, claim });
  await isRefused(t, thief.identity.enrol(never), "enrol.used");
  t.is(thief.identity.standing().state, "requested");
  const refused = server.entries.flatMap((each) => (each.kind === "refused" ? [each.status] : []));
  t.deepEqual(refused, [401, 401, 401, 409], "each is in the audit log");
});

test("a request that is broken, too weak or not there gets 400, and the server goes on", async (t) => {
  const { dir: at, server, way } = await centre(t);
  const claim = [newClaim(at, "gw-1")];
  const der = await requestFor(keyIn(tempDir("identity"), "key"), "gw-1", null);
  der[der.length - 3] = (der[der.length - 3] ?? 0) ^ 1;
  const by = { kind: "claim", gateway: "gw-1", claim } as const;
  await isRefused(t, askCertificate(way, der, by, never), "enrol.answer");
  await isRefused(t, askCertificate(way, new Uint8Array(0), by, never), "enrol.answer");
  t.is(await statusOf(server.url, server.authority.file), 404);
  await newGateway({ server: way, claim }).identity.enrol(never);
});

testWith("openssl")(
  "by a clock that is behind nothing is sent, the clock is named, and the same key goes on later",
  async (t) => {
    const authority = openAuthority("Later");
    const { cert, key } = authority.issue({ name: "localhost", fromMs: 3_600_000 });
    let asked = 0;
    const tls = { cert: readFileSync(cert), key: readFileSync(key) };
    const later = createServer(tls, (_, response) => {
      asked++;
      response.end();
    });
    await new Promise<void>((resolve) => later.listen(0, "127.0.0.1", resolve));
    t.teardown(() => later.close());
    const { port } = later.address() as AddressInfo;
    const server = { url: `https://localhost:${port}`, ca: authority.cert };
    const { dir, identity } = newGateway({ server, claim: ["any"] });
    await isRefused(t, identity.enrol(never), "enrol.clock");
    t.is(asked, 0);
    const held = readOf(dir, "key");
    const { dir: at, way } = await centre(t);
    const claim = [newClaim(at, "gw-1")];
    await newGateway({ dir, server: way, claim }).identity.enrol(never);
    t.true(readOf(dir, "credential")?.startsWith(held ?? "none"));
  },
);

function statusOf(url: string, ca: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = plainRequest(`${url}/.well-known/est/elsewhere`, { ca: readFileSync(ca) });
    asked.on("response", (answer) => resolve(answer.resume().statusCode ?? 0));
    asked.on("error", reject).end();
  });
}

test("at half of its life a certificate is renewed, and the old one stays until the new has worked", async (t) => {
  const { dir: at, way } = await centre(t);
  const { dir, identity } = newGateway({ server: way, claim: [newClaim(at, "gw-1")] });
  await identity.enrol(never);
  const first = identity.standing();
  const now = Date.now() as WallMs;
  t.is(dutyOf(first, now), "rest");
  t.is(dutyOf(first, (now + 366 * DAY_MS) as WallMs), "renew");
  t.is(dutyOf(first, null), "rest", "while the time is not known");
  await identity.renew(never);
  const renewed = identity.standing();
  t.is(renewed.current?.serial, first.current?.serial);
  t.not(renewed.next?.serial, first.current?.serial);
  t.is(dutyOf(renewed, (now + 300 * DAY_MS) as WallMs), "rest");
  promote(dir);
  t.is(identity.standing().current?.serial, renewed.next?.serial);
  t.is(identity.standing().next, null);
  await identity.renew(never);
});

test("a renewal cut off behind its answer is given the same certificate", async (t) => {
  const { dir: at, server, way } = await centre(t);
  const { dir, identity } = newGateway({ server: way, claim: [newClaim(at, "gw-1")] });
  await identity.enrol(never);
  const der = await requestFor(keyIn(dir, "renewalKey"), "gw-1", null);
  const pem = readOf(dir, "credential") ?? "";
  await askCertificate(way, der, { kind: "certificate", pem }, never);
  await identity.renew(never);
  t.is(server.entries.filter(({ kind }) => kind === "issued").length, 2);
});

test("who was out of reach until its certificate ended is renewed within the grace, not behind it", async (t) => {
  const kind = await centre(t, 1_000, 60_000);
  const strict = await centre(t, 1_000, 0);
  for (const { dir: at, way } of [kind, strict]) {
    const { identity } = newGateway({ server: way, claim: [newClaim(at, "gw-1")] });
    await identity.enrol(never);
    const ends = identity.standing().current?.validTo ?? 0;
    while (Date.now() < ends + 1_000) await new Promise((resolve) => setTimeout(resolve, 50));
    if (at === kind.dir) await t.notThrowsAsync(identity.renew(never));
    else await isRefused(t, identity.renew(never), "enrol.claim");
  }
});

test("a revoked gateway is not renewed, in its grace neither", async (t) => {
  const { dir: at, server, way } = await centre(t);
  const { identity } = newGateway({ server: way, claim: [newClaim(at, "gw-1")] });
  await identity.enrol(never);
  t.is(await server.revoke("gw-1"), 1);
  await isRefused(t, identity.renew(never), "enrol.revoked");
  await isRefused(t, identity.renew(never), "enrol.revoked");
});

test("a certificate of another authority renews nothing", async (t) => {
  const [{ dir: at, way }, foreign] = [await centre(t), await centre(t)];
  const { dir, identity } = newGateway({ server: way, claim: [newClaim(at, "gw-1")] });
  await identity.enrol(never);
  const stranger = newGateway({ server: foreign.way });
  keep(stranger.dir, "credential", readOf(dir, "credential") ?? "");
  await isRefused(t, stranger.identity.renew(never), "enrol.claim");
});

test("a card copied to another board is noticed there, and at the centre where it is not", async (t) => {
  const { dir: at, server, way } = await centre(t);
  const claim = [newClaim(at, "gw-1")];
  const { dir, identity } = newGateway({ server: way, claim, board: "board-1" });
  await identity.enrol(never);
  const copy = tempDir("identity");
  cpSync(dir, copy, { recursive: true });
  const clone = newGateway({ dir: copy, server: way, claim, board: "board-2" });
  t.is(clone.identity.standing().state, "foreign");
  t.is(dutyOf(clone.identity.standing(), Date.now() as WallMs), "rest");
  await isRefused(t, clone.identity.renew(never), "enrol.foreign");
  // A clone that does not look at its own board.
  keep(copy, "hardware", "board-2\n");
  await isRefused(t, clone.identity.renew(never), "enrol.hardware");
  await isRefused(t, identity.renew(never), "enrol.hardware");
  t.is(server.entries.filter(({ kind }) => kind === "quarantined").length, 1);
  // A new claim ends the quarantine, and what was issued before.
  identity.forget();
  const anew = newGateway({ dir, server: way, claim: [newClaim(at, "gw-1")], board: "board-1" });
  await anew.identity.enrol(never);
  await anew.identity.renew(never);
  await isRefused(t, clone.identity.renew(never), "enrol.revoked");
});

test("another identity takes the place of one only once it is certified, and the one before is revoked then", async (t) => {
  const { dir: at, server, way } = await centre(t);
  const { dir, identity } = newGateway({ server: way, claim: [newClaim(at, "gw-1")] });
  await identity.enrol(never);
  await identity.renew(never);
  const before = identity.standing();
  const files = () => readdirSync(dir).map((name) => readFileSync(join(dir, name), "utf8"));
  const held = files();
  const refused = newGateway({ dir, server: way, claim: ["guessed"] }).identity;
  await isRefused(t, refused.replace(never), "enrol.claim");
  const away = newGateway({ dir, server: { ...way, url: "https://localhost:1" }, claim: ["any"] });
  await isRefused(t, away.identity.replace(never), "enrol.unreachable");
  t.deepEqual(files(), held, "all of it stays");
  const claim = [newClaim(at, "gw-1")];
  const anew = newGateway({ dir, server: way, claim, board: "board-2" }).identity;
  await anew.replace(never);
  const after = anew.standing();
  t.like(after, { state: "enrolled", boundTo: "board-2", next: null });
  t.not(after.current?.serial, before.current?.serial);
  t.deepEqual(
    readdirSync(dirname(dir)).filter((name) => name.startsWith(`${basename(dir)}.`)),
    [],
  );
  const revoked = server.entries.flatMap((each) => (each.kind === "revoked" ? [each.serial] : []));
  const serials = [before.current, before.next].map((term) => term?.serial.toLowerCase());
  t.deepEqual(revoked.toSorted(), serials.toSorted() as string[]);
  await anew.replace(never);
  t.is(
    anew.standing().current?.serial,
    after.current?.serial,
    "by the same claim again is no harm",
  );
});

test("the list of what is revoked holds a replaced box before the new one has its answer", async (t) => {
  const { dir: at, server, way } = await centre(t);
  const told: string[] = [];
  server.onRevoked = (gateway) => told.push(gateway);
  const first = newGateway({ server: way, claim: [newClaim(at, "gw-1")] }).identity;
  await first.enrol(never);
  const list = () => readFileSync(join(at, "revoked.pem"), "utf8");
  const empty = list();
  await newGateway({ server: way, claim: [newClaim(at, "gw-1")] }).identity.enrol(never);
  t.not(list(), empty);
  t.deepEqual(told, ["gw-1"]);
  await isRefused(t, first.renew(never), "enrol.revoked");
});

test("two boards without serial numbers are told apart when both renew one certificate", async (t) => {
  const { dir: at, way } = await centre(t);
  const { dir, identity } = newGateway({ server: way, claim: [newClaim(at, "gw-1")] });
  await identity.enrol(never);
  const copy = tempDir("identity");
  cpSync(dir, copy, { recursive: true });
  await newGateway({ dir: copy, server: way }).identity.renew(never);
  await isRefused(t, identity.renew(never), "enrol.hardware");
});

test("without a network a request goes out by USB, and the certificate comes in", async (t) => {
  const { dir: at, server, way } = await centre(t);
  const { dir, identity } = newGateway();
  await isRefused(t, identity.install("nothing"), "enrol.certificate");
  const request = await identity.request();
  t.is(identity.standing().state, "requested");
  const spki = /-----BEGIN CERTIFICATE REQUEST-----/.test(request);
  t.true(spki && !request.includes("PRIVATE"));
  const der = Buffer.from(request.replaceAll(/-----[^-]+-----|\n/g, ""), "base64");
  const by = { kind: "claim", gateway: "gw-1", claim: [newClaim(at, "gw-1")] } as const;
  const answer = await askCertificate(way, new Uint8Array(der), by, never);
  await isRefused(t, identity.install("bm8="), "enrol.answer");
  const other = newGateway({ gateway: "gw-1" });
  await other.identity.request();
  await isRefused(t, other.identity.install(answer), "enrol.certificate");
  await identity.install(answer);
  t.is(identity.standing().state, "enrolled");
  t.deepEqual(readdirSync(dir), ["credential.pem"]);
  t.is(server.entries.length, 1);
});

test("a server that cannot be reached, or is not the trusted one, is told apart", async (t) => {
  const [{ dir: at, way, server }, foreign] = [await centre(t), await centre(t)];
  const claim = [newClaim(at, "gw-1")];
  const wrong = newGateway({ server: { ...way, ca: foreign.server.authority.file }, claim });
  await isRefused(t, wrong.identity.enrol(never), "enrol.trust");
  await server.close();
  const { identity } = newGateway({ server: way, claim });
  await isRefused(t, identity.enrol(never), "enrol.unreachable");
  t.is(identity.standing().state, "requested", "the key waits for the next try");
  await isRefused(t, newGateway({ claim }).identity.enrol(never), "enrol.unreachable");
});

/** What the sealer leaves of `file` of the identity in `dir`; opened by the gateway's start or not. */
function seal(dir: string, file: "credential" | "next", opened: "opened" | "not opened") {
  const path = pathOf(dir, file);
  const text = readFileSync(path, "utf8");
  writeFileSync(`${path}.sealed`, "Whxqht+dQJax1aZeCGLxmiAAAAABAAAA");
  writeFileSync(`${path}.public`, text.slice(text.indexOf("-----BEGIN CERT")));
  const memory = `${dir}-memory`;
  mkdirSync(memory, { recursive: true });
  rmSync(join(dir, "opened"), { force: true });
  symlinkSync(memory, join(dir, "opened"));
  if (opened === "opened") writeFileSync(join(dir, "opened", basename(path)), text);
  rmSync(path);
}

test("a sealed identity is used and renewed as any other, and ends without a trace", async (t) => {
  const { dir: at, way } = await centre(t);
  const { dir, identity } = newGateway({ server: way, claim: [newClaim(at, "gw-1")] });
  await identity.enrol(never);
  t.is(identity.standing().secrets?.protection, "file");
  seal(dir, "credential", "opened");
  t.is(identity.standing().secrets?.protection, "host");
  t.is(identity.standing().state, "enrolled");
  await identity.renew(never);
  t.is(identity.standing().secrets?.protection, "file", "until the new one is sealed");
  const renewed = identity.standing().next?.serial;
  seal(dir, "next", "opened");
  promote(dir);
  promote(dir);
  t.is(identity.standing().current?.serial, renewed);
  t.is(identity.standing().next, null);
  t.is(identity.standing().secrets?.protection, "file", "it is sealed anew under its new name");
  seal(dir, "credential", "opened");
  t.is(identity.standing().current?.serial, renewed);
  identity.forget();
  t.false(existsSync(dir));
  t.deepEqual(readdirSync(`${dir}-memory`), []);
  t.is(identity.standing().state, "none");
});

test("an identity that does not open is told as such, asks for nothing, and can be replaced", async (t) => {
  const { dir: at, way, server } = await centre(t);
  const { dir, identity } = newGateway({ server: way, claim: [newClaim(at, "gw-1")] });
  await identity.enrol(never);
  const { current } = identity.standing();
  seal(dir, "credential", "not opened");
  t.like(identity.standing(), { state: "sealed", unopened: "" });
  writeFileSync(join(dir, "credential.pem.refused"), "TPM key integrity check failed\n");
  const { state, unopened, current: known } = identity.standing();
  t.like({ state, unopened }, { state: "sealed", unopened: "TPM key integrity check failed" });
  t.deepEqual(known, current, "what is certified is known all the same: it may be revoked");
  t.is(dutyOf(identity.standing(), Date.now() as WallMs), "rest");
  await isRefused(t, identity.renew(never), "enrol.sealed");
  await isRefused(t, identity.enrol(never), "enrol.sealed");
  await isRefused(t, identity.request(), "enrol.sealed");
  t.is(server.entries.filter(({ kind }) => kind === "issued").length, 1);
  identity.forget();
  const anew = newGateway({ dir, server: way, claim: [newClaim(at, "gw-1")] });
  await anew.identity.enrol(never);
  t.is(anew.identity.standing().state, "enrolled");
});
