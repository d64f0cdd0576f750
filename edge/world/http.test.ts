import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import process from "node:process";
import test, { type ExecutionContext } from "ava";
import { testWith } from "../../test-rigs/debian/test-with.ts";
import { openAuthority } from "../../test-rigs/processes/certificates.ts";
import { GatewayError } from "../core/errors.ts";
import { openHttp } from "./http.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on loopback that is gone at the end of the test. */
async function serve(t: ExecutionContext, answer: Answer): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/in?token=secret`;
}

async function clientOf(t: ExecutionContext, url: string, timeoutMs = 5000, tls = {}) {
  const client = await openHttp({ url, headers: { Authorization: ["Bearer x"] }, tls, timeoutMs });
  t.teardown(() => client.close());
  return client;
}

const post = { method: "POST", headers: { "Content-Type": "text/plain" }, body: "läuft" } as const;

test("a request comes whole, with its headers, over a connection that is kept", async (t) => {
  const ports = new Set<number | undefined>();
  const logins: unknown[] = [];
  const url = await serve(t, (request, response) => {
    ports.add(request.socket.remotePort);
    const parts: Buffer[] = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const { authorization, "content-length": length } = request.headers;
      logins.push(authorization);
      response.writeHead(201, { "Retry-After": "7" });
      response.end(
        `${request.method} ${request.url} ${authorization} ${length} ${Buffer.concat(parts)}`,
      );
    });
  });
  const client = await clientOf(t, url);
  const answer = await client.send(post);
  t.deepEqual(answer, {
    status: 201,
    retryAfterMs: 7000,
    said: "POST /in?token=secret Bearer [secret] 6 läuft",
  });
  t.deepEqual(logins, ["Bearer x"]);
  t.is((await client.send({ method: "HEAD", headers: {}, body: "" })).status, 201);
  t.is(ports.size, 1);
});

test("a date says until when to wait as well", async (t) => {
  const url = await serve(t, (_, response) => {
    response.writeHead(503, { "Retry-After": new Date(Date.now() + 60_000).toUTCString() }).end();
  });
  const { retryAfterMs } = await (await clientOf(t, url)).send(post);
  t.true((retryAfterMs ?? 0) > 50_000 && (retryAfterMs ?? 0) <= 60_000);
});

test("a server that does not answer, or never ends its answer, is waited for no longer than told", async (t) => {
  for (const answer of [
    () => {},
    (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200).write("…");
    },
  ]) {
    const url = await serve(t, answer);
    const { message } = (await t.throwsAsync((await clientOf(t, url, 200)).send(post))) as Error;
    t.regex(message, /no answer within 200 ms/);
    t.notRegex(message, /secret/, "what is behind the ? is told nobody");
  }
});

test("an answer that is endless is cut off, and counts by its status", async (t) => {
  const url = await serve(t, (_, response) => {
    response.writeHead(200);
    response.on("drain", () => response.write("x".repeat(65_536)));
    response.write("x".repeat(1_000_000));
  });
  const answer = await (await clientOf(t, url)).send(post);
  t.is(answer.status, 200);
  t.is(answer.said.length, 300);
});

test("where nobody listens that is said, with the address", async (t) => {
  const error = await t.throwsAsync((await clientOf(t, "http://127.0.0.1:1/in")).send(post));
  t.regex(error?.message ?? "", /cannot reach http:\/\/127\.0\.0\.1:1\/in: .*ECONNREFUSED/);
});

test("a token that no header can carry is told, and is not shown", async (t) => {
  process.env.LIFELINE_TEST_ODD = "two\nlines";
  const headers = {
    Authorization: ["Bearer ", { kind: "env", name: "LIFELINE_TEST_ODD" }],
  } as const;
  const opening = openHttp({ url: "http://127.0.0.1:1/", headers, tls: {}, timeoutMs: 1000 });
  const error = await t.throwsAsync(opening, { instanceOf: GatewayError });
  t.is(error?.code, "uplink.secret");
  t.notRegex(error?.message ?? "", /two/);
});

test("a header that cannot be sent is a refusal, and the secrets are read again when asked", async (t) => {
  process.env.LIFELINE_TEST_TURN = "one";
  const logins: unknown[] = [];
  const url = await serve(t, ({ headers }, response) => {
    logins.push(headers.authorization);
    response.end();
  });
  const headers = { Authorization: [{ kind: "env", name: "LIFELINE_TEST_TURN" }] } as const;
  const client = await openHttp({ url, headers, tls: {}, timeoutMs: 5000 });
  t.teardown(() => client.close());
  const odd = client.send({ ...post, headers: { "Lifeline-Topic": "城" } });
  await t.throwsAsync(odd, { instanceOf: GatewayError });
  process.env.LIFELINE_TEST_TURN = "two";
  await client.send(post);
  await client.renew();
  await client.send(post);
  t.deepEqual(logins, ["one", "two"]);
});

test("a connection that the server closed while it was idle is no refusal", async (t) => {
  const url = await serve(t, (request, response) => {
    request.resume().on("end", () => {
      response.end("taken");
      // The next request on it meets a closed door.
      request.socket.once("data", () => request.socket.resetAndDestroy());
    });
  });
  const client = await clientOf(t, url);
  t.is((await client.send(post)).said, "taken");
  t.is((await client.send(post)).said, "taken");
});

test("closing breaks off what is under way", async (t) => {
  const url = await serve(t, () => {});
  const client = await clientOf(t, url);
  const sent = client.send(post);
  client.close();
  await t.throwsAsync(sent, { message: /stopped/ });
});

testWith("openssl")(
  "https takes a client's certificate, and a server of another authority is refused by name",
  async (t) => {
    const authority = openAuthority();
    const [own, client] = [authority.issue({ name: "localhost" }), authority.issue({ name: "gw" })];
    const read = (file: string) => readFileSync(file);
    const server = createTlsServer(
      {
        ...{ cert: read(own.cert), key: read(own.key), ca: read(authority.cert) },
        requestCert: true,
        rejectUnauthorized: true,
      },
      (_, response) => response.end("taken"),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.teardown(() => server.close());
    const url = `https://localhost:${(server.address() as AddressInfo).port}/in`;
    const known = await clientOf(t, url, 5000, { ca: authority.cert, ...client });
    t.is((await known.send(post)).said, "taken");
    const foreign = await clientOf(t, url, 5000, { ca: openAuthority("Foreign").cert, ...client });
    const refused = await t.throwsAsync(foreign.send(post), { instanceOf: GatewayError });
    t.is(refused?.code, "uplink.certificate-issuer");
    const nameless = await clientOf(t, url, 5000, { ca: authority.cert });
    await t.throwsAsync(nameless.send(post), { instanceOf: GatewayError });
  },
);
