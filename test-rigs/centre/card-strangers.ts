import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** As claims are written (edge/provision/claim.ts). */
const CLAIM = /[0-9A-HJKMNP-TV-Z]{5}(?:-[0-9A-HJKMNP-TV-Z]{5}){4}/g;

/**
 * What a card's image, `file`, holds anywhere that is not of the gateway whose folder of a batch `own` is:
 * claims, ids and names of the others. Also told is what of its own is missing or differs.
 */
export function strangersOn(file: string, own: string): readonly string[] {
  // Every byte a letter, so that nothing is passed over: also what no file system shows.
  const text = readFileSync(file)
    .toString("latin1")
    .replaceAll(/\0{2,}/g, "\0\0");
  const [id, batch] = [basename(own), dirname(own)];
  const claim = readFileSync(join(own, "claim"), "utf8").trim();
  const claims = new Set(text.match(CLAIM));
  claims.delete(claim);
  const folders = readdirSync(batch, { withFileTypes: true });
  const others = folders.filter((each) => each.isDirectory() && each.name !== id);
  const names = others.map(({ name }) => RegExp.escape(name)).join("|");
  const named = new Set(text.match(new RegExp(`\\b(?:${names})\\b`, "g")));
  const lacking = ["gateway.yaml", "claim", "personal.json"].filter(
    (name) => !text.includes(readFileSync(join(own, name), "latin1")),
  );
  return [
    ...[...claims].map((each) => `the claim ${each}`),
    ...[...named].map((name) => `the id ${name}`),
    ...lacking.map((name) => `no ${name} of ${id}`),
  ];
}
