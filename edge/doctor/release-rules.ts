import { ERRORS, type ErrorCode } from "../core/errors.ts";
import type { WallMs } from "../core/time.ts";
import type { JournalLine } from "../core/update-notes.ts";
import type { Facts } from "./facts.ts";
import type { Evidence, Finding } from "./finding.ts";
import type { UpdateFacts } from "./machine-facts.ts";

const DAY_MS = 86_400_000;
/** For so long a release that was given up is worth a word, in milliseconds. */
const LATELY_MS = 30 * DAY_MS;
/** Longer without a look at which releases there are may be no chance, in milliseconds. */
const STALE_MS = 30 * DAY_MS;

/** What became of releases, as far as somebody should know. */
export function releaseRules(updates: UpdateFacts, facts: Facts): readonly Finding[] {
  return [...onTrial(updates), ...rolledBack(updates, facts), ...stale(updates, facts)];
}

/** A release that is tried is not kept yet: whatever is seen may be of it. */
function onTrial({ trial, steps }: UpdateFacts): readonly Finding[] {
  if (trial === null) return [];
  const { candidate, previous, tries } = trial;
  const began = steps.findLast(
    ({ step, release }) => step === "activated" && release === candidate,
  );
  const evidence = { key: "releaseTried", values: { previous, tries } } as const;
  return [
    {
      ...SURE,
      code: "update.on-trial",
      subject: candidate,
      since: at(began),
      evidence: [evidence],
    },
  ];
}

function rolledBack({ steps }: UpdateFacts, { at: now }: Facts): readonly Finding[] {
  const last = steps.findLast(({ step }) => step === "rolled-back" || step === "committed");
  if (last?.step !== "rolled-back" || Math.abs(now - last.at) > LATELY_MS) return [];
  const { release, from, reason } = last;
  const evidence: readonly Evidence[] = [
    { key: "releaseRunsAgain", values: { release: from ?? "-" } },
    ...(reason === null ? [] : [{ raw: reasonText(reason) }]),
  ];
  return [{ ...SURE, code: "update.rolled-back", subject: release, since: last.at, evidence }];
}

/** Somebody may be holding back what is new, or the way to it is gone. */
function stale({ metadataAt }: UpdateFacts, { at: now, config }: Facts): readonly Finding[] {
  const { urls = [], auto = "off" } = config.update ?? {};
  const isLooked = urls.length > 0 && auto !== "off";
  if (!isLooked || (metadataAt !== null && now - metadataAt <= STALE_MS)) return [];
  const evidence = urls.map((url): Evidence => ({ key: "releasesFrom", values: { url } }));
  return [{ ...SURE, code: "update.stale", subject: "update", since: metadataAt, evidence }];
}

const SURE = { sure: "certain", severity: "warning" } as const;

function at(line: JournalLine | undefined): WallMs | null {
  return line?.at ?? null;
}

/** The code with its meaning, where this release knows it. */
function reasonText(reason: string): string {
  if (!Object.hasOwn(ERRORS, reason)) return reason;
  return `${reason}: ${ERRORS[reason as ErrorCode].meaning.en}`;
}
