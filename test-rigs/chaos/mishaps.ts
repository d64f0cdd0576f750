import process from "node:process";
import type { Status } from "../../edge/control/status.ts";
import type { FindingCode } from "../../edge/doctor/catalogue.ts";
import { drawLineFault, type LineFaultKind } from "../plant/line-fault.ts";
import type { Random } from "../sim/random.ts";
import type { Peer, Trouble } from "./cables.ts";
import { ON_LINE } from "./plant.ts";
import type { Choice } from "./schedule.ts";
import type { CentreName, Site } from "./site.ts";

/** Something that befalls a site. */
export type Mishap = Choice<string> & {
  /** What the doctor may call it; empty where it leaves nothing that could be named. */
  readonly named: readonly FindingCode[];
  /** Brings it about; says what was drawn. */
  readonly begin: (site: Site, random: Random) => string | Promise<string>;
  /** Takes it away. */
  readonly end: (site: Site) => void | Promise<void>;
  /** Whether nothing is left of it, after what the gateway says. */
  readonly isOver: (status: Status) => boolean;
};

/** Those of which more has to be known. */
export const KILLED = "the gateway is killed";
export const CLOCK_SET = "the clock is set";

/** Messages that may be owed while all is well: those of the last moment. */
const OWED = 5;

const delivers = (centre: CentreName) => (status: Status) => {
  const { state, owed } = status.destinations.find((each) => each.destination === centre) ?? {};
  return state === "connected" && (owed?.readings ?? 0) <= OWED && owed?.events === 0;
};

const measures = (devices: readonly string[]) => (status: Status) =>
  status.points
    .filter(({ point }) => devices.some((device) => point.startsWith(`${device}.`)))
    .every(({ quality }) => quality === "good");

const CENTRE_OF: Readonly<Record<Peer, CentreName>> = { broker: "city", centre: "county" };

/** What befalls a cable. */
function onCable(
  kind: string,
  peer: Peer,
  lastsS: Choice<string>["lastsS"],
  named: readonly FindingCode[],
  draw: (random: Random) => { readonly trouble: Trouble; readonly text: string },
): Mishap {
  return {
    kind: `${kind} to ${CENTRE_OF[peer]}`,
    part: `cable to ${peer}`,
    lastsS,
    named,
    begin(site, random) {
      const { trouble, text } = draw(random);
      site.cables.set(peer, trouble);
      return text;
    },
    end: (site) => site.cables.set(peer, null),
    isOver: delivers(CENTRE_OF[peer]),
  };
}

const AWAY: readonly FindingCode[] = [
  "uplink.host-down",
  "uplink.host-offline",
  "uplink.filtered",
  "uplink.silent",
  "uplink.mute",
  "uplink.away",
  "uplink.no-way",
  "network.dns-down",
  "uplink.name-unanswered",
];
const percent = (share: number) => `${Math.round(share * 100)} %`;
const both = (way: Trouble["up"] & object): Trouble => ({ up: way, down: way });

function cableMishaps(peer: Peer): readonly Mishap[] {
  return [
    onCable("a lossy line", peer, [10, 45], [], (random) => {
      const [loss, delayMs] = [random.between(0.05, 0.3), random.between(50, 400)];
      return {
        trouble: both({ loss, delayMs, jitterMs: delayMs / 2 }),
        text: `${percent(loss)} lost, ${Math.round(delayMs)} ms`,
      };
    }),
    onCable("disorder", peer, [10, 45], [], (random) => {
      const [reorder, twice] = [random.between(0.1, 0.5), random.between(0, 0.2)];
      return {
        trouble: both({ reorder, twice, delayMs: 100, jitterMs: 150 }),
        text: `${percent(reorder)} overtake, ${percent(twice)} twice`,
      };
    }),
    onCable("a narrow line", peer, [10, 45], [], (random) => {
      const bytesPerS = random.between(500, 4_000);
      return {
        trouble: both({ bytesPerS, delayMs: 200 }),
        text: `${Math.round(bytesPerS)} bytes a second`,
      };
    }),
    onCable("a partition", peer, [10, 60], AWAY, () => ({
      trouble: both({ isDead: true }),
      text: "nothing comes through",
    })),
    onCable("half a line", peer, [10, 60], AWAY, (random) => {
      const isUp = random.chance(0.5);
      return {
        trouble: isUp ? { up: { isDead: true } } : { down: { isDead: true } },
        text: isUp ? "nothing comes through upwards" : "nothing comes through downwards",
      };
    }),
  ];
}

const CENTRES: readonly Mishap[] = [
  {
    kind: "the broker restarts",
    part: "broker",
    lastsS: [1, 20],
    named: ["uplink.refused", ...AWAY],
    async begin({ broker }) {
      await broker.stop();
      return "stopped in good order";
    },
    end: ({ broker }) => broker.start(),
    isOver: delivers("city"),
  },
  {
    kind: "the broker is killed",
    part: "broker",
    lastsS: [1, 20],
    named: ["uplink.refused", ...AWAY],
    async begin({ broker }) {
      await broker.kill();
      return "SIGKILL";
    },
    end: ({ broker }) => broker.start(),
    isOver: delivers("city"),
  },
  {
    kind: "the broker stands still",
    part: "broker",
    lastsS: [5, 40],
    named: AWAY,
    begin({ broker }) {
      process.kill(broker.pid(), "SIGSTOP");
      return "SIGSTOP";
    },
    end: ({ broker }) => void process.kill(broker.pid(), "SIGCONT"),
    isOver: delivers("city"),
  },
  {
    kind: "the HTTP centre is killed",
    part: "county",
    lastsS: [2, 20],
    named: ["uplink.refused", ...AWAY],
    async begin(site) {
      await site.county?.end("SIGKILL");
      return "SIGKILL";
    },
    end: (site) => site.startCounty(),
    isOver: delivers("county"),
  },
  {
    kind: "the HTTP centre stands still",
    part: "county",
    lastsS: [5, 40],
    named: AWAY,
    begin({ county }) {
      county?.signal("SIGSTOP");
      return "SIGSTOP";
    },
    end: ({ county }) => county?.signal("SIGCONT"),
    isOver: delivers("county"),
  },
  {
    kind: "no names",
    part: "names",
    lastsS: [10, 60],
    named: ["network.dns-down", "uplink.name-unanswered"],
    begin({ names }) {
      names.isMute = true;
      return "the name server is silent";
    },
    end({ names }) {
      names.isMute = false;
    },
    isOver: (status) => delivers("city")(status) && delivers("county")(status),
  },
];

const GATEWAY: readonly Mishap[] = [
  {
    kind: KILLED,
    part: "gateway",
    lastsS: [1, 1],
    // It is there again before anybody can look.
    named: [],
    begin({ gateway }) {
      gateway.kill();
      return "SIGKILL";
    },
    end: () => {},
    isOver: () => true,
  },
  {
    kind: "the gateway stands still",
    part: "gateway",
    lastsS: [5, 60],
    named: ["gateway.hung"],
    begin({ gateway }) {
      gateway.freeze();
      return "SIGSTOP";
    },
    end: ({ gateway }) => gateway.thaw(),
    isOver: () => true,
  },
  {
    kind: "a full disk",
    part: "disk",
    lastsS: [15, 60],
    named: ["disk.full", "buffer.full", "buffer.failing"],
    begin(site) {
      site.fillDisk();
      return "not a byte left";
    },
    end: (site) => site.freeDisk(),
    isOver: ({ buffer }) => buffer.failing === null,
  },
  {
    kind: CLOCK_SET,
    part: "clock",
    lastsS: [10, 50],
    named: ["clock.unsynced", "clock.behind", "uplink.certificate-clock"],
    begin(site, random) {
      const seconds = Math.round(random.between(60, 40_000)) * (random.chance(0.5) ? 1 : -1);
      site.setClock(seconds);
      return `${seconds > 0 ? "ahead" : "back"} by ${Math.abs(seconds)} s`;
    },
    end: (site) => site.setClock(0),
    isOver: ({ clock, time }) => clock === "synced" && time.waiting.readings === 0,
  },
];

/** What a device on the line does, and how the doctor may call it. */
function onLine(fault: LineFaultKind, kind: string, named: readonly FindingCode[]): Mishap {
  return {
    kind,
    part: "line",
    lastsS: [8, 40],
    named,
    begin({ plant }, random) {
      const device = random.pick(ON_LINE);
      const times = { timeoutMs: 300, longestMs: 700, copyMs: 60 };
      plant.setFault(device, drawLineFault(fault, times, random));
      return device;
    },
    end({ plant }) {
      for (const device of ON_LINE) plant.setFault(device, null);
    },
    isOver: measures(ON_LINE),
  };
}

/** Where it befalls one device only, two with the same unit would be no different. */
const NOISE: readonly FindingCode[] = [
  "device.id-shared",
  "device.noise",
  "device.dead",
  "device.slow",
  "bus.termination",
];

const PLANT: readonly Mishap[] = [
  onLine("dead", "a dead device", ["device.dead", "bus.line-open"]),
  // It is in time, if only just.
  onLine("slow", "a slow device", []),
  onLine("late", "a late device", ["device.slow", "device.dead"]),
  onLine("garbage", "garbage on the line", NOISE),
  onLine("noisy", "noise on the line", NOISE),
  onLine("flipped", "bits invert on the line", NOISE),
  onLine("truncated", "answers are cut off", NOISE),
  {
    kind: "the adapter is pulled",
    part: "line",
    lastsS: [3, 30],
    named: ["bus.unplugged", "bus.port-renamed"],
    begin({ plant }) {
      plant.unplug();
      return "its device file is gone";
    },
    end: ({ plant }) => plant.plug(),
    isOver: measures(ON_LINE),
  },
  {
    kind: "a Modbus TCP device is gone",
    part: "tank",
    lastsS: [5, 40],
    named: ["bus.unreachable", "device.dead"],
    begin({ plant }) {
      plant.setTankAway(true);
      return "it hangs up on whoever calls";
    },
    end: ({ plant }) => plant.setTankAway(false),
    isOver: measures(["tank"]),
  },
];

/** All of them. */
export const MISHAPS: readonly Mishap[] = [
  ...cableMishaps("broker"),
  ...cableMishaps("centre"),
  ...CENTRES,
  ...GATEWAY,
  ...PLANT,
];
