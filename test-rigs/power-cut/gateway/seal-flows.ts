import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tempDir } from "../../processes/child.ts";
import type { Flow } from "../each-step.ts";

const SEAL = fileURLToPath(new URL("../../../ota/systemd/seal", import.meta.url));
const OLD = "-----BEGIN PRIVATE KEY-----\nold\n-----END PRIVATE KEY-----\n";
const NEW = OLD.replace("old", "new");
const KEY = "var/identity/credential.pem";
const PASSWORD = "etc/secrets/password";

/** What of a machine is not on the disk that is cut: its memory, and the host's key beside it. */
const beside = { memory: "", hostKey: "" };

/** How secrets are sealed: for the first time, once that has proved good, and after a renewal. */
export const SEAL_FLOWS: readonly Flow[] = [
  {
    name: "sealing for the first time",
    prepare: (dir) => begin(dir),
    ...{ command: command(1), examine: examine([OLD], 1) },
  },
  {
    name: "removing what is sealed",
    prepare: (dir) => {
      begin(dir);
      run(dir, "seal", 1);
    },
    ...{ command: command(2), examine: examine([OLD], 2) },
  },
  {
    name: "sealing what was renewed",
    prepare: (dir) => {
      begin(dir);
      run(dir, "seal", 1);
      run(dir, "seal", 2);
      writeFileSync(join(dir, KEY), NEW);
    },
    ...{ command: command(2), examine: examine([NEW], 2) },
  },
];

function begin(dir: string): void {
  Object.assign(beside, { memory: tempDir("memory"), hostKey: join(tempDir("host"), "key") });
  mkdirSync(join(dir, "var/identity"), { recursive: true });
  mkdirSync(join(dir, "etc/secrets"), { recursive: true });
  writeFileSync(join(dir, KEY), OLD);
  writeFileSync(join(dir, PASSWORD), "secret\n");
}

function command(boot: number): Flow["command"] {
  return (dir) => ["env", ...settings(dir, boot), "sh", SEAL, "seal"];
}

function run(dir: string, what: "seal" | "open", boot: number): void {
  const all = [...settings(dir, boot), "sh", SEAL, what];
  const { status, stderr } = spawnSync("env", all, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

function settings(dir: string, boot: number): readonly string[] {
  const { memory, hostKey } = beside;
  return [
    ...[`SEAL_STATE=${dir}/var`, `SEAL_FOLDERS=${dir}/var/identity ${dir}/etc/secrets`],
    ...[`SEAL_MEMORY=${memory}`, `SEAL_WORK=${memory}`, `SEAL_BOOT=boot-${boot}`],
    ...["SEAL_USER=root", "SEAL_TPM=", `SYSTEMD_CREDENTIAL_SECRET=${hostKey}`],
  ];
}

/** What the gateway finds after the cut is one of `keys`, and sealing goes on to its end. */
function examine(keys: readonly string[], boot: number): Flow["examine"] {
  return (dir) => {
    const then = restarted(dir, boot + 1);
    const faults: string[] = [];
    if (!keys.includes(then.key ?? "")) faults.push(`the key is ${then.key ?? "gone"}`);
    if (then.password !== "secret\n") faults.push(`the password is ${then.password ?? "gone"}`);
    run(dir, "seal", boot + 1);
    run(dir, "seal", boot + 2);
    if (existsSync(join(dir, KEY))) faults.push("the plain key stays for ever");
    const last = restarted(dir, boot + 3);
    if (!keys.includes(last.key ?? "")) faults.push(`in the end the key is ${last.key ?? "gone"}`);
    if (last.password !== "secret\n") faults.push("in the end the password is gone");
    return faults;
  };
}

/** What a gateway reads that is started in the next run of the machine. */
function restarted(dir: string, boot: number) {
  rmSync(beside.memory, { recursive: true, force: true });
  mkdirSync(beside.memory);
  run(dir, "open", boot);
  return { key: readIn(dir, KEY), password: readIn(dir, PASSWORD) };
}

function readIn(dir: string, path: string): string | null {
  const opened = path.replace(/([^/]+)$/, "opened/$1");
  const file = [path, opened].map((each) => join(dir, each)).find(existsSync);
  return file === undefined ? null : readFileSync(file, "utf8");
}
