import type { Lang } from "../core/errors.ts";
import { sayCommissioning } from "../papers/commissioning-text.ts";
import {
  compared,
  type LiveReading,
  needsTolerance,
  referenceIn,
  USUAL_TOLERANCE,
} from "../papers/reference-reading.ts";
import type { Dialog } from "../world/dialog.ts";
import { formatValue } from "./format.ts";
import type { Answers, ReferenceAnswer } from "./report-answers.ts";
import { type ReportTextKey, sayReport } from "./report-text.ts";

/** What a conversation about a hand-over needs. */
export type AskParts = {
  readonly dialog: Dialog;
  readonly lang: Lang;
  /** The name that is usual for the installer. */
  readonly user: string;
  /** The points that may have a reference, in the order in which they are asked. */
  readonly points: readonly { readonly point: string; readonly unit: string | null }[];
  /** What a point reads as now. Rejects with a `GatewayError` where the gateway is gone. */
  readonly liveOf: (point: string) => Promise<LiveReading>;
  /** What is wrong with photos that were named; null where nothing is. */
  readonly wrongPhotos: (photos: readonly string[]) => string | null;
  /** Keeps what is answered by now. */
  readonly keep: (answers: Answers) => void;
  readonly show: (line: string) => void;
};

/**
 * Asks for what `known` has no answer to yet, and keeps each answer at once; null where the person
 * leaves before the end.
 */
export async function askAnswers(known: Answers, parts: AskParts): Promise<Answers | null> {
  const { dialog, lang, user, keep } = parts;
  let answers = known;
  const take = (more: Partial<Answers>) => {
    answers = { ...answers, ...more };
    keep(answers);
  };
  const ask = (key: ReportTextKey) => dialog.ask(sayReport(lang, key, { name: user }));
  if (answers.installer === null) {
    const name = await ask("askInstaller");
    if (name === null) return null;
    take({ installer: name.trim() || user });
  }
  if (answers.owner === null) {
    const name = await ask("askOwner");
    if (name === null) return null;
    take({ owner: name.trim() });
  }
  const isDone = await askReferences(() => answers, take, parts);
  if (!isDone) return null;
  while (answers.photos === null) {
    const typed = await ask("askPhotos");
    if (typed === null) return null;
    const photos = typed.split(/[,，]/).flatMap((name) => name.trim() || []);
    const wrong = parts.wrongPhotos(photos);
    if (wrong === null) take({ photos });
    else parts.show(wrong);
  }
  if (answers.remarks === null) {
    const remarks = await ask("askRemarks");
    if (remarks === null) return null;
    take({ remarks: remarks.trim() });
  }
  return answers;
}

type Take = (more: Partial<Answers>) => void;

/** Asks for the reference of each point; false where the person leaves. */
async function askReferences(
  answers: () => Answers,
  take: Take,
  parts: AskParts,
): Promise<boolean> {
  const { dialog, lang, points, liveOf, show } = parts;
  const missing = points.filter(({ point }) => !answers().references.has(point));
  if (missing.length === 0) return true;
  show(sayReport(lang, "askReferences"));
  const answer = (point: string, given: ReferenceAnswer) =>
    take({ references: new Map([...answers().references, [point, given]]) });
  const none = { typed: null, live: null };
  for (let at = 0; at < missing.length; ) {
    const { point, unit } = missing[at] as (typeof missing)[number];
    const before = await liveOf(point);
    const value = [formatValue(before.value), unit ?? ""].join(" ").trim();
    const line = await dialog.ask(sayReport(lang, "askReference", { point, value }));
    if (line === null) return false;
    const typed = line.trim();
    if (typed === ".") {
      for (const { point: other } of missing.slice(at)) answer(other, none);
      return true;
    }
    if (typed === "") answer(point, none);
    else {
      const given = await referenceOf(point, typed, answers().tolerance, parts);
      if (given === null) continue;
      answer(point, given);
    }
    at++;
  }
  return true;
}

/** The reference that was typed, compared with what is read now; null where it is none. */
async function referenceOf(
  point: string,
  text: string,
  tolerance: string | null,
  { lang, liveOf, show }: AskParts,
): Promise<ReferenceAnswer | null> {
  const typed = referenceIn(text);
  const usual = tolerance ?? USUAL_TOLERANCE;
  if (typed === null || needsTolerance(typed, usual)) {
    show(`    ${sayReport(lang, typed === null ? "badReference" : "zeroNeeds", { point })}`);
    return null;
  }
  const live = await liveOf(point);
  const result = compared(typed, live, usual);
  const { read, difference } = result;
  show(
    sayReport(lang, "compared", {
      value: formatValue(read),
      difference: formatValue(difference),
      tolerance: formatValue(result.tolerance),
      verdict: sayCommissioning(lang, result.verdict),
    }),
  );
  return { typed, live };
}
