import type { GatewayConfig } from "../../config/gateway-config.ts";
import type { Status } from "../control/status.ts";
import { isActive } from "../core/alarm.ts";
import type { Lang } from "../core/errors.ts";
import type {
  AlarmEvent,
  DocumentEvent,
  Event,
  GatewayEvent,
  InterlockEvent,
  WriteEvent,
} from "../core/event.ts";
import { isBad, type Reading } from "../core/reading.ts";
import { after, type UptimeMs } from "../core/time.ts";
import type { DrainNews, HoldReason, News } from "../news.ts";
import type { World } from "../world.ts";
import { sayBus } from "./bus-text.ts";
import { calibrationTurn, sayCalibrate } from "./calibrate-text.ts";
import { sayClock } from "./clock-view.ts";
import { commandNews } from "./command-news.ts";
import { drainNewsView } from "./drain-view.ts";
import { sayField } from "./field-text.ts";
import { formatValue } from "./format.ts";
import { identityNews } from "./identity-news.ts";
import { sayInterlock } from "./interlock-text.ts";
import { sayPapers } from "./papers-text.ts";
import { outcomeKey } from "./reason-text.ts";
import { say, sayOr, sayQuality, type TextKey } from "./text.ts";
import { updatingNews } from "./updating-news.ts";
import { sayWear } from "./wear-text.ts";

/** A point that flutters is told of at most once in this time, in milliseconds. */
const GOOD_NOT_BEFORE_MS = 30_000;

/**
 * What `lifeline run` logs of its gateway: the text for people, in their language, the fields for
 * programs, in the words of the contract.
 */
export class RunLog implements News {
  readonly #log: World["log"];
  readonly #lang: Lang;
  readonly #busOf: ReadonlyMap<string, string>;
  /** The names of the alarms on each point that has any. */
  readonly #alarmsOf: ReadonlyMap<string, string>;
  /** Points of which was told that they cannot be judged, and when. */
  readonly #unjudged = new Map<string, UptimeMs>();

  constructor(
    world: Pick<World, "log">,
    { alarms, devices }: Pick<GatewayConfig, "alarms" | "devices">,
    lang: Lang,
  ) {
    this.#log = (...line) => world.log(...line);
    this.#lang = lang;
    this.#busOf = new Map(devices.map(({ name, bus }) => [name, bus]));
    const byPoint = Map.groupBy(alarms, ({ point }) => point);
    this.#alarmsOf = new Map(
      Array.from(byPoint, ([point, rules]) => [point, rules.map(({ name }) => name).join(", ")]),
    );
  }

  onEvent(event: Event): void {
    if (event.kind === "alarm") this.#onAlarm(event);
    else if (event.kind === "write") this.#onWrite(event);
    else if (event.kind === "interlock") this.#onInterlock(event);
    else if (event.kind === "document") this.#onDocument(event);
    else this.#onTurn(event);
  }

  /** A value that is not known raises no alarm: the crew must hear of it, once. */
  onReadings(readings: readonly Reading[]): void {
    for (const { point, quality, uptime } of readings) {
      // The way of nearly every reading.
      if (this.#unjudged.size === 0 && !isBad(quality)) continue;
      const alarms = this.#alarmsOf.get(point);
      if (alarms === undefined) continue;
      const since = this.#unjudged.get(point);
      if (since === undefined && isBad(quality)) {
        this.#unjudged.set(point, uptime);
        const why = sayQuality(this.#lang, quality);
        const text = say(this.#lang, "unjudged", { point, quality: why, alarms });
        this.#log("warn", text, { point, quality, alarms });
      } else if (since !== undefined && !isBad(quality)) {
        if (uptime < after(since, GOOD_NOT_BEFORE_MS)) continue;
        this.#unjudged.delete(point);
        const text = say(this.#lang, "judgedAgain", { point, alarms });
        this.#log("info", text, { point, quality, alarms });
      }
    }
  }

  onHold(destination: string, why: HoldReason | null): void {
    if (why === null) this.#log("info", say(this.#lang, "takesAgain", { destination }), {});
    else {
      const key = why === "status-refused" ? "takesNotAll" : "takesNothing";
      const text = say(this.#lang, key, { destination, why: say(this.#lang, why) });
      this.#log("warn", text, { cause: why });
    }
  }

  onDrain(destination: string, news: DrainNews): void {
    this.#log("info", drainNewsView(destination, news, this.#lang), news);
  }

  /** What stays behind when the gateway has stopped, so that nobody needs to fear for it. */
  onStopped({ buffer, destinations }: Pick<Status, "buffer" | "destinations">): void {
    for (const { destination, owed } of destinations) {
      const count = owed.readings + owed.events;
      const key = count === 0 ? "allDelivered" : "keptFor";
      this.#log("info", say(this.#lang, key, { destination, count }), owed);
    }
    const { waiting: readings, waitingEvents: events, failing: cause } = buffer;
    if (readings + events === 0) return;
    this.#log("error", say(this.#lang, "notStored", { readings, events }), { cause });
  }

  #onAlarm({ kind: _, at: __, clock: ___, ...evidence }: AlarmEvent): void {
    const { alarm, from, to } = evidence;
    const isRaised = isActive(to) && !isActive(from);
    const text = say(this.#lang, "alarmTurn", { alarm, state: say(this.#lang, to) });
    this.#log(isRaised ? "warn" : "info", text, evidence);
  }

  #onWrite({ kind: _, at: __, clock: ___, ...evidence }: WriteEvent): void {
    const { point, old, value, outcome, cause } = evidence;
    const shown = { old: formatValue(old), value: formatValue(value) };
    const text = sayField(this.#lang, outcomeKey(evidence), { point, cause, ...shown });
    this.#log(outcome === "done" ? "info" : "warn", text, evidence);
  }

  #onInterlock({ kind: _, at: __, clock: ___, chain, ...evidence }: InterlockEvent): void {
    const { interlock, to, cause } = evidence;
    const isLoud = to === "not-obeying" || to === "blocked" || cause === "dead-man-differs";
    const isQuiet = to === "idle" || to === "releasing" || cause === "dead-man-agrees";
    const state = sayInterlock(this.#lang, to);
    const text = sayInterlock(this.#lang, "turn", {
      interlock,
      state,
      cause: sayInterlock(this.#lang, cause),
    });
    this.#log(isLoud ? "error" : isQuiet ? "info" : "warn", text, { ...evidence, n: chain.n });
  }

  #onDocument({ kind: _, at: __, clock: ___, chain, ...evidence }: DocumentEvent): void {
    const text = sayPapers(this.#lang, "recorded", { number: evidence.number, who: evidence.who });
    this.#log("info", text, { ...evidence, n: chain.n });
  }

  /** The gateway's own start and end have log lines of their own. */
  #onTurn(event: GatewayEvent): void {
    const { kind, subject: name, from, to, cause, detail } = event;
    const clock = sayClock(event, this.#lang);
    if (clock !== null) {
      this.#log(to === "synced" || to === "sending" ? "info" : "warn", clock, detail);
      return;
    }
    const identity = identityNews(event, this.#lang);
    if (identity !== null) {
      this.#log(identity.isLoud ? "warn" : "info", identity.text, { cause, ...detail });
      return;
    }
    if (kind === "gateway") {
      const release = updatingNews(event, this.#lang);
      if (release !== null) this.#log(release.isLoud ? "warn" : "info", release.text, detail ?? {});
      if (cause.startsWith("calibration.")) this.#onCalibration(event);
      return;
    }
    if (kind === "command") {
      this.#log(
        to === "done" || to === "accepted" ? "info" : "warn",
        commandNews(event, this.#lang),
        {
          cause,
          ...detail,
        },
      );
      return;
    }
    if (kind === "bus" && from === to) {
      this.#log("warn", say(this.#lang, "healing", { name, done: sayOr(this.#lang, cause) }), {});
      return;
    }
    if (kind === "bus" && (from === "rivals" || to === "rivals")) {
      this.#onRivals(event);
      return;
    }
    if (kind === "destination" && from === to) {
      const isSet = cause === "remote-set";
      const { command = "", what = "", code = "" } = detail ?? {};
      const key = isSet ? "centreSet" : "centreRefused";
      const text = say(this.#lang, key, { name, command, what, code });
      this.#log(isSet ? "info" : "warn", text, { cause, ...detail });
      return;
    }
    if (kind === "buffer") {
      this.#onBuffer(event);
      return;
    }
    if (detail !== undefined && [from, to].includes("partly-silent")) {
      const isBack = to === "answering";
      const key = isBack ? "partAnswersTurn" : "partSilentTurn";
      const evidence = { bus: this.#busOf.get(name) };
      this.#log(isBack ? "info" : "warn", say(this.#lang, key, { name, ...detail }), evidence);
      return;
    }
    const isWell = to === "open" || to === "answering" || to === "connected";
    const text = say(this.#lang, `${kind}Turn`, { name, state: sayOr(this.#lang, to) });
    const evidence = kind === "device" ? { bus: this.#busOf.get(name) } : { cause };
    this.#log(isWell ? "info" : "warn", text, evidence);
  }

  #onCalibration({ cause, detail = {} }: GatewayEvent): void {
    const isLoud = cause === "calibration.set-aside" || cause === "calibration.unreadable";
    const about = { point: detail.point ?? "", who: detail.who ?? "" };
    const text = sayCalibrate(this.#lang, calibrationTurn(cause), about);
    this.#log(isLoud ? "warn" : "info", text, { cause, ...detail });
  }

  #onRivals({ subject: name, to, cause, detail = {} }: GatewayEvent): void {
    const { addresses = "" } = detail;
    const isOn = to === "rivals";
    const text = sayBus(this.#lang, isOn ? "rivals" : "rivalsOver", { name, addresses });
    this.#log(isOn ? "warn" : "info", text, { cause, ...detail });
  }

  #onBuffer({ from, to, cause, detail = {} }: GatewayEvent): void {
    const evidence = { cause, ...detail };
    if (to === "wearing" || to === "lasting") {
      this.#log(to === "lasting" ? "info" : "warn", sayWear(this.#lang, to, detail), evidence);
      return;
    }
    const isWell = to === "working" || to === "keeping";
    // What goes on is told to the centre once a minute; here that it began and that it is over.
    if (from !== to) {
      const text = say(this.#lang, BUFFER_TURNS[to] ?? "bufferAside");
      const level = isWell ? "info" : to === "thinning" ? "warn" : "error";
      this.#log(level, text, isWell ? { cause } : evidence);
    }
    if ("refusedReadings" in detail && to !== "refusing")
      this.#log("error", say(this.#lang, "bufferShed"), evidence);
  }
}

/** How it is told what becomes of the buffer. */
const BUFFER_TURNS: Readonly<Record<string, TextKey>> = {
  failing: "bufferFails",
  working: "bufferWorks",
  thinning: "bufferThins",
  expiring: "bufferExpires",
  dropping: "bufferDrops",
  refusing: "bufferRefuses",
  keeping: "bufferKeeps",
  lost: "bufferLost",
  new: "bufferAside",
  own: "bufferBack",
};
