import { createServer } from "node:net";
import test from "ava";
import { testWith } from "../../test-rigs/debian/test-with.ts";
import { openAuthority } from "../../test-rigs/processes/certificates.ts";
import { freePort, startMosquitto } from "../../test-rigs/processes/mosquitto.ts";
import { type ReachTarget, reach } from "./reach.ts";

const LOGIN = { clientId: "looks", keepAliveS: 30, connectTimeoutMs: 1_000 };

function target(port: number, more: Partial<ReachTarget> = {}): ReachTarget {
  return { host: "127.0.0.1", port, tls: null, login: null, ...more };
}

test("a port that nobody listens on is refused, and a name that does not exist is no address", async (t) => {
  const refused = await reach(target(await freePort()));
  t.like(refused.failed, { step: "connect", code: "ECONNREFUSED" });
  const unknown = await reach(target(1, { host: "no-such-host.invalid" }));
  t.is(unknown.failed?.step, "name");
  t.deepEqual(unknown.addresses, []);
});

test("what listens and is no broker takes the connection and fails at the login", async (t) => {
  const server = createServer((socket) =>
    socket
      .on("error", () => {})
      .resume()
      .end("220 mail ready\r\n"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.address() as { port: number };
  const login = { ...LOGIN, url: `mqtt://127.0.0.1:${port}` };
  const found = await reach(target(port, { login }));
  t.is(found.failed?.step, "login");
  t.true((found.tookMs.connect ?? -1) >= 0);
});

testWith("mosquitto")("a broker that lets in is reached", async (t) => {
  const broker = await startMosquitto();
  t.teardown(() => broker.close());
  const found = await reach(target(broker.port, { login: { ...LOGIN, url: broker.url } }));
  t.is(found.failed, null);
  t.deepEqual(found.chain, []);
});

testWith("mosquitto", "openssl")(
  "an encrypted broker shows its certificates, also where they are not trusted",
  async (t) => {
    const [trusted, other] = [openAuthority("Right"), openAuthority("Wrong")];
    const broker = await startMosquitto({ tls: trusted.issue({ name: "localhost" }) });
    t.teardown(() => broker.close());
    const at = { host: "localhost" };
    const good = await reach(target(broker.port, { ...at, tls: { ca: trusted.cert } }));
    t.is(good.failed, null);
    t.like(good.chain[0], { subject: "localhost", issuer: "Right" });
    const bad = await reach(target(broker.port, { ...at, tls: { ca: other.cert } }));
    t.like(bad.failed, { step: "encryption", code: "uplink.certificate-issuer" });
    t.like(bad.chain[0], { subject: "localhost", issuer: "Right" });
    const plain = await startMosquitto();
    t.teardown(() => plain.close());
    const none = await reach(target(plain.port, { ...at, tls: {} }));
    t.like(none.failed, { step: "encryption", code: "uplink.tls" });
  },
);
