import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Entry } from "../enrolment-ledger.ts";
import { type Maintenance, readMaintenance } from "./maintenance.ts";
import type { Credential } from "./proof.ts";

const name = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);

const line = z.object({
  gateway: name,
  hardware: name,
  channel: name.default("stable"),
  kind: name.nullable().default(null),
  /** Such as `22:00-05:00+08:00`; left out: at any time. */
  maintenance: z
    .string()
    .refine((text) => readMaintenance(text) !== null, { message: "is no HH:MM-HH:MM+HH:MM" })
    .nullable()
    .default(null),
});

/** What the centre was told of a gateway, a line of `gateways.jsonl`. */
export type Registered = Omit<z.output<typeof line>, "maintenance"> & {
  readonly maintenance: Maintenance | null;
};

/** The gateways in the text of `gateways.jsonl`; throws, naming the line, where one is wrong. */
export function readRegistry(text: string): readonly Registered[] {
  const known = new Map<string, Registered>();
  for (const [at, each] of text.split("\n").entries()) {
    if (each.trim() === "") continue;
    const { maintenance, ...rest } = lineOf(each, at + 1);
    const window = maintenance === null ? null : readMaintenance(maintenance);
    known.set(rest.gateway, { ...rest, maintenance: window });
  }
  return [...known.values()];
}

function lineOf(text: string, number: number): z.output<typeof line> {
  try {
    return line.parse(JSON.parse(text));
  } catch (error) {
    const why =
      error instanceof z.ZodError
        ? error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ")
        : "it is no JSON";
    throw new Error(`gateways.jsonl, line ${number}: ${why}`, { cause: error });
  }
}

/** The gateways that are listed in `dir`; none where the file is not there. */
export function registryIn(dir: string): readonly Registered[] {
  return readRegistry(textOf(join(dir, "gateways.jsonl")));
}

/** By what each gateway may prove, as the enrolment server in `dir` issued it. */
export function credentialsIn(dir: string): ReadonlyMap<string, readonly Credential[]> {
  const whole = textOf(join(dir, "audit.jsonl"));
  const lines = whole.slice(0, whole.lastIndexOf("\n") + 1).split("\n");
  return credentialsOf(lines.filter(Boolean).map((each): Entry => JSON.parse(each)));
}

/** The same, of `entries`: what is revoked, or of a gateway in quarantine, proves nothing. */
export function credentialsOf(
  entries: readonly Entry[],
): ReadonlyMap<string, readonly Credential[]> {
  const certificates = new Map<string, Map<string, string>>();
  for (const entry of entries) {
    const own = certificates.get(entry.gateway) ?? new Map<string, string>();
    if (entry.kind === "issued") certificates.set(entry.gateway, own.set(entry.serial, entry.cert));
    else if (entry.kind === "revoked") own.delete(entry.serial);
    else if (entry.kind === "quarantined") own.clear();
  }
  return new Map(
    [...certificates].map(([gateway, own]) => [gateway, [...own.values()].map(credentialIn)]),
  );
}

function credentialIn(pem: string): Credential {
  const { fingerprint256, publicKey } = new X509Certificate(pem);
  return { fingerprint: fingerprint256.replaceAll(":", "").toLowerCase(), publicKey };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
