import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { testWith } from "../debian/test-with.ts";
import { tempDir } from "../processes/child.ts";
import { type EnrolmentServer, startEnrolment } from "./enrolment-server.ts";
import { newClaim, newGateway, wayTo } from "./gateway-claim.ts";

const never = new AbortController().signal;
const YEAR_MS = 365 * 86_400_000;

async function centre(t: ExecutionContext, dir = tempDir("centre")) {
  const server = await startEnrolment(dir);
  t.teardown(() => server.close());
  return { dir, server, way: wayTo(server) };
}

test("a line of the claims that is damaged, or only half written yet, costs nobody else his own", async (t) => {
  const { dir, way } = await centre(t);
  const good = newClaim(dir, "gw-1");
  const file = join(dir, "claims.jsonl");
  const odd = JSON.stringify({ gateway: "gw-1", claim: "no digits", expires: Date.now() + 1e6 });
  writeFileSync(file, `${odd}\nnull\n{"gateway":7}\n${readFileSync(file, "utf8")}`);
  appendFileSync(file, '{"gateway":"gw-2","cla');
  const { identity } = newGateway({ server: way, claim: [good] });
  await identity.enrol(never);
  t.is(identity.standing().state, "enrolled");
});

test("a server that was killed between revoking a box and certifying the new one certifies it once", async (t) => {
  const first = await centre(t);
  const old = newGateway({ server: first.way, claim: [newClaim(first.dir, "gw-1")] });
  await old.identity.enrol(never);
  const serial = `${old.identity.standing().current?.serial}`.toLowerCase();
  await first.server.close();
  const entry = { at: 1, kind: "revoked", gateway: "gw-1", serial, why: "replaced" };
  appendFileSync(join(first.dir, "audit.jsonl"), `${JSON.stringify(entry)}\n`);
  const { dir, server, way } = await centre(t, first.dir);
  const anew = newGateway({ server: way, claim: [newClaim(dir, "gw-1")] });
  await anew.identity.enrol(never);
  await anew.identity.renew(never);
  t.is(server.entries.filter(({ kind }) => kind === "issued").length, 3);
  t.is(server.entries.filter(({ kind }) => kind === "revoked").length, 1, "not a second time");
});

test("a request that has no end is refused for what it is, and not as if the server were busy", async (t) => {
  const { server } = await centre(t);
  t.is(await statusOf(server, "A".repeat(100_000)), 413);
});

function statusOf({ url, authority }: EnrolmentServer, body: string): Promise<number> {
  const options = { method: "POST", ca: readFileSync(authority.file) };
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/.well-known/est/simpleenroll`, options, (answer) => {
      resolve(answer.resume().statusCode ?? 0);
    });
    asked.on("error", reject).end(body);
  });
}

testWith("openssl")(
  "the list of what is revoked is good for years, and is dated anew by each start: none is locked out by its age",
  async (t) => {
    const { dir, server, way } = await centre(t);
    const { identity } = newGateway({ server: way, claim: [newClaim(dir, "gw-1")] });
    await identity.enrol(never);
    await server.revoke("gw-1");
    const list = join(dir, "revoked.pem");
    const told = () =>
      execFileSync("openssl", ["crl", "-in", list, "-noout", "-nextupdate", "-text"]).toString();
    const endOf = (text: string) => Date.parse(/nextUpdate=(.*)/.exec(text)?.[1] ?? "");
    t.true(endOf(told()) > Date.now() + 5 * YEAR_MS);
    t.true(told().includes(`${identity.standing().current?.serial}`));
    await server.close();
    writeFileSync(list, "");
    await centre(t, dir);
    t.true(endOf(told()) > Date.now() + 5 * YEAR_MS);
    t.true(told().includes(`${identity.standing().current?.serial}`));
  },
);
