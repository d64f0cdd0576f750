import test from "ava";
import type { LoadResult } from "./load.ts";
import { loadConfig } from "./load.ts";

function load(keys: string): LoadResult {
  const text = `gateway: { id: a }
devices: { d: { bus: node } }
buses: { node: { kind: firmata, port: /dev/node } }
destinations: { centre: { kind: mqtt, ${keys} } }
`;
  const readFile = (path: string) => {
    if (path === "/etc/ca.pem") return "PEM";
    throw Object.assign(new Error("no"), { code: "EACCES" });
  };
  const env = (name: string) => (name === "PASSWORD" ? "correct horse" : undefined);
  return loadConfig(text, { profiles: new Map(), readFile, env });
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
      name: "centre",
      url: "mqtt://centre.example",
      username: null,
      password: null,
      ca: null,
      keepAliveS: 60,
      window: 32,
      needsSubscriber: true,
      backlogPerS: null,
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
