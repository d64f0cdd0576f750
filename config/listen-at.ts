import type { ListenSettings } from "../edge/core/link.ts";

/** Where `text`, `HOST:PORT` or `[IPV6]:PORT` that fits its form, says to listen. */
export function listenAt(text: string): ListenSettings {
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  return { host: host.toLowerCase(), port: Number(text.slice(colon + 1)) };
}

/** Whether only this machine itself reaches what listens there. */
export function isLoopback({ host }: ListenSettings): boolean {
  return /^(localhost|127(\.\d+){3}|::1)$/.test(host);
}
