import { setTimeout as sleep } from "node:timers/promises";
import { ADS_PAIRS, ADS_RANGES, type AdsPair, type AdsRange } from "../../core/board.ts";
import { ChipError, type I2cWires } from "./i2c.ts";

const CONVERSION = 0;
const CONFIG = 1;

/** Begins a conversion when written, and tells when read that none is under way. */
const READY = 0x8000;
const SINGLE_SHOT = 0x0100;
/** 128 conversions a second, the comparator off: what the chip starts with. */
const USUAL = 0x0083;

/** One conversion, and 10 % by which its oscillator may be slow (data sheet SBAS444, 6.5). */
const CONVERSION_MS = 9;
const TRIES = 4;
const FULL = 32_768;

/** How an ADS1115 is set for one conversion. */
export type AdsSetting = {
  readonly address: number;
  readonly between: AdsPair;
  readonly rangeMv: AdsRange;
};

/**
 * Volts between two inputs of an ADS1115, signed. The setting is read back, so that what is
 * converted is what was asked for and the chip is there. Rejects with `ChipError`.
 */
export async function readAds1115(wires: I2cWires, setting: AdsSetting): Promise<number> {
  const { address, rangeMv } = setting;
  const config = configOf(setting);
  wires.write(address, [CONFIG, (READY | config) >> 8, config & 0xff]);
  for (let tries = 0; ; tries++) {
    await sleep(CONVERSION_MS);
    const told = word(await wires.read(address, CONFIG, 2));
    if ((told & ~READY) !== config) throw new ChipError("other-chip");
    if (told & READY) break;
    if (tries === TRIES) throw new ChipError("not-measuring");
  }
  const code = (word(await wires.read(address, CONVERSION, 2)) << 16) >> 16;
  // At its ends it tells only that there is more.
  if (code === FULL - 1 || code === -FULL) throw new ChipError("out-of-range");
  return (code / FULL) * (rangeMv / 1000);
}

function configOf({ between, rangeMv }: AdsSetting): number {
  const mux = ADS_PAIRS.indexOf(between);
  const gain = ADS_RANGES.indexOf(rangeMv);
  return (mux << 12) | (gain << 9) | SINGLE_SHOT | USUAL;
}

function word([high = 0, low = 0]: readonly number[]): number {
  return (high << 8) | low;
}
