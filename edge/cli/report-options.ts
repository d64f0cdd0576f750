import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import { nearest } from "../../config/nearest.ts";
import {
  isTolerance,
  needsTolerance,
  referenceIn,
  USUAL_TOLERANCE,
} from "../papers/reference-reading.ts";
import type { Invocation } from "./invocation.ts";
import type { Answers, ReferenceAnswer } from "./report-answers.ts";
import { sayReport } from "./report-text.ts";

type Options = Pick<Invocation, "lang" | "reference" | "tolerance" | "photo">;

/** `answers` with what the options say, which goes first; or what is wrong with either. */
export function withOptions(
  answers: Answers,
  config: GatewayConfig,
  { lang, reference = [], tolerance, photo }: Options,
): Answers | { readonly mistake: string } {
  if (tolerance !== undefined && !isTolerance(tolerance)) {
    return { mistake: sayReport(lang, "badTolerance") };
  }
  const references = new Map(answers.references);
  for (const text of reference) {
    const [, point, shown = ""] = /^([^=]+)=(.*)$/.exec(text) ?? [];
    const typed = referenceIn(shown);
    if (point === undefined || typed === null) {
      const why = sayReport(lang, "badReference");
      return { mistake: sayReport(lang, "badOption", { text, why }) };
    }
    references.set(point.trim(), { typed, live: null });
  }
  const usual = tolerance ?? answers.tolerance;
  const wrong = wrongReference(references, config, usual ?? USUAL_TOLERANCE, lang);
  if (wrong !== null) return { mistake: wrong };
  return { ...answers, references, tolerance: usual, photos: photo ?? answers.photos };
}

/** What is wrong with the references; null where nothing is. */
function wrongReference(
  references: ReadonlyMap<string, ReferenceAnswer>,
  config: GatewayConfig,
  usual: string,
  lang: Options["lang"],
): string | null {
  const ids = allPoints(config).map(({ id }) => id);
  for (const [point, { typed }] of references) {
    if (!ids.includes(point)) {
      const what = sayReport(lang, "unknownPoint", { point });
      const near = nearest(point, ids);
      return near === null ? what : sayReport(lang, "didYouMean", { what, near });
    }
    if (typed !== null && needsTolerance(typed, usual)) {
      return sayReport(lang, "zeroNeeds", { point });
    }
  }
  return null;
}
