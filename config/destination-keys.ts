import type { SecretText } from "../edge/core/secret-text.ts";
import type { Findings } from "./findings.ts";
import type { AnyPoint } from "./gateway-config.ts";
import type { PointLookup } from "./point-directory.ts";
import type { Path } from "./problems.ts";
import { readFailure } from "./read-failure.ts";
import type { Outside, SecretNote } from "./secrets.ts";
import { followReferences, isReference, secretText } from "./secrets.ts";

/** What a destination may reach, and where relative paths begin. */
export type DestinationContext = {
  readonly outside: Outside;
  readonly absolute: (path: string) => string;
  readonly find: (id: string) => PointLookup;
  /** The names of the alarms, also of those with faults. */
  readonly alarms: readonly string[];
  readonly findings: Findings;
  /** Where the gateway's identity is kept. */
  readonly identityDir: string;
  /** Every point there is. */
  readonly points: readonly Pick<AnyPoint, "id" | "device">[];
};

/** `text` with what it refers to; null where there is none, and where that cannot be read. */
export function follow(
  text: string | undefined,
  path: Path,
  { outside, findings }: DestinationContext,
): string | null {
  if (text === undefined) return null;
  const note: SecretNote = (code, params) => findings.add(code, params, path);
  return followReferences(text, outside, note);
}

/** The password that is referred to; one that stands in the file is an error. */
export function passwordOf(
  { password }: { readonly password?: string | undefined },
  path: Path,
  context: DestinationContext,
): string | null {
  const at = [...path, "password"];
  if (password === undefined || isReference(password)) return follow(password, at, context);
  context.findings.add("secret-in-file", null, at);
  return null;
}

/** `text` with its references unread, after they were tried; null where there is none to use. */
export function secretOf(
  text: string | undefined,
  path: Path,
  context: DestinationContext,
): SecretText | null {
  const found = follow(text, path, context);
  return text === undefined || found === null ? null : secretText(text, context.absolute);
}

/** The same of a password; one that stands in the file is an error. */
export function secretPasswordOf(
  { password }: { readonly password?: string | undefined },
  path: Path,
  context: DestinationContext,
): SecretText | null {
  const found = passwordOf({ password }, path, context);
  return found === null || password === undefined ? null : secretText(password, context.absolute);
}

/** Path of the file with the authorities to trust, or null for the system's; it must be readable. */
export function caOf(
  input: { readonly ca?: string | undefined },
  path: Path,
  context: DestinationContext,
): string | null {
  if (input.ca === undefined) return null;
  const file = context.absolute(input.ca);
  try {
    context.outside.readFile(file);
  } catch (error) {
    const params = { path: file, reason: readFailure(error) };
    context.findings.add("ca-file", params, [...path, "ca"]);
  }
  return file;
}
