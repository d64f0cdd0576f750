import type { CPU } from "avr8js";

const SPMCSR = 0x57;
const PAGE_WORDS = 64;
const FILL = 1;
const ERASE = 3;
const WRITE = 5;
const BLANK = 0xffff;

/**
 * The instruction SPM, which avr8js leaves out: fills, erases and writes pages of `flash`
 * (ATmega328P data sheet 27.8). Writing only clears bits, as it does there: what was not erased
 * does not hold what is written.
 */
export function selfProgramming(flash: Uint8Array): (cpu: CPU) => void {
  const words = new Uint16Array(flash.buffer);
  const buffer = new Uint16Array(PAGE_WORDS).fill(BLANK);
  return ({ data }) => {
    const [low = 0, high = 0] = data.subarray(30, 32);
    const word = ((high << 8) | low) >> 1;
    const page = words.subarray(word & ~(PAGE_WORDS - 1)).subarray(0, PAGE_WORDS);
    const [r0 = 0, r1 = 0] = data;
    switch ((data[SPMCSR] as number) & 0x1f) {
      case FILL:
        buffer[word % PAGE_WORDS] = (r1 << 8) | r0;
        break;
      case ERASE:
        page.fill(BLANK);
        break;
      case WRITE:
        for (const [i, value] of buffer.entries()) page[i] = (page[i] as number) & value;
        buffer.fill(BLANK);
        break;
    }
    data[SPMCSR] = 0;
  };
}
