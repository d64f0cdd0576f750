import { readFileSync } from "node:fs";

/**
 * Where the serial number of a board stands: of a Raspberry Pi and its like, of a PC. What lies on
 * the card, as the machine's id does, would be copied with it.
 */
const PLACES = ["/proc/device-tree/serial-number", "/sys/class/dmi/id/board_serial"] as const;

/** Letters that a certificate takes; a board without a number often has a row of zeros or words. */
const NUMBER = /^[A-Za-z0-9._-]{6,64}$/;

/** The serial number of this board; null where it has none that may be read. */
export function hardwareSerial(places: readonly string[] = PLACES): string | null {
  for (const place of places) {
    try {
      const text = readFileSync(place, "utf8").replaceAll("\0", "").trim();
      if (NUMBER.test(text) && !/^0+$/.test(text)) return text;
    } catch {
      // Another kind of board: the next place.
    }
  }
  return null;
}
