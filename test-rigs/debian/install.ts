import { spawnSync } from "node:child_process";
import process from "node:process";
import { type AnyPackage, hasCommand, installLine, missingPackages } from "./packages.ts";

/** Installs `missing`; where it may not, `otherwise` is printed with the line that does. */
export function install(missing: readonly AnyPackage[], otherwise: string): void {
  if (missing.length === 0) return;
  const shell = rootShell();
  if (shell === null || !hasCommand("apt-get")) {
    console.log(`${otherwise}: ${installLine(missing)}`);
    return;
  }
  console.log(`Installing what is needed: ${missing.join(" ")}`);
  const [command, ...args] = [...shell, "sh", "-ec", INSTALL, "ensure", ...missing];
  const { status } = spawnSync(command as string, args, { stdio: "inherit" });
  if (status !== 0) console.log(`That failed. Try it by hand: ${installLine(missing)}`);
}

/** What to put before a command that must run as root; null where that is not allowed. */
function rootShell(): readonly string[] | null {
  if (process.getuid?.() === 0) return [];
  if (!hasCommand("sudo")) return null;
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0
    ? ["sudo", "-n"]
    : null;
}

/**
 * Debian starts a service when its package is installed, unless policy-rc.d forbids it (exit code
 * 101), and at every later boot. The tests start their own broker, on a port of their own.
 */
const INSTALL = `
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends "$@"
case " $* " in
  *" mosquitto "*) if [ -d /run/systemd/system ]; then systemctl disable --now mosquitto; fi ;;
esac
`;

/** Whether a command's packages, `names`, are there, or could be installed; else it is told how. */
export function isReadyWith(names: readonly AnyPackage[]): boolean {
  install(missingPackages(names), "This needs packages of Debian");
  return missingPackages(names).length === 0;
}
