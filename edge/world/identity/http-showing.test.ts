import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import test, { type ExecutionContext } from "ava";
import {
  type EnrolmentServer,
  startEnrolment,
} from "../../../test-rigs/centre/enrolment-server.ts";
import { newClaim, newGateway, wayTo } from "../../../test-rigs/centre/gateway-claim.ts";
import { tempDir } from "../../../test-rigs/processes/child.ts";
import { openHttp } from "../http.ts";
import { hasFile, keep, readOf } from "./files.ts";

const never = new AbortController().signal;

/** A gateway with a renewed certificate of `issuer`, and one in force of `first`. */
async function renewedBy(t: ExecutionContext, issuer: "the same authority" | "another one") {
  const made = async () => {
    const dir = tempDir("centre");
    const server = await startEnrolment(dir);
    t.teardown(() => server.close());
    const claim = [newClaim(dir, "gw-1")];
    const gateway = newGateway({ server: wayTo(server), claim });
    await gateway.identity.enrol(never);
    return { server, ...gateway };
  };
  const { server, dir, identity } = await made();
  if (issuer === "the same authority") await identity.renew(never);
  else keep(dir, "next", readOf((await made()).dir, "credential") ?? "");
  const { current, next } = identity.standing();
  return { server, dir, identity, old: `${current?.serial}`, renewed: `${next?.serial}` };
}

type Platform = {
  readonly url: string;
  /** What it took of whom: serial number and body. */
  readonly took: readonly (readonly [string, string])[];
  /** How often it denied a message. */
  readonly denied: () => number;
};

/**
 * A platform that asks for certificates of `authority`; others, and those that are unwanted, it refuses as it is told:
 * amid the handshake, or with a status. A HEAD it does not know.
 */
async function platform(
  t: ExecutionContext,
  { authority }: EnrolmentServer,
  refuses: "handshake" | number,
  isUnwanted: (serial: string) => boolean = () => false,
): Promise<Platform> {
  const took: [string, string][] = [];
  let denied = 0;
  const server: Server = createServer(
    {
      ...(await authority.forServer()),
      ca: authority.root.toString("pem"),
      ...{ requestCert: true, rejectUnauthorized: refuses === "handshake" },
    },
    (request, response) => {
      const socket = request.socket as TLSSocket;
      const serial = `${socket.getPeerX509Certificate()?.serialNumber}`;
      const isDenied = !socket.authorized || isUnwanted(serial);
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        if (request.method === "HEAD") return void response.writeHead(405).end();
        if (isDenied) denied++;
        else took.push([serial, body]);
        response.writeHead(isDenied ? Number(refuses) : 204).end(isDenied ? "not you" : "");
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}/in`, took, denied: () => denied };
}

async function session(
  t: ExecutionContext,
  url: string,
  { authority }: EnrolmentServer,
  identity: string,
) {
  const tls = { identity, ca: authority.file };
  const client = await openHttp({ url, headers: {}, tls, timeoutMs: 30_000 });
  t.teardown(() => client.close());
  const head = () => client.send({ method: "HEAD", headers: {}, body: "" });
  const post = (body: string) => client.send({ method: "POST", headers: {}, body });
  return { client, head, post };
}

test("a server that takes the renewed certificate has each message once, and by that one from then on", async (t) => {
  const { server, dir, identity, old, renewed } = await renewedBy(t, "the same authority");
  const { url, took } = await platform(t, server, "handshake");
  const { client, head, post } = await session(t, url, server, dir);
  t.is((await head()).status, 405);
  t.is(identity.standing().current?.serial, old, "a question is no proof");
  await Promise.all(["1", "2", "3"].map(post));
  t.is(identity.standing().current?.serial, renewed);
  t.is(identity.standing().next, null);
  t.is(client.own?.serial, renewed);
  t.deepEqual(
    took.toSorted(),
    ["1", "2", "3"].map((body) => [renewed, body]),
  );
});

test("a server that refuses the renewed one in the handshake gets all by the old one, and the session says why", async (t) => {
  const { server, dir, identity, old } = await renewedBy(t, "another one");
  const { url, took } = await platform(t, server, "handshake");
  const { client, head, post } = await session(t, url, server, dir);
  t.is((await head()).status, 405);
  t.is((await post("1")).status, 204);
  t.deepEqual(took, [[old, "1"]]);
  t.is(client.own?.serial, old);
  t.truthy(client.own?.newerRefused);
  t.is(identity.standing().current?.serial, old);
  t.true(hasFile(dir, "next"), "it is tried again by the next session");
});

test("a server that refuses it by a status, and only messages, loses none and takes none twice", async (t) => {
  for (const status of [400, 401, 403]) {
    const { server, dir, identity, old } = await renewedBy(t, "another one");
    const { url, took, denied } = await platform(t, server, status);
    const { client, head, post } = await session(t, url, server, dir);
    t.is((await head()).status, 405);
    t.is(client.own?.newerRefused, undefined);
    await Promise.all(["1", "2"].map(post));
    t.is((await post("3")).status, 204);
    t.deepEqual(
      took.toSorted(),
      ["1", "2", "3"].map((body) => [old, body]),
    );
    t.true(denied() <= 2, "then it is shown no more");
    t.regex(client.own?.newerRefused ?? "", new RegExp(`answers ${status}: not you`));
    t.is(identity.standing().current?.serial, old);
  }
});

test("what the server denies by either is not denied for the certificate: nothing is concluded", async (t) => {
  const { server, dir, identity, old } = await renewedBy(t, "the same authority");
  const { url, took } = await platform(t, server, 403, () => true);
  const { client, post } = await session(t, url, server, dir);
  t.is((await post("1")).status, 403);
  t.deepEqual(took, []);
  t.is(client.own?.newerRefused, undefined);
  t.is(identity.standing().current?.serial, old);
  t.true(hasFile(dir, "next"));
});

test("a platform that does not take the renewed certificate goes on by the old one when another has taken it", async (t) => {
  const { server, dir, identity, old, renewed } = await renewedBy(t, "the same authority");
  const keen = await platform(t, server, "handshake");
  const slow = await platform(t, server, 403, (serial) => serial === renewed);
  const first = await session(t, keen.url, server, dir);
  await first.post("1");
  t.is(identity.standing().current?.serial, renewed);
  for (const body of ["2", "3"]) {
    const { client, post } = await session(t, slow.url, server, dir);
    t.is((await post(body)).status, 204);
    t.is(client.own?.serial, old);
    t.regex(client.own?.newerRefused ?? "", /403/);
  }
  t.deepEqual(
    slow.took,
    ["2", "3"].map((body) => [old, body]),
  );
  t.is(identity.standing().current?.serial, renewed);
});
