import process from "node:process";
import { allPoints, type GatewayConfig } from "../../config/gateway-config.ts";
import { stepOf } from "../calibrate/book.ts";
import type { CalibrationSample, CalibrationStanding } from "../calibrate/calibration-desk.ts";
import { correctionOf, usualLimits } from "../calibrate/correction.ts";
import type { StepTaken } from "../calibrate/orders.ts";
import { type Steadiness, usualSteadiness } from "../calibrate/stability.ts";
import { type Steady, untilSteady } from "../calibrate/steady.ts";
import type { Status } from "../control/status.ts";
import type { CalibrationRecord } from "../core/calibration.ts";
import { toJson } from "../core/json.ts";
import { answerTo } from "../world/confirm.ts";
import { callControl } from "../world/control-socket.ts";
import { textLine } from "../world/log-line.ts";
import { lineWriter } from "../world/output.ts";
import { realWorld } from "../world/real.ts";
import { localTime } from "../world/wall-text.ts";
import { ANSWER_MS, type CalibratePlan } from "./calibrate-options.ts";
import { sayCalibrate } from "./calibrate-text.ts";
import { rounded, stabilityText, stepsView, waitView } from "./calibrate-view.ts";
import { certificateFor, writeCertificate } from "./calibration-certificate.ts";
import { agreesTo } from "./consent.ts";
import { endSignal } from "./end-signal.ts";
import { formatAge } from "./format.ts";
import { complain, type Invocation, print } from "./invocation.ts";
import { refuse } from "./refuse.ts";

/** What is to be done, and what is known before. */
export type SessionParts = {
  readonly config: GatewayConfig;
  readonly plan: CalibratePlan;
  readonly standing: CalibrationStanding;
  /** Width of the range. */
  readonly span: number;
  /** In the order in which they are applied. */
  readonly references: readonly number[];
  readonly invocation: Invocation;
};

/** How long to wait, unasked, until the site's own value is back, in milliseconds. */
const PURGE_MS = 2 * 60_000;
/** As seldom the same line of progress is told where no terminal shows it, in milliseconds. */
const TELL_EVERY_MS = 10_000;

/** Carries out a calibration: begins, measures, adjusts, ends. The alarms come back in any case. */
export async function carryOut(parts: SessionParts): Promise<number> {
  return await new Session(parts).run();
}

class Session {
  readonly #parts: SessionParts;
  readonly #clock = realWorld(lineWriter("stderr"), textLine).clock;
  readonly #end = endSignal();
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  async run(): Promise<number> {
    const { plan } = this.#parts;
    await this.#order("begin", { forMs: plan.forMs });
    let code = 1;
    try {
      code = await this.#work();
    } finally {
      await this.#order("end", {});
      if (!this.#parts.invocation.json) complain(this.#say("back"));
    }
    return code;
  }

  async #work(): Promise<number> {
    const { references, invocation } = this.#parts;
    const steps: StepTaken[] = [];
    for (const reference of references) {
      const step = await this.#step(reference, steps.at(-1) ?? null);
      if (typeof step === "string") return refuse(step, invocation);
      steps.push(step);
    }
    const adopted = await this.#adopt(steps);
    if (typeof adopted === "string") return refuse(adopted, invocation);
    const record = await this.#measureLeft(adopted, references.at(-1) as number);
    await this.#tell(record);
    await this.#purge();
    return record.kind === "adjustment" || record.isWithin ? 0 : 1;
  }

  /** What is indicated under `reference` once it is steady, or why there is nothing. */
  async #step(reference: number, last: StepTaken | null): Promise<StepTaken | string> {
    const { unit } = this.#parts.standing;
    if (!(await this.#applied(reference))) return this.#say("ended");
    const { isSteady, stability } = await this.#steady(reference, ({ indicated }) => {
      return indicated === null || isUnmoved(indicated, reference, last) ? null : indicated;
    });
    if (this.#end.aborted) return this.#say("ended");
    const { mean, kind, scatter, samples } = stability;
    if (!isSteady || mean === null) {
      return this.#say("gaveUp", {
        time: formatAge(this.#parts.plan.withinMs, this.#parts.invocation.lang),
        state: this.#say(mean !== null ? kind : last === null ? "silent" : "unmoved"),
        detail: stabilityText(stability, unit, this.#parts.invocation.lang),
      });
    }
    const about = { reference, value: rounded(mean), scatter: rounded(scatter), samples };
    complain(this.#say("isSteady", { ...about, unit: unit ?? "" }));
    return { reference, indicated: mean, scatter, samples };
  }

  /** Asks for the reference to be applied; false where it was ended meanwhile. */
  async #applied(reference: number): Promise<boolean> {
    const { invocation, standing } = this.#parts;
    if (!invocation.yes) {
      await answerTo(this.#say("apply", { reference, unit: standing.unit ?? "" }));
    }
    return !this.#end.aborted;
  }

  /** Puts the steps on record, adjusted by where that is wanted; or why not. */
  async #adopt(steps: readonly StepTaken[]): Promise<CalibrationRecord | string> {
    const { plan, standing, span, invocation } = this.#parts;
    const adjust = !plan.isCheck;
    if (adjust) {
      const before = standing.inForce?.pairs ?? null;
      const correction = correctionOf(steps, before, usualLimits(span));
      if (correction.kind === "refused") {
        return this.#say(correction.why, { found: rounded(correction.found) });
      }
      if (!invocation.yes) {
        const told = steps.map((step) => stepOf(step, before ?? [], correction.pairs));
        for (const line of stepsView(told, invocation.lang)) complain(line);
      }
      const isAgreed = invocation.yes || (await agreesTo(this.#say("adjust")));
      if (!isAgreed) return this.#say("notAdjusted");
    }
    const { tolerance, note } = plan;
    return (await this.#order("adopt", { steps, adjust, tolerance, note })) as CalibrationRecord;
  }

  /** What it shows now under the reference that is still applied. */
  async #measureLeft(record: CalibrationRecord, reference: number): Promise<CalibrationRecord> {
    if (record.kind === "check") return record;
    const { isSteady, stability } = await this.#steady(reference, ({ value }) => value);
    if (!isSteady) return record;
    const left = record.steps.map((step) => (step.reference === reference ? stability.mean : null));
    return (await this.#order("left", { n: record.n, left })) as CalibrationRecord;
  }

  async #tell(record: CalibrationRecord): Promise<void> {
    const { config, plan, invocation, standing } = this.#parts;
    const { lang, json } = invocation;
    const { n, isWithin, steps } = record;
    const certificate = certificateFor(config, plan.point, record);
    if (json) print(toJson(certificate));
    else {
      for (const line of stepsView(steps, lang)) print(line);
      const about = { tolerance: rounded(record.tolerance), unit: standing.unit ?? "" };
      print(this.#say(isWithin ? "within" : "beyond", about).trim());
      const key = record.kind === "adjustment" ? "adjusted" : "checked";
      print(this.#say(key, { n, point: plan.point }));
      const until = certificate?.validUntil ?? null;
      if (until !== null) print(this.#say("due", { day: localTime(until).slice(0, 10) }));
    }
    if (plan.out !== null && certificate !== null) {
      await writeCertificate(certificate, plan.out, config, invocation);
    }
  }

  /** Waits until what was applied is gone, so that the alarms do not call because of it. */
  async #purge(): Promise<void> {
    const { invocation, plan } = this.#parts;
    if (!invocation.yes) await answerTo(this.#say("takeOff"));
    const from = this.#clock.uptime();
    for (;;) {
      const active = await this.#active();
      if (active.length === 0 || this.#end.aborted) return;
      if (!invocation.yes || this.#clock.uptime() - from > Math.min(PURGE_MS, plan.forMs / 2)) {
        return complain(this.#say("stillActive", { alarms: active.join(", ") }));
      }
      await this.#clock.sleep(1_000, this.#end).catch(() => {});
    }
  }

  /** The alarms that are out for this work whose condition stands. */
  async #active(): Promise<readonly string[]> {
    const { config, standing } = this.#parts;
    const { alarms } = (await callControl(config.control.socket, "status")) as Status;
    const own = alarms.filter(({ alarm }) => standing.alarms.includes(alarm));
    return own.flatMap(({ alarm, active }) => (active ? alarm : []));
  }

  async #steady(
    reference: number,
    numberIn: (sample: CalibrationSample) => number | null,
  ): Promise<Steady> {
    const { config, plan, standing, invocation } = this.#parts;
    const { point } = plan;
    const { socket } = config.control;
    const isLive = process.stderr.isTTY === true;
    try {
      return await untilSteady(
        {
          clock: this.#clock,
          sample: async () => {
            const look = { action: "sample", point };
            return (await callControl(socket, "calibration", look, ANSWER_MS)) as CalibrationSample;
          },
          numberIn,
          bounds: this.#bounds(),
          withinMs: plan.withinMs,
          onSample: (stability) => {
            const line = waitView(reference, stability, standing.unit, invocation.lang);
            this.#progress(line, isLive);
          },
        },
        this.#end,
      );
    } finally {
      if (isLive) process.stderr.write("\r\u001b[K");
    }
  }

  /** Longer for a point that tells seldom: a window needs its samples. */
  #bounds(): Steadiness {
    const { config, plan, span } = this.#parts;
    const usual = usualSteadiness(span);
    const isAsked = config.points.some(({ id }) => id === plan.point);
    const everyMs = allPoints(config).find(({ id }) => id === plan.point)?.everyMs ?? 0;
    const leastMs = isAsked ? 0 : everyMs * usual.least;
    const windowMs = Math.max(plan.windowMs ?? usual.windowMs, leastMs);
    return { ...usual, windowMs, least: Math.min(usual.least, Math.ceil(windowMs / 1_000)) };
  }

  #progress(line: string, isLive: boolean): void {
    if (isLive) return void process.stderr.write(`\r\u001b[K${line}`);
    const now = this.#clock.uptime();
    if (now - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now;
    complain(line);
  }

  async #order(action: string, more: object): Promise<unknown> {
    const { config, plan } = this.#parts;
    const order = { action, point: plan.point, ...more };
    return await callControl(config.control.socket, "calibrate", order, ANSWER_MS);
  }

  #say(
    ...said: readonly [Parameters<typeof sayCalibrate>[1], Parameters<typeof sayCalibrate>[2]?]
  ) {
    const [key, about] = said;
    return sayCalibrate(this.#parts.invocation.lang, key, about);
  }
}

/** Whether an instrument still tells what it told at the reference before: nothing has come yet. */
function isUnmoved(indicated: number, reference: number, last: StepTaken | null): boolean {
  if (last === null) return false;
  const way = Math.abs(reference - last.reference);
  return Math.abs(indicated - last.indicated) < way / 10;
}
