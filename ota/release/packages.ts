import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A package of npm, some of which is in a release. */
export type ShippedPackage = {
  readonly name: string;
  readonly version: string;
  /** An identifier or expression of SPDX; null where its author names none. */
  readonly licence: string | null;
  /** Of what npm serves: SHA-512, hexadecimal. */
  readonly sha512: string;
  /** Where it stands below the checkout. */
  readonly folder: string;
};

/** Shipped as data, not as JavaScript. */
const DATA = ["node_modules/@embedpdf/fonts-sc"];

/** What packages say in a file of theirs, and not where programs look. */
const ONLY_AS_TEXT: Readonly<Record<string, string>> = { "png-js": "MIT" };

type Described = {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly licenses?: readonly { readonly type: string }[];
};
type Lock = { readonly packages: Readonly<Record<string, { readonly integrity?: string }>> };

/** The packages that `sources`, paths below the checkout at `root`, belong to, by their names. */
export function shippedPackages(
  root: string,
  sources: readonly string[],
): readonly ShippedPackage[] {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as Lock;
  const found = sources.flatMap((source) => FOLDER.exec(source)?.[1] ?? []);
  return [...new Set([...found, ...DATA])].toSorted().map((folder) => {
    const text = readFileSync(join(root, folder, "package.json"), "utf8");
    const { name, version, license, licenses } = JSON.parse(text) as Described;
    const { integrity = "" } = packages[folder] ?? {};
    const [, base64] = /^sha512-(.+)$/.exec(integrity) ?? [];
    if (base64 === undefined) throw new Error(`${folder} has no check sum in package-lock.json`);
    const sha512 = Buffer.from(base64, "base64").toString("hex");
    const listed = licenses?.map(({ type }) => type).join(" OR ");
    const licence = license ?? listed ?? ONLY_AS_TEXT[name] ?? null;
    return { name, version, licence, sha512, folder };
  });
}

const FOLDER = /^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** The licences of `packages`, each with the text that came with it. */
export function licenceTexts(root: string, packages: readonly ShippedPackage[]): string {
  return packages
    .map(({ name, version, licence, folder }) => {
      const file = readdirSync(join(root, folder)).find((each) =>
        /^(licen[cs]e|copying)/i.test(each),
      );
      const text = file === undefined ? "" : readFileSync(join(root, folder, file), "utf8").trim();
      return `${name} ${version}: ${licence ?? "no licence is named"}\n\n${text}\n`;
    })
    .join(`\n${"-".repeat(72)}\n\n`);
}
