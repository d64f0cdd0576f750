/** How far what is secret is protected where it is kept: the rungs of a ladder, the lowest first. */
export const PROTECTIONS = ["file", "host", "tpm"] as const;

/**
 * `file`: by who may read it alone. `host`: sealed by a key of the same disk. `tpm`: sealed by that
 * and the machine's TPM.
 */
export type Protection = (typeof PROTECTIONS)[number];

/** What would lift a secret a rung. */
export const PROTECTION_LIFTS = ["system", "start", "restart", "tpm", "renewal"] as const;

/**
 * What would lift it a rung: a `system` that can seal, that sealing is begun (`start`), or a `restart`
 * that shows that the machine keeps the key it seals with; a `tpm`, or, as there is one by now, the
 * next `renewal`.
 */
export type ProtectionLift = (typeof PROTECTION_LIFTS)[number];

/** How secrets are protected, and what would better that; null where nothing would. */
export type SecretStanding = {
  readonly protection: Protection;
  readonly lift: ProtectionLift | null;
};

/** One secret, as it lies on the disk. */
export type KeptSecret = {
  /** Whether it lies there in plain. */
  readonly isPlain: boolean;
  /** How it is sealed; null where it is not. */
  readonly sealedBy: Exclude<Protection, "file"> | null;
};

/** What a machine has to seal by. */
export type SealingMeans = { readonly canSeal: boolean; readonly hasTpm: boolean };

/** How the least protected of `secrets` stands; null where there are none. */
export function secretStanding(
  secrets: readonly KeptSecret[],
  { canSeal, hasTpm }: SealingMeans,
): SecretStanding | null {
  const plain = secrets.filter(({ isPlain }) => isPlain);
  if (plain.some(({ sealedBy }) => sealedBy === null)) {
    return { protection: "file", lift: canSeal ? "start" : "system" };
  }
  if (plain.length > 0) return { protection: "file", lift: "restart" };
  if (secrets.some(({ sealedBy }) => sealedBy === "host")) {
    return { protection: "host", lift: hasTpm ? "renewal" : "tpm" };
  }
  return secrets.length === 0 ? null : { protection: "tpm", lift: null };
}

/** What `ota/systemd/seal` makes of a secret, by the end of its name. */
export const SEALED_ENDS = {
  sealed: ".sealed",
  /** It is being compared with the sealed one, to be removed. */
  sealing: ".sealing",
  /** Why the sealed one does not open. */
  refused: ".refused",
  /** The certificates of it. */
  public: ".public",
} as const;

/** Where the secret `path` can be read while it is sealed and the gateway runs: a copy in memory. */
export function openedPath(path: string): string {
  const at = path.lastIndexOf("/") + 1;
  return `${path.slice(0, at)}opened/${path.slice(at)}`;
}

/**
 * How `sealed` is sealed, what `systemd-creds` made: by the first six bytes of the kinds' identifiers,
 * in base64 (systemd's creds-util.h). Null where it is of no kind that this release knows.
 */
export function sealedBy(sealed: string): KeptSecret["sealedBy"] {
  if (sealed.startsWith("Whxqht+d")) return "host";
  return sealed.startsWith("k6iUCUh0") ? "tpm" : null;
}
