import type { Text } from "../../core/errors.ts";

/**
 * The systems by ST (HJ 212-2017, table 5; 44 and 45 are of 2025, as public implementations have
 * them). A0 to Z9 are free for others.
 */
export const SYSTEMS: Readonly<Record<string, Text>> = {
  "21": { en: "surface water quality", "zh-CN": "地表水质量监测" },
  "22": { en: "ambient air quality", "zh-CN": "空气质量监测" },
  "23": { en: "noise", "zh-CN": "声环境质量监测" },
  "24": { en: "ground water quality", "zh-CN": "地下水质量监测" },
  "25": { en: "soil quality", "zh-CN": "土壤质量监测" },
  "26": { en: "sea water quality", "zh-CN": "海水质量监测" },
  "27": { en: "volatile organic compounds", "zh-CN": "挥发性有机物监测" },
  "31": { en: "air pollution source", "zh-CN": "大气环境污染源" },
  "32": { en: "surface water pollution source", "zh-CN": "地表水体环境污染源" },
  "33": { en: "ground water pollution source", "zh-CN": "地下水体环境污染源" },
  "34": { en: "marine pollution source", "zh-CN": "海洋环境污染源" },
  "35": { en: "soil pollution source", "zh-CN": "土壤环境污染源" },
  "36": { en: "noise source", "zh-CN": "声环境污染源" },
  "37": { en: "vibration source", "zh-CN": "振动环境污染源" },
  "38": { en: "radioactive source", "zh-CN": "放射性环境污染源" },
  "39": { en: "dust at construction sites", "zh-CN": "工地扬尘污染源" },
  "41": { en: "electromagnetic source", "zh-CN": "电磁环境污染源" },
  "44": { en: "electricity use", "zh-CN": "用电监控" },
  "45": { en: "key production conditions", "zh-CN": "关键工况监控" },
  "51": { en: "flue gas treatment process", "zh-CN": "烟气排放过程监控" },
  "52": { en: "sewage treatment process", "zh-CN": "污水排放过程监控" },
  "91": { en: "system interaction", "zh-CN": "系统交互" },
};

/** What answers have as ST. */
export const INTERACTION = "91";
