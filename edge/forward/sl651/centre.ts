import type { Sl651Destination } from "../../../config/centre-config.ts";
import { after, type UptimeMs, type WallMs } from "../../core/time.ts";
import type { Recorded } from "../../recorded.ts";
import { AlarmBits } from "../alarm-bits.ts";
import type { CentreParts, CentreProtocol, Step } from "../centre-loop.ts";
import type { Period } from "../periods/fold.ts";
import { LatestReadings } from "../periods/latest.ts";
import { ReportFeed } from "../periods/report-feed.ts";
import type { Body, Part } from "./body.ts";
import { Conversation } from "./conversation.ts";
import { decodeFrame, STREAM_RULES } from "./frame.ts";
import type { Frame } from "./header.ts";
import { hourReports, type Report } from "./hour-reports.ts";
import { elementPart, observation, statePart, uniformParts } from "./reports.ts";
import { type Reaction, react, type SpanQuery } from "./requests.ts";
import { type Settings, settingsOf } from "./settings.ts";
import { StepValues } from "./step-values.ts";

const HOUR_MS = 3_600_000;
/** The time of sending has whole seconds. */
const SECOND_MS = 1_000;
/** The most refusals that are told in one connection. */
const REFUSALS_MAX = 100;
/** Places of the counters of the event record (SL 651-2014, table 82), from 0. */
const [SENT, RECEIVED, FAILED] = [15, 16, 17];

/** The reports of one hour: its values at equal steps are read, then one goes after the other. */
type Hour = {
  readonly period: Period;
  readonly steps: StepValues | null;
  reports: Report[] | null;
};

/** A span that the centre asked for, and under which function and serial number. */
type Query = { readonly asked: SpanQuery; readonly values: StepValues; readonly serial: number };

/**
 * Speaks SL 651 with one centre: a change of the state word first, as an extra report, then what is
 * of now, then the hours that are owed, oldest first. Queries are replied to beside that. The
 * protocol has no marks: a value that is in doubt is told, and one that is not known is missing.
 */
export class Sl651Centre implements CentreProtocol {
  readonly rules = STREAM_RULES;
  readonly #parts: CentreParts;
  readonly #destination: Sl651Destination;
  readonly #ring: () => void;
  readonly #signal: AbortSignal;
  readonly #settleMs: number;
  readonly #latest: LatestReadings;
  readonly #feed: ReportFeed;
  readonly #talk: Conversation;
  readonly #state: AlarmBits;
  #settings: Settings;
  #hour: Hour | null = null;
  #query: Query | null = null;
  #readingsTo: number;
  #eventsTo = -1;
  #received = 0;
  #owesTest = true;
  #extraAt = 0 as UptimeMs;
  #isLost = false;
  /** The functions that were refused in this connection, and told. */
  readonly #refused = new Set<number>();

  constructor(
    parts: CentreParts,
    destination: Sl651Destination,
    ring: () => void,
    signal: AbortSignal,
  ) {
    this.#parts = parts;
    this.#destination = destination;
    this.#ring = ring;
    this.#signal = signal;
    this.#settings = settingsOf(destination);
    const { elements, name } = destination;
    this.#settleMs = Math.max(0, ...elements.map(({ point }) => parts.settleMsOf(point)));
    this.#latest = new LatestReadings(new Map(elements.map((each) => [each.point, each.holdMs])));
    const quantities = elements.map(({ code, point, holdMs }) => {
      return { code, point, flow: null, holdMs };
    });
    const settleMs = this.#settleMs;
    const rules = { grids: [{ name: "hour", ms: HOUR_MS }], quantities, settleMs } as const;
    this.#feed = new ReportFeed({ ...parts, name, signal }, rules, ring);
    const { world, wallNow, ledgerState } = parts;
    this.#talk = new Conversation(destination, { clock: world.clock, wallNow, onOver: ring });
    this.#state = new AlarmBits(destination.state, ledgerState, name);
    this.#readingsTo = ledgerState.heads.readings;
    this.#passEvents();
  }

  onRecorded(recorded: Recorded): void {
    for (const { seq, batch } of recorded.batches) {
      this.#latest.add(batch, this.#now);
      this.#readingsTo = Math.max(this.#readingsTo, seq);
    }
    this.#feed.onRecorded(recorded);
    this.#state.onRecorded(recorded);
    this.#passEvents();
  }

  begin(write: (bytes: Uint8Array) => void): void {
    this.#talk.begin(write);
    this.#extraAt = this.#nextExtra();
    this.#isLost = false;
    this.#refused.clear();
  }

  end(): void {
    this.#talk.end();
    this.#hour = null;
    this.#query = null;
  }

  heard(bytes: Uint8Array): void {
    const { frame, body, faults } = decodeFrame(bytes);
    // A bad frame is ignored, not answered (SL 651-2014, 6.3.1.2).
    if (frame === null || body === null || faults.length > 0 || !this.#isForUs(frame)) return;
    this.#received++;
    const taken = this.#talk.takes(frame);
    if (taken === "lost") this.#isLost = true;
    else if (!taken && frame.end === "ENQ") this.#heardQuery(frame, body);
  }

  step(): Step {
    if (this.#isLost || !this.#talk.repeat()) {
      return { lost: "the centre does not confirm what it was sent" };
    }
    this.#replyToQuery();
    const now = this.#now;
    if (!this.#talk.isBusy && now >= this.#talk.readyAt) this.#sendNext(now);
    return { waitMs: Math.max(0, this.#nextAt() - this.#now) };
  }

  figures() {
    return {
      owed: { readings: this.#feed.owed, events: this.#state.owed },
      inFlight: this.#talk.isBusy ? 1 : 0,
      acknowledged: this.#talk.confirmed,
    };
  }

  get #now(): UptimeMs {
    return this.#parts.world.clock.uptime();
  }

  #isForUs({ direction, station, centre, encoding }: Frame): boolean {
    const own = this.#destination;
    const isOurs = station === own.station && centre === own.centre;
    return direction === "down" && isOurs && encoding === own.encoding;
  }

  #nextAt(): number {
    const { dueAt, sentAt, readyAt } = this.#talk;
    if (dueAt !== null) return dueAt;
    if (readyAt > this.#now) return readyAt;
    const due: number[] = [after(sentAt, this.#destination.keepAliveMs)];
    if (this.#settings.extraMs !== null) due.push(this.#extraAt);
    return Math.min(...due);
  }

  /** Begins the next report, by what is most urgent; keeps the link where there is none. */
  #sendNext(now: UptimeMs): void {
    if (this.#state.isPending) {
      this.#sendExtra();
      return;
    }
    if (this.#owesTest) {
      this.#talk.report(0x30, this.#observed(), () => {
        this.#owesTest = false;
      });
      return;
    }
    if (this.#settings.extraMs !== null && now >= this.#extraAt) {
      this.#extraAt = this.#nextExtra();
      this.#sendExtra();
      return;
    }
    if (this.#sendHour()) return;
    if (now >= after(this.#talk.sentAt, this.#destination.keepAliveMs)) this.#talk.keepAlive();
  }

  /** Everything as it is now, with the state word. */
  #sendExtra(): void {
    const { head, word } = this.#state;
    const parts = [...this.#observed(), statePart(this.#destination, word)];
    this.#talk.report(0x33, parts, () => {
      this.#state.told(head);
      this.#passEvents();
    });
  }

  #observed(): readonly Part[] {
    const { elements } = this.#destination;
    const observed = observation(this.#destination, this.#parts.wallNow());
    const told = elements.map(({ code }) => {
      return elementPart(this.#destination, code, this.#latestOf(code));
    });
    return [...observed, ...told];
  }

  #latestOf(code: string): number | null {
    const element = this.#destination.elements.find((each) => each.code === code);
    if (element === undefined) return null;
    const { value } = this.#latest.of(element.point, this.#now);
    return value === null ? null : value * element.scale;
  }

  /** At a multiple of the interval by the clock. */
  #nextExtra(): UptimeMs {
    const { extraMs } = this.#settings;
    if (extraMs === null) return this.#now;
    return after(this.#now, extraMs - (this.#parts.wallNow() % extraMs));
  }

  /** The next report of the hour that is owed; false where there is none, or none yet. */
  #sendHour(): boolean {
    for (;;) {
      const hour = this.#hour ?? this.#beginHour();
      if (hour === null) return false;
      this.#hour = hour;
      const steps = hour.steps?.read() ?? null;
      if (hour.steps !== null && steps === null) return false;
      hour.reports ??= [...hourReports(this.#destination, this.#settings, hour.period, steps)];
      const [report] = hour.reports;
      if (report !== undefined) {
        this.#talk.report(report.functionCode, report.parts, () => {
          hour.reports?.shift();
        });
        return true;
      }
      this.#feed.acknowledged(hour.period);
      this.#hour = null;
    }
  }

  #beginHour(): Hour | null {
    const period = this.#feed.next();
    if (period === null) return null;
    const { uniformMs: stepMs, elements } = this.#destination;
    if (stepMs === null) return { period, steps: null, reports: null };
    const span = { from: period.from + stepMs, to: period.to, stepMs };
    return { period, steps: this.#stepValues(elements, span), reports: null };
  }

  #stepValues(
    elements: Sl651Destination["elements"],
    span: { readonly from: number; readonly to: number; readonly stepMs: number },
  ): StepValues {
    const { world, ledger, ledgerState, upTo } = this.#parts;
    const head = Math.min(this.#readingsTo, upTo("readings"));
    const tail = ledgerState.tails.readings;
    const parts = { world, ledger, signal: this.#signal, tail, head };
    return new StepValues(parts, { ...span, elements, settleMs: this.#settleMs }, this.#ring);
  }

  #heardQuery(frame: Frame, body: Body): void {
    const { functionCode } = frame;
    if (frame.password !== this.#destination.password) {
      this.#tellRefused(functionCode, "password");
      return;
    }
    const { elements, remote } = this.#destination;
    const { sent, failed } = this.#talk.counts;
    const counts = [
      [SENT, sent],
      [RECEIVED, this.#received],
      [FAILED, failed],
    ] as const;
    const reaction = react(frame, body, {
      station: this.#destination,
      settings: this.#settings,
      remote,
      release: this.#parts.release,
      now: this.#parts.wallNow(),
      tags: elements.map(({ code }) => code),
      latestOf: (tag) => this.#latestOf(tag),
      stateWord: this.#state.word,
      counters: new Map(counts as readonly (readonly [number, number])[]),
    });
    this.#carryOut(reaction, functionCode, body.serial ?? 0);
  }

  #carryOut(reaction: Reaction, functionCode: number, serial: number): void {
    const { reply, span, settings, clock, isRefused } = reaction;
    if (clock !== undefined) this.#learn(clock);
    if (settings !== undefined) this.#set(settings, functionCode);
    if (reply !== null) this.#talk.reply(functionCode, serial, reply);
    if (isRefused) this.#tellRefused(functionCode, "refused");
    if (span === undefined) return;
    const elements = this.#destination.elements.filter(({ code }) => code === span.tag);
    this.#query = { asked: span, values: this.#stepValues(elements, span), serial };
  }

  /** Replies to a query of a span once all of it is read. */
  #replyToQuery(): void {
    const query = this.#query;
    const values = query?.values.read()?.get(query.asked.tag);
    if (query === null || values === undefined) return;
    this.#query = null;
    const { tag, from, stepMs } = query.asked;
    const parts = uniformParts(this.#destination, tag, { from, stepMs }, values);
    this.#talk.reply(0x38, query.serial, parts);
  }

  /** It was that second when the centre wrote it, and it took a part of the round trip. */
  #learn(sentAt: WallMs): void {
    const halfMs = (SECOND_MS + this.#talk.roundTripMs) / 2;
    this.#parts.learn(Math.round(sentAt + halfMs) as WallMs, this.#now, halfMs);
  }

  #set(settings: Settings, functionCode: number): void {
    const before = this.#settings;
    const changed = (Object.keys(settings) as (keyof Settings)[]).filter(
      (key) => settings[key] !== before[key],
    );
    if (changed.length === 0) return;
    this.#settings = settings;
    this.#extraAt = this.#nextExtra();
    const what = changed.map((key) => `${key}=${settings[key] ?? "off"}`).join(" ");
    this.#tell("remote-set", functionCode, { what });
  }

  /** What the state word does not tell of is not owed. */
  #passEvents(): void {
    const to = this.#state.toldTo;
    if (to <= this.#eventsTo || to < 1) return;
    this.#eventsTo = to;
    const { name } = this.#destination;
    this.#parts.onDelivered({ destination: name, kind: "events", ranges: [{ from: 1, to }] });
  }

  /** Once for each function in a connection. */
  #tellRefused(functionCode: number, code: string): void {
    if (this.#refused.has(functionCode) || this.#refused.size >= REFUSALS_MAX) return;
    this.#refused.add(functionCode);
    this.#tell("remote-refused", functionCode, { code });
  }

  #tell(cause: string, functionCode: number, detail: Readonly<Record<string, string>>): void {
    const { name: subject } = this.#destination;
    const state = { from: "connected", to: "connected" } as const;
    const command = functionCode.toString(16).toUpperCase().padStart(2, "0");
    const told = { command, ...detail };
    this.#parts.tell({ kind: "destination", subject, ...state, cause, detail: told });
  }
}
