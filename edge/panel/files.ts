import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname } from "node:path";

/** A file of the page. */
export type PageFile = { readonly type: string; readonly tag: string; readonly body: Uint8Array };

const FOLDER = new URL("page/", import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * The files of the page by their paths, read once: what is asked for never becomes a path of the
 * file system.
 */
export async function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const names = (await readdir(FOLDER)).filter((name) => extname(name) in TYPES);
  const files = await Promise.all(names.map(async (name) => [`/${name}`, await fileOf(name)]));
  const found = new Map(files as [string, PageFile][]);
  const index = found.get("/index.html");
  if (index === undefined) throw new Error("the page lacks its index.html");
  return found.set("/", index);
}

async function fileOf(name: string): Promise<PageFile> {
  const body = await readFile(new URL(name, FOLDER));
  const tag = `"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`;
  return { type: TYPES[extname(name)] ?? "application/octet-stream", tag, body };
}
