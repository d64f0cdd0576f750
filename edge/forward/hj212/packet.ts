/** One `name=value`. */
export type Item = { readonly name: string; readonly value: string };

/** Items that belong together, joined by commas: mostly what one factor has to say. */
export type Group = readonly Item[];

/**
 * What one packet says, by the names of its fields (HJ 212-2017, 6.3.2). A field is null where the
 * packet has none; values are as they were sent, so that what is wrong can be answered.
 */
export type Packet = {
  /** When the exchange was begun, YYYYMMDDhhmmsszzz; names the exchange. */
  readonly qn: string | null;
  /** The kind of system, two characters; 91 in answers. */
  readonly st: string | null;
  /** The command, four digits. */
  readonly cn: string | null;
  /** The password, six characters. */
  readonly pw: string | null;
  /** The device, 24 hexadecimal digits; shorter ones are common. */
  readonly mn: string | null;
  /** 0 to 255, see `flagOf`; the 2005 edition has none in some packets. */
  readonly flag: number | null;
  /** How many packets make the message, 1 to 9999. */
  readonly pnum: number | null;
  /** Which of them this is, from 1. */
  readonly pno: number | null;
  /** `RF=1`, by which the 2025 edition marks what is sent again from history. */
  readonly isResent: boolean;
  /** The command's parameters: groups joined by semicolons. */
  readonly cp: readonly Group[];
};

/** Which edition of HJ 212 a packet says it follows, and what else its Flag says. */
export type FlagBits = {
  /** Bits 7 to 2: 0 is 2005, 1 is 2017, 2 is 2025; a dialect of 2017 uses 2 as well. */
  readonly version: number;
  /** Bit 1: PNUM and PNO follow. */
  readonly isNumbered: boolean;
  /** Bit 0: an answer is wanted. */
  readonly wantsAnswer: boolean;
};

const NUMBERED = 2;
const WANTS_ANSWER = 1;

/** The Flag of a packet that numbers and answers so (HJ 212-2017, table 5). */
export function flagOf({ version, isNumbered, wantsAnswer }: FlagBits): number {
  return (version << 2) | (isNumbered ? NUMBERED : 0) | (wantsAnswer ? WANTS_ANSWER : 0);
}

/** What a Flag says. */
export function flagBits(flag: number): FlagBits {
  return {
    version: flag >> 2,
    isNumbered: (flag & NUMBERED) !== 0,
    wantsAnswer: (flag & WANTS_ANSWER) !== 0,
  };
}

/** The editions by the number in Flag. */
export const EDITIONS: Readonly<Record<number, number>> = { 0: 2005, 1: 2017, 2: 2025 };

/** The value of the first item called `name`, in whatever group; null where there is none. */
export function parameterOf(cp: readonly Group[], name: string): string | null {
  for (const group of cp) {
    const item = group.find((each) => each.name === name);
    if (item !== undefined) return item.value;
  }
  return null;
}

/** The longest data segment, in bytes (HJ 212-2017, table 2). */
export const SEGMENT_MAX = 1024;

/** The longest CP with its `&&`, in bytes (HJ 212-2017, table 3: 0 to 950 characters of data). */
export const CP_MAX = 950;
