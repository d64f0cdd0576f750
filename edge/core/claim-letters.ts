/** Letters of a claim: the alphabet of Crockford's Base32, in which none is taken for another. */
export const CLAIM_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** So many letters are 125 bits, which nobody guesses over a network. */
export const CLAIM_LENGTH = 25;

/** The letters of a claim in groups of five, as it is written. */
export function groupedClaim(letters: string): string {
  return (letters.match(/.{5}/g) ?? []).join("-");
}

/**
 * The claim that somebody meant by `text`: small letters, other hyphens or none, spaces, O for 0, I
 * and L for 1 are what Crockford's Base32 has people type. What is no claim of ours stays as it is.
 */
export function meantClaim(text: string): string {
  const letters = text.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0");
  const plain = letters.replaceAll(/[IL]/g, "1");
  const isOurs =
    plain.length === CLAIM_LENGTH && [...plain].every((c) => CLAIM_LETTERS.includes(c));
  return isOurs ? groupedClaim(plain) : text;
}
