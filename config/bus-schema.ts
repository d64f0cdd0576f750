import { byKind, choice, duration, flag, real, section, text, textLike, whole } from "./fields.ts";

/** The speeds that a line can have, in bits per second. */
export const BAUDS = [
  300, 600, 1200, 2400, 4800, 9600, 14_400, 19_200, 28_800, 38_400, 57_600, 76_800, 115_200,
  230_400, 460_800, 921_600,
] as const;

/** Modbus RTU characters have eight data bits (Modbus over serial line V1.02, 2.5.1). */
export const RTU_FORMATS = ["8N1", "8N2", "8E1", "8E2", "8O1", "8O2"] as const;
/** The formats that a serial line can have; with 7 data bits not for Modbus RTU. */
export const SERIAL_FORMATS = [...RTU_FORMATS, "7E1", "7O1", "7N2"] as const;

const BUS_KINDS = [
  "modbus-rtu",
  "modbus-ascii",
  "modbus-tcp",
  "modbus-udp",
  "modbus-dial-in",
  "serial",
  "firmata",
  "gpio",
  "local",
] as const;

function port() {
  return textLike("port", /^\S{1,200}$/).describe(
    "Device file of the serial port, best a stable name below /dev/serial/by-id.",
  );
}

function baud(standard: (typeof BAUDS)[number]) {
  return choice(BAUDS).default(standard).describe("Bits per second.");
}

/** Line settings of a device or a bus, in a profile. */
export const serialSchema = section({
  baud: baud(9600),
  format: choice(SERIAL_FORMATS).default("8N1").describe("Data bits, parity and stop bits."),
});

function timing(defaultTimeout: string, turnaround: string) {
  return {
    timeout: duration("10ms", "2m")
      .optional()
      .describe(`Time from the end of a request to the whole answer. Default: ${defaultTimeout}`),
    grace: duration("0ms", "10m")
      .optional()
      .describe(
        "How long a unit is left alone after a time-out, so that its late answer is not taken for the next one's. Default: twice the time-out, at least 1s.",
      ),
    turnaround: duration("0ms", "1m").prefault("5ms").describe(turnaround),
  };
}

const LINE_TIMEOUT = "300ms, longer where the longest answer takes more than 100ms on the line.";
const LINE_TURNAROUND =
  "How long its devices take to begin their answers, as far as is known. The plan and the check of the line's load count with it.";
const ROUND_TRIP =
  "How long an answer takes to come, the way there and back included, as far as is known; without the time on a serial line behind the peer. The plan and the check of the load count with it.";

function framing(standard: "tcp" | "rtu") {
  return choice(["tcp", "rtu", "ascii"])
    .default(standard)
    .describe(
      "How frames are put on the connection: tcp, with the header of Modbus TCP; rtu or ascii, where a serial server passes on the bytes of a serial line as they are.",
    );
}

/** The serial line that a connection leads to; the two keys of it. */
function lineBehind(assumed: string) {
  return {
    baud: choice(BAUDS)
      .optional()
      .describe(
        `Bits per second of the serial line that the peer passes frames on to. The plan and the check of the load count with it; nothing is set by it. ${assumed}`,
      ),
    format: choice(SERIAL_FORMATS)
      .optional()
      .describe(
        "Data bits, parity and stop bits of that line. Default: 8N1. Editors may want quotes around 8E1, 8E2 and 7E1.",
      ),
  };
}

const SERVER_ASSUMED = "Default: 9600 where framing is rtu or ascii; else no such line is assumed.";
const DIAL_IN_ASSUMED = "Default: 9600.";

function inFlight() {
  return whole(1, 16)
    .default(1)
    .describe(
      "Requests under way at the same time, where the device takes several. Most take one, and refuse more with exception 6 or not at all.",
    );
}

/** Where somebody listens. */
export function host() {
  return textLike(
    "host",
    /^(?![^:]*:\d*$)[A-Za-z0-9][A-Za-z0-9._:%-]*$|^::[A-Fa-f0-9:.]*$/,
  ).describe("Host name or IP address.");
}

/** How long a device that does not answer is left alone at most. */
export function probeEvery() {
  return duration("1s", "1d");
}

/** How what does not answer is kept from slowing down what does. */
function isolation() {
  return {
    probeEvery: probeEvery()
      .prefault("30s")
      .describe(
        "A device that does not answer is asked again after a pause that doubles up to this.",
      ),
    deadBudget: real(0.01, 1)
      .default(0.1)
      .describe(
        "The share of the line's time that all devices that do not answer may take together.",
      ),
  };
}

/** On a line that devices answer on. */
function echo() {
  return flag()
    .optional()
    .describe(
      "Whether the adapter gives every request back before its answer. Where it is left out the gateway learns it from the reads. A device confirms some writes by repeating them, which an echo does too: until a read has shown which it is, such a write ends as unknown unless both come.",
    );
}

const rtuBus = section({
  kind: choice(["modbus-rtu"]).describe("Modbus RTU on a serial port."),
  port: port(),
  baud: baud(9600),
  format: choice(RTU_FORMATS)
    .default("8N1")
    .describe("Data bits, parity and stop bits. Editors may want quotes around 8E1 and 8E2."),
  silence: duration("1ms", "1s")
    .optional()
    .describe("Silence before each request. Default, and the least: 3.5 characters."),
  echo: echo(),
  ...timing(LINE_TIMEOUT, LINE_TURNAROUND),
  ...isolation(),
}).meta({ title: "modbus-rtu" });

const asciiBus = section({
  kind: choice(["modbus-ascii"]).describe("Modbus ASCII on a serial port."),
  port: port(),
  baud: baud(9600),
  format: choice(SERIAL_FORMATS)
    .default("7E1")
    .describe(
      "Data bits, parity and stop bits; the standard says 7E1. Editors may want quotes around 7E1, 8E1 and 8E2.",
    ),
  silence: duration("1ms", "1s")
    .optional()
    .describe("Silence before each request. Default, and the least: 3.5 characters."),
  echo: echo(),
  ...timing(LINE_TIMEOUT, LINE_TURNAROUND),
  ...isolation(),
}).meta({ title: "modbus-ascii" });

const tcpBus = section({
  kind: choice(["modbus-tcp"]).describe("Modbus over TCP to one host."),
  host: host(),
  port: whole(1, 65_535).default(502).describe("TCP port."),
  connectTimeout: duration("100ms", "1m")
    .prefault("3s")
    .describe("How long to wait for the connection."),
  framing: framing("tcp"),
  ...lineBehind(SERVER_ASSUMED),
  inFlight: inFlight(),
  ...timing("1s, or 2s where framing is rtu or ascii.", ROUND_TRIP),
  ...isolation(),
}).meta({ title: "modbus-tcp" });

const udpBus = section({
  kind: choice(["modbus-udp"]).describe(
    "Modbus over UDP to one host: each frame in a datagram, with the header of Modbus TCP.",
  ),
  host: host(),
  port: whole(1, 65_535).default(502).describe("UDP port."),
  inFlight: inFlight(),
  ...timing("1s.", ROUND_TRIP),
  ...isolation(),
}).meta({ title: "modbus-udp" });

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const IPV4 = String.raw`${OCTET}(?:\.${OCTET}){3}`;
/** The characters of one; the rest is left to the one who listens. */
const IPV6 = "[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*";
const PORT = String.raw`(?:6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|[1-9]\d{0,3})`;

/** What `HOST:PORT` to listen on looks like, `[IPV6]:PORT` too. */
export const LISTEN = new RegExp(String.raw`^(?:${IPV4}|\[${IPV6}\]):${PORT}$`);
const PEER = new RegExp(`^(?:${IPV4}|${IPV6})$`);
const HEX = /^(?:[0-9A-Fa-f]{2} ?){1,128}$/;

const dialInBus = section({
  kind: choice(["modbus-dial-in"]).describe(
    "Modbus to a serial server that dials in (a DTU with a mobile modem): the gateway listens. Whoever knows a registration can take its place: let only the network of the devices reach the port.",
  ),
  listen: textLike("listen", LISTEN).describe(
    "Address of this gateway, and port. Buses that name the same share the port.",
  ),
  registration: text(128)
    .optional()
    .describe(
      "All that the peer sends first, by which it is known: only line ends, the same again and the heartbeat may follow at once. It is no secret.",
    ),
  registrationHex: textLike("hex", HEX)
    .optional()
    .describe("The same in hexadecimal, for what is no text."),
  peer: textLike("ip", PEER)
    .optional()
    .describe("The IP address that the peer dials in from, where it sends no registration."),
  heartbeat: text(128)
    .optional()
    .describe("The text that the peer sends to keep its connection; it is dropped."),
  heartbeatHex: textLike("hex", HEX).optional().describe("The same in hexadecimal."),
  framing: framing("rtu"),
  ...lineBehind(DIAL_IN_ASSUMED),
  connectTimeout: duration("100ms", "10m")
    .prefault("10s")
    .describe("How long to wait for the peer after a start before its readings are bad."),
  ...timing("3s.", ROUND_TRIP),
  ...isolation(),
}).meta({
  title: "modbus-dial-in",
  // zod has no word for "exactly one of these keys"; the loader checks it with its own message.
  oneOf: [
    { required: ["registration"] },
    { required: ["registrationHex"] },
    { required: ["peer"] },
  ],
});

const serialBus = section({
  kind: choice(["serial"]).describe(
    "One device that talks by itself or answers text: it has a protocol, its own or its profile's. In each period of a point one value becomes a reading, the latest; alarms judge every value.",
  ),
  port: port(),
  baud: baud(9600),
  format: choice(SERIAL_FORMATS)
    .default("8N1")
    .describe("Data bits, parity and stop bits. Editors may want quotes around 8E1, 8E2 and 7E1."),
}).meta({ title: "serial" });

const firmataBus = section({
  kind: choice(["firmata"]).describe(
    "A microcontroller board with StandardFirmata 2.5 or later, or other firmware that speaks Firmata 2.5. Firmata carries no check sum: connect the board by USB, which has its own.",
  ),
  port: port(),
  baud: baud(57_600),
}).meta({ title: "firmata" });

const gpioBus = section({
  kind: choice(["gpio"]).describe(
    "A GPIO chip of this machine, by the tools of libgpiod (Debian's package gpiod, version 1 or 2), which must be installed. The gateway's user must be in the group that owns the device file, gpio as a rule.",
  ),
  chip: textLike("gpio-chip", /^(gpiochip\d{1,4}|\/dev\/\S{1,200})$/).describe(
    "The chip: its name, such as gpiochip0, or its device file. See: gpiodetect.",
  ),
}).meta({ title: "gpio" });

const localBus = section({
  kind: choice(["local"]).describe(
    "Programs on this machine that tell values over the control socket, such as a flow of Node-RED. Whoever may use the socket may tell them, unless user says who.",
  ),
  user: text(32)
    .optional()
    .describe(
      "The user of this machine, by name, whose programs may tell values. Default: all who may use the control socket.",
    ),
}).meta({ title: "local" });

/** One communication line. */
export const busSchema = byKind(BUS_KINDS, [
  rtuBus,
  asciiBus,
  tcpBus,
  udpBus,
  dialInBus,
  serialBus,
  firmataBus,
  gpioBus,
  localBus,
]);
