import { limitText } from "../cli/alarm-limit.ts";
import { formatValue } from "../cli/format.ts";
import { secretRung } from "../cli/secret-lines.ts";
import { say, sayQuality } from "../cli/text.ts";
import type { Lang } from "../core/errors.ts";
import type { WallMs } from "../core/time.ts";
import type { Commissioning } from "./commissioning.ts";
import { type COMMISSIONING_TEXT, sayCommissioning } from "./commissioning-text.ts";
import type { Block, Cell, Column, Field, Paper, Section } from "./paper.ts";
import { timeIn } from "./time-text.ts";

type Key = keyof typeof COMMISSIONING_TEXT;

/** What a part of the paper is made with. */
type Parts = {
  readonly record: Commissioning;
  readonly lang: Lang;
  readonly tell: (key: Key, parameters?: Readonly<Record<string, string | number>>) => string;
  /** A moment by the clock of the site. */
  readonly time: (at: number | null) => string;
};

/** The paper of the hand-over of `record`, whose JSON file has the digest `jsonSha256`. */
export function commissioningPaper(record: Commissioning, lang: Lang, jsonSha256: string): Paper {
  const { number, at, timeZone, gateway, site, signatures } = record;
  const tell: Parts["tell"] = (key, parameters) => sayCommissioning(lang, key, parameters);
  const time: Parts["time"] = (when) => (when === null ? "-" : timeIn(when, timeZone));
  const parts = { record, lang, tell, time };
  const last: Section = {
    title: tell("remarks"),
    blocks: [
      { kind: "text", text: record.remarks === "" ? tell("noRemarks") : record.remarks },
      { kind: "note", text: tell("recorded") },
      { kind: "note", text: `${tell("json")}: ${jsonSha256}` },
    ],
  };
  return {
    lang,
    title: tell("title"),
    number,
    about: tell("about", { gateway: gateway.id, site: site.name ?? tell("none") }),
    at: at as WallMs,
    head: headOf(parts),
    sections: [
      openSection(parts),
      devicesSection(parts),
      loadsSection(parts),
      valuesSection(parts),
      alarmsSection(parts),
      interlocksSection(parts),
      dataSection(parts),
      photosSection(parts),
      last,
    ],
    signatures: signatures.map(({ role, name }) => ({ role: tell(role), name, date: "" })),
  };
}

function headOf({ record, tell, time }: Parts): readonly Field[] {
  const { gateway, site, number, at, timeZone } = record;
  const clock = tell(gateway.clock);
  const { timeSource: source } = gateway;
  const told = source === null ? clock : tell("toldBy", { state: clock, source });
  const given = (text: string | null): Cell => text ?? { text: tell("none"), tone: "faint" };
  const rows: readonly (readonly [Key, Cell])[] = [
    ["number", number],
    ["made", tell("inZone", { time: time(at), zone: timeZone })],
    ["gateway", gateway.id],
    ["site", given(site.name)],
    ["asset", given(site.asset)],
    ["cim", given(site.cim)],
    ["position", given(site.position?.join(", ") ?? null)],
    ["release", gateway.release],
    ["configuration", gateway.configuration],
    ["since", time(gateway.since)],
    ["clock", gateway.clock === "unsynced" ? { text: told, tone: "bad" } : told],
  ];
  return rows.map(([key, value]) => ({ label: tell(key), value }));
}

function openSection({ record, tell }: Parts): Section {
  const { open } = record;
  const nothing: Block = { kind: "text", text: { text: tell("nothingOpen"), tone: "good" } };
  const rows = open.map(({ code, subject }) => [bad(tell(code)), subject]);
  const table = tableOf(
    [
      [tell("what"), 3],
      [tell("subject"), 2],
    ],
    rows,
    "",
  );
  return { title: tell("open"), blocks: [open.length === 0 ? nothing : table] };
}

function devicesSection({ record, tell }: Parts): Section {
  const { devices, searches } = record;
  const rows = devices.map(({ device, bus, unit, profile, state, good, points }) => [
    ...[device, bus, unit === null ? "-" : String(unit), profile ?? "-"],
    state === "answers" ? tell(state) : bad(tell(state)),
    tell("ofAll", { good, all: points }),
  ]);
  const heads: Heads = [
    ...([
      [tell("device"), 4],
      [tell("bus"), 3],
      [tell("unit"), 1.5, "right"],
    ] as const),
    ...([
      [tell("profile"), 4],
      [tell("found"), 4],
      [tell("goodPoints"), 2.5, "right"],
    ] as const),
  ];
  const none: Block = { kind: "note", text: tell("noSearch") };
  const searched = searches.flatMap((search) => searchBlocks(search, tell));
  const table = tableOf(heads, rows, tell("noDevices"));
  return {
    title: tell("devices"),
    blocks: [table, ...(searches.length === 0 ? [none] : searched)],
  };
}

const FOUND = {
  found: "isFound",
  polled: "isPolled",
  silent: "isSilent",
  garbled: "isGarbled",
  late: "isLate",
} as const satisfies Readonly<Record<string, Key>>;

function searchBlocks(
  { bus, units, isComplete, found }: Commissioning["searches"][number],
  tell: Parts["tell"],
): readonly Block[] {
  const text = tell(isComplete ? "searched" : "searchedPart", { bus, units });
  const rows = found.map(({ unit, state, device, name, profiles }) => [
    String(unit),
    tell(FOUND[state]),
    [name, ...profiles].filter((each) => each !== null).join(", ") || "-",
    device ?? bad(tell("notConfigured")),
  ]);
  const heads: Heads = [
    ...([
      [tell("unit"), 1, "right"],
      [tell("found"), 3],
      [tell("says"), 5],
    ] as const),
    [tell("device"), 3],
  ];
  return [{ kind: "text", text }, tableOf(heads, rows, tell("nothingFound"))];
}

function loadsSection({ record, tell }: Parts): Section {
  const rows = record.buses.map((bus) => [
    ...[bus.bus, bus.line ?? "-"],
    bus.state === "open" ? tell("isOpen") : bad(tell("isClosed")),
    bus.verdict === "overloaded" ? bad(percent(bus.planned)) : percent(bus.planned),
    ...[percent(bus.plannedOneDead), percent(bus.measured)],
    bus.requestsPerS === null ? "-" : formatValue(Number(bus.requestsPerS.toPrecision(3))),
    String(bus.failures),
  ]);
  const heads: Heads = [
    ...([
      [tell("bus"), 3],
      [tell("line"), 4],
      [tell("state"), 2.2],
    ] as const),
    ...([
      [tell("planned"), 2, "right"],
      [tell("oneDead"), 2.5, "right"],
    ] as const),
    ...([
      [tell("measured"), 2.2, "right"],
      [tell("perS"), 2.5, "right"],
    ] as const),
    [tell("failures"), 2, "right"],
  ];
  return { title: tell("loads"), blocks: [tableOf(heads, rows, tell("noBuses"))] };
}

function valuesSection({ record, lang, tell }: Parts): Section {
  const rows = record.points.map(({ point, unit, value, quality, reference }) => {
    const shown = (number: number | boolean | string | null) => withUnit(number, unit);
    const { quality: then = quality } = reference ?? {};
    const told = sayQuality(lang, then);
    const own = [point, shown(value), then === "good" ? told : bad(told)];
    if (reference === null) return [...own, "-", "-", "-"];
    const { value: expected, tolerance, read, difference, verdict } = reference;
    const range = typeof expected === "boolean" ? "" : ` ± ${formatValue(tolerance)}`;
    return [
      ...[point, shown(read), own[2] as Cell],
      `${formatValue(expected)}${range}`,
      difference === null ? "-" : formatValue(difference),
      { text: tell(verdict), tone: verdict === "pass" ? ("good" as const) : ("bad" as const) },
    ];
  });
  const heads: Heads = [
    ...([
      [tell("point"), 4],
      [tell("value"), 3, "right"],
      [tell("quality"), 3],
    ] as const),
    ...([
      [tell("reference"), 3, "right"],
      [tell("difference"), 2.2, "right"],
    ] as const),
    [tell("verdict"), 2],
  ];
  return { title: tell("values"), blocks: [tableOf(heads, rows, tell("noPoints"))] };
}

function alarmsSection({ record, lang, tell, time }: Parts): Section {
  const rows = record.alarms.map((alarm) => {
    const { lastRaised, lastReturned, acknowledgedBy, tested, unit } = alarm;
    return [
      `${alarm.alarm} (${say(lang, alarm.severity)})`,
      `${alarm.point} ${limitText(alarm, lang)} ${unit ?? ""}`.trim(),
      lastRaised === null ? tell("never") : time(lastRaised.at),
      lastReturned === null ? tell("never") : time(lastReturned),
      acknowledgedBy ?? "-",
      verdictOf(tested, tell),
    ];
  });
  const heads: Heads = [
    ...([
      [tell("alarm"), 4],
      [tell("condition"), 4.5],
      [tell("raised"), 3],
    ] as const),
    ...([
      [tell("returned"), 3],
      [tell("acknowledged"), 2.5],
      [tell("verdict"), 2.2],
    ] as const),
  ];
  const table = tableOf(heads, rows, tell("noAlarms"));
  const { storedFrom: from } = record;
  const text = from === null ? tell("noEvents") : tell("storedFrom", { time: time(from) });
  return { title: tell("alarms"), blocks: [table, { kind: "note", text }] };
}

function interlocksSection({ record, tell, time }: Parts): Section {
  const rows = record.interlocks.map(({ interlock, point, alarms, lastTest, lastTrip, tested }) => [
    ...[interlock, point, alarms.join(", ")],
    lastTest === null
      ? tell("never")
      : `${time(lastTest.at)}, ${lastTest.who}: ${tell(lastTest.outcome)}`,
    lastTrip === null ? tell("never") : `${time(lastTrip.at)} ${lastTrip.by ?? ""}`.trim(),
    verdictOf(tested, tell),
  ]);
  const heads: Heads = [
    ...([
      [tell("interlock"), 3],
      [tell("output"), 3],
      [tell("alarm"), 3],
    ] as const),
    ...([
      [tell("lastTest"), 4],
      [tell("trips"), 3.5],
      [tell("verdict"), 2.2],
    ] as const),
  ];
  return { title: tell("interlocks"), blocks: [tableOf(heads, rows, tell("noInterlocks"))] };
}

function dataSection({ record, lang, tell, time }: Parts): Section {
  const { buffer, destinations, secrets = null } = record;
  const { chain, ...stored } = buffer;
  const fields: readonly Field[] = [
    {
      label: tell("buffer"),
      value: buffer.ok
        ? tell("bufferOk", countsOf(stored))
        : bad(tell("bufferBad", countsOf(stored))),
    },
    {
      label: tell("chain"),
      value: chain.ok ? tell("chainOk", countsOf(chain)) : bad(tell("chainBad", countsOf(chain))),
    },
    {
      label: tell("secrets"),
      value: secrets === null ? tell("noSecrets") : secretRung(secrets, lang),
    },
  ];
  const rows = destinations.map(({ destination, state, since, acknowledged, owed, trouble }) => [
    destination,
    state === "connected" ? tell(state) : bad([tell(state), trouble ?? ""].join(" ").trim()),
    time(since),
    String(acknowledged),
    String(owed.readings + owed.events),
  ]);
  const heads: Heads = [
    ...([
      [tell("destination"), 3],
      [tell("state"), 5],
      [tell("sinceWhen"), 3],
    ] as const),
    ...([
      [tell("taken"), 2.5, "right"],
      [tell("owed"), 1.5, "right"],
    ] as const),
  ];
  const table = tableOf(heads, rows, tell("noDestinations"));
  return { title: tell("data"), blocks: [{ kind: "fields", fields }, table] };
}

function photosSection({ record, tell }: Parts): Section {
  const rows = record.photos.map(({ file, bytes, sha256 }) => [file, String(bytes), sha256]);
  const heads: Heads = [
    [tell("file"), 4],
    [tell("bytes"), 1.5, "right"],
    ["SHA-256", 5],
  ];
  return { title: tell("photos"), blocks: [tableOf(heads, rows, tell("noPhotos"))] };
}

type Heads = readonly (readonly [title: string, share: number, align?: "right"])[];

function tableOf(heads: Heads, rows: readonly (readonly Cell[])[], empty: string): Block {
  const columns = heads.map(
    ([title, share, align]): Column => ({ title, share, ...(align !== undefined && { align }) }),
  );
  return { kind: "table", columns, rows, empty };
}

function bad(text: string): Cell {
  return { text, tone: "bad" };
}

function verdictOf(tested: boolean, tell: Parts["tell"]): Cell {
  return tested ? { text: tell("tested"), tone: "good" } : bad(tell("untested"));
}

function countsOf(counts: Readonly<Record<string, number | boolean>>) {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, Number(count)]));
}

function withUnit(value: number | boolean | string | null, unit: string | null): string {
  const text = value === null ? "-" : formatValue(value);
  return unit === null || value === null ? text : `${text} ${unit}`;
}

function percent(share: number | null): string {
  return share === null ? "-" : `${Number((100 * share).toPrecision(2))} %`;
}
