import { generateKeyPairSync } from "node:crypto";
import test from "ava";
import { loadConfig } from "./load.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const FILES: Readonly<Record<string, string>> = {
  "/etc/keys/op.pub.pem": publicKey.export({ format: "pem", type: "spki" }) as string,
  "/etc/keys/op.pem": privateKey.export({ format: "pem", type: "pkcs8" }) as string,
  "/etc/keys/rsa.pub.pem": generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
    ...{ format: "pem", type: "spki" },
  }) as string,
  "/etc/keys/odd.pem": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
};

function load(key: string, may = "[write]") {
  const readFile = (path: string) => FILES[path] as string;
  const yaml = `gateway: { id: gw-1 }
commands: { keys: { op: { key: "${key}", may: ${may} } } }`;
  return loadConfig(yaml, { profiles: new Map(), readFile, env: () => undefined, folder: "/etc" });
}

test("a key is the same whether it stands in the file or in a PEM file beside it", (t) => {
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
  const [fromFile] = load("keys/op.pub.pem").config?.commands.keys ?? [];
  const [fromText] = load(raw.toString("base64")).config?.commands.keys ?? [];
  t.like(fromFile, { name: "op", publicKey: raw.toString("base64"), may: ["write"] });
  t.regex(fromFile?.fingerprint ?? "", /^[0-9a-f]{16}$/);
  t.deepEqual(fromText, fromFile);
});

test("a private key, another kind of key, and what is no key are refused", (t) => {
  for (const name of ["op.pem", "rsa.pub.pem", "odd.pem"]) {
    const { config, problems } = load(`keys/${name}`);
    t.is(config, null);
    t.true(
      problems.some(({ code }) => code === "command-key"),
      name,
    );
  }
});
