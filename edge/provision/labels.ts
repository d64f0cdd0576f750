import type { Lang } from "../core/errors.ts";
import type { WallMs } from "../core/time.ts";
import type { Label, Paper } from "../papers/paper.ts";
import type { ClaimMark } from "./claim.ts";

/** A gateway of a batch. */
export type Provisioned = ClaimMark & { readonly id: string; readonly name: string };

const WORDS = {
  title: { en: "Gateway labels", "zh-CN": "网关标签" },
  cut: {
    en: "Cut out, and put on the box and on its card. Nothing here is secret.",
    "zh-CN": "裁下后贴在设备及其存储卡上。此处内容均不涉密。",
  },
  code: { en: "Code", "zh-CN": "校验码" },
} as const;

/** A sheet with a label for each of `gateways`; its QR code says id, short code and fingerprint. */
export function labelSheet(gateways: readonly Provisioned[], lang: Lang, at: WallMs): Paper {
  const [first, last] = [gateways[0]?.id ?? "", gateways.at(-1)?.id ?? ""];
  const about = first === last ? first : `${first} – ${last}`;
  return {
    ...{ lang, title: WORDS.title[lang], number: `${gateways.length}`, about, at },
    head: [],
    signatures: [],
    sections: [
      {
        title: about,
        blocks: [
          { kind: "note", text: WORDS.cut[lang] },
          { kind: "labels", labels: gateways.map((each) => labelOf(each, lang)) },
        ],
      },
    ],
  };
}

function labelOf({ id, name, shortCode, fingerprint }: Provisioned, lang: Lang): Label {
  return {
    title: id,
    lines: [...(name === "" ? [] : [name]), `${WORDS.code[lang]} ${shortCode}`],
    code: `lifeline:${id};${shortCode};${fingerprint}`,
  };
}
