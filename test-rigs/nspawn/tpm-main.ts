import process from "node:process";
import { asked } from "../../ota/release/asked.ts";
import { installLine, missingPackages } from "../debian/packages.ts";
import { startChild, tempDir } from "../processes/child.ts";
import { freePort } from "../processes/mosquitto.ts";
import { isAbleToBoot, WHY_NOT } from "./able.ts";
import { IDENTITY, SealingMachine } from "./sealing.ts";

asked({
  name: "npm run seal-by-tpm",
  about: `Secrets sealed by a TPM under a real systemd: sealed, plain files gone after a
restart, renewed, and of no use once the TPM is another. As root; the TPM is
swtpm's. Needs the Debian packages swtpm, tpm2-tools and libtss2-tcti-swtpm0.
Exits 1 where something is not as it must be, and 2 where it cannot be tried.`,
  options: {},
});

const NEEDED = ["swtpm", "tpm2-tools", "libtss2-tcti-swtpm0"] as const;

let isRight = true;

function say(what: string, isSo: boolean): void {
  process.stdout.write(`${isSo ? "as it must be" : "WRONG"}: ${what}\n`);
  isRight &&= isSo;
}

async function tellAll(): Promise<void> {
  process.stdout.write("a gateway whose machine has a TPM; three starts of it, half a minute\n");
  const port = await freePort();
  const tpm = startChild("swtpm", [
    ...["socket", "--tpm2", "--tpmstate", `dir=${tempDir("tpm")}`],
    ...["--server", `type=tcp,port=${port},disconnect`],
    // Whoever uses it asks for the port behind it.
    ...["--ctrl", `type=tcp,port=${port + 1}`],
    ...["--flags", "not-need-init,startup-clear"],
  ]);
  const device = `swtpm:host=127.0.0.1,port=${port}`;
  const machine = await SealingMachine.boot(filesFor(device));
  try {
    await tell(machine, device);
  } finally {
    await machine.end();
    await tpm.end("SIGTERM");
  }
}

/** What the kernel's resource manager does for a real TPM: what is left of earlier calls goes. */
function filesFor(device: string): Readonly<Record<string, string>> {
  const flush = ["-l", "-t"].map((what) => `tpm2_flushcontext -T ${device} ${what} 2>/dev/null`);
  const creds = `#!/bin/sh\n${flush.join("\n")}\nexec /usr/bin/systemd-creds "$@"\n`;
  const setting = `[Service]\nEnvironment=SEAL_TPM=${device} PATH=/opt/rig/bin:/usr/bin:/bin\n`;
  // It is reached by the network here, and not as a device.
  const network = "PrivateNetwork=no\nRestrictAddressFamilies=AF_INET AF_UNIX\n";
  return {
    "opt/rig/bin/systemd-creds": creds,
    "etc/systemd/system/lifeline-seal.service.d/tpm.conf": setting + network,
    "etc/systemd/system/lifeline.service.d/tpm.conf": setting,
  };
}

async function tell(machine: SealingMachine, device: string): Promise<void> {
  const first = await machine.putDown();
  await machine.run("systemctl start lifeline-seal");
  const { text } = await machine.run(`head -c 8 ${IDENTITY}/credential.pem.sealed`);
  say("the key is sealed by the TPM and the host's key", text === "k6iUCUh0");
  await machine.restart();
  await machine.run("systemctl start lifeline lifeline-seal lifeline-seal.path");
  say("after a restart no plain key is left", machine.keeps(first.key).length === 0);
  say("the gateway reads its key", (await machine.started()).includes(first.key));
  const renewed = await machine.putDown();
  const isGone = (found: string) => !/^credential.pem$/m.test(found);
  await machine.until(`ls ${IDENTITY}`, isGone, 60_000);
  say("a renewed key is sealed by itself", (await machine.started()).includes(renewed.key));
  await machine.run(`tpm2_flushcontext -T ${device} -l; tpm2_clear -T ${device} -c p`);
  say("with another TPM the gateway starts, without a key", /^none/.test(await machine.started()));
  say("and the reason is noted", machine.has(`${IDENTITY}/credential.pem.refused`));
}

const missing = missingPackages(NEEDED);
if (!isAbleToBoot || missing.length > 0) {
  process.stderr.write(`${isAbleToBoot ? `it needs ${installLine(missing)}` : WHY_NOT}\n`);
  process.exitCode = 2;
} else {
  await tellAll();
  process.stdout.write(`${isRight ? "the TPM protects the key" : "something is wrong"}\n`);
  process.exitCode = isRight ? 0 : 1;
}
