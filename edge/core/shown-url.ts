/** `url` as it is shown to people and told in events: what follows a "?" may be a secret. */
export function shownUrl(url: string): string {
  return url.replace(/[?#].*$/s, "");
}
