import { readdirSync, readFileSync, statfsSync } from "node:fs";
import {
  cpus,
  freemem,
  hostname,
  loadavg,
  networkInterfaces,
  release,
  totalmem,
  uptime,
} from "node:os";
import process from "node:process";

/** What is told to support of the machine: never its environment, never what its files hold. */
export function bundleFacts(bufferDir: string | null): object {
  return {
    hostname: hostname(),
    model: textOf("/proc/device-tree/model"),
    system: textOf("/etc/os-release")?.split("\n") ?? null,
    kernel: release(),
    arch: process.arch,
    node: process.versions.node,
    cpus: cpus().map(({ model }) => model),
    load: loadavg(),
    uptimeS: Math.round(uptime()),
    memory: { totalBytes: totalmem(), freeBytes: freemem(), lines: textOf("/proc/meminfo") },
    pressure: textOf("/proc/pressure/io"),
    disk: bufferDir === null ? null : diskOf(bufferDir),
    mounts: textOf("/proc/mounts")?.split("\n") ?? null,
    networks: networksOf(),
    routes: textOf("/proc/net/route"),
    names: textOf("/etc/resolv.conf"),
    serial: namesIn("/dev/serial/by-id"),
    ports: namesIn("/dev").filter((name) => /^tty(USB|ACM|AMA|S)\d+$/.test(name)),
    temperatureMilliC: textOf("/sys/class/thermal/thermal_zone0/temp"),
  };
}

function networksOf() {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ family, cidr, internal }) => ({ name, family, cidr, internal })),
  );
}

function diskOf(dir: string): object | null {
  try {
    const { type, bsize, blocks, bfree, bavail, files, ffree } = statfsSync(dir);
    return { type, bsize, blocks, bfree, bavail, files, ffree };
  } catch {
    return null;
  }
}

/** What a small file of the system says; null where there is none. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8").replaceAll("\0", "").trim();
  } catch {
    return null;
  }
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
