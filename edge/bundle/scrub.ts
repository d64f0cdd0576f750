/** What stands in the place of a secret. */
export const SCRUBBED = "[secret]";

/** Secrets shorter than this are only found by what stands before them. */
const SHORTEST = 4;

/**
 * Who takes secrets out of texts: those that are known, in every form that a text may hold them in,
 * and what looks like one by what stands around it. A reference such as `${file:/etc/key}` stays.
 */
export function scrubber(known: readonly string[]): (text: string) => string {
  const forms = new Set(known.filter(({ length }) => length >= SHORTEST).flatMap(formsOf));
  // A longer one first: it may hold a shorter one.
  const sorted = [...forms].toSorted((a, b) => b.length - a.length).map(patternOf);
  const secrets = sorted.length === 0 ? null : new RegExp(sorted.join("|"), "g");
  return (text) => {
    const unknown = secrets === null ? text : text.replaceAll(secrets, SCRUBBED);
    return LOOKS.reduce((rest, [look, put]) => rest.replaceAll(look, put), unknown);
  };
}

/** `secret` as it is, as JSON, in a URL, in base64 and in hexadecimal digits. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString("hex");
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inText = [secret, inJson, encodeURIComponent(secret), encodeURI(secret)];
  const inBase64 = [bytes.toString("base64"), bytes.toString("base64url")];
  return [...inText, ...inBase64.map((text) => text.replace(/=+$/, "")), hex, hex.toUpperCase()];
}

/** Digits amid digits are a number and not the secret. */
function patternOf(secret: string): string {
  const exact = RegExp.escape(secret);
  return /^\d+$/.test(secret) ? `(?<!\\d)${exact}(?!\\d)` : exact;
}

/** A value behind a name: in quotes, escaped quotes or bare; a reference is none. */
const VALUE = String.raw`(?!\s*["']?\$\{(?:file|env):)(?:\\?"(?:[^"\\\n]|\\(?!")[^\n])*\\?"|'[^'\n]*'|[^\s,;&"'}\]]+)`;
const NAME = String.raw`[\w.-]*(?:pass(?:word|wd|phrase|code)?|passwd|pwd|secret|token|psk|wpa|hmac|(?:api|access|private|shared|wifi)[-_]?key|credential|authkey)s?`;
/** A name at the beginning of a line of YAML: what its value takes shows by the indentation. */
const KEY = String.raw`^([ \t]*)((?:-[ \t]+)?["']?${NAME}["']?[ \t]*:)`;
const REFERENCE = String.raw`["']?\$\{(?:file|env):`;

/** What looks like a secret, and what is put in its place. */
const LOOKS: readonly (readonly [RegExp, string])[] = [
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    `-----BEGIN PRIVATE KEY----- ${SCRUBBED}`,
  ],
  [/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@"':]*:[^\s"']*|[^\s/@"']*)@/gi, `$1${SCRUBBED}@`],
  [/\b(bearer|basic|digest)\s+[\w+/=.~-]{6,}/gi, `$1 ${SCRUBBED}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, SCRUBBED],
  // HJ 212 sends its password in every packet.
  [/\bPW=[^;&\s"\\]+/g, `PW=${SCRUBBED}`],
  [
    // A text of several lines, or a list, each line of which stands further in.
    new RegExp(
      String.raw`${KEY}[ \t]*(?:[|>][^\n]*)?\n(?!\s*${REFERENCE})(?:[ \t]*\n|\1[ \t]+[^\n]*(?:\n|$))+`,
      "gim",
    ),
    `$1$2 "${SCRUBBED}"\n`,
  ],
  // A value that is not in quotes may hold blanks, and outside of braces commas.
  [new RegExp(String.raw`${KEY}[ \t]+(?!["'{[]|${REFERENCE})[^\n]+`, "gim"), `$1$2 "${SCRUBBED}"`],
  [
    new RegExp(String.raw`(\b${NAME}:[ \t]+)(?!${REFERENCE})[^\s"'\\{[][^\n,}\]"'\\]*`, "gi"),
    `$1"${SCRUBBED}"`,
  ],
  [
    new RegExp(String.raw`(\b${NAME}\\?["']?\s*[:=]\s*)\[(?!\s*${REFERENCE})[^\]\n]*\]`, "gi"),
    `$1"${SCRUBBED}"`,
  ],
  // A board's pins have names of three characters at most.
  [/\b(pin\\?["']?\s*[:=]\s*\\?["']?)(?!\$\{(?:file|env):)[^\s"'\\,;}\]]{4,}/gi, `$1${SCRUBBED}`],
  [/((?:密码|口令|密钥)\s*[:：=]\s*)[^\s，。；,;"']+/g, `$1${SCRUBBED}`],
  [
    new RegExp(String.raw`((?:\\?["'])?\b${NAME}(?:\\?["'])?[ \t]*[:：=][ \t]*)${VALUE}`, "gi"),
    `$1"${SCRUBBED}"`,
  ],
];
