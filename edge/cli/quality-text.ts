import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** What each reason means and what to do, in every language. `{name}` stands for a parameter. */
export const QUALITY_TEXT = {
  title: { en: "POINTS TO LOOK AFTER", "zh-CN": "需要关注的测点" },
  about: { en: "{points}: {meaning}", "zh-CN": "{points}：{meaning}" },
  calibratedUntil: {
    en: "{point}: its calibration holds until {day}",
    "zh-CN": "{point}：校准有效期至 {day}",
  },
  overdue: {
    en: "{point}: its calibration ran out on {day}",
    "zh-CN": "{point}：校准已于 {day} 到期",
  },
  neverCalibrated: {
    en: "{point}: never calibrated here: lifeline calibrate {point}",
    "zh-CN": "{point}：尚未在此校准：lifeline calibrate {point}",
  },
  work: {
    en: "{point}: {who} is calibrating it, until {until} at the latest; its alarms are out of service",
    "zh-CN": "{point}：{who} 正在校准，最迟至 {until}；其报警已停用",
  },
  maintenance: {
    en: "{points}: the device asks for maintenance; its value is good meanwhile",
    "zh-CN": "{points}：设备请求维护；此期间数值仍有效",
  },
  maintenanceTodo: {
    en: "plan a visit; the device's display or manual says what it needs",
    "zh-CN": "安排现场维护；具体内容见设备显示或说明书",
  },
  timeout: { en: "the device does not answer", "zh-CN": "设备无应答" },
  timeoutTodo: {
    en: "check its power and wiring; find it: lifeline scan",
    "zh-CN": "检查供电和接线；查找设备：lifeline scan",
  },
  crc: { en: "what came was garbled", "zh-CN": "收到的数据损坏" },
  crcTodo: {
    en: "check shield and termination, look for a second device: lifeline trace",
    "zh-CN": "检查屏蔽、终端电阻，以及是否有地址相同的设备：lifeline trace",
  },
  exception: { en: "the device refuses to be read here", "zh-CN": "设备拒绝读取此处" },
  exceptionTodo: {
    en: "compare area and address with the manual; try: lifeline read --help",
    "zh-CN": "对照说明书核对区域和地址；可试：lifeline read --help",
  },
  malformed: { en: "the answer lacks the value", "zh-CN": "应答中没有该数值" },
  malformedTodo: {
    en: "compare type and address with the manual; see the frames: lifeline trace",
    "zh-CN": "对照说明书核对类型和地址；查看报文：lifeline trace",
  },
  "link-closed": { en: "the bus is not open", "zh-CN": "总线未打开" },
  "link-closedTodo": {
    en: "check the adapter, its plug, and its name under buses in the configuration",
    "zh-CN": "检查转换器及其插头；其名称见配置中的 buses",
  },
  "not-a-number": { en: "the device sent no number", "zh-CN": "设备发送的不是数值" },
  "not-a-numberTodo": {
    en: "check the sensor at the device; compare type and order with the manual",
    "zh-CN": "检查设备上的传感器；对照说明书核对 type 和 order",
  },
  "invalid-bcd": { en: "the number is not BCD", "zh-CN": "该数值不是 BCD 码" },
  "invalid-bcdTodo": {
    en: "compare type and order with the manual",
    "zh-CN": "对照说明书核对 type 和 order",
  },
  "no-value": { en: "the device says that it has no value", "zh-CN": "设备表示没有数值" },
  "no-valueTodo": {
    en: "look at the sensor: an echo lost, a probe not connected",
    "zh-CN": "检查传感器：回波丢失或探头未连接",
  },
  "not-yet-read": { en: "not read yet", "zh-CN": "尚未读取" },
  "not-yet-readTodo": {
    en: "wait for one period; if it stays so: lifeline trace",
    "zh-CN": "等待一个周期；若仍如此：lifeline trace",
  },
  "out-of-range": {
    en: "beyond what the instrument measures, or what can be at all",
    "zh-CN": "超出仪表量程，或超出可能的范围",
  },
  "out-of-rangeTodo": {
    en: "take it for real until somebody has looked; then see range and plausible",
    "zh-CN": "在现场确认之前应视为真实；之后核对 range 和 plausible",
  },
  "loop-fault": {
    en: "the loop current is a failure signal, or nearly one (NAMUR NE 43)",
    "zh-CN": "回路电流为故障信号或正趋向故障信号（NAMUR NE 43）",
  },
  "loop-faultTodo": {
    en: "below 3.6 mA: a broken wire; above 21: a short, or far beyond the range",
    "zh-CN": "低于 3.6 mA：断线或无供电；高于 21 mA：短路，也可能是严重超量程",
  },
  rate: { en: "it jumped faster than it can", "zh-CN": "跳变速度超出可能" },
  rateTodo: {
    en: "real if the next value agrees; if it comes and goes: a loose contact",
    "zh-CN": "若下一个值相符应视为真实；若时有时无，检查接触不良和干扰",
  },
  stuck: { en: "it has not moved for too long", "zh-CN": "长时间没有变化" },
  stuckTodo: {
    en: "see whether the sensor is blocked or frozen; test it with gas or by hand",
    "zh-CN": "检查传感器是否堵塞或卡死；用标准气体或人为变化测试",
  },
  "warm-up": { en: "the device is warming up", "zh-CN": "设备正在预热" },
  "warm-upTodo": {
    en: "wait; if it comes again and again its supply fails",
    "zh-CN": "等待；若反复出现，说明供电不稳",
  },
  calibration: {
    en: "the device is being calibrated, or its calibration has run out",
    "zh-CN": "设备正在校准，或校准已到期",
  },
  calibrationTodo: {
    en: "end it at the device; if it ran out calibrate, then write on and due anew",
    "zh-CN": "结束设备上的校准；若已到期则重新校准，并更新 on 和 due",
  },
  failure: { en: "the device says that it has failed", "zh-CN": "设备报告自身故障" },
  failureTodo: {
    en: "go there now, nobody watches this place: read its fault code, replace it",
    "zh-CN": "该处目前无人监测，请立即前往：查看故障码，维修或更换",
  },
  "function-check": { en: "somebody works at the device", "zh-CN": "设备正在功能检查" },
  "function-checkTodo": {
    en: "end the check at the device; if nobody is there, look why it is on",
    "zh-CN": "结束设备上的检查；若现场无人，查明原因",
  },
  "out-of-specification": {
    en: "the device says that it works outside of what it is made for",
    "zh-CN": "设备报告超出规定工作条件",
  },
  "out-of-specificationTodo": {
    en: "check temperature, supply and flow at the device",
    "zh-CN": "检查设备处的温度、供电和流量",
  },
  "status-unknown": {
    en: "what the device says of itself could not be read",
    "zh-CN": "未能读到设备自身状态",
  },
  "status-unknownTodo": {
    en: "see the point that status names in the configuration",
    "zh-CN": "查看配置中 status 所指的测点",
  },
  input: {
    en: "another point that it needs is not known, or uncertain",
    "zh-CN": "所需的其他测点未知或存疑",
  },
  inputTodo: {
    en: "see the points that it is worked out from",
    "zh-CN": "查看其计算所用的测点",
  },
  stale: { en: "no reading for three periods", "zh-CN": "已有三个周期没有读数" },
  staleTodo: {
    en: "its bus has no time for it; lifeline check says what the line can carry",
    "zh-CN": "总线来不及读取：lifeline check 会说明线路的承载能力",
  },
  staleTold: { en: "the device has told nothing for too long", "zh-CN": "设备长时间没有发来数据" },
  staleToldTodo: {
    en: "check its power, its wiring and how it is set to talk",
    "zh-CN": "检查供电、接线和设备的发送设置",
  },
  staleDerived: {
    en: "a point that it is worked out from tells nothing any more",
    "zh-CN": "其计算所用的测点已没有新值",
  },
  staleDerivedTodo: {
    en: "see the points that it is worked out from",
    "zh-CN": "查看其计算所用的测点",
  },
} as const satisfies Record<string, Text>;

/** Each reason in a word or two; in English these are the words of the contract. */
export const REASON_WORDS = {
  timeout: { en: "timeout", "zh-CN": "超时无应答" },
  crc: { en: "crc", "zh-CN": "校验错误" },
  exception: { en: "exception", "zh-CN": "设备拒绝" },
  malformed: { en: "malformed", "zh-CN": "应答格式错误" },
  "link-closed": { en: "link-closed", "zh-CN": "总线未打开" },
  "not-a-number": { en: "not-a-number", "zh-CN": "不是数值" },
  "invalid-bcd": { en: "invalid-bcd", "zh-CN": "BCD 码无效" },
  "not-yet-read": { en: "not-yet-read", "zh-CN": "尚未读取" },
  "no-value": { en: "no-value", "zh-CN": "设备无值" },
  "out-of-range": { en: "out-of-range", "zh-CN": "超出范围" },
  "loop-fault": { en: "loop-fault", "zh-CN": "电流回路故障" },
  rate: { en: "rate", "zh-CN": "变化过快" },
  stuck: { en: "stuck", "zh-CN": "长时间不变" },
  "warm-up": { en: "warm-up", "zh-CN": "预热中" },
  calibration: { en: "calibration", "zh-CN": "校准中或已到期" },
  failure: { en: "failure", "zh-CN": "设备故障" },
  "function-check": { en: "function-check", "zh-CN": "功能检查中" },
  "out-of-specification": { en: "out-of-specification", "zh-CN": "超出规格" },
  "status-unknown": { en: "status-unknown", "zh-CN": "设备状态未知" },
  input: { en: "input", "zh-CN": "所需测点无效" },
  stale: { en: "stale", "zh-CN": "数据过旧" },
} as const satisfies Record<string, Text>;

/** The sentence of a key in a language, with its parameters filled in. */
export const sayQualityText: Say<keyof typeof QUALITY_TEXT> = speaker(QUALITY_TEXT);
