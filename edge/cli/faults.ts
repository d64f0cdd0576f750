import type { Unread } from "../acquire/bus-status.ts";
import type { Status } from "../control/status.ts";
import type { BoardFault } from "../core/board.ts";
import { ERRORS, type ErrorCode, type Lang } from "../core/errors.ts";
import { sayBus } from "./bus-text.ts";
import { type InterlockFault, interlockFaults, interlockFaultText } from "./interlock-faults.ts";
import { troubleText } from "./interlock-view.ts";
import { reasonText } from "./reason-text.ts";
import { say } from "./text.ts";

/** Something that is broken, and the bus, device, destination or alarm that it is broken at. */
export type Fault =
  | InterlockFault
  | {
      readonly kind: "bus-closed";
      readonly at: string;
      /** What the system said, as it comes; null before the first try is over. */
      readonly detail: string | null;
    }
  | {
      readonly kind: "destination-away";
      readonly at: string;
      /** What keeps it away. */
      readonly code: ErrorCode;
      /** What the system said, as it comes; null before the first try is over. */
      readonly detail: string | null;
    }
  /** Peers with one identity displace each other, dialling in from the addresses in `detail`. */
  | { readonly kind: "rivals"; readonly at: string; readonly detail: string }
  /** A device answers, but not where this is asked. */
  | { readonly kind: "part-silent"; readonly at: string; readonly detail: string }
  | {
      readonly kind:
        | "device-silent"
        /** A device that talks by itself, or is asked on a line of its own, says nothing. */
        | "talker-silent"
        /** Something comes, but no answer that can be taken. */
        | "device-garbled"
        /** Frames come from it that nobody asked for: it is left alone. */
        | "disturbed"
        /** One of the loops of the gateway does not go on. */
        | "loop-hung"
        | "no-subscriber"
        /** The host application that is waited for is away. */
        | "host-offline"
        | "refused"
        | "status-refused"
        | "template"
        /** The value of its point is not known: it cannot be raised. */
        | "alarm-unjudged";
      readonly at: string;
    }
  /** A board is read, but for this input. */
  | { readonly kind: "board-gap"; readonly at: string; readonly why: BoardFault }
  /** It has no value although its device answers. */
  | { readonly kind: "point-bad"; readonly at: string; readonly quality: string }
  /** What its device tells is not believed, or stands for having no value. */
  | { readonly kind: "point-unbelieved"; readonly at: string; readonly quality: string }
  /** The gateway has no identity, or none that is renewed, by the code of what is in the way. */
  | { readonly kind: "not-enrolled"; readonly at: string; readonly code: ErrorCode }
  | { readonly kind: "buffer-failing"; readonly code: ErrorCode }
  /** What no destination has had is thinned, or goes, or what is new is refused, for want of room. */
  | { readonly kind: "buffer-thinning" | "buffer-expiring" | "buffer-dropping" | "buffer-refusing" }
  /** Since the start so much was given up in memory, for the disk did not take it. */
  | { readonly kind: "buffer-shed"; readonly readings: number; readonly events: number };

/** What is broken in the gateway and around it. An active alarm is its work and no fault. */
export function faultsOf(status: Status): readonly Fault[] {
  const { buses, points, alarms, destinations, buffer, loops } = status;
  const unknown = points.filter(({ quality }) => quality.startsWith("bad:"));
  const unjudged = new Set(unknown.map(({ point }) => point));
  return [
    ...loops
      .filter(({ state }) => state === "hung")
      .map(({ name }) => ({ kind: "loop-hung", at: name }) as const),
    ...interlockFaults(status),
    ...buses
      .filter(({ state }) => state === "closed")
      .map(({ bus, trouble }) => ({ kind: "bus-closed", at: bus, detail: trouble }) as const),
    ...buses
      .filter(({ rivals }) => rivals.length > 0)
      .map(({ bus, rivals }) => ({ kind: "rivals", at: bus, detail: rivals.join(" ") }) as const),
    ...deviceFaults(status),
    ...pointFaults(status),
    ...buses.flatMap(boardFaults),
    ...alarms
      .filter(({ point, limit }) => unjudged.has(point) && !JUDGES_THE_LOST.has(limit))
      .map(({ alarm }) => ({ kind: "alarm-unjudged", at: alarm }) as const),
    ...unenrolled(status),
    ...destinations.flatMap((destination) => troubleOf(destination) ?? []),
    ...troublesOf(buffer),
  ];
}

/** Conditions that a value which is not known raises, or need not hold up. */
const JUDGES_THE_LOST: ReadonlySet<string> = new Set(["bad", "silent", "vote", "expression"]);

/** Devices whose answers are damaged, those from which none comes, and what answers only in part. */
function deviceFaults({ buses, points }: Status): readonly Fault[] {
  const disturbed = new Set(buses.flatMap((bus) => bus.disturbed));
  const damaged = points.filter(({ quality }) => DAMAGED.has(quality));
  const devices = damaged.map(({ point }) => deviceOf(point));
  const garbled = new Set(devices.filter((device) => !disturbed.has(device)));
  const silent = buses.flatMap((bus) => {
    const kind = bus.use === null ? ("talker-silent" as const) : ("device-silent" as const);
    return bus.silent.filter((device) => !garbled.has(device)).map((at) => ({ kind, at }));
  });
  return [
    ...silent,
    ...Array.from(garbled, (device) => ({ kind: "device-garbled", at: device }) as const),
    ...buses.flatMap(({ unanswered }) => unanswered).map(partSilent),
    ...Array.from(disturbed, (device) => ({ kind: "disturbed", at: device }) as const),
  ];
}

/** Inputs of a board that have no value though the board is read. */
function boardFaults({ bus, board }: Status["buses"][number]): readonly Fault[] {
  return (board?.faults ?? []).map(({ source, fault }) => {
    return { kind: "board-gap", at: `${bus} ${source}`, why: fault } as const;
  });
}

/** Points that are bad by themselves: not because of their bus, device, or part of it. */
function pointFaults({ buses, points }: Status): readonly Fault[] {
  const silent = new Set(buses.flatMap((bus) => bus.silent));
  const unanswered = new Set(buses.flatMap((bus) => bus.unanswered).flatMap((part) => part.points));
  return points.flatMap(({ point, quality }) => {
    const isElsewhere = NOT_ITS_OWN.has(quality) || DAMAGED.has(quality) || unanswered.has(point);
    if (!quality.startsWith("bad:") || isElsewhere || silent.has(deviceOf(point))) return [];
    const kind = OF_THE_WIRE.test(quality) ? "point-bad" : "point-unbelieved";
    return [{ kind, at: point, quality } as const];
  });
}

/** What quality a point has where bytes came that were no answer. */
const DAMAGED: ReadonlySet<string> = new Set(["bad:crc", "bad:malformed"]);

/** What quality a point has where the device did not tell a number that could be read. */
const OF_THE_WIRE = /^bad:(timeout|exception:\d+|not-a-number|invalid-bcd)$/;

/** What quality a point has for reasons that are told elsewhere, or pass. */
const NOT_ITS_OWN: ReadonlySet<string> = new Set([
  "bad:link-closed",
  "bad:not-yet-read",
  "bad:input",
]);

/** The device of the point `device.point`. */
function deviceOf(point: string): string {
  return point.slice(0, point.indexOf("."));
}

function partSilent({ device, area, address, count, points }: Unread): Fault {
  const where = `${area} ${address}..${address + count - 1}`;
  return { kind: "part-silent", at: device, detail: `${where}: ${points.join(" ")}` };
}

function unenrolled({ gateway, enrolment }: Status): readonly Fault[] {
  const { state, cause: code = null } = enrolment ?? {};
  // What only holds a renewal up is no fault while the certificate in force is good.
  const isLasting = state === "enrolled" && code !== null && ERRORS[code].remedy !== "operator";
  if (code === null || isLasting) return [];
  return [{ kind: "not-enrolled", at: gateway, code }];
}

function troublesOf({
  failing,
  retention,
  refused: readings,
  refusedEvents: events,
}: Status["buffer"]): readonly Fault[] {
  return [
    ...(failing === null ? [] : [{ kind: "buffer-failing", code: failing as ErrorCode } as const]),
    ...(retention === "keeping" ? [] : [{ kind: `buffer-${retention}` } as const]),
    ...(readings + events === 0 ? [] : [{ kind: "buffer-shed", readings, events } as const]),
  ];
}

function troubleOf(status: Status["destinations"][number]): Fault | null {
  const { destination, state, trouble, code = "uplink.refused" } = status;
  if (state === "disconnected") {
    return { kind: "destination-away", at: destination, code, detail: trouble };
  }
  if (trouble === null) return null;
  const known = ["no-subscriber", "status-refused", "host-offline", "template"] as const;
  return { kind: known.find((kind) => kind === trouble) ?? "refused", at: destination };
}

/** What is wrong, a sentence for each kind of fault; nothing where all is well. */
export function faultTitles(status: Status, lang: Lang): readonly string[] {
  const kinds = byKind(faultsOf(status));
  return Array.from(kinds.values(), (alike) => (linesOf(alike, lang)[0] ?? "").trim());
}

/** Faults that are told together, the gravest first. */
function byKind(faults: readonly Fault[]): ReadonlyMap<string, readonly Fault[]> {
  return Map.groupBy(faults, (fault) =>
    fault.kind === "destination-away" ? fault.code : fault.kind,
  );
}

/** What is wrong and what to do, each kind of fault once; nothing where all is well. */
export function faultsView(status: Status, lang: Lang): readonly string[] {
  const faults = faultsOf(status);
  if (faults.length === 0) return [];
  const lines = Array.from(byKind(faults).values(), (alike) => linesOf(alike, lang));
  return [say(lang, "faults"), ...lines.flat()];
}

/** Lines about faults of one kind, of which there is at least one: what, details, what to do. */
function linesOf(alike: readonly Fault[], lang: Lang): readonly string[] {
  const [first] = alike as [Fault];
  const at = [...new Set(alike.flatMap((fault) => ("at" in fault ? fault.at : [])))].join(", ");
  const details = alike.flatMap((fault) => detailOf(fault, lang) ?? []);
  const what = (text: string, advice: string) => [`  ${text}`, ...details, `    → ${advice}`];
  switch (first.kind) {
    case "interlock-not-obeying":
    case "interlock-blocked":
    case "interlock-overridden":
    case "dead-man-differs":
      return what(...interlockFaultText(first.kind, at, lang));
    case "loop-hung":
      return what(say(lang, "loopHung", { at }), say(lang, "loopHungTodo"));
    case "bus-closed":
      return what(say(lang, "busIsClosed", { at }), ERRORS["link.refused"].advice[lang]);
    case "device-silent":
      return what(say(lang, "silentDevices", { devices: at }), say(lang, "silentTodo"));
    case "board-gap":
      return what(say(lang, "boardGaps", { at }), say(lang, "boardGapsTodo"));
    case "talker-silent":
      return what(say(lang, "silentTalkers", { devices: at }), say(lang, "silentTalkersTodo"));
    case "rivals":
      return what(sayBus(lang, "isRivals", { at }), sayBus(lang, "rivalsTodo"));
    case "device-garbled":
      return what(say(lang, "garbledDevices", { devices: at }), say(lang, "garbledTodo"));
    case "point-bad":
      return what(say(lang, "badPoints"), say(lang, "badPointsTodo"));
    case "point-unbelieved":
      return what(say(lang, "unbelievedPoints"), say(lang, "unbelievedPointsTodo"));
    case "part-silent":
      return what(say(lang, "partSilent", { devices: at }), say(lang, "partSilentTodo"));
    case "disturbed":
      return what(say(lang, "areDisturbed", { devices: at }), say(lang, "disturbedTodo"));
    case "alarm-unjudged":
      return what(say(lang, "alarmsUnjudged", { at }), say(lang, "unjudgedTodo"));
    case "destination-away":
      return what(awayText(first.code, at, lang), ERRORS[first.code].advice[lang]);
    case "not-enrolled":
      return what(unenrolledText(first.code, lang), ERRORS[first.code].advice[lang]);
    case "no-subscriber":
    case "template":
    case "host-offline":
    case "refused": {
      const why = say(lang, first.kind);
      const text = say(lang, "takesNothing", { destination: at, why });
      return what(text, say(lang, `${first.kind}Todo`));
    }
    case "status-refused": {
      const why = say(lang, first.kind);
      return what(say(lang, "takesNotAll", { destination: at, why }), say(lang, "refusedTodo"));
    }
    case "buffer-failing":
      return what(ERRORS[first.code].meaning[lang], ERRORS[first.code].advice[lang]);
    case "buffer-thinning":
      return what(say(lang, "isThinning"), say(lang, "droppingTodo"));
    case "buffer-dropping":
      return what(say(lang, "isDropping"), say(lang, "droppingTodo"));
    case "buffer-expiring":
      return what(say(lang, "isExpiring"), say(lang, "expiringTodo"));
    case "buffer-refusing":
      return what(say(lang, "isRefusing"), say(lang, "droppingTodo"));
    case "buffer-shed":
      return what(say(lang, "hasShed", first), say(lang, "shedTodo"));
  }
}

function unenrolledText(code: ErrorCode, lang: Lang): string {
  return say(lang, "notEnrolled", { why: ERRORS[code].meaning[lang] });
}

/** What is away, and why where more is known than that. */
function awayText(code: ErrorCode, at: string, lang: Lang): string {
  const text = say(lang, "isAway", { at });
  if (code === "uplink.refused") return text;
  return `${text}${lang === "en" ? ": " : "："}${ERRORS[code].meaning[lang]}`;
}

/** A line that tells more of `fault`; null where there is nothing to tell. */
function detailOf(fault: Fault, lang: Lang): string | null {
  if (fault.kind === "board-gap") return `    ${fault.at}: ${say(lang, `gap-${fault.why}`)}`;
  if (fault.kind === "interlock-not-obeying") {
    return fault.detail === null ? null : `    ${fault.at}: ${troubleText(fault.detail, lang)}`;
  }
  if (fault.kind === "point-bad" || fault.kind === "point-unbelieved") {
    const reason = fault.quality.slice("bad:".length);
    return `    ${fault.at}: ${reasonText(reason, lang)}`;
  }
  return "detail" in fault && fault.detail !== null ? `    ${fault.at}: ${fault.detail}` : null;
}
