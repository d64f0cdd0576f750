import test from "ava";
import type { GatewayConfig } from "../../config/gateway-config.ts";
import { readBarSentence } from "./read-bar.ts";

test("what must never be read, or loses its value, is told in the language asked for", (t) => {
  const forbidden = [{ area: "holding", address: 100, count: 10 }];
  const count = { id: "d.count", device: "d", area: "holding", address: 7, type: "uint16" };
  const config = {
    devices: [{ name: "d", bus: "line", unit: 3, forbidden }],
    points: [{ ...count, length: 0, readClears: true }],
  } as unknown as GatewayConfig;
  const sentence = (address: number, lang: "en" | "zh-CN" = "en") => {
    const range = { area: "holding", address, count: 1 } as const;
    return readBarSentence(config, { bus: "line", unit: 3 }, range, lang);
  };
  t.regex(sentence(109) ?? "", /holding 100 to 109 of this device must never be read/);
  t.regex(sentence(100, "zh-CN") ?? "", /禁止读取/);
  t.regex(sentence(7) ?? "", /would clear d\.count/);
  t.is(sentence(8), null);
});
