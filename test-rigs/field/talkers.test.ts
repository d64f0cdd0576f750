import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { openBroker } from "../plant/broker.ts";
import { dustFrame, nmeaSentence, openTalkerLine, type TalkerLine } from "../plant/talker.ts";
import type { EventMessage } from "../receiver/message.ts";
import { collect, fieldRig, type Got, truthAt, until } from "./rig.ts";

/** No value may be older than this when it is stamped: its way over the line, and the machine. */
const STALE_MS = 650;
/** A faster device's value is held for at most its period. */
const PERIOD_MS = 500;

const RAIN = "rain.total";
const WIND = "wind.windAngle";
const DUST = "dust.pm25";

test.serial(
  "three sensors that speak no Modbus reach the centre by their profiles, through noise and damage",
  async (t) => {
    t.timeout(90_000);
    const { lines, got, begun, talk } = await rig(t);
    const stopTalking = talk();
    await until("a good reading of each", 20_000, () => {
      return [RAIN, WIND, DUST].every((point) => goodOf(got, point).length >= 3);
    });
    const noisy = Date.now();
    for (let n = 0; n < 20; n++) {
      lines.wind.say("\u0000\u00ff$WIMWV,1");
      lines.wind.say(nmeaSentence("WIMWV,7,R,0.1,K,A").replace("7", "9"));
      lines.dust.say(Uint8Array.of(0x42, 0x4d, 0, 28, 1, 2, 3));
      lines.rain.say("Acc  9.99 mm, EventAcc  9.99 mm, TotalAcc  9");
      await sleep(200);
    }
    const calm = Date.now();
    await until("good readings after the noise", 20_000, () => {
      return [RAIN, WIND, DUST].every((point) => {
        return goodOf(got, point).some(({ at }) => at > calm + 1000);
      });
    });
    stopTalking();
    t.deepEqual(got.filter(isLie(begun)), []);
    t.true(got.some(({ at }) => at > noisy && at < calm));
    t.true(lines.rain.requests() > 3);
  },
);

test.serial(
  "a sensor that falls silent is bad, and one pulled out too, until they are back",
  async (t) => {
    t.timeout(90_000);
    const { lines, got, gateway, begun, talk } = await rig(t);
    const stopTalking = talk();
    await until(
      "good readings",
      20_000,
      () => goodOf(got, WIND).length > 0 && goodOf(got, DUST).length > 0,
    );
    stopTalking();
    const silent = Date.now();
    await gateway.waitFor(/device wind silent/, 10_000);
    await until("readings of a silent sensor", 10_000, () => {
      return (
        got.filter(({ point, quality }) => point === WIND && quality === "bad:timeout").length >= 3
      );
    });
    t.deepEqual(
      goodOf(got, WIND).filter(({ at }) => at > silent + STALE_MS),
      [],
    );
    lines.dust.unplug();
    await gateway.waitFor(/bus dust closed/, 5000);
    await until("readings without the line", 10_000, () => {
      return got.some(({ point, quality }) => point === DUST && quality === "bad:link-closed");
    });
    const again = talk();
    lines.dust.plug();
    const back = Date.now();
    await until("good readings again", 40_000, () => {
      return [WIND, DUST].every((point) => goodOf(got, point).some(({ at }) => at > back));
    });
    again();
    t.deepEqual(got.filter(isLie(begun)), []);
  },
);

test.serial("an alarm is raised by a value between two readings of a slow period", async (t) => {
  t.timeout(60_000);
  const { lines, got, receiver } = await rig(t, "1h");
  lines.dust.say(dustFrame(1, 10, 1));
  await until("the first reading", 10_000, () => goodOf(got, DUST).length === 1);
  const raised: EventMessage["alarm"][] = [];
  const collectReadings = receiver.onMessage;
  receiver.onMessage = (verdict) => {
    collectReadings?.(verdict);
    if (verdict.kind !== "new" || verdict.message.kind !== "events") return;
    if (verdict.message.alarm !== null) raised.push(verdict.message.alarm);
  };
  lines.dust.say(dustFrame(1, 900, 1));
  await until("the alarm", 10_000, () => raised.length > 0);
  t.like(raised[0], { alarm: "dusty", value: 900, to: "unacknowledged" });
  t.is(goodOf(got, DUST).length, 1);
});

function goodOf(got: readonly Got[], wanted: string): readonly Got[] {
  return got.filter(({ point, quality }) => point === wanted && quality === "good");
}

/** Whether a reading says what was not so: each device tells tenths of a second since `begun`. */
function isLie(begun: number) {
  return ({ point, value, quality, at }: Got) => {
    if (![RAIN, WIND, DUST].includes(point)) return false;
    if (quality !== "good") return value !== null;
    const oldest = truthAt(begun, at - STALE_MS - PERIOD_MS);
    return typeof value !== "number" || value < oldest || value > truthAt(begun, at);
  };
}

type Lines = Readonly<Record<"rain" | "wind" | "dust", TalkerLine>>;

async function rig(t: ExecutionContext, every = `${PERIOD_MS}ms`) {
  const begun = Date.now();
  const now = () => truthAt(begun, Date.now());
  const { plant, start, receive } = await fieldRig(t, {
    plant: () => {
      const lines: Lines = {
        rain: openTalkerLine({ baud: 9600 }),
        wind: openTalkerLine({ baud: 4800 }),
        dust: openTalkerLine({ baud: 9600 }),
      };
      const close = () => {
        for (const line of Object.values(lines)) line.close();
      };
      return { lines, close };
    },
    broker: openBroker,
    yaml: ({ lines }) => `buses:
  rain: { kind: serial, port: ${lines.rain.path}, baud: 9600 }
  wind: { kind: serial, port: ${lines.wind.path}, baud: 4800 }
  dust: { kind: serial, port: ${lines.dust.path} }
devices:
  rain: { bus: rain, profile: hydreon-rg-15, every: ${every} }
  wind:
    bus: wind
    every: ${every}
    silentAfter: 2s
    protocol: { kind: nmea }
    points: { windAngle: { sentence: MWV, field: 1, valid: { field: 5, is: A }, unit: deg } }
  # Its fan runs already, and what it tells is the time.
  dust:
    bus: dust
    profile: plantower-pms5003
    every: ${every}
    points: { pm25: { warmUp: 0ms, range: [0, 65535] } }
alarms:
  dusty: { point: ${DUST}, high: 800, severity: red }`,
    commit: "100ms",
  });
  const { lines } = plant;
  const rainLine = (value: number) =>
    `Acc  0.01 mm, EventAcc  2.07 mm, TotalAcc  ${value} mm, RInt  0.89 mmph\r\n`;
  lines.rain.answer = () => rainLine(now());
  const receiver = await receive();
  const got = collect(receiver);
  /** Lets two of the sensors talk, faster than they are listened to; the third is asked. */
  const talk = () => {
    const timer = setInterval(() => {
      lines.wind.say(nmeaSentence(`WIMWV,${now()},R,0.1,K,A`));
      lines.dust.say(dustFrame(1, now(), 3));
    }, 200);
    t.teardown(() => clearInterval(timer));
    return () => clearInterval(timer);
  };
  return { lines, receiver, got, gateway: await start(), begun, talk };
}
