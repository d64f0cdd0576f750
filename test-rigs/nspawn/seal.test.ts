import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { bootAgain, bootMachine, type Machine } from "./machine.ts";
import { testMachine } from "./test-machine.ts";

const SEAL = fileURLToPath(new URL("../../ota/systemd/seal", import.meta.url));
const IDENTITY = "/var/lib/lifeline/identity";

/** Stands for the gateway: reads its key as that does, notes what it read, and stays. */
const GATEWAY = `#!/bin/sh
for secret in ${IDENTITY}/credential.pem /etc/lifeline/secrets/password; do
  name=\${secret##*/}
  cat $secret 2>/dev/null || cat \${secret%/*}/opened/$name 2>/dev/null || echo none
done >/run/lifeline/read
systemd-notify --ready
sleep infinity
`;

const CALM = "[Service]\nWatchdogSec=0\n";

let machine: Machine;
let secret = 0;

test.after.always(() => machine?.end());

/** Puts a key and a password down as the gateway and a person do, without a word of them in arguments. */
async function putDown(): Promise<{ readonly key: string; readonly password: string }> {
  secret += 1;
  const [key, password] = [`planted key ${secret}`, `planted password ${secret}`];
  const put = (path: string) =>
    `setpriv --reuid lifeline --regid lifeline --clear-groups sh -c 'umask 077; cat >${path}.new; mv ${path}.new ${path}'`;
  const pem = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`;
  await machine.run(`printf '%s\n' '${pem}' | ${put(`${IDENTITY}/credential.pem`)}
    echo '${password}' | ${put("/etc/lifeline/secrets/password")}`);
  return { key, password };
}

/** What the gateway, started anew, read. */
async function started(): Promise<string> {
  const { code, text } = await machine.run("systemctl restart lifeline && cat /run/lifeline/read");
  if (code !== 0) throw new Error(`the gateway does not start: ${text}`);
  return text;
}

/** Which of the files that a card keeps hold \`text\`. */
function keeps(text: string): readonly string[] {
  const folders = ["etc", "var"].map((folder) => join(machine.root, folder));
  const found = spawnSync("grep", ["-rlF", text, ...folders], { encoding: "utf8" });
  return found.stdout
    .trim()
    .split("\n")
    .filter((file) => file !== "");
}

const isThere = (path: string) => existsSync(join(machine.root, path));

testMachine("under systemd a key is sealed, and its plain file goes after a restart", async (t) => {
  t.timeout(180_000);
  machine = await bootMachine(
    {
      "opt/lifeline/current/bin/lifeline": GATEWAY,
      "etc/systemd/system/lifeline.service.d/calm.conf": CALM,
      "etc/lifeline/secrets/.keep": "",
      [`${IDENTITY.slice(1)}/.keep`]: "",
    },
    {},
    (root) => {
      cpSync(SEAL, join(root, "opt/lifeline/current/bin/seal"));
      chmodSync(join(root, "opt/lifeline/current/bin/seal"), 0o755);
    },
  );
  await machine.run("chown -R lifeline: /etc/lifeline /var/lib/lifeline");
  const planted = await putDown();
  t.is((await machine.run("systemctl start lifeline-seal")).text, "");
  t.true(isThere(`${IDENTITY}/credential.pem.sealed`));
  t.true(isThere(`${IDENTITY}/credential.pem`), "there was no restart yet");
  t.regex(await started(), new RegExp(planted.key));
  t.true(keeps(planted.key).length > 0, "what lies on the card is found");
  await machine.end();
  machine = await bootAgain(machine.root, {});
  t.is((await machine.run("systemctl start lifeline lifeline-seal")).text, "");
  t.false(isThere(`${IDENTITY}/credential.pem`));
  const read = await started();
  t.true(read.includes(planted.key) && read.includes(planted.password), read);
  t.deepEqual([...keeps(planted.key), ...keeps(planted.password)], []);
  const { text } = await machine.run("stat -c '%U %a' /run/lifeline/identity/credential.pem");
  t.is(text, "lifeline 600");
});

testMachine("what the gateway renews is sealed without anybody's doing", async (t) => {
  t.timeout(120_000);
  await machine.run("systemctl start lifeline-seal.path");
  const planted = await putDown();
  const files = `ls ${IDENTITY} /etc/lifeline/secrets`;
  await machine.until(files, (text) => !/^(credential.pem|password)$/m.test(text), 60_000);
  const read = await started();
  t.true(read.includes(planted.key) && read.includes(planted.password), read);
});

testMachine(
  "a gateway whose key does not open is started, and a new key takes its place",
  async (t) => {
    t.timeout(120_000);
    await machine.run(
      `systemctl stop lifeline; rm -r /run/lifeline /var/lib/systemd/credential.secret`,
    );
    t.is(await started(), "none\nnone");
    t.true(isThere(`${IDENTITY}/credential.pem.refused`));
    // As `lifeline provision replace` does.
    await machine.run(`rm ${IDENTITY}/credential.pem.*`);
    const planted = await putDown();
    await machine.until(`ls ${IDENTITY}`, (text) => text.includes("pem.sealed"), 60_000);
    t.regex(await started(), new RegExp(planted.key));
    t.true(isThere(`${IDENTITY}/credential.pem`), "what seals now has not outlasted a restart");
  },
);
