import { LISTEN } from "./bus-schema.ts";
import { secret, section, textLike } from "./fields.ts";

/** Whoever tries a PIN at random must not find it while somebody still looks. */
export const PIN_MIN = 6;

/** The page for a phone at the box. */
export const panelSchema = section({
  listen: textLike("listen", LISTEN).describe(
    "Address and port to serve the page on, as in 192.168.4.1:8080. Whoever reaches it reads what the gateway measures: only the box's own Wi-Fi, with a password, or a cable should.",
  ),
  pin: secret()
    .optional()
    .describe(
      `Who knows it may acknowledge and shelve alarms: a reference to at least ${PIN_MIN} characters. Default: nobody may, the page only shows.`,
    ),
}).meta({ title: "panel" });
