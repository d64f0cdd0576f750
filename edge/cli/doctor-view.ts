import type { Lang } from "../core/errors.ts";
import type { SecretStanding } from "../core/sealed.ts";
import type { WallMs } from "../core/time.ts";
import type { Evidence, Finding, Told } from "../doctor/finding.ts";
import { pad, wrapped } from "./columns.ts";
import { sayDoctor, sayEvidence, sayFinding } from "./doctor-text.ts";
import { formatAge } from "./format.ts";
import { secretLines } from "./secret-lines.ts";

/** What was examined, and when; null where nothing but the configuration was. */
export type Examination = {
  readonly at: WallMs | null;
  readonly config: { readonly gateway: { readonly id: string } };
  /** Why the running gateway could not be asked; null where it was. */
  readonly unasked: string | null;
  /** What was found of the machine; null where it was not examined. */
  readonly machine: { readonly secrets: SecretStanding | null } | null;
};

const COLUMNS = 80;
/** Where the texts of a finding begin. */
const INDENT = 10;

/** What `lifeline doctor` prints: findings, the worst first, each with what speaks for it. */
export function doctorView(
  facts: Examination,
  told: readonly Told[],
  lang: Lang,
): readonly string[] {
  const about = secretLines(facts.machine?.secrets ?? null, lang).flatMap((line) =>
    wrapped(line, COLUMNS),
  );
  const last = about.length === 0 ? [] : ["", ...about];
  if (told.length === 0) return [sayDoctor(lang, "nothing"), ...last];
  const faults = told.filter(({ severity }) => severity === "fault").length;
  const counts = { gateway: facts.config.gateway.id, faults, warnings: told.length - faults };
  return [
    sayDoctor(lang, "count", counts),
    ...told.flatMap((finding) => ["", ...findingView(finding, facts, lang)]),
    ...last,
  ];
}

function findingView(finding: Told, { at }: Examination, lang: Lang): readonly string[] {
  const { code, subject, severity, sure, since, evidence, folded } = finding;
  const meaning = textOf(finding, "meaning", lang);
  const label = `${sayDoctor(lang, severity)}, ${sayDoctor(lang, sure)}`;
  const time = since === null ? "" : wallText(since);
  const age = since === null || at === null ? "" : formatAge(at - since, lang);
  return [
    ...wrapped(`${subject}: ${meaning} (${label}, ${code})`, COLUMNS),
    ...(since === null ? [] : part("since", sayDoctor(lang, "sinceAt", { time, age }), lang)),
    ...evidence.flatMap((one) => part("evidence", evidenceText(one, lang), lang)),
    ...part("cause", textOf(finding, "cause", lang), lang),
    ...part("remedy", textOf(finding, "remedy", lang), lang),
    ...(folded.length === 0 ? [] : part("explains", foldedText(folded, lang), lang)),
  ];
}

/** One part of a finding, its name before it, in lines of 80 columns. */
function part(
  name: "since" | "evidence" | "cause" | "remedy" | "explains",
  text: string,
  lang: Lang,
): readonly string[] {
  const [first = "", ...rest] = wrapped(text, COLUMNS - INDENT - 2);
  return [
    `  ${pad(sayDoctor(lang, name), INDENT)}${first}`,
    ...rest.map((line) => `  ${pad("", INDENT)}${line}`),
  ];
}

function foldedText(folded: readonly Finding[], lang: Lang): string {
  return folded
    .map((finding) => `${finding.subject}: ${textOf(finding, "meaning", lang)}`)
    .join(lang === "en" ? "; " : "；");
}

/** One of the three texts of `finding` in `lang`. */
function textOf(
  { code, subject, values }: Finding,
  part: "meaning" | "cause" | "remedy",
  lang: Lang,
): string {
  return sayFinding(lang, `${code} ${part}`, { ...values, subject });
}

function evidenceText(evidence: Evidence, lang: Lang): string {
  return "raw" in evidence ? evidence.raw : sayEvidence(lang, evidence.key, evidence.values);
}

/** A moment in the time zone of this machine. */
function wallText(at: number): string {
  return TIME.format(at);
}

/** Swedish writes dates as ISO 8601 does. */
const TIME = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });

/** What `doctor --json` prints. Stable: other programs read it. */
export function doctorJson(facts: Examination, told: readonly Told[], lang: Lang) {
  const { at, config, unasked, machine } = facts;
  const findings = told.map((finding) => {
    const { code, subject, since, sure, severity } = finding;
    return {
      code,
      subject,
      severity,
      sure,
      since,
      meaning: textOf(finding, "meaning", lang),
      evidence: finding.evidence.map((one) => evidenceText(one, lang)),
      cause: textOf(finding, "cause", lang),
      remedy: textOf(finding, "remedy", lang),
      explains: finding.folded.map((each) => ({ code: each.code, subject: each.subject })),
    };
  });
  const isRunning = at !== null && unasked === null;
  const secrets = machine?.secrets ?? null;
  return { v: 1, gateway: config.gateway.id, at, running: isRunning, secrets, findings } as const;
}

/** What `doctor --json` prints. */
export type DoctorJson = ReturnType<typeof doctorJson>;
