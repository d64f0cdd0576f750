import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import test from "ava";
import { GatewayError } from "../edge/core/errors.ts";
import { fingerprint } from "./load.ts";
import { ProfileFolders, readConfig } from "./read.ts";

const noEnv = () => undefined;

const CONFIG = `gateway: { id: gw-1 }
buses: { line: { kind: modbus-rtu, port: /dev/line } }
devices: { a: { bus: line, unit: 1, profile: my-gauge } }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`;

const PROFILE = `name: { en: My gauge, zh-CN: 我的液位计 }
measures: { en: level, zh-CN: 液位 }
source: its manual
points:
  level: { title: { en: level, zh-CN: 液位 }, number: 40001, type: int16 }
`;

/** A folder with these files, removed after the test. */
function folderWith(
  t: ExecutionContext,
  files: Readonly<Record<string, string | Uint8Array>>,
): string {
  const folder = mkdtempSync(join(tmpdir(), "lifeline-config-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "profiles"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

test("a file is read with the profiles beside it", (t) => {
  const folder = folderWith(t, { "gateway.yaml": CONFIG, "profiles/my-gauge.yaml": PROFILE });
  const { config, problems } = readConfig(join(folder, "gateway.yaml"), noEnv);
  t.deepEqual(problems, []);
  t.deepEqual(
    config?.points.map(({ id }) => id),
    ["a.level"],
  );
});

test("a profile beside the file wins over the release's", (t) => {
  const name = "keller-series-30";
  const folder = folderWith(t, {
    "gateway.yaml": CONFIG.replace("my-gauge", name),
    [`profiles/${name}.yaml`]: PROFILE,
  });
  const { config } = readConfig(join(folder, "gateway.yaml"), noEnv);
  t.is(config?.points[0]?.id, "a.level");
});

test("a faulty profile is reported with its own file and place, and once", (t) => {
  const file = "profiles/my-gauge.yaml";
  const folder = folderWith(t, {
    "gateway.yaml": CONFIG,
    [file]: PROFILE.replace("number", "nmber"),
  });
  const { config, problems } = readConfig(join(folder, "gateway.yaml"), noEnv);
  t.is(config, null);
  t.deepEqual(
    problems.map(({ code, file: where, line }) => [code, where, line]),
    [["unknown-key", join(folder, file), 5]],
  );
});

test("the fingerprint is that of the bytes on disk, with a byte order mark too", (t) => {
  const text = `\uFEFF${CONFIG}`;
  const folder = folderWith(t, { "gateway.yaml": text, "profiles/my-gauge.yaml": PROFILE });
  const { config } = readConfig(join(folder, "gateway.yaml"), noEnv);
  t.is(config?.fingerprint, fingerprint(text));
});

test("bytes that are not UTF-8 are refused", (t) => {
  const folder = folderWith(t, { "gateway.yaml": new Uint8Array([0x67, 0xc3, 0x28]) });
  const { config, problems } = readConfig(join(folder, "gateway.yaml"), noEnv);
  t.is(config, null);
  t.deepEqual(
    problems.map(({ code }) => code),
    ["not-utf8"],
  );
});

test("a file that cannot be read is an operating error that names it", (t) => {
  const folder = folderWith(t, {});
  const missing = join(folder, "gateway.yaml");
  const error = t.throws(() => readConfig(missing, noEnv), { instanceOf: GatewayError });
  t.is(error?.code, "config.unreadable");
  t.is(error?.message, `${missing}: there is no such file`);
  const read = () => readConfig(missing, () => undefined, "zh-CN");
  t.throws(read, { message: `${missing}: 文件不存在` });
  t.is(
    t.throws(() => readConfig(folder, noEnv), { instanceOf: GatewayError })?.code,
    "config.unreadable",
  );
});

test("a profile is read only when a device names it", (t) => {
  const file = "profiles/other.yaml";
  const folder = folderWith(t, {
    "gateway.yaml": CONFIG,
    "profiles/my-gauge.yaml": PROFILE,
    [file]: "points: [",
  });
  t.deepEqual(readConfig(join(folder, "gateway.yaml"), noEnv).problems, []);
  const profiles = new ProfileFolders([join(folder, "profiles")]);
  t.deepEqual([...profiles.keys()], ["my-gauge", "other"]);
  t.deepEqual([profiles.has("other"), profiles.get("absent")], [true, undefined]);
  t.is(profiles.get("other"), null);
  t.is(profiles.get("other"), null);
  t.deepEqual(
    profiles.problems().map((problem) => [problem.code, problem.file]),
    [["yaml-syntax", join(folder, file)]],
  );
});

test("a profile that is not UTF-8 is refused with its file", (t) => {
  const file = "profiles/my-gauge.yaml";
  const folder = folderWith(t, { "gateway.yaml": CONFIG, [file]: new Uint8Array([0xff]) });
  const { config, problems } = readConfig(join(folder, "gateway.yaml"), noEnv);
  t.is(config, null);
  t.deepEqual(
    problems.map((problem) => [problem.code, problem.file]),
    [["not-utf8", join(folder, file)]],
  );
});

test("a private key that others may read is warned of, one of its owner alone is not", (t) => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const tls = "tls: { cert: gw.key, key: gw.key }";
  const folder = folderWith(t, {
    "gateway.yaml": CONFIG.replace("mqtt://127.0.0.1", `mqtts://127.0.0.1, ${tls}`),
    "profiles/my-gauge.yaml": PROFILE,
    "gw.key": privateKey.export({ type: "pkcs8", format: "pem" }),
  });
  const isWarned = () =>
    readConfig(join(folder, "gateway.yaml"), noEnv).problems.some(
      ({ code }) => code === "key-open",
    );
  chmodSync(join(folder, "gw.key"), 0o640);
  t.true(isWarned());
  chmodSync(join(folder, "gw.key"), 0o600);
  t.false(isWarned());
});

test("a secret that is sealed is found where it was opened to, and missed where it was not", (t) => {
  const yaml = CONFIG.replace("mqtt,", `mqtt, password: "\${file:pw}",`);
  const dir = folderWith(t, {
    "gateway.yaml": yaml,
    "profiles/my-gauge.yaml": PROFILE,
    "pw.sealed": "Whxqht+d",
  });
  const codes = () => readConfig(join(dir, "gateway.yaml"), noEnv).problems.map(({ code }) => code);
  t.true(codes().includes("secret-file"));
  mkdirSync(join(dir, "opened"));
  writeFileSync(join(dir, "opened", "pw"), "secret");
  t.false(codes().includes("secret-file"));
});
