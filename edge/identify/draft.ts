import { stringify } from "yaml";
import type { Hypothesis, Place } from "./hypotheses.ts";

/** What a draft says of the device that it was made of. */
export type DraftAbout = { readonly name: string; readonly unit: number; readonly day: string };

/** The draft of a profile (`drivers/profiles`) of what `places` most likely hold, as YAML. */
export function draftOf(places: readonly Place[], { name, unit, day }: DraftAbout): string {
  const points = places.flatMap(({ hypotheses: [first] }) =>
    first === undefined || isEmpty(first) ? [] : [[pointName(first), pointOf(first)] as const],
  );
  const profile = {
    name: { en: `draft of ${name}`, "zh-CN": `${name} 草稿` },
    measures: { en: "not known yet", "zh-CN": "尚不清楚" },
    source: `guessed by lifeline identify on ${day} from what the registers held`,
    caution: {
      en: "Everything here is a guess: compare each point with the manual or the display.",
      "zh-CN": "全部内容均为推测：请逐项对照说明书或设备显示。",
    },
    unit,
    points: Object.fromEntries(points),
  };
  return stringify(profile, { lineWidth: 0 });
}

/** A register that always holds nothing is no point. */
export function isEmpty({ course }: Pick<Hypothesis, "course">): boolean {
  return course?.isConstant === true && course.low === 0;
}

function pointName({ area, address }: Hypothesis): string {
  return `${area}${address}`;
}

function pointOf({ area, address, type, order, width, meaning }: Hypothesis) {
  const isWord = width === 1 && order === "ABCD";
  const isQuantity = meaning.kind === "quantity";
  return {
    title: titleOf(meaning),
    area,
    address,
    type,
    ...(type === "string" ? { length: width } : {}),
    ...(isWord || type === "string" || order === "ABCD" ? {} : { order }),
    ...(isQuantity && meaning.scale !== 1 ? { scale: meaning.scale } : {}),
    ...(isQuantity ? { unit: meaning.unit } : {}),
  };
}

function titleOf(meaning: Hypothesis["meaning"]) {
  if (meaning.kind !== "quantity") return TITLES[meaning.kind];
  return {
    en: `perhaps a quantity in ${meaning.unit}`,
    "zh-CN": `可能是单位为 ${meaning.unit} 的量`,
  };
}

const TITLES = {
  text: { en: "a text", "zh-CN": "文本" },
  constant: { en: "a number that stands still", "zh-CN": "固定数值" },
  code: {
    en: "a small number that stands still, such as a state",
    "zh-CN": "固定的小数值，例如状态",
  },
  counter: { en: "a count", "zh-CN": "计数" },
  unknown: { en: "a quantity", "zh-CN": "某个量" },
} as const;
