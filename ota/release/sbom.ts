import { ComponentType, HashAlgorithm } from "@cyclonedx/cyclonedx-library/Enums";
import {
  Bom,
  Component,
  HashDictionary,
  LicenseExpression,
  LicenseRepository,
  SpdxLicense,
} from "@cyclonedx/cyclonedx-library/Models";
import { JSON as CycloneDx, JsonSerializer } from "@cyclonedx/cyclonedx-library/Serialize";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import type { ShippedPackage } from "./packages.ts";

/** What a list of parts is about. */
export type SbomHead = {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the archive, hexadecimal. */
  readonly sha256: string;
  /** Of its commit, in UTC as ISO 8601 writes it. */
  readonly builtAt: string;
  /** Such as `24.21.0`; and SHA-256 of its archive. */
  readonly node: { readonly version: string; readonly sha256: string };
  /** The version of SQLite that the database's package brings. */
  readonly sqlite: string;
};

/**
 * What is really in a release: CycloneDX 1.6, as JSON. The same release is the same text: the
 * moment is that of its commit, and no number is drawn.
 */
export function sbomOf(head: SbomHead, packages: readonly ShippedPackage[]): string {
  const { name, version, sha256, builtAt, node, sqlite } = head;
  const bom = new Bom();
  const own = new Component(ComponentType.Application, name, {
    version,
    bomRef: `${name}@${version}`,
    licenses: licences("Apache-2.0"),
    hashes: new HashDictionary([[HashAlgorithm["SHA-256"], sha256]]),
  });
  bom.metadata.component = own;
  const parts = packages.map((each) => partOf(each));
  const database = new Component(ComponentType.Library, "sqlite", {
    version: sqlite,
    bomRef: `sqlite@${sqlite}`,
    purl: `pkg:generic/sqlite@${sqlite}`,
    licenses: licences("blessing"),
  });
  const runtime = new Component(ComponentType.Platform, "node", {
    version: node.version,
    bomRef: `node@${node.version}`,
    purl: `pkg:generic/node@${node.version}`,
    licenses: licences("MIT"),
    hashes: new HashDictionary([[HashAlgorithm["SHA-256"], node.sha256]]),
  });
  for (const part of [...parts, database, runtime]) {
    bom.components.add(part);
    own.dependencies.add(part.bomRef);
  }
  const serializer = new JsonSerializer(new CycloneDx.Normalize.Factory(Spec1dot6));
  const told = JSON.parse(serializer.serialize(bom, { sortLists: true }));
  const metadata = { timestamp: builtAt, ...told.metadata };
  return `${JSON.stringify({ ...told, metadata }, null, 1)}\n`;
}

function partOf({ name, version, licence, sha512, folder }: ShippedPackage): Component {
  const [group, rest = name] = name.startsWith("@") ? name.split("/") : [];
  return new Component(ComponentType.Library, rest, {
    version,
    // One package may be there twice, in two places.
    bomRef: `${folder}@${version}`,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    licenses: licences(licence),
    hashes: new HashDictionary([[HashAlgorithm["SHA-512"], sha512]]),
    ...(group !== undefined && { group }),
  });
}

function licences(text: string | null): LicenseRepository {
  if (text === null) return new LicenseRepository();
  const isOne = /^[\w.-]+$/.test(text);
  return new LicenseRepository([isOne ? new SpdxLicense(text) : new LicenseExpression(text)]);
}
