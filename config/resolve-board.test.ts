import test from "ava";
import { loadConfig } from "./load.ts";

/** The points of a device on a board, and the codes of what is wrong. */
function resolve(points: string, keys = "") {
  const text = `gateway: { id: a }
buses: { node: { kind: firmata, port: /dev/node } }
devices: { board: { bus: node, ${keys} points: { ${points} } } }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`;
  const outside = { readFile: () => "", env: () => undefined };
  const { config, problems } = loadConfig(text, { profiles: new Map(), ...outside });
  const resolved = config?.boards.flatMap((board) => board.points) ?? [];
  return { config, points: resolved, codes: problems.map(({ code }) => code) };
}

const LINES = `gateway: { id: a }
buses: { own: { kind: gpio, chip: gpiochip0 } }
devices: { box: { bus: own, points: { door: { line: 4, activeLow: true }, siren: { line: R1, write: true } } } }
destinations: { centre: { kind: mqtt, url: mqtt://127.0.0.1 } }
`;

test("lines of a GPIO chip are read, or driven, with what each is pulled to", (t) => {
  const outside = { readFile: () => "", env: () => undefined };
  const { config, problems } = loadConfig(LINES, { profiles: new Map(), ...outside });
  t.deepEqual(problems, []);
  t.deepEqual(config?.buses, [{ kind: "gpio", name: "own", chip: "gpiochip0" }]);
  const door = { kind: "line", line: 4, activeLow: true, bias: "as-is" } as const;
  const siren = { kind: "line-output", line: "R1", activeLow: false } as const;
  t.like(config?.boards[0]?.points, [
    { id: "box.door", input: door, type: "bool", write: false, unit: null },
    { id: "box.siren", input: siren, type: "bool", write: true },
  ]);
});

test("a digital pin with write: true is an output, and its pin is one point", (t) => {
  const { points, codes } = resolve("s: { pin: 4, write: true }");
  t.deepEqual(codes, []);
  t.like(points[0], { input: { kind: "output", pin: 4 }, type: "bool", write: true });
  t.deepEqual(resolve("s: { pin: 4, write: true }, r: { pin: 4 }").codes, ["board-conflict"]);
});

const AIR = "chip: { kind: bmp280, address: 0x76 }, quantity: pressure";

test("a board is reached at 57600 baud, and its pins have five volts", (t) => {
  const { config, points } = resolve("v: { pin: A0 }");
  t.deepEqual(config?.buses, [
    { kind: "firmata", name: "node", board: { path: "/dev/node", baud: 57_600 } },
  ]);
  t.deepEqual(points, [
    {
      id: "board.v",
      device: "board",
      input: { kind: "analog", channel: 0 },
      type: "float64",
      reference: 5,
      scale: 1,
      offset: 0,
      sentinels: [],
      unit: "V",
      measurement: null,
      everyMs: 1000,
      silentAfterMs: 1500,
      write: false,
    },
  ]);
});

test("what a board tells has its unit until something else is made of it", (t) => {
  const unitOf = (point: string) => resolve(`x: { ${point} }`).points[0]?.unit;
  t.is(unitOf(AIR), "kPa");
  t.is(unitOf(`${AIR}, scale: 10, unit: hPa`), "hPa");
  t.is(unitOf(`${AIR}, scale: 10`), null);
  t.is(unitOf("pin: A0, loop: { low: 0, high: 5 }"), null);
  t.is(unitOf("pin: A0, filter: { kind: mean, of: 5 }"), "V");
  t.is(unitOf("pin: 7"), null);
  t.is(unitOf("chip: { kind: ads1115, address: 72, between: [2, 3] }"), "V");
});

test("a value that is not renewed within one and a half periods, and half a second, is silent", (t) => {
  const silentAfter = (every: string, keys = "") =>
    resolve(`x: { pin: 7, every: ${every} }`, keys).points[0]?.silentAfterMs;
  t.is(silentAfter("100ms"), 600);
  t.is(silentAfter("10s"), 15_000);
  t.is(silentAfter("10s", "silentAfter: 1m,"), 60_000);
});

test("an ADS1115 has the range of a bridge unless it says another", (t) => {
  const input = (range: string) =>
    resolve(`x: { chip: { kind: ads1115, address: 72, between: [0, 1]${range} } }`).points[0]
      ?.input;
  t.like(input(""), { between: "0-1", rangeMv: 256 });
  t.like(input(", range: 6144mV"), { rangeMv: 6144 });
});

test("two devices on one board must agree on a pin and on a chip", (t) => {
  t.deepEqual(resolve("a: { pin: 7 }, b: { pin: 7 }").codes, []);
  t.deepEqual(resolve("a: { pin: 7 }, b: { pin: 7, pullUp: true }").codes, ["board-conflict"]);
  const other = "chip: { kind: bme280, address: 0x76 }, quantity: humidity";
  t.deepEqual(resolve(`a: { ${AIR} }, b: { ${other} }`).codes, ["board-conflict"]);
});
