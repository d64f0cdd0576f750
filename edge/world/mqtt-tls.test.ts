import { execFileSync } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import { testWith } from "../../test-rigs/debian/test-with.ts";
import { openAuthority, type Pair } from "../../test-rigs/processes/certificates.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";
import {
  type Mosquitto,
  type MosquittoSettings,
  startMosquitto,
} from "../../test-rigs/processes/mosquitto.ts";
import { type ErrorCode, GatewayError } from "../core/errors.ts";
import type { MqttSettings, TlsSettings } from "../core/uplink.ts";
import { connectMqtt } from "./mqtt.ts";

const never = new AbortController().signal;
const test = testWith("mosquitto", "openssl");

const trusted = openAuthority();
const foreign = openAuthority("Foreign Root");
const broker = trusted.issue({ name: "localhost" });
const gateway = trusted.issue({ name: "gw" });

const settings = (url: string, tls: TlsSettings = { ca: trusted.cert }): MqttSettings => ({
  url,
  clientId: "lifeline-gw",
  tls,
  keepAliveS: 30,
  connectTimeoutMs: 5000,
  will: { topic: "lifeline/v1/gw/status", payload: '{"state":"offline"}', retain: true },
});

const message = { topic: "lifeline/v1/gw/readings", payload: "{}", retain: false };

async function started(t: ExecutionContext, how: MosquittoSettings) {
  const mosquitto = await startMosquitto(how);
  t.teardown(() => mosquitto.close());
  return mosquitto;
}

/** Connects, publishes and leaves. */
async function delivers(t: ExecutionContext, how: MqttSettings): Promise<void> {
  const uplink = await connectMqtt(how, never);
  t.not(await uplink.publish(message), "failed");
  await uplink.close();
}

async function isRefused(t: ExecutionContext, how: MqttSettings, code: ErrorCode, text: RegExp) {
  const error = await t.throwsAsync(connectMqtt(how, never), { instanceOf: GatewayError });
  t.is(error?.code, code, error?.message);
  t.regex(error?.message ?? "", text);
}

/** The same, once the broker has taken up what it is to refuse by. */
async function isRefusedAtLast(
  t: ExecutionContext,
  how: MqttSettings,
  code: ErrorCode,
  text: RegExp,
) {
  for (let tries = 0; tries < 200; tries++) {
    const uplink = await connectMqtt(how, never).catch(() => null);
    if (uplink === null) break;
    await uplink.close();
    await sleep(25);
  }
  await isRefused(t, how, code, text);
}

for (const isWebsocket of [false, true]) {
  const over = isWebsocket ? "over websockets" : "over TCP";

  for (const tlsVersion of ["1.2", "1.3"] as const) {
    for (const version of ["3.1.1", "5"] as const) {
      test(`mosquitto takes MQTT ${version} ${over} with TLS ${tlsVersion}`, async (t) => {
        const { url } = await started(t, { tls: broker, tlsVersion, isWebsocket });
        await delivers(t, { ...settings(url), version });
      });
    }
  }

  test(`a broker that asks for a certificate gets the gateway's ${over}`, async (t) => {
    const { url } = await started(t, { tls: broker, clientCa: trusted.cert, isWebsocket });
    await delivers(t, settings(url, { ca: trusted.cert, ...gateway }));
  });

  test(`what is wrong with a broker's certificate is told apart ${over}`, async (t) => {
    const expired = trusted.issue({ name: "localhost", fromMs: -9_000_000, toMs: -60_000 });
    const early = trusted.issue({ name: "localhost", fromMs: 3_600_000 });
    const other = trusted.issue({ name: "other.example" });
    const cases = [
      [expired, "uplink.certificate-expired", /localhost.*certificate has expired.*clock is ahead/],
      [early, "uplink.certificate-early", /not yet valid.*clock is behind/],
      [other, "uplink.certificate-name", /other\.example/],
      [foreign.issue({ name: "localhost" }), "uplink.certificate-issuer", /authority not trusted/],
    ] as const;
    for (const [tls, code, text] of cases) {
      const { url } = await started(t, { tls, isWebsocket });
      await isRefused(t, settings(url), code, text);
    }
  });

  test(`a broker's certificate may be made out to a name that is told ${over}`, async (t) => {
    const tls = trusted.issue({ name: "broker.city.example" });
    const { url } = await started(t, { tls, isWebsocket });
    await delivers(t, settings(url, { ca: trusted.cert, serverName: "broker.city.example" }));
  });
}

for (const tlsVersion of ["1.2", "1.3"] as const) {
  test(`a broker says why it refuses the gateway's certificate, in TLS ${tlsVersion}`, async (t) => {
    const how = { tls: broker, tlsVersion, clientCa: trusted.cert };
    const { url } = await started(t, how);
    const ca = trusted.cert;
    const old = trusted.issue({ name: "gw", fromMs: -9_000_000, toMs: -60_000 });
    const code = "uplink.client-certificate";
    await isRefused(t, settings(url, { ca, ...old }), code, /of gw, expired/);
    await isRefused(t, settings(url, { ca, ...foreign.issue({ name: "gw" }) }), code, /until/);
    // The older one cannot say what it misses.
    if (tlsVersion === "1.3") await isRefused(t, settings(url, { ca }), code, /there is none/);
    else await isRefused(t, settings(url, { ca }), "uplink.tls", /perhaps.*wants a certificate/);
  });
}

test("a certificate and a password that were renewed are taken up at the next connect", async (t) => {
  const dir = tempDir("rotated");
  const passwords = join(dir, "passwords");
  const setPassword = (word: string) => {
    execFileSync("mosquitto_passwd", ["-c", "-b", passwords, "gw", word]);
    mosquitto?.reread();
  };
  let mosquitto: Mosquitto | undefined;
  setPassword("first");
  mosquitto = await started(t, { tls: broker, clientCa: trusted.cert, passwords });
  const [cert, key, password] = ["gw.pem", "gw.key", "password"].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ];
  const put = (pair: Pair, word: string) => {
    copyFileSync(pair.cert, cert);
    copyFileSync(pair.key, key);
    writeFileSync(password, `${word}\n`);
  };
  const how: MqttSettings = {
    ...settings(mosquitto.url, { ca: trusted.cert, cert, key }),
    username: ["gw"],
    password: [{ kind: "file", path: password }],
  };
  put(gateway, "first");
  await delivers(t, how);
  setPassword("second");
  await isRefusedAtLast(t, how, "uplink.login", /[Nn]ot authorized/);
  put(trusted.issue({ name: "gw" }), "second");
  await delivers(t, how);
  put(foreign.issue({ name: "gw" }), "second");
  await isRefused(t, how, "uplink.client-certificate", /of gw/);
});

test("files that cannot be used are named, and nothing is sent", async (t) => {
  const dir = tempDir("unusable");
  const { url } = await started(t, { tls: broker });
  const file = join(dir, "no.pem");
  const ca = trusted.cert;
  await isRefused(t, settings(url, { ca: file }), "uplink.secret", /no\.pem cannot be read/);
  writeFileSync(file, "nothing");
  await isRefused(t, settings(url, { ca: file }), "uplink.secret", /no\.pem holds no certificate/);
  const wrong = { ca, cert: gateway.cert, key: broker.key };
  await isRefused(t, settings(url, wrong), "uplink.secret", /is not that of the one in/);
  const none = { ca, cert: gateway.cert, key: file };
  await isRefused(t, settings(url, none), "uplink.secret", /no\.pem holds no private key/);
  const empty = { ...settings(url), username: ["gw"], password: [{ kind: "file", path: file }] };
  writeFileSync(file, "\n");
  await isRefused(t, empty as MqttSettings, "uplink.secret", /no\.pem is empty/);
});

test("a port without TLS is told from one with too old a TLS", async (t) => {
  const { port } = await started(t, {});
  await isRefused(
    t,
    settings(`mqtts://localhost:${port}`),
    "uplink.tls",
    /does this port take TLS/,
  );
  const old = await started(t, { tls: broker, tlsVersion: "1.2" });
  const modern = { ca: trusted.cert, minVersion: "1.3" } as const;
  await isRefused(t, settings(old.url, modern), "uplink.tls", /: tlsv1 alert protocol version$/);
});

test("a session tells until when its certificates are valid, and outlives them", async (t) => {
  const tls = trusted.issue({ name: "localhost", toMs: 9000 });
  const own = trusted.issue({ name: "gw", toMs: 9000 });
  const { url } = await started(t, { tls, clientCa: trusted.cert });
  const uplink = await connectMqtt(settings(url, { ca: trusted.cert, ...own }), never);
  const known = uplink.certificates ?? [];
  t.deepEqual(
    known.map(({ whose, subject }) => [whose, subject]),
    [
      ["broker", "localhost"],
      ["gateway", "gw"],
    ],
  );
  const ends = Math.max(...known.map(({ validTo }) => validTo));
  t.true(ends > Date.now() && ends < Date.now() + 9000);
  while (Date.now() <= ends) await sleep(100);
  t.not(await uplink.publish(message), "failed");
  await uplink.close();
  const code = "uplink.certificate-expired";
  await isRefused(t, settings(url, { ca: trusted.cert, ...own }), code, /has expired/);
});
