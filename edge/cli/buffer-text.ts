import type { Text } from "../core/errors.ts";
import { type Say, speaker } from "./language.ts";

/** What the help says of `buffer` and its options. */
export const BUFFER_HELP = {
  buffer: {
    en: "Show what the gateway has stored and owes to whom; with an ACTION: verify, export readings to a file, or audit a receiver's list. The gateway may run meanwhile.",
    "zh-CN":
      "显示网关已存储的数据以及欠各平台的数据；ACTION 为 verify（校验）、export（导出读数）或 audit（核对接收端清单）。网关可同时运行。",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** Every sentence about what is stored, in every language. `{name}` stands for a parameter. */
export const BUFFER_TEXT = {
  fileOption: {
    en: "look into this database instead of the configured one, such as one set aside",
    "zh-CN": "查看此数据库文件（例如被搁置的），而不是配置中的缓冲区",
  },
  usage: {
    en: "buffer takes nothing, or verify, or export, or audit FILE",
    "zh-CN": "buffer 不带参数，或为 verify、export、audit 文件名",
  },
  none: {
    en: "There is no database {file}: no gateway has stored anything there.",
    "zh-CN": "没有数据库 {file}：尚无网关在此存储数据。",
  },
  noneTodo: {
    en: "Start the gateway, or name the place: --config FILE, --database FILE.",
    "zh-CN": "请启动网关，或用 --config FILE、--database FILE 指明位置。",
  },
  held: {
    en: "The gateway keeps {file} to itself: its disk was too full to share it.",
    "zh-CN": "网关独占 {file}：启动时磁盘空间不足，无法共享读取。",
  },
  heldTodo: {
    en: "Free space on that disk and restart the gateway, or stop it meanwhile.",
    "zh-CN": "请清理磁盘后重启网关，或暂时停止网关。",
  },
  head: { en: "Gateway {gateway} · {file}", "zh-CN": "网关 {gateway} · {file}" },
  unknown: { en: "unknown", "zh-CN": "未知" },
  stored: { en: "STORED", "zh-CN": "已存储" },
  count: { en: "COUNT", "zh-CN": "数量" },
  oldest: { en: "OLDEST", "zh-CN": "最早" },
  newest: { en: "NEWEST", "zh-CN": "最新" },
  messages: { en: "messages", "zh-CN": "消息" },
  readings: { en: "readings in them", "zh-CN": "其中读数" },
  events: { en: "events", "zh-CN": "事件" },
  about: { en: "about {count}", "zh-CN": "约 {count}" },
  size: {
    en: "On disk {disk}, of which {used} are in use; limit {max}; disk free {free}",
    "zh-CN": "磁盘占用 {disk}，其中已用 {used}；上限 {max}；磁盘剩余 {free}",
  },
  noLimit: { en: "not known", "zh-CN": "未知" },
  destination: { en: "DESTINATION", "zh-CN": "目标平台" },
  owedMessages: { en: "OWED MESSAGES", "zh-CN": "待送消息" },
  owedEvents: { en: "OWED EVENTS", "zh-CN": "待送事件" },
  since: { en: "SINCE", "zh-CN": "起始时间" },
  notConfigured: {
    en: "{destination} (no longer configured)",
    "zh-CN": "{destination}（已不在配置中）",
  },
  nobody: {
    en: "No destination is known, and none ever had anything.",
    "zh-CN": "没有已知的目标平台，也没有平台接收过数据。",
  },
  lasts: {
    en: "If nothing is delivered from now on, everything is kept for {time}.",
    "zh-CN": "若从现在起无法送达，全部数据可保留 {time}。",
  },
  lastsDisk: {
    en: "If nothing is delivered from now on, the disk is full in {time}.",
    "zh-CN": "若从现在起无法送达，磁盘将在 {time} 后写满。",
  },
  full: {
    en: "Full: each new message now costs older ones, which are thinned and at last given up.",
    "zh-CN": "已满：每存入一条新消息，较早的数据就会被抽稀，最后被放弃。",
  },
  computed: {
    en: "  Computed from the last {span} stored: {messages} messages, {each} each,\n  {rate} an hour; room for {room}.",
    "zh-CN":
      "  按最近存储的 {span} 计算：消息 {messages} 条，每条 {each}，\n  每小时 {rate}；剩余空间 {room}。",
  },
  centresMean: {
    en: "{names}: told of minutes, hours and days. A message is owed until\nthe last period that it is part of is over and told.",
    "zh-CN":
      "{names}：按分钟、小时、日上报。消息所属的最后一个时段\n结束并上报后，才不再计为待送。",
  },
  tooLittle: {
    en: "Too little is stored to tell how long the buffer lasts.",
    "zh-CN": "已存储的数据太少，无法预测可保留的时间。",
  },
  aside: { en: "SET ASIDE", "zh-CN": "被搁置的数据库" },
  why: { en: "WHY", "zh-CN": "原因" },
  bytes: { en: "SIZE", "zh-CN": "大小" },
  last: { en: "LAST WRITTEN", "zh-CN": "最后写入" },
  damaged: { en: "damaged", "zh-CN": "已损坏" },
  "other-gateway": { en: "another gateway's", "zh-CN": "属于另一网关" },
  asideTodo: {
    en: "  Look into one: lifeline buffer verify --database FILE",
    "zh-CN": "  查看其内容：lifeline buffer verify --database FILE",
  },
  progress: { en: "{percent} %, {left} left", "zh-CN": "{percent} %，剩余 {left}" },
  ended: { en: "Ended before it was done.", "zh-CN": "未完成即被终止。" },
  verified: { en: "Looked through {file}", "zh-CN": "已检查 {file}" },
  looked: {
    en: "messages {messages} with readings {readings}, events {events}",
    "zh-CN": "消息 {messages} 条，含读数 {readings} 个；事件 {events} 条",
  },
  unsummed: {
    en: "events from before there were check sums: {count}",
    "zh-CN": "早期版本存储、没有校验和的事件：{count} 条",
  },
  loss: {
    en: "{what} {seqs}: {reason} (event {event})",
    "zh-CN": "{what} {seqs}：{reason}（事件 {event}）",
  },
  lostFull: {
    en: "given up undelivered, the buffer was full",
    "zh-CN": "缓冲区已满，未送达即放弃",
  },
  lostThinned: {
    en: "thinned, the buffer was full; what is left of them is in messages {into}",
    "zh-CN": "缓冲区已满，已抽稀；其余内容在消息 {into} 中",
  },
  lostAged: {
    en: "given up undelivered, older than buffer.maxAge",
    "zh-CN": "超过 buffer.maxAge，未送达即放弃",
  },
  thinnedRow: { en: "  thinned to {window}", "zh-CN": "  抽稀至 {window}" },
  thinnedMeans: {
    en: "  Thinned: of each point one reading a window is kept, the last good one, with\n  the window's minimum, maximum, mean and count.",
    "zh-CN":
      "  抽稀：每个测点每个时段只保留最后一个有效读数，\n  以及该时段的最小值、最大值、平均值和个数。",
  },
  lostDamaged: { en: "damaged on the disk", "zh-CN": "在磁盘上损坏" },
  toldByNone: { en: "still to come", "zh-CN": "尚未发出" },
  finding: { en: "  {what}: {why}", "zh-CN": "  {what}：{why}" },
  exportOnly: {
    en: "{options}: only for lifeline buffer export",
    "zh-CN": "{options}：仅用于 lifeline buffer export",
  },
  sound: { en: "Nothing is damaged.", "zh-CN": "没有损坏。" },
  unsound: { en: "DAMAGED:", "zh-CN": "已损坏：" },
  unsoundTodo: {
    en: "Check the disk. What can be read is saved by: lifeline buffer export",
    "zh-CN": "请检查磁盘。可读部分可用 lifeline buffer export 导出保存。",
  },
  andMore: {
    en: "  and {count} more; all of them: --json",
    "zh-CN": "  另有 {count} 处；全部内容：--json",
  },
  unreadable: { en: "cannot be read, the page is damaged", "zh-CN": "无法读取，数据页损坏" },
  "check-sum": {
    en: "not what was stored, the check sum is wrong",
    "zh-CN": "校验和错误，内容已改变",
  },
  contradiction: {
    en: "the row says another time or count than its content",
    "zh-CN": "记录所写的时间或数量与其内容不符",
  },
  missing: { en: "missing between those that are there", "zh-CN": "前后都在，中间缺失" },
  "no-name": { en: "is not there", "zh-CN": "不存在" },
  cursor: {
    en: "is said to have had what was never stored",
    "zh-CN": "记录的送达范围超出了曾存储的内容",
  },
  fromOption: {
    en: "export: from this time on, such as 2026-11-27, 2026-11-27T08:00, 2026-11-27T00:00Z or -24h; from the oldest where it is left out",
    "zh-CN":
      "export：起始时间，例如 2026-11-27、2026-11-27T08:00、2026-11-27T00:00Z 或 -24h；省略则从最早开始",
  },
  toOption: {
    en: "export: up to this time, without it; up to the newest where it is left out",
    "zh-CN": "export：截止时间（不含）；省略则到最新为止",
  },
  pointsOption: {
    en: "export: only these points, such as gas-1.gas or 'gas-*,level-1'",
    "zh-CN": "export：仅这些测点，例如 gas-1.gas 或 'gas-*,level-1'",
  },
  formatOption: {
    en: "export: csv, jsonl or parquet; as FILE ends where it is left out",
    "zh-CN": "export：csv、jsonl 或 parquet；省略则按文件扩展名",
  },
  outOption: { en: "export: the file to write", "zh-CN": "export：要写入的文件" },
  forceOption: { en: "export: replace FILE if it is there", "zh-CN": "export：覆盖已有文件" },
  outMissing: {
    en: "export needs a file: --out FILE",
    "zh-CN": "export 需要文件名：--out FILE",
  },
  formatUnknown: {
    en: "the format is csv, jsonl or parquet: --format FORMAT, or as FILE ends",
    "zh-CN": "格式为 csv、jsonl 或 parquet：用 --format 指定，或由文件扩展名决定",
  },
  noTime: {
    en: "{option} {text}: no time; allowed is such as 2026-11-27T08:00 or -24h",
    "zh-CN": "{option} {text}：不是时间；例如 2026-11-27T08:00 或 -24h",
  },
  timesTurned: {
    en: "--from must be before --to",
    "zh-CN": "--from 必须早于 --to",
  },
  pointNear: {
    en: "No stored point fits '{points}'; did you mean {near}?",
    "zh-CN": "没有与“{points}”相符的已存储测点；是否想写 {near}？",
  },
  pointNone: {
    en: "No stored point fits '{points}'.",
    "zh-CN": "没有与“{points}”相符的已存储测点。",
  },
  fileExists: {
    en: "{path} is there already; choose another name, or: --force",
    "zh-CN": "{path} 已存在；请换一个文件名，或用 --force",
  },
  outFailed: { en: "{path} cannot be written: {why}", "zh-CN": "{path} 无法写入：{why}" },
  endedExport: {
    en: "Ended before it was done; no file was made.",
    "zh-CN": "未完成即被终止；未生成文件。",
  },
  exported: { en: "Written: {path} ({size})", "zh-CN": "已写入：{path}（{size}）" },
  exportedWhat: { en: "readings {readings}, {span}", "zh-CN": "读数 {readings} 个，{span}" },
  exportClock: {
    en: "of these, with a time corrected afterwards: {corrected}; with a time that is not known: {unsynced}",
    "zh-CN": "其中时间经事后校正的 {corrected} 个，时间未知的 {unsynced} 个",
  },
  exportLost: {
    en: "NOT in it, damaged or missing: messages {seqs}",
    "zh-CN": "未包含（损坏或缺失）：消息 {seqs}",
  },
  exportRemoved: {
    en: "NOT in it, removed by the gateway meanwhile: messages {seqs}",
    "zh-CN": "未包含（期间被网关清除）：消息 {seqs}",
  },
  wholeSpan: { en: "all that is stored", "zh-CN": "全部已存储数据" },
  listMissing: {
    en: "audit needs the receiver's list: lifeline buffer audit FILE",
    "zh-CN": "audit 需要接收端清单：lifeline buffer audit 文件名",
  },
  listMistake: {
    en: "{path}, line {line}: no stream and seq.\nAllowed: STREAM,SEQ; STREAM,FROM-TO; or a message as JSON.",
    "zh-CN":
      "{path} 第 {line} 行：没有 stream 和 seq。\n允许：STREAM,SEQ；STREAM,FROM-TO；或 JSON 格式的消息。",
  },
  listUnreadable: { en: "{path} cannot be read: {why}", "zh-CN": "{path} 无法读取：{why}" },
  audited: { en: "Compared with {file}", "zh-CN": "已与 {file} 核对" },
  auditStream: { en: "{what} of stream {stream}", "zh-CN": "{what}，stream {stream}" },
  auditCounts: {
    en: "  ever stored {stored}, at the receiver {received}, it lacks {lacks}",
    "zh-CN": "  累计存储 {stored}，接收端已有 {received}，缺少 {lacks}",
  },
  missingStored: {
    en: "  lacks, still stored here: {count}",
    "zh-CN": "  缺少，本机仍有存储：{count}",
  },
  missingRemoved: {
    en: "  lacks, acknowledged by a destination and removed since: {count}",
    "zh-CN": "  缺少，曾有平台确认收到，之后已清除：{count}",
  },
  missingUnexplained: {
    en: "  lacks, no longer stored, and no reason is: {count}",
    "zh-CN": "  缺少，已不再存储，也没有原因记录：{count}",
  },
  neverStored: {
    en: "  has, though it never existed here: {count}",
    "zh-CN": "  接收端有，但本机从未产生：{count}",
  },
  acknowledged: {
    en: "  of what it lacks, {destination} acknowledged: {count} (lost behind its broker)",
    "zh-CN": "  所缺内容中，{destination} 已确认：{count}（在其代理服务器之后丢失）",
  },
  foreignStream: {
    en: "stream {stream} never existed here; the receiver has {count} of it",
    "zh-CN": "stream {stream} 不属于本缓冲区；接收端有 {count} 条",
  },
  foreignTodo: {
    en: "  It may be a database's that was set aside: see lifeline buffer",
    "zh-CN": "  可能属于被搁置的数据库：请看 lifeline buffer",
  },
} as const satisfies Readonly<Record<string, Text>>;

/** The name of a sentence about what is stored. */
export type BufferTextKey = keyof typeof BUFFER_TEXT;

/** Says a sentence about what is stored. */
export const sayBuffer: Say<BufferTextKey> = speaker(BUFFER_TEXT);
