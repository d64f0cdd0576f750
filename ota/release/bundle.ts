import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, posix, relative } from "node:path";
import { build, type Metafile, type Plugin, transform } from "esbuild";

/** What a release runs on: the names that Debian gives processors. */
export type Arch = "arm64" | "amd64";

/** The program as JavaScript. */
export type ProgramBundle = {
  /** By their paths below `app`. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The files that it was made of, as paths below the checkout, sorted. */
  readonly sources: readonly string[];
};

/** What is started by its file name, and the name it gets: a thread, a process, the program. */
const ENTRIES: Readonly<Record<string, string>> = {
  "edge/main.ts": "main",
  "buffer/worker.ts": "buffer-worker",
  "config/read-process.ts": "config-reader",
  "edge/world/firmata/main.ts": "board",
};
/** What only a checkout has: the program looks whether it is there. */
const ABSENT = ["test-rigs/demo/main.ts", "test-rigs/centre/fleet-main.ts"];
/** What only a checkout can do. */
const NOT_SHIPPED = ["esbuild"];

/** The native parts, as their packages name them; glibc's, for Debian. */
const NATIVES: Readonly<Record<Arch, { readonly sqlite: string; readonly serial: string }>> = {
  arm64: { sqlite: "linux-arm64", serial: "linux-arm64/@serialport+bindings-cpp.armv8.glibc.node" },
  amd64: { sqlite: "linux-x64", serial: "linux-x64/@serialport+bindings-cpp.glibc.node" },
};

/** What packages of the older kind expect to find, and esbuild leaves to whoever has them. */
const OF_COMMON_JS = [
  `import { createRequire as lifelineRequire } from "node:module";`,
  "const require = lifelineRequire(import.meta.url), __dirname = import.meta.dirname;",
].join("\n");

/**
 * Makes one folder of JavaScript of the checkout at `root`: what no command needs is left out, and
 * what a command needs is loaded with it. Names are stable, and nothing is shortened, so that a
 * small change of the sources is a small change here, and a line of a crash can be read.
 */
export async function bundleProgram(root: string, arch: Arch): Promise<ProgramBundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(ENTRIES).map(([file, out]) => ({ in: file, out })),
    outdir: "app",
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24.15",
    // One letter of another alphabet in a file, and V8 keeps all of it at two bytes a letter.
    charset: "ascii",
    legalComments: "none",
    logLevel: "silent",
    chunkNames: "chunk-[hash]",
    assetNames: "natives/[name]",
    alias: { "better-sqlite3": `better-sqlite3/${NATIVES[arch].sqlite}` },
    loader: { ".node": "copy" },
    external: NOT_SHIPPED,
    banner: { js: OF_COMMON_JS },
    plugins: [atItsPlace(root), serialNative(arch), uncommented()],
  });
  const names = stableNames(metafile);
  const named = (text: string) => text.replaceAll(CHUNK, (name) => names.get(name) ?? name);
  const files = outputFiles.map(({ path, contents }): [string, Uint8Array] => {
    const name = relative(join(root, "app"), path);
    if (!name.endsWith(".js")) return [name, contents];
    return [named(name), Buffer.from(named(Buffer.from(contents).toString()))];
  });
  return { files: new Map(files), sources: Object.keys(metafile.inputs).toSorted() };
}

const CHUNK = /chunk-[A-Z0-9]{8}\.js/g;

/**
 * A chunk is called by its contents, and who imports it is changed with it: one line would rename
 * half of them. So each is called after what it is loaded for, or the greatest of its sources.
 */
function stableNames({ outputs }: Metafile): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const [path, { inputs, entryPoint }] of Object.entries(outputs)) {
    const [chunk] = posix.basename(path).match(CHUNK) ?? [];
    if (chunk === undefined) continue;
    const greatest = Object.entries(inputs).toSorted(
      ([a, { bytesInOutput: one }], [b, { bytesInOutput: other }]) =>
        other - one || (a < b ? -1 : 1),
    )[0]?.[0];
    const source = plain(entryPoint ?? greatest ?? "runtime");
    const name = entryPoint === undefined ? `shared-${source}.js` : `${source}.js`;
    if (taken.has(name)) throw new Error(`two parts of the program would be called ${name}`);
    taken.add(name);
    names.set(chunk, name);
  }
  return names;
}

/** `node_modules/@scope/name/lib/a.js` as `scope-name-lib-a`. */
function plain(source: string): string {
  return source
    .replace(/^.*node_modules\//, "")
    .replace(/\.[cm]?[jt]s$/, "")
    .replaceAll(/[^\w.]+/g, "-")
    .replace(/^-/, "")
    .slice(-80);
}

/**
 * Our own files find what lies beside them by their own place. Bundled, all of them are in one
 * folder, and what lay beside them is at the same path below it.
 */
function atItsPlace(root: string): Plugin {
  return {
    name: "at-its-place",
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const file = relative(root, path);
        const text = readFileSync(path, "utf8");
        if (file.includes("node_modules") || !text.includes("import.meta")) return null;
        return { contents: placed(root, file, text), loader: "ts" };
      });
    },
  };
}

function placed(root: string, file: string, text: string): string {
  const folder = posix.dirname(file);
  const at = (path: string) => `new URL(${JSON.stringify(path)}, import.meta.url)`;
  const started = /new URL\("([^"]+\.ts)", import\.meta\.url\)/g;
  const result = text
    .replaceAll(started, (_, to: string) => {
      const named = posix.join(folder, to);
      const out = ENTRIES[named];
      if (out !== undefined) return at(`${out}.js`).replace("meta", "META");
      if (ABSENT.includes(named)) return at(named).replace("meta", "META");
      throw new Error(`${file} starts ${named}, which is not among what is bundled for that`);
    })
    .replaceAll(/import\.meta\.resolve\("([^"]+)"\)/g, (_, name: string) => {
      const found = relative(root, createRequire(join(root, file)).resolve(name));
      return `${at(found).replace("meta", "META")}.href`;
    })
    .replaceAll("import.meta.url", `${at(file).replace("meta", "META")}.href`)
    .replaceAll("import.meta.dirname", `(import.META.dirname + ${JSON.stringify(`/${folder}`)})`);
  if (result.includes("import.meta")) throw new Error(`${file}: what of import.meta is this?`);
  return result.replaceAll("import.META", "import.meta");
}

/** serialport looks for its native part when it starts; a release knows which it is. */
function serialNative(arch: Arch): Plugin {
  const native = `../prebuilds/${NATIVES[arch].serial}`;
  return {
    name: "serial-native",
    setup: ({ onLoad }) => {
      onLoad({ filter: /bindings-cpp\/dist\/serialport-bindings\.js$/ }, ({ path }) => {
        if (!existsSync(join(path, "..", native))) throw new Error(`${native} is not there`);
        return { contents: `exports.binding = require(${JSON.stringify(native)});` };
      });
    },
  };
}

/**
 * What packages explain in their sources would be kept in memory with them, and one letter of it at
 * two bytes a letter for the whole file.
 */
function uncommented(): Plugin {
  return {
    name: "uncommented",
    setup: ({ onLoad }) => {
      onLoad({ filter: /node_modules\/.*\.[cm]?js$/ }, async ({ path }) => {
        const text = readFileSync(path, "utf8");
        const options = { minifyWhitespace: true, legalComments: "none" } as const;
        return { contents: (await transform(text, options)).code, loader: "js" };
      });
    },
  };
}
