import test from "ava";
import type { LoadResult } from "./load.ts";
import { loadConfig } from "./load.ts";

/** A certificate and keys made for this test: they open nothing. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBcTCCARegAwIBAgIUR7UIm7fEFtyrvZEOsfs+4SXbVGQwCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCZ3cwIBcNMjYxMTI3MjMwNTEzWhgPMjEyNjExMDMyMzA1MTNa
MA0xCzAJBgNVBAMMAmd3MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECRfzuz7s
Guw2bWgc98Z68/UCNZ/vXbWnYvRkIEHk+eEiS/1ycClhyowslgaKYkd/sflPgNYF
vxVCJo8XbTnxL6NTMFEwHQYDVR0OBBYEFI6w8nQ7ilf/HdXD/KGtRvkOeJ7kMB8G
A1UdIwQYMBaAFI6w8nQ7ilf/HdXD/KGtRvkOeJ7kMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDSAAwRQIgIWqnHuD4m1biezD2okao0Vd8hsCjHiQ2WW0l6hEZ
GZACIQCZLBb1333jELYIpRs18ERAuTjeM86/r8WrZEhafmpqSA==
-----END CERTIFICATE-----
`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgSYtciBrvcrR72IPj
c/2W0j14EOGJPIphivcXhwbkUJehRANCAAQJF/O7Puwa7DZtaBz3xnrz9QI1n+9d
tadi9GQgQeT54SJL/XJwKWHKjCyWBopiR3+x+U+A1gW/FUImjxdtOfEv
-----END PRIVATE KEY-----
`;
const FOREIGN_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgw5BUv77sJI2Je96S
qn0FclAYuFuV9Q5xmprFgqd33BShRANCAASf7fZ8GFmfi5+JnNmaOevvt15AJcE7
rereQw51DdDjoBCKNno4CYL/Mpml46clRQ+3GEMkCTsy90tYflGNTMp/
-----END PRIVATE KEY-----
`;

const FILES: Readonly<Record<string, string>> = {
  "/etc/ca.pem": "PEM",
  "/etc/gw.pem": CERTIFICATE,
  "/etc/gw.key": KEY,
  "/etc/open.key": KEY,
  "/etc/foreign.key": FOREIGN_KEY,
};

function load(keys: string): LoadResult {
  const text = `gateway: { id: a }
devices: { d: { bus: node } }
buses: { node: { kind: firmata, port: /dev/node } }
destinations: { centre: { kind: mqtt, ${keys} } }
`;
  const readFile = (path: string) => {
    const content = FILES[path];
    if (content !== undefined) return content;
    throw Object.assign(new Error("no"), { code: "EACCES" });
  };
  const env = (name: string) => (name === "PASSWORD" ? "correct horse" : undefined);
  const isPrivate = (path: string) => path !== "/etc/open.key";
  return loadConfig(text, { profiles: new Map(), readFile, isPrivate, env });
}

function codesOf(keys: string): readonly string[] {
  return load(keys)
    .problems.map(({ code }) => code)
    .filter((code) => code !== "no-points");
}

test("a destination has its defaults", (t) => {
  t.deepEqual(load("url: mqtt://centre.example").config?.destinations, [
    {
      kind: "mqtt",
      format: "json",
      template: null,
      name: "centre",
      urls: ["mqtt://centre.example"],
      returnAfterMs: 600_000,
      version: null,
      username: null,
      password: null,
      tls: {},
      keepAliveS: 60,
      commands: false,
      sessionExpiryS: 0,
      encoding: "json",
      compression: "none",
      batch: null,
      window: 32,
      needsSubscriber: true,
      backlogPerS: null,
      selection: { readings: null, events: null },
    },
  ]);
});

test("mqtt and mqtts are known, with or without a port", (t) => {
  for (const url of ["mqtt://h", "mqtts://h:8883", "mqtt://10.0.0.1:1883", "mqtt://[::1]:1883"]) {
    t.deepEqual(codesOf(`url: "${url}"`), [], url);
  }
});

test("another scheme, or no url, is refused", (t) => {
  for (const url of ["http://h", "tcp://h", "h:1883"])
    t.deepEqual(codesOf(`url: "${url}"`), ["url-scheme"], url);
  for (const url of ["h", "mqtt://", "mqtt://h:99999"])
    t.deepEqual(codesOf(`url: "${url}"`), ["url-malformed"], url);
});

test("a url holds no secret, not even one that it refers to", (t) => {
  t.deepEqual(codesOf(`url: "mqtts://u:p@h"`), ["secret-in-url"]);
  t.is(load(`url: "mqtts://u:\${env:PASSWORD}@h"`).config, null);
});

test("a password over an open network is warned of, on this machine not", (t) => {
  const password = `password: "\${env:PASSWORD}"`;
  t.deepEqual(codesOf(`url: mqtt://h, ${password}`), ["password-in-clear"]);
  t.deepEqual(codesOf(`url: mqtts://h, ${password}`), []);
  for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
    t.deepEqual(codesOf(`url: "mqtt://${host}", ${password}`), [], host);
  }
});

test("authorities need TLS and a file that can be read", (t) => {
  t.deepEqual(codesOf("url: mqtts://h, ca: /etc/ca.pem"), []);
  t.deepEqual(codesOf("url: mqtt://h, ca: /etc/ca.pem"), ["ca-without-tls"]);
  t.deepEqual(codesOf("url: mqtts://h, ca: /etc/other.pem"), ["ca-file"]);
});

test("every fault of a destination is found at once", (t) => {
  t.deepEqual(codesOf("url: tcp://h, password: hunter2, ca: /etc/other.pem"), [
    "url-scheme",
    "secret-in-file",
    "ca-file",
  ]);
});

test("two destinations at one broker are remarked: they publish the same topics", (t) => {
  const codes = (url: string) =>
    codesOf(`url: mqtt://centre }, second: { kind: mqtt, url: "${url}"`);
  t.deepEqual(codes("mqtt://centre"), ["same-url"]);
  t.deepEqual(codes("mqtt://Centre:1883"), ["same-url"]);
  t.deepEqual(codes("mqtt://centre:1884"), []);
  t.deepEqual(codes("mqtt://other"), []);
});

test("several brokers are taken in their order, and one that cannot be is named", (t) => {
  const { config } = load("url: [mqtts://a, ws://b/mqtt]");
  t.like(config?.destinations[0], { urls: ["mqtts://a", "ws://b/mqtt"] });
  t.deepEqual(codesOf("url: [mqtts://a, tcp://b]"), ["url-scheme"]);
  t.deepEqual(
    load("url: [mqtts://a, tcp://b]")
      .problems.filter(({ severity }) => severity === "error")
      .map(({ path }) => path),
    ["destinations.centre.url[1]"],
  );
  t.deepEqual(codesOf("url: []"), ["wrong-type"]);
});

test("ca goes on meaning tls.ca, and one of them is enough", (t) => {
  t.like(load("url: mqtts://h, ca: /etc/ca.pem").config?.destinations[0], {
    tls: { ca: "/etc/ca.pem" },
  });
  t.like(load("url: wss://h, tls: { ca: /etc/ca.pem }").config?.destinations[0], {
    tls: { ca: "/etc/ca.pem" },
  });
  t.deepEqual(codesOf("url: mqtts://h, ca: /etc/ca.pem, tls: { ca: /etc/ca.pem }"), ["ca-twice"]);
});

test("a certificate of the gateway needs its key, in files that hold them", (t) => {
  const codes = (tls: string) => codesOf(`url: mqtts://h, tls: { ${tls} }`);
  t.deepEqual(codes("cert: /etc/gw.pem"), ["tls-half"]);
  t.deepEqual(codes("cert: /etc/gw.pem, key: /etc/other.pem"), ["tls-file"]);
  t.deepEqual(codes("cert: /etc/ca.pem, key: /etc/ca.pem"), ["not-pem", "not-pem"]);
  t.deepEqual(codes("cert: /etc/gw.pem, key: /etc/gw.key"), []);
  t.deepEqual(codes("cert: /etc/gw.pem, key: /etc/foreign.key"), ["key-of-another"]);
  t.deepEqual(codes("cert: /etc/gw.pem, key: /etc/open.key"), ["key-open"]);
});

test("tls without a url that is encrypted is remarked", (t) => {
  t.deepEqual(codesOf("url: ws://h, tls: { minVersion: 1.3 }"), ["tls-without-effect"]);
  t.deepEqual(codesOf("url: [ws://h, wss://h2], tls: { minVersion: 1.3 }"), []);
});

function codesOfHttp(keys: string): readonly string[] {
  const text = `gateway: { id: a }\ndestinations: { city: { kind: http, ${keys} } }\n`;
  const env = (name: string) => (name === "TOKEN" ? "t" : undefined);
  const readFile = () => "";
  const { problems } = loadConfig(text, { profiles: new Map(), readFile, env });
  return problems.map(({ code }) => code).filter((code) => !code.startsWith("no-"));
}

test("a server is reached by http or https, its token only by a reference", (t) => {
  t.deepEqual(codesOfHttp(`url: "https://h/in", token: "\${env:TOKEN}"`), []);
  t.deepEqual(codesOfHttp('url: "mqtt://h"'), ["url-not-http"]);
  t.deepEqual(codesOfHttp('url: "https://u:p@h/in"'), ["secret-in-url"]);
  t.deepEqual(codesOfHttp('url: "https://h/in", token: secret'), ["secret-in-file"]);
  t.deepEqual(codesOfHttp(`url: "http://h/in", token: "\${env:TOKEN}"`), ["password-in-clear"]);
  t.deepEqual(codesOfHttp(`url: "HTTP://h/in", token: "\${env:TOKEN}"`), ["password-in-clear"]);
  t.deepEqual(codesOfHttp("url: http://h/in, tls: {}, ca: /etc/ca.pem"), [
    "tls-without-effect",
    "ca-without-tls",
  ]);
});

test("a template goes with its format, and must parse", (t) => {
  const body = (text: string) => `template: { readings: { topic: t, body: "${text}" } }`;
  t.deepEqual(codesOf(`url: mqtt://h, format: template, ${body("{{ seq }}")}`), []);
  t.deepEqual(codesOf("url: mqtt://h, format: template"), ["template-or-not"]);
  t.deepEqual(codesOf(`url: mqtt://h, ${body("x")}`), ["template-or-not"]);
  const wrong = `url: mqtt://h, format: template, ${body("{% if %}{{ seq | no }}")}`;
  t.deepEqual(codesOf(wrong), ["template-syntax"]);
  t.deepEqual(codesOf(`url: mqtt://h, format: template, ${body("{{ seqq }}")}`), [
    "template-fails",
  ]);
  t.deepEqual(codesOf(`url: mqtt://h, format: template, ${body("{ {{ seq }} }")}`), [
    "template-fails",
  ]);
  const known = body("{{ devices[0].device | json }}");
  t.deepEqual(codesOf(`url: mqtt://h, format: template, ${known}`), ["template-fails"]);
});

test("a template of events is tried with what is no alarm too: the first event is a start", (t) => {
  const codes = (text: string) =>
    codesOf(
      `url: mqtt://h, format: template, template: { readings: { body: "1" }, events: { body: "${text}" } }`,
    );
  t.deepEqual(codes("{{ alarm | json }}"), ["template-fails"]);
  t.deepEqual(codes("{% if kind == 'alarm' %}{{ alarm | json }}{% endif %}"), []);
});

test("what a format has no use for is told, and refused where more would be sent or less obeyed", (t) => {
  const template = "format: template, template: { readings: { body: '{{ seq }}' } }";
  t.deepEqual(codesOf("url: mqtt://h, format: sparkplug, select: {}"), ["not-with-format"]);
  t.deepEqual(codesOf("url: mqtt://h, format: sparkplug, every: 1m"), ["not-with-format"]);
  t.deepEqual(codesOf(`url: mqtt://h, ${template}, every: 1m`), ["selects-nothing"]);
  t.true(codesOf(`url: mqtt://h, ${template}, commands: true`).includes("not-with-format"));
  t.deepEqual(codesOf(`url: mqtt://h, ${template}, encoding: cbor, batch: {}`), [
    "idle-with-format",
    "idle-with-format",
  ]);
  t.deepEqual(codesOfHttp(`url: https://h/in, ${template}, compression: zstd`), [
    "idle-with-format",
  ]);
});

test("a template is given one message at a time, though several were to go as one", (t) => {
  const { config } = load(
    "url: mqtt://h, format: template, template: { readings: { body: '{{ seq }}' } }, batch: {}",
  );
  t.like(config?.destinations[0], { format: "template", batch: null });
});
