import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { ExecutionContext } from "ava";
import { testWith } from "../../test-rigs/debian/test-with.ts";
import { tempDir } from "../../test-rigs/processes/child.ts";

const SEAL = join(import.meta.dirname, "seal");
const KEY = "-----BEGIN PRIVATE KEY-----\nof the gateway\n-----END PRIVATE KEY-----\n";
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nof all\n-----END CERTIFICATE-----\n";

/** A machine's folders, with an identity and a password in them, of `user`. */
function box(user = userInfo().username) {
  const at = tempDir("seal");
  for (const dir of ["var/identity", "etc/secrets", "run", "bin"]) {
    mkdirSync(join(at, dir), { recursive: true });
  }
  const put = (name: string, text: string, mode = 0o600) =>
    writeFileSync(join(at, name), text, { mode });
  put("var/identity/credential.pem", KEY + CERTIFICATE);
  put("var/identity/authorities.pem", CERTIFICATE);
  put("etc/secrets/password", "of the broker\n");
  const names = (dir: string) => readdirSync(join(at, dir)).toSorted();
  const text = (name: string) => readFileSync(join(at, name), "utf8");
  /** Runs the sealer in a machine that was started for the `boot`th time; what it complained of. */
  const seal = (what: "seal" | "open", boot: number) => {
    const env = {
      ...process.env,
      PATH: `${join(at, "bin")}:${process.env.PATH}`,
      ...{ SEAL_STATE: join(at, "var"), SEAL_MEMORY: join(at, "run"), SEAL_WORK: at },
      SEAL_FOLDERS: `${join(at, "var/identity")} ${join(at, "etc/secrets")}`,
      ...{ SEAL_USER: user, SEAL_TPM: "", SEAL_BOOT: `boot-${boot}` },
      SYSTEMD_CREDENTIAL_SECRET: join(at, "host-key"),
    };
    const { stderr, status } = spawnSync("sh", [SEAL, what], { env, encoding: "utf8" });
    return { stderr, status };
  };
  /** The machine is restarted: what was in memory is gone. */
  const restart = (boot: number) => {
    rmSync(join(at, "run"), { recursive: true });
    mkdirSync(join(at, "run"));
    return seal("open", boot);
  };
  return { at, put, names, text, seal, restart };
}

/** Whether `secret` lies anywhere below `dir`. */
function lies(secret: string, dir: string): boolean {
  return spawnSync("grep", ["-rqF", secret, dir]).status === 0;
}

const sealed = testWith("systemd");

sealed("a plain secret goes once the machine has kept over a restart what it seals with", (t) => {
  const { at, names, text, seal, restart } = box();
  t.is(seal("seal", 1).status, 0);
  t.deepEqual(names("var/identity"), [
    ...["authorities.pem", "credential.pem", "credential.pem.public", "credential.pem.sealed"],
    "opened",
  ]);
  t.is(seal("seal", 1).status, 0);
  t.is(text("var/identity/credential.pem"), KEY + CERTIFICATE, "no restart yet");
  restart(2);
  t.is(seal("seal", 2).status, 0);
  t.deepEqual(names("var/identity"), [
    ...["authorities.pem", "credential.pem.public", "credential.pem.sealed", "opened"],
  ]);
  t.deepEqual(names("etc/secrets"), ["opened", "password.sealed"]);
  t.is(readlinkSync(join(at, "etc/secrets/opened")), join(at, "run/secrets"));
  t.is(text("var/identity/opened/credential.pem"), KEY + CERTIFICATE);
  t.is(text("etc/secrets/opened/password"), "of the broker\n");
  t.is(text("var/identity/credential.pem.public"), CERTIFICATE);
  for (const dir of ["var", "etc"]) t.false(lies("of the", join(at, dir)), dir);
  t.deepEqual(names(".").toSorted(), ["bin", "etc", "host-key", "run", "var"], "nothing is left");
});

/** A box whose secrets are sealed, and that has shown that it keeps them. */
function sealedBox(t: ExecutionContext) {
  const made = box();
  made.seal("seal", 1);
  t.false(made.seal("seal", 2).stderr.includes("seal:"));
  return made;
}

sealed("what is renewed later is sealed at once, and another password likewise", (t) => {
  const { put, names, text, seal, restart } = sealedBox(t);
  put("var/identity/credential.pem", KEY.replace("gateway", "renewal"));
  put("etc/secrets/password", "changed\n");
  t.is(seal("seal", 2).status, 0);
  restart(3);
  t.false(names("var/identity").includes("credential.pem"));
  t.is(text("var/identity/opened/credential.pem"), KEY.replace("gateway", "renewal"));
  t.is(text("etc/secrets/opened/password"), "changed\n");
});

sealed("what another machine has sealed does not open, and says why, until it is replaced", (t) => {
  const { at, put, names, text, seal, restart } = sealedBox(t);
  rmSync(join(at, "host-key"));
  t.is(restart(3).status, 0, "the gateway is started all the same");
  t.regex(text("var/identity/credential.pem.refused"), /\w+/);
  t.deepEqual(names("run"), []);
  t.is(text("var/identity/credential.pem.public"), CERTIFICATE);
  put("var/identity/credential.pem", KEY);
  t.is(seal("seal", 3).status, 0);
  t.false(names("var/identity").includes("credential.pem.refused"));
  t.true(names("var/identity").includes("credential.pem"), "a key made anew has to last too");
});

sealed("a host's key that is lost with each restart removes nothing", (t) => {
  const { at, names, seal, restart } = box();
  for (const boot of [1, 2, 3]) {
    rmSync(join(at, "host-key"), { force: true });
    restart(boot);
    seal("seal", boot);
    t.true(names("var/identity").includes("credential.pem"), `boot ${boot}`);
  }
});

sealed("a sealed secret in the place of another does not open", (t) => {
  const { at, text, restart } = sealedBox(t);
  const password = text("etc/secrets/password.sealed");
  writeFileSync(join(at, "var/identity/credential.pem.sealed"), password);
  restart(3);
  t.regex(text("var/identity/credential.pem.refused"), /name/);
});

sealed("an identity that is ended while it is being sealed stays ended", (t) => {
  const { at, put, names, seal, restart } = sealedBox(t);
  put("var/identity/credential.pem", KEY.replace("gateway", "renewal"));
  // In the place of what compares: a gateway that is reset in that moment.
  const gone = `rm -f ${at}/var/identity/credential.pem* ${at}/run/identity/credential.pem`;
  const real = execFileSync("sh", ["-c", "command -v cmp"], { encoding: "utf8" }).trim();
  put("bin/cmp", `#!/bin/sh\n${real} "$@"; r=$?; [ $r = 1 ] || { ${gone}; }; exit $r\n`, 0o755);
  seal("seal", 2);
  rmSync(join(at, "bin/cmp"));
  seal("seal", 2);
  restart(3);
  t.deepEqual(names("var/identity"), ["authorities.pem", "opened"]);
});

sealed("a certificate that is renewed while the one before is being removed stays", (t) => {
  const { at, put, names, text, seal } = sealedBox(t);
  put("var/identity/credential.pem", KEY.replace("gateway", "renewal"));
  put("next", KEY.replace("gateway", "next renewal"));
  const real = execFileSync("sh", ["-c", "command -v mv"], { encoding: "utf8" }).trim();
  // Written in the moment before the plain one is moved off, once.
  const write = `case "$*" in *sealing) mv() { ${real} "$@"; }; [ ! -e ${at}/next ] || ${real} ${at}/next ${at}/var/identity/credential.pem ;; esac`;
  put("bin/mv", `#!/bin/sh\n${write}\nexec ${real} "$@"\n`, 0o755);
  seal("seal", 2);
  t.false(existsSync(join(at, "next")));
  t.is(text("var/identity/opened/credential.pem"), KEY.replace("gateway", "next renewal"));
  t.false(names("var/identity").some((name) => /pem$|sealing$/.test(name) && !/auth/.test(name)));
});

if (process.getuid?.() === 0) {
  sealed("root is led to no other file by what lies in the gateway's folder", (t) => {
    const { at, text, names, seal } = box("nobody");
    execFileSync("chown", ["-R", "nobody", ...["var", "etc", "run"].map((dir) => join(at, dir))]);
    execFileSync("chmod", ["755", at]);
    writeFileSync(join(at, "shadow"), "PRIVATE KEY of root\n", { mode: 0o600 });
    rmSync(join(at, "var/identity/credential.pem"));
    symlinkSync(join(at, "shadow"), join(at, "var/identity/credential.pem"));
    symlinkSync(join(at, "shadow"), join(at, "etc/secrets/shadow"));
    seal("seal", 1);
    t.is(text("shadow"), "PRIVATE KEY of root\n");
    t.deepEqual(names("etc/secrets"), ["opened", "password", "password.sealed", "shadow"]);
    t.deepEqual(names("run/secrets"), ["password"]);
    t.false(lies("of root", join(at, "run")));
  });
}

sealed("without systemd-creds everything stays as it is", (t) => {
  const { at, names, put } = box();
  for (const tool of ["sh", "id", "cat", "setpriv"]) {
    const real = execFileSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim();
    put(`bin/${tool}`, `#!/bin/sh\nexec ${real} "$@"\n`, 0o755);
  }
  const env = { PATH: join(at, "bin"), SEAL_STATE: join(at, "var"), SEAL_USER: "root" };
  t.is(spawnSync("/bin/sh", [SEAL, "seal"], { env }).status, 0);
  t.deepEqual(names("var/identity"), ["authorities.pem", "credential.pem"]);
});
