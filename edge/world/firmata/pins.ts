import type { Firmata } from "firmata-io";
import type { BoardFault, BoardTask } from "../../core/board.ts";
import type { OutputPin } from "./output-pin.ts";

/** Tells a value of a source, the moment it is there. */
export type Tell = {
  value(source: string, value: number): void;
  fault(source: string, fault: BoardFault): void;
};

/** StandardFirmata knows what ten bits tell; a board that says nothing has as many. */
const USUAL_FULL = 1023;

type PinTask<Kind> = BoardTask & { readonly input: { readonly kind: Kind } };
type AnalogTask = PinTask<"analog"> & { readonly input: { readonly channel: number } };
type DigitalTask = PinTask<"digital"> & {
  readonly input: { readonly pin: number; readonly pullUp: boolean };
};

/** A board, and whether its I2C wires are in use. */
export type Wired = { readonly io: Firmata; readonly hasChips: boolean };

/** Has the board tell `task`'s analog pin by itself, at its sampling interval. */
export function watchAnalog(wired: Wired, { source, input }: AnalogTask, tell: Tell): void {
  const { io } = wired;
  const pin = io.analogPins[input.channel];
  if (pin === undefined || !can(wired, pin, io.MODES.ANALOG)) {
    tell.fault(source, "no-such-pin");
    return;
  }
  const full = io.RESOLUTION.ADC ?? USUAL_FULL;
  io.on(`analog-read-${input.channel}`, (code: number) => {
    // Two messages of which bytes were lost make one that no converter sends.
    if (code <= full) tell.value(source, code / full);
  });
  io.reportAnalogPin(input.channel, 1);
}

/**
 * Has the board tell `task`'s pin whenever it turns, and asks for it every period: a pin that rests
 * is told by nothing else. `onWrongMode` is called where the board no longer reads the pin.
 */
export function watchDigital(
  wired: Wired,
  { source, input, everyMs }: DigitalTask,
  tell: Tell,
  onWrongMode: () => void,
): void {
  const { io } = wired;
  const { pin, pullUp } = input;
  const mode = pullUp ? io.MODES.PULLUP : io.MODES.INPUT;
  if (!can(wired, pin, mode)) {
    tell.fault(source, "no-such-pin");
    return;
  }
  io.pinMode(pin, mode);
  io.on(`digital-read-${pin}`, (level: number) => tell.value(source, level));
  const ask = () => {
    // A board that has forgotten what the pin is for would say that it is low.
    io.queryPinState(pin, () => {
      if (io.pins[pin]?.mode === mode) io.reportDigitalPin(pin, 1);
      else onWrongMode();
    });
  };
  ask();
  setInterval(ask, everyMs);
}

/** Tells again and again what the output `source` is, and once at the beginning. */
export function watchOutput(
  { source, everyMs }: Pick<BoardTask, "source" | "everyMs">,
  output: Pick<OutputPin, "look">,
  tell: Tell,
): void {
  let isAsking = false;
  const ask = async () => {
    // Of a board that does not answer the questions would pile up, and an order waits behind them.
    if (isAsking) return;
    isAsking = true;
    const answer = await output.look();
    isAsking = false;
    if (answer.kind === "level") tell.value(source, answer.level);
  };
  void ask();
  setInterval(() => void ask(), everyMs);
}

/** Whether `pin` can be used so; a pin that the chips hang on would take their wire from them. */
export function can({ io, hasChips }: Wired, pin: number, mode: number): boolean {
  const modes = io.pins[pin]?.supportedModes ?? [];
  return modes.includes(mode) && !(hasChips && modes.includes(io.MODES.I2C));
}
