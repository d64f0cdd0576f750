import type { Text } from "../core/errors.ts";
import { speaker } from "./language.ts";

/** What the help says of `calibrate`. */
export const CALIBRATE_HELP = {
  calibrate: {
    en: "Calibrate a point, guided: its alarms are out of service meanwhile and come back by themselves; waits until the value is steady under each reference, shows what was found, and adjusts from the next reading on.",
    "zh-CN":
      "按引导校准测点：期间其报警停用并会自动恢复；在每个标准值下等待示值稳定，给出校准前误差，并从下一个读数起调整。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence about calibrating, in every language. */
export const CALIBRATE_TEXT = {
  zeroOption: { en: "the reference value of the zero", "zh-CN": "零点的标准值" },
  spanOption: {
    en: "the reference value of the span, such as the gas bottle's",
    "zh-CN": "量程点的标准值，例如标准气瓶浓度",
  },
  checkOption: {
    en: "find out how far it is off, and adjust nothing",
    "zh-CN": "只检查误差，不调整",
  },
  revertOption: { en: "take the calibration before again", "zh-CN": "恢复上一次校准" },
  historyOption: { en: "list the calibrations of the point", "zh-CN": "列出该测点的校准记录" },
  forOption: {
    en: "how long the alarms may be out of service, 1m to 4h (default 30m)",
    "zh-CN": "报警最长停用时间，1m 至 4h（默认 30m）",
  },
  withinOption: {
    en: "how long to wait for a steady value at each reference (default 5m)",
    "zh-CN": "每个标准值下等待示值稳定的最长时间（默认 5m）",
  },
  windowOption: {
    en: "how long the value must be steady (default 30s)",
    "zh-CN": "示值须保持稳定的时间（默认 30s）",
  },
  toleranceOption: {
    en: "how far it may be off where it is found, in the point's unit",
    "zh-CN": "校准前允许误差，以测点单位计",
  },
  noteOption: {
    en: "what else belongs into the record: number of the bottle or gauge",
    "zh-CN": "记录的其他内容：气瓶或标准表编号",
  },
  outOption: {
    en: "write the certificate: FILE.pdf, with FILE.json beside it, or FILE.json alone",
    "zh-CN": "写出校准证书：FILE.pdf（同时写出 FILE.json），或仅 FILE.json",
  },
  recordOption: {
    en: "with --out: the certificate of this record (default: the last)",
    "zh-CN": "与 --out 同用：该编号记录的证书（默认最后一次）",
  },
  usage: {
    en: "calibrate takes one point, such as gas-1.gas",
    "zh-CN": "calibrate 需要一个测点，例如 gas-1.gas",
  },
  needsReference: {
    en: "name what is true: --zero 0, --span 50, or both; or --revert, --history",
    "zh-CN": "请给出标准值：--zero 0、--span 50 或两者；或用 --revert、--history",
  },
  noNumber: {
    en: "{option} takes a number, not '{text}'",
    "zh-CN": "{option} 需要数值，而非“{text}”",
  },
  noTime: {
    en: "{option} takes a time such as 30s, 5m or 1h, not '{text}'",
    "zh-CN": "{option} 需要时间，例如 30s、5m 或 1h，而非“{text}”",
  },
  noFile: {
    en: "--out takes a file that ends in .pdf or .json",
    "zh-CN": "--out 的文件名须以 .pdf 或 .json 结尾",
  },
  needsYes: {
    en: "nobody can be asked here: add --yes to go on without",
    "zh-CN": "此处无法询问：如需直接进行，请加 --yes",
  },
  rangeUnknown: {
    en: "the range of {point} is not known, so nothing says what is plausible: write range: [low, high] for it in the configuration",
    "zh-CN": "{point} 的量程未知，无法判断修正是否合理：请在配置中填写 range: [下限, 上限]",
  },
  about: { en: "{point}, {unit}", "zh-CN": "{point}，{unit}" },
  inForceNone: { en: "taken as it comes: never calibrated", "zh-CN": "未校准，直接采用示值" },
  inForceConfig: {
    en: "in force: the configuration's calibration of {on}",
    "zh-CN": "当前：配置中 {on} 的校准",
  },
  inForceRecord: {
    en: "in force: calibration {n} of {on} by {by}",
    "zh-CN": "当前：第 {n} 次校准，{on}，{by}",
  },
  alarmsOut: {
    en: "out of service for at most {time}: {alarms}",
    "zh-CN": "停用（最长 {time}）：{alarms}",
  },
  noAlarms: { en: "no alarm is judged by it", "zh-CN": "没有报警使用该测点" },
  interlocksOut: {
    en: "these interlocks do not act on it meanwhile: {interlocks}",
    "zh-CN": "期间下列联锁不会因其动作：{interlocks}",
  },
  begin: { en: "Begin? [y/N] ", "zh-CN": "开始？[y/N] " },
  notBegun: { en: "not begun; nothing was changed", "zh-CN": "未开始；没有任何改动" },
  askZero: {
    en: "reference value of the zero (Enter: no zero): ",
    "zh-CN": "零点标准值（直接回车：不做零点）：",
  },
  askSpan: {
    en: "reference value of the span (Enter: no span): ",
    "zh-CN": "量程点标准值（直接回车：不做量程点）：",
  },
  apply: {
    en: "Apply {reference} {unit}, then press Enter. ",
    "zh-CN": "通入/施加 {reference} {unit}，然后按回车。",
  },
  waits: {
    en: "at {reference}: {value} {unit}, {state}, {share} % of the window",
    "zh-CN": "标准值 {reference}：{value} {unit}，{state}，窗口 {share} %",
  },
  waiting: { en: "collecting", "zh-CN": "采集中" },
  drifting: { en: "still drifting", "zh-CN": "仍在变化" },
  noisy: { en: "too noisy", "zh-CN": "波动过大" },
  steady: { en: "steady", "zh-CN": "已稳定" },
  unmoved: {
    en: "no value, or still that of the reference before",
    "zh-CN": "无数值，或仍为上一标准值的示值",
  },
  silent: { en: "no value", "zh-CN": "无数值" },
  isSteady: {
    en: "at {reference}: steady at {value} {unit} (scatter {scatter}, {samples} samples)",
    "zh-CN": "标准值 {reference}：稳定于 {value} {unit}（离散 {scatter}，{samples} 个样本）",
  },
  gaveUp: {
    en: "the value was not steady within {time}: {state} ({detail}); nothing was adjusted, the alarms are back",
    "zh-CN": "{time} 内示值未稳定：{state}（{detail}）；未作调整，报警已恢复",
  },
  slope: {
    en: "{slope} {unit} a minute, scatter {scatter}",
    "zh-CN": "每分钟 {slope} {unit}，离散 {scatter}",
  },
  ended: {
    en: "ended before it was done: nothing was adjusted, the alarms are back",
    "zh-CN": "提前结束：未作调整，报警已恢复",
  },
  reference: { en: "REFERENCE", "zh-CN": "标准值" },
  indicated: { en: "INDICATED", "zh-CN": "原始示值" },
  found: { en: "AS FOUND", "zh-CN": "校准前" },
  error: { en: "ERROR", "zh-CN": "误差" },
  left: { en: "AS LEFT", "zh-CN": "校准后" },
  within: {
    en: "as found within the tolerance of {tolerance} {unit}",
    "zh-CN": "校准前误差在允许范围 {tolerance} {unit} 内",
  },
  beyond: {
    en: "as found BEYOND the tolerance of {tolerance} {unit}",
    "zh-CN": "校准前误差超出允许范围 {tolerance} {unit}",
  },
  adjust: { en: "Adjust? [y/N] ", "zh-CN": "调整？[y/N] " },
  notAdjusted: { en: "not adjusted", "zh-CN": "未调整" },
  adjusted: {
    en: "adjusted: calibration {n} of {point} is in force from the next reading on",
    "zh-CN": "已调整：{point} 第 {n} 次校准从下一个读数起生效",
  },
  checked: { en: "checked: record {n} of {point}", "zh-CN": "已检查：{point} 第 {n} 条记录" },
  computed: { en: "(computed)", "zh-CN": "（计算值）" },
  takeOff: {
    en: "Take the reference off and wait until the value is that of the site, then press Enter: the alarms come back. ",
    "zh-CN": "撤去标准物，待示值恢复为现场值后按回车：报警将恢复。",
  },
  stillActive: {
    en: "the condition of these alarms still stands, and they call when they are back: {alarms}",
    "zh-CN": "下列报警的条件仍成立，恢复后会报警：{alarms}",
  },
  back: { en: "the alarms are back in service", "zh-CN": "报警已恢复投用" },
  due: { en: "due again on {day}", "zh-CN": "下次校准日期 {day}" },
  reverted: {
    en: "taken again: {what}; record {n} of {point}",
    "zh-CN": "已恢复：{what}；{point} 第 {n} 条记录",
  },
  revertQuestion: {
    en: "Take the calibration of {point} before this one again? [y/N] ",
    "zh-CN": "恢复 {point} 的上一次校准？[y/N] ",
  },
  ofRecord: { en: "calibration {n}", "zh-CN": "第 {n} 次校准" },
  ofConfig: { en: "the configuration's", "zh-CN": "配置中的校准" },
  noRecords: { en: "{point} was never calibrated here", "zh-CN": "{point} 尚未在此校准" },
  noSuchRecord: { en: "{point} has no record {n}", "zh-CN": "{point} 没有第 {n} 条记录" },
  noCertificate: {
    en: "record {n} takes an earlier calibration again, and measured nothing: it has no certificate",
    "zh-CN": "第 {n} 条记录只是恢复早先的校准，没有测量，因此没有证书",
  },
  when: { en: "WHEN", "zh-CN": "时间" },
  kind: { en: "KIND", "zh-CN": "类型" },
  who: { en: "BY", "zh-CN": "人员" },
  adjustment: { en: "adjustment", "zh-CN": "调整" },
  check: { en: "check", "zh-CN": "检查" },
  reversion: { en: "reversion", "zh-CN": "恢复" },
  notRecorded: {
    en: "the certificate is not recorded in the gateway's chain: {why}",
    "zh-CN": "证书未登记到网关的哈希链：{why}",
  },
  written: { en: "certificate: {file}", "zh-CN": "证书：{file}" },
  "calibration.begun": {
    en: "{who} begins to calibrate {point}: its alarms are out of service",
    "zh-CN": "{who} 开始校准 {point}：其报警已停用",
  },
  "calibration.ended": {
    en: "{who} has ended work on {point}: its alarms are back",
    "zh-CN": "{who} 结束对 {point} 的作业：报警已恢复",
  },
  "calibration.over": {
    en: "the time for work on {point} is over: its alarms are back",
    "zh-CN": "{point} 的作业时间已到：报警已恢复",
  },
  "calibration.adjustment": { en: "{who} has adjusted {point}", "zh-CN": "{who} 调整了 {point}" },
  "calibration.check": { en: "{who} has checked {point}", "zh-CN": "{who} 检查了 {point}" },
  "calibration.reversion": {
    en: "{who} has taken an earlier calibration of {point} again",
    "zh-CN": "{who} 恢复了 {point} 早先的校准",
  },
  "calibration.set-aside": {
    en: "{point} is measured otherwise than when it was calibrated: that calibration counts no more",
    "zh-CN": "{point} 的测量方式与校准时不同：该校准不再有效",
  },
  "calibration.unreadable": {
    en: "the calibration of {point} cannot be read, and does not count: calibrate it anew",
    "zh-CN": "{point} 的校准记录无法读取，不再有效：请重新校准",
  },
  "no-steps": { en: "nothing was given", "zh-CN": "没有标准值" },
  "too-many-steps": { en: "more than zero and span", "zh-CN": "超过零点和量程点两项" },
  "references-equal": {
    en: "the two references are too near to each other: they must be a tenth of the range apart",
    "zh-CN": "两个标准值过于接近：至少应相差量程的十分之一",
  },
  "indications-equal": {
    en: "it indicated the same at both references: did the second one reach the sensor?",
    "zh-CN": "两个标准值下示值相同：第二个标准物是否到达传感器？",
  },
  falls: {
    en: "it indicated less at the higher reference: are the references the wrong way round?",
    "zh-CN": "较高标准值下示值反而更低：标准物是否颠倒？",
  },
  "zero-too-far": {
    en: "the zero would be moved by {found}, more than a quarter of the range: check the reference, or replace the sensor",
    "zh-CN": "零点需移动 {found}，超过量程的四分之一：请检查标准物或更换传感器",
  },
  "gain-too-far": {
    en: "the sensitivity would be changed to {found} times, beyond 0.67 to 1.5: check the reference, or replace the sensor",
    "zh-CN": "灵敏度需变为 {found} 倍，超出 0.67 至 1.5：请检查标准物或更换传感器",
  },
  "not-finite": { en: "a value is no number", "zh-CN": "存在无效数值" },
} as const satisfies Record<string, Text>;

export type CalibrateTextKey = keyof typeof CALIBRATE_TEXT;

/** The sentence of `CALIBRATE_TEXT` under a key. */
export const sayCalibrate = speaker<CalibrateTextKey>(CALIBRATE_TEXT);

/** What to say of a calibration's event, by its cause. */
export function calibrationTurn(cause: string): CalibrateTextKey {
  return Object.hasOwn(CALIBRATE_TEXT, cause) ? (cause as CalibrateTextKey) : "usage";
}
