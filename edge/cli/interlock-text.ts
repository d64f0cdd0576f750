import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** What the help says of `interlock`. */
export const INTERLOCK_HELP = {
  interlock: {
    en: "List the interlocks; test one, override it for a time, release it, or audit the chain of their events. No certified safety function.",
    "zh-CN":
      "列出联锁；测试（test）、限时旁路（override）、释放（release），或校验其事件链（audit）。并非经认证的安全功能。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** What is said of interlocks, in every language. `{name}` stands for a parameter. */
export const INTERLOCK_TEXT = {
  usage: {
    en: "interlock takes nothing, or test NAME, or override NAME --for TIME --reason TEXT, or release NAME, or audit",
    "zh-CN":
      "interlock 不带参数，或为 test 联锁名、override 联锁名 --for 时长 --reason 原因、release 联锁名、audit",
  },
  operands: {
    en: "[test NAME | override NAME | release NAME | audit]",
    "zh-CN": "[test 联锁名 | override 联锁名 | release 联锁名 | audit]",
  },
  forOption: {
    en: "how long an override lasts: 1m to 24h; it ends by itself",
    "zh-CN": "旁路时长：1m 至 24h；到时自动结束",
  },
  reasonOption: {
    en: "why: recorded with who and until when",
    "zh-CN": "原因：与操作人、截止时间一并记录",
  },
  databaseOption: {
    en: "audit this database instead of the configured one",
    "zh-CN": "校验此数据库文件，而不是配置中的缓冲区",
  },
  needsFor: {
    en: "an override needs --for with a time from 1m to 24h, such as 30m, and --reason",
    "zh-CN": "override 需要 --for（1m 至 24h，例如 30m）和 --reason",
  },
  restsOnBoard: {
    en: "Note: {interlocks} writes to a board, which has no watchdog: the pin stays as it is when the gateway stops or the cable is pulled, and falls to low when the board is reset. Most boards are reset whenever their port is opened, so also when the gateway starts. Wire the output so that low is safe.",
    "zh-CN":
      "提示：{interlocks} 写开发板的引脚。开发板没有看门狗：网关停止或电缆拔出时引脚保持原状，开发板复位时变为低电平。多数开发板在串口打开时复位，因此网关启动时也会复位。请按低电平为安全状态接线。",
  },
  restsOnLine: {
    en: "Note: {interlocks} writes to a GPIO line, which has no watchdog: when the gateway stops nobody holds the line, and the chip's driver makes an input of it or leaves it as it is. When the gateway starts it drives the line to false until told else. Wire the output so that all of this is safe, with a pull resistor.",
    "zh-CN":
      "提示：{interlocks} 写 GPIO 线。该线没有看门狗：网关停止后无人保持它，芯片驱动会将其变为输入或保持原状；网关启动时先驱动为 false。请加上下拉电阻，并按上述状态均安全来接线。",
  },
  none: { en: "no interlocks are configured", "zh-CN": "未配置联锁" },
  unknownName: {
    en: "there is no interlock {interlock}; see: lifeline interlock",
    "zh-CN": "没有联锁 {interlock}；请查看：lifeline interlock",
  },
  interlock: { en: "INTERLOCK", "zh-CN": "联锁" },
  output: { en: "OUTPUT", "zh-CN": "输出" },
  told: { en: "TOLD", "zh-CN": "指令值" },
  readBack: { en: "READ BACK", "zh-CN": "回读值" },
  lastAction: { en: "LAST ACTION", "zh-CN": "最近动作" },
  by: { en: "BY", "zh-CN": "触发源" },
  ago: { en: "{cause}, {age} ago", "zh-CN": "{cause}，{age}前" },
  idle: { en: "idle", "zh-CN": "待命" },
  blocked: { en: "BLOCKED by a permissive", "zh-CN": "被许可条件阻止" },
  tripping: { en: "TRIPPING", "zh-CN": "正在动作" },
  tripped: { en: "TRIPPED", "zh-CN": "已动作" },
  holding: { en: "TRIPPED, shortest time on", "zh-CN": "已动作，最短保持中" },
  releasing: { en: "releasing", "zh-CN": "正在释放" },
  held: { en: "TRIPPED, to be released by hand", "zh-CN": "已动作，待人工释放" },
  spent: { en: "released, longest time on is over", "zh-CN": "已释放，最长动作时间已到" },
  "not-obeying": { en: "OUTPUT DOES NOT OBEY", "zh-CN": "输出不服从" },
  overridden: { en: "OVERRIDDEN", "zh-CN": "已旁路" },
  testing: { en: "being tested", "zh-CN": "测试中" },
  resuming: { en: "was tripped, not judged yet", "zh-CN": "曾动作，尚未重新判断" },
  alarm: { en: "alarm", "zh-CN": "报警" },
  fault: { en: "point bad", "zh-CN": "测点故障" },
  returned: { en: "condition over", "zh-CN": "条件恢复" },
  verified: { en: "read back", "zh-CN": "回读一致" },
  confirmed: { en: "confirmed by the device", "zh-CN": "设备已确认" },
  repeated: { en: "came back as sent: device or echo", "zh-CN": "原样返回：设备确认或线路回显" },
  "not-obeyed": { en: "not obeyed", "zh-CN": "未服从" },
  drifted: { en: "output was changed", "zh-CN": "输出被改变" },
  "not-permitted": { en: "not permitted", "zh-CN": "条件不许可" },
  "max-on": { en: "longest time on", "zh-CN": "最长动作时间到" },
  shared: { en: "another interlock holds it", "zh-CN": "由其他联锁保持" },
  restart: { en: "gateway restarted", "zh-CN": "网关重启" },
  configuration: { en: "configuration changed", "zh-CN": "配置改变" },
  override: { en: "overridden", "zh-CN": "旁路" },
  "override-over": { en: "override over", "zh-CN": "旁路结束" },
  test: { en: "test", "zh-CN": "测试" },
  "test-over": { en: "test over", "zh-CN": "测试结束" },
  reset: { en: "released by hand", "zh-CN": "人工释放" },
  "dead-man-differs": { en: "watchdog differs", "zh-CN": "看门狗不符" },
  "dead-man-agrees": { en: "watchdog agrees", "zh-CN": "看门狗相符" },
  turn: {
    en: "interlock {interlock}: {state} ({cause})",
    "zh-CN": "联锁 {interlock}：{state}（{cause}）",
  },
  overriddenUntil: {
    en: "{interlock} is overridden by {who} for another {age}: {reason}",
    "zh-CN": "{interlock} 由 {who} 旁路，剩余 {age}：{reason}",
  },
  deadManLine: {
    en: "{interlock}: watchdog {point} should be {expected}, and is {found}",
    "zh-CN": "{interlock}：看门狗 {point} 应为 {expected}，实为 {found}",
  },
  missingLine: {
    en: "{interlock}: permissive not fulfilled: {points}",
    "zh-CN": "{interlock}：许可条件未满足：{points}",
  },
  faultNotObeying: {
    en: "INTERLOCK OUTPUT DOES NOT OBEY: {at}",
    "zh-CN": "【注意】联锁输出不服从：{at}",
  },
  faultNotObeyingTodo: {
    en: "act by hand at the site; check the output's device, its power and wires",
    "zh-CN": "请立即在现场手动操作；检查输出设备及其电源和接线",
  },
  faultBlocked: {
    en: "INTERLOCK ASKED FOR BUT NOT PERMITTED: {at}",
    "zh-CN": "【注意】联锁应动作但条件不许可：{at}",
  },
  faultBlockedTodo: {
    en: "act by hand if needed; see the points of permissive: lifeline interlock",
    "zh-CN": "必要时手动操作；查看许可条件的测点：lifeline interlock",
  },
  faultOverridden: {
    en: "INTERLOCK OVERRIDDEN, it will not act: {at}",
    "zh-CN": "【注意】联锁已旁路，不会动作：{at}",
  },
  faultOverriddenTodo: {
    en: "when the work is done: lifeline interlock release NAME",
    "zh-CN": "工作完成后运行：lifeline interlock release 联锁名",
  },
  faultDeadMan: {
    en: "the output device's watchdog is not as configured: {at}",
    "zh-CN": "输出设备的看门狗与配置不符：{at}",
  },
  faultDeadManTodo: {
    en: "set its time-out as its manual says, or correct deadMan.timeout",
    "zh-CN": "按设备手册设置其超时，或更正 deadMan.timeout",
  },
  testQuestion: {
    en: "Really write {value} to {point} for {time} and then back? What hangs on it WILL MOVE. [y/N] ",
    "zh-CN": "确定向 {point} 写入 {value}，保持 {time} 后恢复吗？所接设备【会动作】。[y/N] ",
  },
  overrideQuestion: {
    en: "Really override {interlock} for {time}? It will NOT act until then. [y/N] ",
    "zh-CN": "确定旁路联锁 {interlock} {time}？此期间它【不会动作】。[y/N] ",
  },
  notDone: { en: "nothing was done", "zh-CN": "未执行" },
  testDone: {
    en: "{interlock}: the output obeyed both ways and is as before",
    "zh-CN": "{interlock}：输出两次均服从，已恢复原状",
  },
  testFailed: {
    en: "{interlock}: THE OUTPUT DOES NOT OBEY ({reason})",
    "zh-CN": "{interlock}：【注意】输出不服从（{reason}）",
  },
  testInterrupted: {
    en: "{interlock}: the test was interrupted; it is now: {state}",
    "zh-CN": "{interlock}：测试被中断；现在：{state}",
  },
  testNotPermitted: {
    en: "{interlock} is not tested: its permissive is not fulfilled by {points}; nothing was written",
    "zh-CN": "未测试 {interlock}：{points} 不满足其允许条件；未写入任何值",
  },
  testUnreadable: {
    en: "{interlock}: the output cannot be read ({reason}), so nothing was tried",
    "zh-CN": "{interlock}：无法读取输出（{reason}），未进行测试",
  },
  overrideDone: {
    en: "{interlock} is overridden for {time}; it ends by itself",
    "zh-CN": "{interlock} 已旁路 {time}；到时自动结束",
  },
  overrideStays: {
    en: "{point} stays as it is, for no release is configured; to let it go: lifeline write",
    "zh-CN": "{point} 保持原状（未配置 release）；如需释放，请用 lifeline write",
  },
  releaseDone: { en: "{interlock} is now: {state}", "zh-CN": "{interlock} 现在：{state}" },
  noEffect: {
    en: "{interlock} was left as it is: {state}",
    "zh-CN": "{interlock} 保持不变：{state}",
  },
  stopping: { en: "the gateway is stopping", "zh-CN": "网关正在停止" },
  auditSound: {
    en: "The chain of interlock events and documents is whole: {count} events, number {first} to {last}",
    "zh-CN": "联锁事件与文件登记链完整：{count} 个事件，编号 {first} 至 {last}",
  },
  auditEmpty: {
    en: "There are no interlock events or documents in {file}",
    "zh-CN": "{file} 中没有联锁事件或文件登记",
  },
  auditCut: {
    en: "  events before number {first} are no longer kept (retention)",
    "zh-CN": "  编号 {first} 之前的事件已按保留期限删除",
  },
  auditBroken: {
    en: "THE CHAIN OF INTERLOCK EVENTS AND DOCUMENTS IS BROKEN at event {seq} (number {n}): {why}",
    "zh-CN": "【注意】联锁事件与文件登记链在事件 {seq}（编号 {n}）处断裂：{why}",
  },
  auditTodo: {
    en: "compare with the events that the centre has received; keep this database",
    "zh-CN": "请与中心平台收到的事件核对；保留此数据库",
  },
  changed: {
    en: "its content is not what its hash was taken of",
    "zh-CN": "内容与其哈希不符",
  },
  unlinked: { en: "it does not follow the one before it", "zh-CN": "与前一事件不相连" },
  anew: {
    en: "a new chain begins there; the gateway had no buffer at that start, or somebody forged it",
    "zh-CN": "此处开始了新链；当时网关无法打开缓冲区，或有人伪造",
  },
  unreadable: { en: "it cannot be read", "zh-CN": "无法读取" },
  differs: { en: "it reads back as something else", "zh-CN": "回读值不符" },
  "not-stored": {
    en: "the test could not be recorded, and nothing was written",
    "zh-CN": "测试无法记录，未写入任何内容",
  },
  expired: { en: "it could not be told in time", "zh-CN": "未能及时下达" },
  end: {
    en: "the last events are missing: the chain ended with number {expected}",
    "zh-CN": "末尾事件缺失：链的最后编号应为 {expected}",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** The name of a sentence. */
export type InterlockTextKey = keyof typeof INTERLOCK_TEXT;

/** The sentence `key` in `lang` with its parameters filled in. */
export const sayInterlock: Say<InterlockTextKey> = speaker(INTERLOCK_TEXT);
