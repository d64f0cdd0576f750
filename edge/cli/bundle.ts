import { createHash } from "node:crypto";
import { closeSync, openSync, unlinkSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { pack } from "../bundle/pack.ts";
import { toJson } from "../core/json.ts";
import { RELEASE } from "../release.ts";
import { SystemClock } from "../world/clock.ts";
import { isoTime } from "../world/wall-text.ts";
import { gather } from "./bundle-gather.ts";
import { fileTrouble } from "./file-trouble.ts";
import { formatBytes } from "./format.ts";
import { type Invocation, misuse, print } from "./invocation.ts";
import { sayRecord } from "./record-text.ts";
import { refuse } from "./refuse.ts";

/**
 * `lifeline bundle`: one file with all that support needs and no secret, whatever state the gateway
 * and its configuration are in; 1 where the file cannot be written. An existing file stays.
 */
export async function bundle(invocation: Invocation): Promise<number> {
  const { lang, json, operands, command = "", out, config: file } = invocation;
  if (operands.length > 0) return misuse(sayRecord(lang, "noOperands", { command }), invocation);
  const { readConfig } = await import("../../config/read.ts");
  const config = configOf(() => readConfig(file, (name) => process.env[name], lang).config);
  const at = new SystemClock().now();
  const gateway = config?.gateway.id ?? null;
  const stamp = isoTime(at).replaceAll(/[-:]|\.\d+/g, "");
  const folder = `lifeline-${(gateway ?? "unknown").replaceAll(/[^\w.-]/g, "_")}-${stamp}`;
  const path = out ?? `${folder}.tar.gz`;
  const refuseIt = (error: unknown) => {
    const why = fileTrouble(error, lang);
    return refuse(sayRecord(lang, "bundleUnwritten", { path, why }), invocation);
  };
  try {
    // Known before a minute's work, not behind it.
    closeSync(openSync(path, "wx", 0o600));
    unlinkSync(path);
  } catch (error) {
    return refuseIt(error);
  }
  const { files, missing } = await gather({
    config: resolve(file),
    bufferDir: config?.buffer.dir ?? null,
    buses: config?.buses.map(({ name }) => name) ?? [],
  });
  const { manifest, bytes } = pack(folder, { gateway, release: RELEASE, at }, files, missing);
  try {
    write(path, bytes);
  } catch (error) {
    return refuseIt(error);
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (json) print(toJson({ file: path, bytes: bytes.length, sha256, manifest }));
  else {
    const size = formatBytes(bytes.length);
    print(sayRecord(lang, "bundled", { path, size, count: manifest.files.length + 1 }));
    for (const { name, why } of manifest.missing) {
      print(`  ${sayRecord(lang, "bundleLacks", { name, why: why.split("\n")[0] ?? "" })}`);
    }
    print(sayRecord(lang, "bundleLook", { path }));
  }
  return 0;
}

/** Writes a file that is not there yet, wholly or not at all. */
function write(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeFileSync(file, bytes, { flush: true });
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

/** What `read` reads; null where it cannot be read: that is told within the bundle. */
function configOf<Config>(read: () => Config): Config | null {
  try {
    return read();
  } catch {
    return null;
  }
}
