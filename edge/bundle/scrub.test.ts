import test from "ava";
import { scrubber } from "./scrub.ts";

const scrub = scrubber([]);

test("a known secret is found in every form that a text may hold it in", (t) => {
  const secret = 'p@ss "word"/7';
  const known = scrubber([secret, "abc"]);
  const bytes = Buffer.from(secret);
  const forms = [
    secret,
    JSON.stringify(secret),
    encodeURIComponent(secret),
    bytes.toString("base64"),
    bytes.toString("hex"),
  ];
  for (const form of forms)
    t.false(known(`before ${form} behind`).includes(form.slice(0, -3)), form);
  t.is(known("abc is too short to be told from text"), "abc is too short to be told from text");
});

test("digits that are a secret are left where they are part of a number", (t) => {
  t.is(scrubber(["123456"])("PIN 123456 at 1123456789"), "PIN [secret] at 1123456789");
});

test("what looks like a secret is taken out, whoever knows it", (t) => {
  const texts: readonly (readonly [string, string])[] = [
    ["password: hunter22", 'password: "[secret]"'],
    ["mqttPassword: 'hunter 22'", 'mqttPassword: "[secret]"'],
    ['{"token":"hunter22","a":1}', '{"token":"[secret]","a":1}'],
    ['{"text":"{\\"psk\\":\\"hunter22\\"}"}', '{"text":"{\\"psk\\":"[secret]"}"}'],
    ["psk=hunter22 ssid=box", 'psk="[secret]" ssid=box'],
    ["WIFI_PASSPHRASE=hunter22", 'WIFI_PASSPHRASE="[secret]"'],
    ["https://u:hunter22@host/x", "https://[secret]@host/x"],
    ["mqtt://hunter22@host", "mqtt://[secret]@host"],
    ["https://host/x?api_key=hunter22&b=1", 'https://host/x?api_key="[secret]"&b=1'],
    ["Authorization: Bearer hunter22hunter22", "Authorization: Bearer [secret]"],
    ["eyJhbGciOi.hunter22.sig-nature", "[secret]"],
    ["QN=20261128;PW=hunter22;MN=1", "QN=20261128;PW=[secret];MN=1"],
  ];
  for (const [text, expected] of texts) t.is(scrub(text), expected);
});

test("a value in YAML is taken out whole, whatever form it is written in", (t) => {
  const texts: readonly (readonly [string, string])[] = [
    ["password: hunter 22", 'password: "[secret]"'],
    ["password: hunter22, 23", 'password: "[secret]"'],
    ["a:\n  password: |\n    hunter\n\n    22\n  url: x", 'a:\n  password: "[secret]"\n  url: x'],
    ["token: >-\n  hunter22\nurl: x", 'token: "[secret]"\nurl: x'],
    ["passwords:\n  - hunter22\n  - hunter23\nurl: x", 'passwords: "[secret]"\nurl: x'],
    ["password: &it hunter22", 'password: "[secret]"'],
    ["password: !!str hunter22", 'password: "[secret]"'],
    ["{ name: a, password: hunter 22, url: b }", '{ name: a, password: "[secret]", url: b }'],
    ["{ tokens: [ hunter22, hunter23 ] }", '{ tokens: "[secret]" }'],
    ['"token":["hunter22"]', '"token":"[secret]"'],
    ['panel: { pin: "471123" }', 'panel: { pin: "[secret]" }'],
    ['panel: { pin: "gate-7/north" }', 'panel: { pin: "[secret]" }'],
    ["panel: { listen: x, pin: northgate }", "panel: { listen: x, pin: [secret] }"],
    ["mqtt://u:hunter@22@host", "mqtt://[secret]@host"],
    ["mqtt://u:hunter/22@host", "mqtt://[secret]@host"],
    ["密码：hunter22", "密码：[secret]"],
  ];
  for (const [text, expected] of texts) t.is(scrub(text), expected);
});

test("a private key is taken out whole, also where it is cut off", (t) => {
  const key = "-----BEGIN EC PRIVATE KEY-----\nhunter22\nhunter22\n";
  t.notRegex(scrub(`a\n${key}-----END EC PRIVATE KEY-----\nb`), /hunter22/);
  t.regex(scrub(`a\n${key}-----END EC PRIVATE KEY-----\nb`), /\nb$/);
  t.notRegex(scrub(`a\n${key}`), /hunter22/);
});

test("what is no secret stays: references, words, and where a certificate is", (t) => {
  const kept = [
    `password: \${file:/etc/lifeline/mqtt.password}`,
    `token: "\${env:TOKEN}"`,
    "url: mqtt://127.0.0.1:1883",
    `{ password: "\${file:/a}", url: b }`,
    "pin: 13",
    "pin: A15",
    `pin: "\${file:pin}"`,
    "tokens:\nurl: x",
    "the password is wrong",
    "key: /etc/lifeline/client.key",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "user@host",
  ];
  for (const text of kept) t.is(scrub(text), text);
});
