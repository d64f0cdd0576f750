import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { CalibrationStanding } from "../calibrate/calibration-desk.ts";
import { spanOf } from "../calibrate/span.ts";
import type { CalibrationRecord } from "../core/calibration.ts";
import { toJson } from "../core/json.ts";
import { CalibrationFiles } from "../world/calibration-store.ts";
import { answerTo, hasTerminal } from "../world/confirm.ts";
import { callControl, isNobodyThere } from "../world/control-socket.ts";
import { ANSWER_MS, type CalibratePlan, planOf } from "./calibrate-options.ts";
import { sayCalibrate } from "./calibrate-text.ts";
import { recordsView, standingView } from "./calibrate-view.ts";
import { certificateFor, writeCertificate } from "./calibration-certificate.ts";
import { agreesTo } from "./consent.ts";
import { type Invocation, misuse, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";
import { usableConfig } from "./usable-config.ts";

/**
 * `lifeline calibrate POINT`: zero and span, or a look at how far it is off, in the user's name. 1
 * where nothing was adjusted that should have been, or more was found than is tolerated.
 */
export async function calibrate(invocation: Invocation): Promise<number> {
  const { lang, yes, revert, history } = invocation;
  const typed = planOf(invocation);
  if ("mistake" in typed) return misuse(typed.mistake, invocation);
  const { plan } = typed;
  const isAsking = !yes && !history;
  if (isAsking && !hasTerminal()) return misuse(sayCalibrate(lang, "needsYes"), invocation);
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  if (history) return await showHistory(plan, config, invocation);
  if (revert) return await takeBack(plan, config, invocation);
  const whole = isAsking ? await withReferences(plan, invocation) : plan;
  if ("mistake" in whole) return misuse(whole.mistake, invocation);
  if (whole.zero === null && whole.span === null) {
    return misuse(sayCalibrate(lang, "needsReference"), invocation);
  }
  const { socket } = config.control;
  const { point } = plan;
  const standing = (await callControl(socket, "calibration", {
    action: "show",
    point,
  })) as CalibrationStanding;
  const references = [whole.zero, whole.span].flatMap((each) => each ?? []);
  const given = references.map((reference) => ({ reference }));
  const span = standing.span ?? spanOf({ measurement: null }, given);
  if (span === null) return refuse(sayCalibrate(lang, "rangeUnknown", { point }), invocation);
  if (!invocation.json) for (const line of standingView(standing, plan.forMs, lang)) print(line);
  if (isAsking && !(await agreesTo(sayCalibrate(lang, "begin")))) {
    return refuse(sayCalibrate(lang, "notBegun"), invocation);
  }
  const { carryOut } = await import("./calibrate-session.ts");
  return await carryOut({ config, plan: whole, standing, span, references, invocation });
}

/** The references that were not typed with the command, asked for. */
async function withReferences(
  plan: CalibratePlan,
  { lang }: Invocation,
): Promise<CalibratePlan | { readonly mistake: string }> {
  if (plan.zero !== null || plan.span !== null) return plan;
  const answers: (number | null)[] = [];
  for (const key of ["askZero", "askSpan"] as const) {
    const text = (await answerTo(sayCalibrate(lang, key))).trim();
    const value = text === "" ? null : Number(text);
    if (Number.isNaN(value)) {
      const option = key === "askZero" ? "--zero" : "--span";
      return { mistake: sayCalibrate(lang, "noNumber", { option, text }) };
    }
    answers.push(value);
  }
  const [zero = null, span = null] = answers;
  return { ...plan, zero, span };
}

/** Lists what was done, from the files where no gateway runs; writes a certificate of it. */
async function showHistory(plan: CalibratePlan, config: GatewayConfig, invocation: Invocation) {
  const { lang, json } = invocation;
  const { point } = plan;
  const records = await recordsOf(point, config, invocation);
  if (json) print(toJson({ v: 1, point, records }));
  else if (records.length > 0) for (const line of recordsView(records, lang)) print(line);
  if (records.length === 0) return refuse(sayCalibrate(lang, "noRecords", { point }), invocation);
  if (plan.out === null) return 0;
  const n = plan.record ?? records.findLast(({ steps }) => steps.length > 0)?.n ?? 0;
  const record = records.find((each) => each.n === n);
  if (record === undefined) {
    return refuse(sayCalibrate(lang, "noSuchRecord", { point, n }), invocation);
  }
  const certificate = certificateFor(config, point, record);
  if (certificate === null) {
    return refuse(sayCalibrate(lang, "noCertificate", { n }), invocation);
  }
  await writeCertificate(certificate, plan.out, config, invocation);
  return 0;
}

async function recordsOf(
  point: string,
  config: GatewayConfig,
  { config: file }: Invocation,
): Promise<readonly CalibrationRecord[]> {
  try {
    const show = { action: "show", point };
    const standing = await callControl(config.control.socket, "calibration", show, ANSWER_MS);
    return (standing as CalibrationStanding).records;
  } catch (error) {
    if (!isNobodyThere(error)) throw error;
    const { books } = new CalibrationFiles(file).load();
    return books.find((book) => book.point === point)?.records ?? [];
  }
}

async function takeBack(plan: CalibratePlan, config: GatewayConfig, invocation: Invocation) {
  const { lang, yes, json } = invocation;
  const { point } = plan;
  if (!yes && !(await agreesTo(sayCalibrate(lang, "revertQuestion", { point })))) {
    return refuse(sayCalibrate(lang, "notBegun"), invocation);
  }
  const order = { action: "revert", point };
  const { socket } = config.control;
  const record = (await callControl(socket, "calibrate", order, ANSWER_MS)) as CalibrationRecord;
  const { n, backTo = 0 } = record;
  const what =
    backTo === 0 ? sayCalibrate(lang, "ofConfig") : sayCalibrate(lang, "ofRecord", { n: backTo });
  print(json ? toJson(record) : sayCalibrate(lang, "reverted", { what, n, point }));
  return 0;
}
