import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bootAgain, bootMachine, type Machine } from "./machine.ts";

const SEAL = fileURLToPath(new URL("../../ota/systemd/seal", import.meta.url));
const TIMER = fileURLToPath(new URL("../../ota/systemd/lifeline-seal.timer", import.meta.url));

/** Where the gateway's identity lies in a machine. */
export const IDENTITY = "/var/lib/lifeline/identity";

/** Stands for the gateway: reads its secrets as that does, notes what it read, and stays. */
const GATEWAY = `#!/bin/sh
for secret in ${IDENTITY}/credential.pem /etc/lifeline/secrets/password; do
  name=\${secret##*/}
  cat $secret 2>/dev/null || cat \${secret%/*}/opened/$name 2>/dev/null || echo none
done >/run/lifeline/read
systemd-notify --ready
sleep infinity
`;

/** A machine with what seals secrets, and a stand-in for the gateway whose secrets they are. */
export class SealingMachine {
  #machine: Machine;
  #planted = 0;

  private constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Boots it, `files` added to its root. */
  static async boot(files: Readonly<Record<string, string>> = {}): Promise<SealingMachine> {
    const bin = "opt/lifeline/current/bin";
    const all = {
      [`${bin}/lifeline`]: GATEWAY,
      "etc/systemd/system/lifeline.service.d/calm.conf": "[Service]\nWatchdogSec=0\n",
      "etc/lifeline/secrets/.keep": "",
      [`${IDENTITY.slice(1)}/.keep`]: "",
      ...files,
    };
    const machine = await bootMachine(all, {}, (root) => {
      cpSync(SEAL, join(root, bin, "seal"));
      chmodSync(join(root, bin, "seal"), 0o755);
      // The unit as it is shipped, but that it looks every few seconds.
      const timer = readFileSync(TIMER, "utf8").replaceAll(/=\d+min/g, "=3s");
      writeFileSync(join(root, "etc/systemd/system/lifeline-seal.timer"), timer);
    });
    await machine.run("chown -R lifeline: /etc/lifeline /var/lib/lifeline");
    return new SealingMachine(machine);
  }

  get run(): Machine["run"] {
    return this.#machine.run;
  }

  get until(): Machine["until"] {
    return this.#machine.until;
  }

  async end(): Promise<void> {
    await this.#machine.end();
  }

  async restart(): Promise<void> {
    await this.#machine.end();
    this.#machine = await bootAgain(this.#machine.root, {});
  }

  /** Puts a key and a password down, as the gateway and a person do. */
  async putDown(): Promise<{ readonly key: string; readonly password: string }> {
    this.#planted += 1;
    const key = `planted key ${this.#planted}`;
    const password = `planted password ${this.#planted}`;
    const put = (path: string) =>
      `setpriv --reuid lifeline --regid lifeline --clear-groups sh -c 'umask 077; cat >${path}.new; mv ${path}.new ${path}'`;
    const pem = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----`;
    await this.run(`printf '%s\n' '${pem}' | ${put(`${IDENTITY}/credential.pem`)}
      echo '${password}' | ${put("/etc/lifeline/secrets/password")}`);
    return { key, password };
  }

  /** What the gateway, started anew, read. Throws where it does not start. */
  async started(): Promise<string> {
    const { code, text } = await this.run("systemctl restart lifeline && cat /run/lifeline/read");
    if (code !== 0) throw new Error(`the gateway does not start: ${text}`);
    return text;
  }

  /** Which of the files that a card keeps hold `text`. */
  keeps(text: string): readonly string[] {
    const folders = ["etc", "var"].map((folder) => join(this.#machine.root, folder));
    const found = spawnSync("grep", ["-rlF", text, ...folders], { encoding: "utf8" });
    return found.stdout.split("\n").filter((file) => file !== "");
  }

  /** Whether there is a file at `path`. */
  has(path: string): boolean {
    return existsSync(join(this.#machine.root, path));
  }
}
