import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Application, listOf } from "../../ota/release/application.ts";
import { compressed, type PackedFile, tarOf } from "../../ota/release/archive.ts";
import {
  parseRelease,
  RELEASE_FILE,
  type ReleaseManifest,
  RUNTIME_FILE,
  textOf,
} from "../../ota/release/manifest.ts";
import { RUNTIME_NAME } from "../../ota/release/runtime.ts";
import { type Child, startChild, tempDir } from "../processes/child.ts";
import { SignedRepository } from "../tuf/signed-repository.ts";
import { OWN_ARCH, unpackTo } from "./installed-release.ts";

const GUARD = fileURLToPath(new URL("../../ota/install/boot-guard", import.meta.url));
/** Simulated days lie behind: this repository is current by the machine's clock. */
const EXPIRES = "2199-01-01T00:00:00Z";

/** A Node that is `program`: what is installed stays small. */
function nodeOf(program: string): PackedFile {
  const bytes = () => Buffer.from(`#!/bin/sh\nexec ${program} "$@"\n`);
  return { path: "bin/node", mode: "0755", bytes };
}

/** A place with releases side by side, and what publishes more of them. */
export class UpdateSite {
  readonly root: string;
  readonly stick: string;
  readonly #repository = new SignedRepository();
  readonly #runtime: readonly PackedFile[];

  /** `program` is the Node that releases run by, seen from where they are installed. */
  constructor(
    root = tempDir("install"),
    stick = tempDir("stick"),
    program: string = process.execPath,
  ) {
    this.root = root;
    this.stick = stick;
    this.#repository.expires = EXPIRES;
    this.#repository.publishRoot();
    const node = nodeOf(program);
    const list = textOf({ v: 1, name: RUNTIME_NAME, arch: OWN_ARCH, files: listOf([node]) });
    this.#runtime = [{ path: RUNTIME_FILE, mode: "0644", bytes: () => list }, node];
    mkdirSync(join(this.root, "anchor"), { recursive: true });
    writeFileSync(join(this.root, "anchor", "root.json"), this.#repository.root());
  }

  /** As an image brings it: no journal, nothing of what was signed. */
  install({ files }: Pick<Application, "files">): void {
    const { version } = contentsOf(files);
    const slot = join(this.root, "releases", version);
    unpackTo(slot, files);
    unpackTo(join(this.root, "runtimes", RUNTIME_NAME), this.#runtime);
    symlinkSync(join("..", "..", "runtimes", RUNTIME_NAME), join(slot, "runtime"));
    symlinkSync(join("releases", version), join(this.root, "current"));
  }

  /** Publishes a release, as the newest of its channel. */
  publish({ files }: Pick<Application, "files">): ReleaseManifest {
    const { version, counter, hardware, channel, builtAt } = contentsOf(files);
    const below = `${hardware[0]}/${channel}`;
    const custom = { hardware, channel, counter };
    const added = (path: string, tar: Uint8Array) => {
      const bytes = compressed(tar, 1);
      this.#repository.addTarget(path, bytes, custom);
      return { path, ...signedOf(bytes), tar: signedOf(tar) };
    };
    const manifest: ReleaseManifest = {
      ...{ v: 1, version, counter, hardware, channel, builtAt, deltas: [] },
      changes: { en: `What ${version} brings.`, "zh-CN": `${version} 的改动。` },
      application: added(`${below}/lifeline-${version}.tar.zst`, tarOf(files)),
      runtime: { name: RUNTIME_NAME, ...added(`${below}/node.tar.zst`, tarOf(this.#runtime)) },
    };
    for (const name of [version, "latest"]) {
      this.#repository.addTarget(`${below}/${name}.release.json`, textOf(manifest), custom);
    }
    this.#repository.publish();
    for (const [name, bytes] of this.#repository.files) {
      mkdirSync(dirname(join(this.stick, name)), { recursive: true });
      writeFileSync(join(this.stick, name), bytes);
    }
    return manifest;
  }

  /** Keeps the release that is in place running under the boot guard, as the system would. */
  supervise(config: string, state: string): Child {
    const program = join(this.root, "current", "bin", "lifeline");
    const script = `trap 'kill $pid; exit' TERM
while :; do
  sh ${GUARD} ${this.root} ${state}
  ${program} run --config ${config} --lang en & pid=$!
  wait $pid; echo "ended with $?"
done`;
    const env = { NOTIFY_SOCKET: join(this.root, "nobody"), HOME: this.root };
    return startChild("sh", ["-c", script], env);
  }

  /** Runs the command line of the release that is in place. */
  async lifeline(...words: readonly string[]): Promise<{ code: unknown; text: string }> {
    const program = join(this.root, "current", "bin", "lifeline");
    const child = startChild(program, [...words, "--lang", "en"], { HOME: this.root });
    const code = await child.exited;
    return { code, text: child.lines.join("\n") };
  }
}

function contentsOf(files: readonly PackedFile[]) {
  const list = files.find(({ path }) => path === RELEASE_FILE);
  return parseRelease(list?.bytes() ?? Buffer.of());
}

function signedOf(bytes: Uint8Array): { readonly length: number; readonly sha256: string } {
  return { length: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
