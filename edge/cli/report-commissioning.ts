import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { planBuses } from "../acquire/poll-plan.ts";
import type { Status } from "../control/status.ts";
import type { Lang } from "../core/errors.ts";
import { toJson } from "../core/json.ts";
import type { MadeDocument } from "../interlock/journal.ts";
import type { Commissioning } from "../papers/commissioning.ts";
import { commissioningPaper } from "../papers/commissioning-paper.ts";
import { recordOf } from "../papers/commissioning-record.ts";
import { sayCommissioning } from "../papers/commissioning-text.ts";
import { printed } from "../papers/paper.ts";
import { compared, USUAL_TOLERANCE } from "../papers/reference-reading.ts";
import type { RecordOutcome } from "../running-gateway.ts";
import { SystemClock } from "../world/clock.ts";
import { hasTerminal } from "../world/confirm.ts";
import { callControl } from "../world/control-socket.ts";
import { openDialog } from "../world/dialog.ts";
import { isoTime } from "../world/wall-text.ts";
import { actorName } from "./alarms-act.ts";
import { namedTrouble } from "./file-trouble.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";
import { type Answers, keepAnswers, readAnswers } from "./report-answers.ts";
import { askAnswers } from "./report-ask.ts";
import { searchAll, storedFacts } from "./report-facts.ts";
import { withOptions } from "./report-options.ts";
import { photosOf } from "./report-photos.ts";
import { sayReport } from "./report-text.ts";
import { unitsIn } from "./scan-options.ts";
import { usableConfig } from "./usable-config.ts";

/** Where answers are kept when nothing is said. */
const ANSWERS_FILE = "commissioning-answers.yaml";

/** `lifeline report commissioning`: 1 where something is open, or the record was not made. */
export async function commission(invocation: Invocation): Promise<number> {
  const { lang, json, yes, answers: file = ANSWERS_FILE } = invocation;
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const units = unitsIn(invocation.units ?? "1", 1, 247);
  if (units === null) {
    return misuse(sayReport(lang, "badUnits", { text: invocation.units ?? "" }), invocation);
  }
  const read = readAnswers(file, lang);
  if ("mistake" in read) {
    return misuse(sayReport(lang, "badAnswers", { file, why: read.mistake }), invocation);
  }
  const known = withOptions(read, config, invocation);
  if ("mistake" in known) return misuse(known.mistake, invocation);
  // The gateway first: whoever has answered everything should not learn then that it is down.
  await statusOf(config);
  const isToAsk = !yes && !json && hasTerminal();
  const answers = isToAsk ? await conversation(known, config, file, lang) : known;
  if (answers === null) return refuse(sayReport(lang, "kept", { file }), invocation);
  const photos = photosOf(answers.photos ?? [], lang);
  if ("mistake" in photos) return refuse(photos.mistake, invocation);
  // What a search asks in vain is no failure of the line.
  const { buses } = await statusOf(config);
  const searches = invocation.units === undefined ? [] : await searchAll(config, units, invocation);
  const stored = await storedFacts(join(config.buffer.dir, "lifeline.db"), invocation);
  if (stored === null) return refuse(sayReport(lang, "ended"), invocation);
  const status = { ...(await statusOf(config)), buses };
  const at = new SystemClock().now();
  const record = recordOf({
    ...{ at, number: numberOf(status.gateway, at), config, status, searches, photos, ...stored },
    plans: planBuses(config),
    references: referencesOf(answers, status),
    remarks: answers.remarks ?? "",
    signatures: [
      { role: "installer", name: answers.installer ?? "" },
      { role: "owner", name: answers.owner ?? "" },
    ],
  });
  return await handOver(record, config, invocation);
}

async function statusOf({ control }: GatewayConfig): Promise<Status> {
  return (await callControl(control.socket, "status")) as Status;
}

/** Asks for what is not answered yet; null where the person leaves. */
async function conversation(
  known: Answers,
  config: GatewayConfig,
  file: string,
  lang: Lang,
): Promise<Answers | null> {
  const { points } = await statusOf(config);
  const count = [known.installer, known.owner, known.photos, known.remarks].filter(
    (answer) => answer !== null,
  ).length;
  const kept = count + known.references.size;
  complain(sayReport(lang, "begin", { file }));
  if (kept > 0) complain(sayReport(lang, "keptAnswers", { count: kept, file }));
  const dialog = openDialog();
  try {
    return await askAnswers(known, {
      dialog,
      lang,
      user: actorName(userInfo, process.getuid?.()),
      points: points.filter(({ value }) => typeof value !== "string"),
      liveOf: async (point) => liveIn(await statusOf(config), point),
      wrongPhotos: (photos) => {
        const found = photosOf(photos, lang);
        return "mistake" in found ? found.mistake : null;
      },
      keep: (answers) => keepAnswers(file, answers),
      show: complain,
    });
  } finally {
    dialog.close();
  }
}

/** What `point` reads as by `status`. */
function liveIn({ points, at: now }: Status, point: string) {
  const found = points.find((each) => each.point === point);
  const { value = null, quality = "bad:not-yet-read", at = null } = found ?? {};
  return { value, quality, at: at ?? now };
}

/** Every reference, compared with what was there when it was typed, or is there now. */
function referencesOf({ references, tolerance }: Answers, status: Status) {
  const usual = tolerance ?? USUAL_TOLERANCE;
  return new Map(
    Array.from(references, ([point, { typed, live }]) => [
      point,
      typed === null ? null : compared(typed, live ?? liveIn(status, point), usual),
    ]),
  );
}

/** The number of a record: the gateway's and the second's, so that no other has it. */
function numberOf(gateway: string, at: number): string {
  return `${gateway}-C-${isoTime(at).replace(/\.\d+/, "").replace(/[-:]/g, "")}`;
}

/** Writes the files, has the gateway record their digests, and tells. */
async function handOver(
  record: Commissioning,
  config: GatewayConfig,
  invocation: Invocation,
): Promise<number> {
  const { lang, out = "." } = invocation;
  const { number } = record;
  const text = `${JSON.stringify(record, null, 2)}\n`;
  const json = sha256(text);
  const pdf = await printed(commissioningPaper(record, lang, json));
  const files = { json: join(out, `${number}.json`), pdf: join(out, `${number}.pdf`) };
  try {
    mkdirSync(out, { recursive: true });
    writeFileSync(files.json, text, { flag: "wx", flush: true });
    writeFileSync(files.pdf, pdf, { flag: "wx", flush: true });
  } catch (error) {
    return refuse(sayReport(lang, "unwritten", { why: namedTrouble(error, lang) }), invocation);
  }
  const who = actorName(userInfo, process.getuid?.());
  const digests = { json, pdf: sha256(pdf) };
  const made: Omit<MadeDocument, "who"> = { document: "commissioning", number, sha256: digests };
  const answer = await callControl(config.control.socket, "document", made);
  const { outcome } = answer as { readonly outcome: RecordOutcome };
  const isGood = outcome === "done" && record.open.length === 0;
  if (invocation.json) {
    print(toJson({ v: 1, number, files, sha256: digests, outcome, open: record.open }));
    return isGood ? 0 : 1;
  }
  tell(record, files, lang);
  const recorded = sayReport(lang, outcome === "done" ? "recorded" : outcome, { who });
  if (outcome === "done") print(recorded);
  else complain(recorded);
  return isGood ? 0 : 1;
}

function tell(
  { number, open }: Commissioning,
  files: { readonly json: string; readonly pdf: string },
  lang: Lang,
): void {
  print(sayReport(lang, "made", { number }));
  print(`  ${files.pdf}`);
  print(`  ${files.json}`);
  if (open.length === 0) print(sayReport(lang, "nothingOpen"));
  else print(sayReport(lang, "openItems", { count: open.length }));
  for (const { code, subject } of open) print(`  ${subject}: ${sayCommissioning(lang, code)}`);
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
