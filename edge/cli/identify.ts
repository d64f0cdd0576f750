import process from "node:process";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { parseDurationMs } from "../../config/quantity.ts";
import { toJson } from "../core/json.ts";
import { isBad } from "../core/reading.ts";
import { draftOf } from "../identify/draft.ts";
import { type Place, placesOf } from "../identify/hypotheses.ts";
import { type Block, type BlockRead, type Look, look } from "../identify/look.ts";
import { textLine } from "../world/log-line.ts";
import { lineWriter } from "../world/output.ts";
import { realWorld } from "../world/real.ts";
import { isoTime } from "../world/wall-text.ts";
import { endSignal } from "./end-signal.ts";
import { ExportFile } from "./export-file.ts";
import { unitTyped } from "./field-operands.ts";
import { formatAge } from "./format.ts";
import { sayIdentify } from "./identify-text.ts";
import { hypothesisJson, placesView } from "./identify-view.ts";
import { complain, type Invocation, misuse, print } from "./invocation.ts";
import { Progress } from "./progress.ts";
import { type Field, reachField } from "./reach-field.ts";
import { refuse } from "./refuse.ts";
import { usableConfig } from "./usable-config.ts";
import { whyUnread } from "./why-unread.ts";

/** What is to be looked at, as it was typed. */
type Plan = {
  readonly bus: string;
  readonly unit: number;
  readonly from: number;
  readonly to: number;
  readonly forMs: number;
};

const FOR_MS = { least: 10_000, usual: 180_000, most: 3_600_000 };
const ADDRESSES_MAX = 1024;
/** With fewer looks hardly anything has moved. */
const FEW = 10;

/** `lifeline identify BUS UNIT`: what the registers of an unknown device most likely hold. */
export async function identify(invocation: Invocation): Promise<number> {
  const { lang, profile } = invocation;
  const typed = planOf(invocation);
  if ("mistake" in typed) return misuse(typed.mistake, invocation);
  if (profile !== undefined && !/\.ya?ml$/.test(profile)) {
    return misuse(sayIdentify(lang, "noProfile"), invocation);
  }
  const config = await usableConfig(invocation);
  if (config === null) return 1;
  const unread = whyUnread(config.buses, typed.bus, lang);
  if (unread !== null) return refuse(unread, invocation);
  const seen = await lookAt(typed, config, invocation);
  const { bus, unit, from, to } = typed;
  if (seen.blocks.length === 0) {
    const key = seen.lost > 0 ? "nobody" : "nothing";
    return refuse(sayIdentify(lang, key, { bus, unit, from, to }), invocation);
  }
  const places = seen.samples.flatMap((samples) => placesOf(samples));
  tell(typed, seen, places, invocation);
  if (profile !== undefined) writeDraft(typed, places, profile, invocation);
  return places.length > 0 ? 0 : 1;
}

function planOf({
  lang,
  operands,
  for: time,
  addresses = "0-127",
}: Invocation): Plan | { readonly mistake: string } {
  const [bus, unitText, more] = operands;
  if (bus === undefined || unitText === undefined || more !== undefined) {
    return { mistake: sayIdentify(lang, "usage") };
  }
  const unit = unitTyped(unitText, lang);
  if (typeof unit === "object") return unit;
  const forMs = time === undefined ? FOR_MS.usual : parseDurationMs(time);
  if (!(forMs >= FOR_MS.least && forMs <= FOR_MS.most)) {
    return { mistake: sayIdentify(lang, "noTime", { text: time ?? "" }) };
  }
  const [from = Number.NaN, to = Number.NaN] = /^\d+-\d+$/.test(addresses)
    ? addresses.split("-").map(Number)
    : [];
  if (!(from <= to && to <= 65_535 && to - from < ADDRESSES_MAX)) {
    return { mistake: sayIdentify(lang, "noAddresses", { text: addresses }) };
  }
  return { bus, unit, from, to, forMs };
}

async function lookAt(
  plan: Plan,
  config: GatewayConfig,
  { lang, json }: Invocation,
): Promise<Look> {
  const { clock } = realWorld(lineWriter("stderr"), textLine);
  const progress = new Progress({
    clock,
    isLive: process.stderr.isTTY === true,
    write: (text) => process.stderr.write(text),
    tell: (percent, leftMs) => {
      return sayIdentify(lang, "progress", { percent, left: formatAge(leftMs, lang) });
    },
  });
  const field = await reachField(config);
  try {
    return await look(
      {
        clock,
        read: (block) => readBlock(field, plan, block),
        areas: ["holding", "input"],
        ...{ from: plan.from, to: plan.to, forMs: plan.forMs },
        onProgress: (done, total) => {
          if (!json) progress.at(done, total);
        },
      },
      endSignal(),
    );
  } finally {
    progress.end();
    field.close();
  }
}

async function readBlock(field: Field, { bus, unit }: Plan, block: Block): Promise<BlockRead> {
  const raw = { bus, unit, ...block, type: "uint16" } as const;
  const readings = await field.read({ raw });
  const [first] = readings;
  if (first === undefined || !isBad(first.quality)) {
    return readings.map(({ value }) => Number(value));
  }
  return first.quality.startsWith("bad:exception:") ? "refused" : "lost";
}

function tell(
  plan: Plan,
  { blocks, rounds, lost }: Look,
  places: readonly Place[],
  about: Invocation,
) {
  const { lang, json } = about;
  const { bus, unit } = plan;
  const registers = blocks.reduce((sum, { count }) => sum + count, 0);
  if (json) {
    const told = places.map(({ area, address, hypotheses }) => {
      return { area, address, hypotheses: hypotheses.map(hypothesisJson) };
    });
    return print(toJson({ v: 1, bus, unit, rounds, lost, places: told }));
  }
  print(sayIdentify(lang, "about", { bus, unit, registers, rounds }));
  if (rounds < FEW) print(sayIdentify(lang, "few"));
  print("");
  for (const line of placesView(places, lang)) print(line);
}

function writeDraft(
  { bus, unit }: Plan,
  places: readonly Place[],
  path: string,
  { lang, force }: Invocation,
): void {
  const { clock } = realWorld(lineWriter("stderr"), textLine);
  const day = isoTime(clock.now()).slice(0, 10);
  using file = new ExportFile(path, force === true);
  file.write(draftOf(places, { name: `${bus}/${unit}`, unit, day }));
  file.finish();
  complain(sayIdentify(lang, "written", { file: path }));
}
