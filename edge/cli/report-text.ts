import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What the help says of `report`. */
export const REPORT_HELP = {
  report: {
    en: "Make the record of a hand-over (commissioning) as PDF and JSON and record their digests in the hash-chained log; verify tells whether a file is one that was recorded.",
    "zh-CN":
      "编制投运交接记录（commissioning，PDF 与 JSON），并把其摘要登记到哈希链日志；verify 核对文件是否为已登记的原件。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence of `lifeline report`, in every language. */
export const REPORT_TEXT = {
  operands: { en: "commissioning | verify FILE", "zh-CN": "commissioning | verify 文件" },
  usage: {
    en: "report takes commissioning; or verify, with a FILE",
    "zh-CN": "report 可带 commissioning；或 verify 加文件名",
  },
  answersOption: {
    en: "keep the answers in this file, and take what is in it as answered (default: commissioning-answers.yaml)",
    "zh-CN": "答案保存于此文件，其中已有的答案不再询问（默认 commissioning-answers.yaml）",
  },
  referenceOption: {
    en: "what a reference instrument shows: gas-1.gas=25, gas-1.gas=25±2 or gas-1.gas=25±5%; may be given again",
    "zh-CN": "标准仪器示值：gas-1.gas=25、gas-1.gas=25±2 或 gas-1.gas=25±5%；可多次给出",
  },
  toleranceOption: {
    en: "how far a value may be from its reference, where that does not say it: a number or percent (default: 5%)",
    "zh-CN": "未随标准值给出时的允许误差：数值或百分数（默认 5%）",
  },
  photoOption: {
    en: "a photo, or a folder of photos, to name with its SHA-256; may be given again",
    "zh-CN": "登记照片或照片文件夹（含 SHA-256）；可多次给出",
  },
  unitsOption: {
    en: "look for devices at these addresses of every serial Modbus line too, such as 1-32",
    "zh-CN": "另在各 Modbus 串行线路的这些地址搜索设备，例如 1-32",
  },
  outOption: { en: "folder for the files (default: .)", "zh-CN": "输出文件夹（默认当前文件夹）" },
  databaseOption: {
    en: "look into this database instead of the configured one",
    "zh-CN": "查看此数据库而不是配置的数据库",
  },
  yesOption: {
    en: "ask nothing: take what the options and the answers' file say",
    "zh-CN": "不提问：只用选项与答案文件中的内容",
  },
  badAnswers: { en: "{file} cannot be used: {why}", "zh-CN": "无法使用 {file}：{why}" },
  badReference: {
    en: "a reference is a value as in 25, 25±2, 25±5% or true; or none",
    "zh-CN": "标准值的写法：25、25±2、25±5% 或 true；或 none 表示无",
  },
  badTolerance: {
    en: "a tolerance is a number above 0, or percent as in 5%",
    "zh-CN": "允许误差为大于 0 的数值，或百分数，例如 5%",
  },
  badOption: {
    en: "--reference {text}: it takes point=value; {why}",
    "zh-CN": "--reference {text}：写法为 测点=标准值；{why}",
  },
  unknownPoint: { en: "there is no point {point}", "zh-CN": "没有测点 {point}" },
  didYouMean: { en: "{what}; did you mean {near}?", "zh-CN": "{what}；是否想写 {near}？" },
  zeroNeeds: {
    en: "{point}: a share of 0 is nothing: say the tolerance as a number, as in 0±0.5",
    "zh-CN": "{point}：标准值为 0 时请用数值给出允许误差，例如 0±0.5",
  },
  badUnits: {
    en: "--units {text}: addresses are 1 to 247, as in 1-20,30",
    "zh-CN": "--units {text}：地址为 1 到 247，例如 1-20,30",
  },
  noPhoto: { en: "the photo {file} cannot be read: {why}", "zh-CN": "无法读取照片 {file}：{why}" },
  begin: {
    en: "Enter keeps what stands in brackets. Ctrl-C leaves: {file} keeps the answers, the same command goes on.",
    "zh-CN": "直接回车采用方括号中的内容。Ctrl-C 退出：答案保存在 {file}，再次运行可继续。",
  },
  kept: {
    en: "Nothing was made. The answers are in {file}; the same command goes on there.",
    "zh-CN": "未编制记录。答案已保存在 {file}；再次运行可继续。",
  },
  keptAnswers: {
    en: "{count} answers are kept in {file}",
    "zh-CN": "{file} 中已有 {count} 个答案",
  },
  askInstaller: { en: "Name of the installer [{name}]: ", "zh-CN": "安装人员姓名 [{name}]：" },
  askOwner: {
    en: "Name of who takes over [to be signed by hand]: ",
    "zh-CN": "接收人姓名 [手写签名]：",
  },
  askReferences: {
    en: "What do the reference instruments show? 25, or 25±2, or 25±5%; Enter: none; . ends",
    "zh-CN": "请输入标准仪器示值：25、25±2 或 25±5%；回车：无；输入 . 结束",
  },
  askReference: { en: "  {point} is {value} [none]: ", "zh-CN": "  {point} 当前 {value} [无]：" },
  askPhotos: {
    en: "Photos, or a folder of them, apart by commas [none]: ",
    "zh-CN": "照片文件或文件夹，以逗号分隔 [无]：",
  },
  askRemarks: { en: "Remarks [none]: ", "zh-CN": "备注 [无]：" },
  compared: {
    en: "    read {value}, difference {difference}, allowed ±{tolerance}: {verdict}",
    "zh-CN": "    示值 {value}，差值 {difference}，允许 ±{tolerance}：{verdict}",
  },
  searching: {
    en: "Looking for devices on {bus}, units {units} …",
    "zh-CN": "正在总线 {bus} 上搜索设备，单元 {units} …",
  },
  ended: { en: "ended before all was looked at", "zh-CN": "未全部检查即被终止" },
  made: { en: "Record {number} of the hand-over:", "zh-CN": "投运交接记录 {number}：" },
  recorded: {
    en: "recorded in the hash-chained log, by {who}",
    "zh-CN": "已由 {who} 登记到哈希链日志",
  },
  "not-stored": {
    en: "NOT RECORDED YET: the gateway holds the record, but its disk has not taken it; verify the files later, or make the record anew",
    "zh-CN": "【尚未登记】网关已接收，但未能写入磁盘；请稍后用 verify 核对，或重新编制",
  },
  stopping: {
    en: "NOT RECORDED: the gateway is stopping; make the record anew when it runs",
    "zh-CN": "【未登记】网关正在停止；请在其运行后重新编制",
  },
  openItems: {
    en: "{count} things are open; the record lists them:",
    "zh-CN": "有 {count} 项遗留问题，已列入记录：",
  },
  nothingOpen: { en: "Nothing is open.", "zh-CN": "无遗留问题。" },
  unwritten: { en: "the record was not written: {why}", "zh-CN": "记录未写出：{why}" },
  unreadable: { en: "{file} cannot be read: {why}", "zh-CN": "无法读取 {file}：{why}" },
  noDatabase: { en: "there is no database {file}", "zh-CN": "没有数据库 {file}" },
  original: {
    en: "{file} is the {form} of {number}, recorded at {time} by {who} (number {n} of the chain)",
    "zh-CN": "{file} 是 {number} 的 {form} 原件，由 {who} 于 {time} 登记（链编号 {n}）",
  },
  changed: {
    en: "{file} is NOT the {form} of {number} that was recorded at {time} by {who}: it was changed or exchanged",
    "zh-CN": "{file} 与 {who} 于 {time} 登记的 {number}（{form}）不一致：已被修改或替换",
  },
  notRecorded: {
    en: "{file} is no document that is recorded here",
    "zh-CN": "此处没有登记 {file}",
  },
  chainBroken: {
    en: "The chain of records is BROKEN: what it says is worth nothing without the centre's copy (lifeline alarms audit)",
    "zh-CN": "登记链已断裂：须与中心平台副本核对（lifeline alarms audit）",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** The key of a sentence of `lifeline report`. */
export type ReportTextKey = keyof typeof REPORT_TEXT;

/** The sentence of `REPORT_TEXT` under a key. */
export const sayReport = speaker<ReportTextKey>(REPORT_TEXT);
