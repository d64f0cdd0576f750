import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import type { Heard } from "../../drivers/heard.ts";
import { FakeLink } from "../../drivers/modbus/fake-link.ts";
import { openTalker } from "../../drivers/serial/serial.ts";
import { SimClock } from "../sim/clock.ts";
import { frameOf, type Message, sentencesOf } from "./messages.ts";
import { isAsked, type Model, shippedModels } from "./model.ts";

const RECORDED = join(import.meta.dirname, "../golden/talkers");

for (const model of shippedModels().filter((each) => !isAsked(each))) {
  const { name, profile, config } = model;
  const { points } = profile;

  test(`${name}: every point has a good value in the messages that are kept`, (t) => {
    const lines = readFileSync(join(RECORDED, name, "expected.jsonl"), "utf8")
      .trim()
      .split("\n");
    const good = lines
      .flatMap((line) => (JSON.parse(line) as Partial<Heard & { kind: "message" }>).readings ?? [])
      .filter(({ quality }) => quality === "good")
      .map(({ point }) => point);
    const wanted = config.talkers.flatMap((talker) => talker.points.map(({ id }) => id));
    t.deepEqual([...new Set(good)].toSorted(), wanted.toSorted());
  });

  const message = messageOf(model);
  if (message === null) continue;

  test(`${name}: every point of a made message is heard, scaled`, (t) => {
    const heard = heardIn(model, message.bytes);
    t.is(heard.size, message.raws.size);
    for (const [point, raw] of message.raws) {
      const { scale = 1, offset = 0 } = points[point] ?? {};
      const value = Number(heard.get(point)?.value);
      t.true(Math.abs(value - (raw * scale + offset)) < 1e-6 * raw, `${point}: ${value}`);
    }
  });

  for (const [point, sentinel] of sentinelsIn(points)) {
    test(`${name}: ${sentinel} in ${point} is no value`, (t) => {
      if (profile.protocol?.kind !== "binary") return t.fail("made in frames only, yet");
      const { bytes } = frameOf(profile.protocol, points, new Map([[point, sentinel]]));
      t.is(heardIn(model, bytes).get(point)?.quality, "bad:no-value");
    });
  }
}

function sentinelsIn(points: Model["profile"]["points"]) {
  return Object.entries(points).flatMap(([name, { sentinels = [] }]) =>
    sentinels.map((sentinel) => [name, sentinel] as const),
  );
}

/** A message with all that `model` tells; null where only a recorded one shows how it looks. */
function messageOf({ profile }: Model): Message | null {
  const { protocol, points } = profile;
  switch (protocol?.kind) {
    case "binary":
      return frameOf(protocol, points);
    case "nmea":
      return sentencesOf(points);
    default:
      return null;
  }
}

/** What is heard of each point in `bytes`, which come one by one. */
function heardIn({ config }: Model, bytes: Uint8Array) {
  const [talker] = config.talkers;
  if (talker === undefined) throw new Error("nobody talks");
  const link = new FakeLink();
  const session = openTalker(link, new SimClock(), 9600, talker);
  const readings = new Map<string, Extract<Heard, { kind: "message" }>["readings"][number]>();
  session.onHeard = (heard) => {
    if (heard.kind !== "message") return;
    for (const reading of heard.readings) {
      if (!readings.has(nameOf(reading.point))) readings.set(nameOf(reading.point), reading);
    }
  };
  for (const byte of bytes) link.send(Uint8Array.of(byte));
  return readings;
}

function nameOf(id: string): string {
  return id.replace(/^d\./, "");
}
