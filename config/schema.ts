import { z } from "zod";
import { CHINA_TIME_ZONE, isTimeZone } from "../edge/core/season.ts";
import { alarmSchema } from "./alarm-schema.ts";
import { busSchema, probeEvery } from "./bus-schema.ts";
import { commandsSchema } from "./command-schema.ts";
import { destinationDraft, destinationSchema } from "./destination-schema.ts";
import { enrolmentDraft, enrolmentSchema } from "./enrolment-schema.ts";
import {
  allowed,
  duration,
  entries,
  name,
  real,
  refuse,
  section,
  size,
  text,
  textLike,
  whole,
} from "./fields.ts";
import { interlockSchema } from "./interlock-schema.ts";
import { limitsShape } from "./limits-schema.ts";
import { metricsSchema } from "./metrics-schema.ts";
import { panelSchema } from "./panel-schema.ts";
import { commit, every, pointSchema } from "./point-schema.ts";
import { protocolSchema, silentAfter } from "./talk-schema.ts";
import { updateSchema } from "./update-schema.ts";

/** A name that the tables of time zones have. */
const timeZone = textLike("time-zone", /^[A-Za-z]+([/_+-][A-Za-z0-9]+)*$/).refine(
  isTimeZone,
  refuse({ kind: "time-zone" }),
);

const site = section({
  name: text().optional().describe("Name for people."),
  asset: text().optional().describe("Code of the asset in the city's register."),
  cim: text().optional().describe("Object code in the city information model (CIM)."),
  position: z
    .tuple([real(-90, 90), real(-180, 180)], refuse({ kind: "position" }))
    .meta(allowed({ kind: "position" }))
    .optional()
    .describe("WGS-84 latitude and longitude, in degrees."),
  timeZone: timeZone
    .default(CHINA_TIME_ZONE)
    .describe(
      "IANA name of the time zone by which its seasons begin and end, whatever zone the gateway's own clock shows.",
    ),
}).meta({ title: "site" });

const gateway = section({
  id: textLike("gateway-id", /^[A-Za-z0-9._-]{1,64}$/).describe(
    "Identity of the gateway, part of every topic.",
  ),
  site: site.optional().describe("Where the gateway stands."),
}).meta({ title: "gateway" });

const device = section({
  bus: name()
    .optional()
    .describe("The bus it hangs on. Needed, but where every point is derived from others."),
  unit: whole(0, 255)
    .optional()
    .describe("Modbus unit identifier: 1 to 247 on a serial line, 0 to 255 over TCP."),
  profile: text(64).optional().describe("The device model, one of drivers/profiles."),
  every: every()
    .optional()
    .describe("Default period of its points. Default: the profile's, else 1s."),
  ...limitsShape(
    "the profile's, else ",
    "Without a profile: 0, as reading a register may clear it, and nobody has said what lies there; check tells what more would save. ",
  ),
  probeEvery: probeEvery()
    .optional()
    .describe(
      "It is asked again after a pause that doubles up to this while it does not answer. Default: the bus's.",
    ),
  protocol: protocolSchema
    .optional()
    .describe("How it talks, on a bus of kind serial. Default: the profile's."),
  silentAfter: silentAfter().describe(
    "On a bus of kind serial, firmata, gpio or local: without a value for so long its points are bad:timeout. Default: the profile's, else three periods of the point, or one and a half where the device is asked; on the others one and a half, at least 500ms more than one.",
  ),
  reference: real(0.5, 30)
    .optional()
    .describe(
      "On a bus of kind firmata: the voltage that the highest code of an analog pin stands for, in V. Default: 5.",
    ),
  commit: commit().optional().describe("Of all its points. Default: buffer.commit."),
  points: entries("point", pointSchema)
    .default({})
    .describe("Points by name. With a profile they add to its points or change single keys."),
}).meta({ title: "device" });

const card = section({
  endurance: size("1GB", "100000TB")
    .prefault("30TB")
    .describe(
      "How much can be written to the card in its life (TBW), as its maker says. 30TB is what a 32 GB card for video recorders is made for: 2,500 h at 26 Mbit/s.",
    ),
  minLife: duration("1d", "36500d")
    .prefault("730d")
    .describe("An event tells when the card, as it is written to now, lasts for less."),
}).meta({ title: "card" });

const buffer = section({
  dir: text(1000).default("/var/lib/lifeline").describe("Directory of the buffer's database."),
  max: size("1MB", "100TB").prefault("2GB").describe("The most the buffer may take on disk."),
  commit: commit()
    .prefault("1s")
    .describe("Time between group commits, where neither a point nor its device says otherwise."),
  keep: duration("0ms", "3650d")
    .prefault("7d")
    .describe("How long batches are kept after every destination has them."),
  maxAge: duration("1h", "3650d")
    .optional()
    .describe(
      "How long anything is kept, even what no destination has had; an event tells what went. Default: for as long as there is room, because nothing owed shall go for its age alone.",
    ),
  around: duration("0ms", "24h")
    .prefault("10m")
    .describe(
      "How far before and behind each transition of an alarm readings stay whole when the buffer is full. Older ones are thinned then to a minute's last value with its minimum, maximum and mean, later to an hour's.",
    ),
  reserve: size("0MB", "100TB")
    .optional()
    .describe(
      "What the buffer leaves free of its disk, whoever fills it. Default: 64MB, or 2 % of the disk where that is less.",
    ),
  holdUnsynced: duration("0ms", "30d")
    .prefault("15m")
    .describe(
      "How long a destination must have been in reach, since the start of the machine or since the clock was set wrong, before readings whose time is not known are sent as `unsynced`: the network that brings it brings the time too. `0ms`: not at all, for a gateway that nobody tells the time. Events never wait.",
    ),
  card: card.prefault({}).describe("The card that the buffer is on, and how long it is to last."),
}).meta({ title: "buffer" });

const control = section({
  socket: text(1000)
    .optional()
    .describe("Path of the Unix socket for local control. Default: control.sock in buffer.dir."),
  group: text(32)
    .optional()
    .describe(
      "Group of the operating system whose members may use local control, beside the gateway's own user and root. The gateway's user must be of it. Default: the group that the gateway runs with.",
    ),
}).meta({ title: "control" });

/** `gateway.yaml`: everything a gateway is told. */
export const configSchema = section({
  gateway: gateway.describe("Who the gateway is."),
  buses: entries("bus", busSchema).default({}).describe("Communication lines, by name."),
  devices: entries("device", device)
    .default({})
    .describe("Sensors and I/O modules on the buses, by name."),
  alarms: entries("alarm", alarmSchema).default({}).describe("Conditions on points, by name."),
  interlocks: entries("interlock", interlockSchema)
    .default({})
    .describe(
      "Actions at the edge, by name, carried out while an alarm that names one is active. They are no certified safety function.",
    ),
  destinations: entries("destination", destinationSchema)
    .default({})
    .describe("Central platforms, by name."),
  enrolment: enrolmentSchema
    .optional()
    .describe(
      "Who certifies the key that the gateway makes for itself, for destinations with `tls: { identity: true }`. Default: nobody is asked; lifeline provision takes requests and certificates by USB.",
    ),
  commands: commandsSchema
    .prefault({})
    .describe("Who may command the gateway, with what is signed."),
  buffer: buffer.prefault({}).describe("What the gateway remembers through an outage."),
  control: control.prefault({}).describe("Local control."),
  metrics: metricsSchema
    .optional()
    .describe("Figures for whoever watches many gateways. Default: none are served or sent."),
  panel: panelSchema
    .optional()
    .describe("A page for a phone at the box: values, alarms, what is wrong. Default: none."),
  update: updateSchema
    .optional()
    .describe(
      "Where new releases come from, and when they may be installed. Default: nowhere, and at any time when lifeline update is told to.",
    ),
}).meta({ title: "Lifeline Edge gateway.yaml" });

/**
 * What is left of a file when what does not fit is taken out of it: a key that is needed may be
 * missing, which was told already.
 */
export const draftSchema = configSchema
  .extend({
    devices: entries("device", device.partial({ bus: true })),
    alarms: entries("alarm", alarmSchema.partial({ severity: true })),
    interlocks: entries("interlock", interlockSchema.partial({ write: true, value: true })),
    destinations: entries("destination", destinationDraft),
    enrolment: enrolmentDraft,
  })
  .partial();

/** `gateway.yaml`, read and with defaults, before references are resolved. */
export type ConfigInput = z.output<typeof configSchema>;
/** What can be read of a `gateway.yaml` with misfits. */
export type DraftInput = z.output<typeof draftSchema>;
export type BusInput = ConfigInput["buses"][string];
export type DeviceInput = NonNullable<DraftInput["devices"]>[string];
export type AlarmInput = NonNullable<DraftInput["alarms"]>[string];
export type InterlockInput = NonNullable<DraftInput["interlocks"]>[string];
export type DestinationInput = NonNullable<DraftInput["destinations"]>[string];
