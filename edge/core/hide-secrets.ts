/** What stands in the place of a secret. */
const HIDDEN = "[secret]";

/**
 * `text` without `secrets`: a server may repeat what it was sent, as it is or in base64, and its
 * words end in logs and events. Empty ones are nothing.
 */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const forms = secrets.filter((each) => each !== "").flatMap((each) => [each, base64(each)]);
  // A longer one first: it may hold a shorter one.
  const sorted = forms.toSorted((one, other) => other.length - one.length);
  return sorted.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64").replace(/=+$/, "");
}
