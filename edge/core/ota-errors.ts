import type { ErrorEntry } from "./errors.ts";

const ASK_PUBLISHER = {
  en: "nothing was installed; tell who publishes releases the detail",
  "zh-CN": "未安装任何内容；请将详情告知版本发布方",
} as const;

const ANOTHER_STICK = {
  en: "copy the repository anew, whole, to the server or the stick",
  "zh-CN": "请将仓库重新完整复制到服务器或 U 盘",
} as const;

/** Why a release is not fetched, not trusted or not taken, by code. */
export const OTA_ERRORS = {
  "ota.unreachable": {
    meaning: {
      en: "the repository of releases cannot be reached, or the line was cut",
      "zh-CN": "无法连接版本仓库，或线路中断",
    },
    remedy: "retry",
    advice: {
      en: "check the address and the line; what came is kept",
      "zh-CN": "检查地址与线路；已下载部分会保留并续传",
    },
  },
  "ota.absent": {
    meaning: {
      en: "the repository of releases lacks a file that belongs to it",
      "zh-CN": "版本仓库缺少应有的文件",
    },
    remedy: "retry",
    advice: ANOTHER_STICK,
  },
  "ota.slow": {
    meaning: {
      en: "the repository of releases sends too slowly to be waited for",
      "zh-CN": "版本仓库发送过慢，已停止等待",
    },
    remedy: "retry",
    advice: {
      en: "what came is kept; try again later, or use a USB stick",
      "zh-CN": "已下载部分会保留，稍后重试；也可使用 U 盘",
    },
  },
  "ota.busy": {
    meaning: {
      en: "the repository of releases asks to be left alone for a while",
      "zh-CN": "版本仓库要求稍后再访问",
    },
    remedy: "retry",
    advice: {
      en: "nothing: it is asked again then; or use a mirror or a USB stick",
      "zh-CN": "无需操作，届时自动重试；也可使用镜像或 U 盘",
    },
  },
  "ota.budget": {
    meaning: {
      en: "as much as is allowed in a month was fetched over the line",
      "zh-CN": "本月线路的下载流量已用完",
    },
    remedy: "retry",
    advice: {
      en: "it goes on next month; order the release to fetch it now",
      "zh-CN": "下月自动继续；如需立即下载，请下达更新命令",
    },
  },
  "ota.held": {
    meaning: {
      en: "fetching failed before, and is not tried again yet",
      "zh-CN": "此前获取失败，尚未到重试时间",
    },
    remedy: "retry",
    advice: {
      en: "nothing: it is tried again then; or order the release to try now",
      "zh-CN": "无需操作，届时自动重试；如需立即重试，请下达更新命令",
    },
  },
  "ota.malformed": {
    meaning: {
      en: "a file of the repository of releases is damaged or no metadata",
      "zh-CN": "版本仓库中的文件已损坏，或不是元数据",
    },
    remedy: "operator",
    advice: ANOTHER_STICK,
  },
  "ota.draft": {
    meaning: {
      en: "what is to be published does not fit together",
      "zh-CN": "待发布的内容不完整或前后不一致",
    },
    remedy: "operator",
    advice: {
      en: "nothing was published; do what the detail names, and publish again",
      "zh-CN": "未发布任何内容；请按详情处理后重新发布",
    },
  },
  "ota.key": {
    meaning: {
      en: "a key for signing releases cannot be used",
      "zh-CN": "无法使用版本签名密钥",
    },
    remedy: "operator",
    advice: {
      en: "take the file of the key, and its own passphrase",
      "zh-CN": "请使用正确的密钥文件及其口令",
    },
  },
  "ota.signature": {
    meaning: {
      en: "the releases are not signed by enough of the trusted keys",
      "zh-CN": "版本未由足够数量的可信密钥签名",
    },
    remedy: "operator",
    advice: ASK_PUBLISHER,
  },
  "ota.rollback": {
    meaning: {
      en: "the repository is older than what this gateway has seen before",
      "zh-CN": "该仓库早于本网关曾见过的内容",
    },
    remedy: "operator",
    advice: {
      en: "use a repository or stick of today; an old one is never taken",
      "zh-CN": "请使用最新的仓库或 U 盘；旧的一律不接受",
    },
  },
  "ota.expired": {
    meaning: {
      en: "the statement of what is current has run out: it may be held back",
      "zh-CN": "版本信息已过期，可能遭到阻留",
    },
    remedy: "operator",
    advice: {
      en: "have it signed anew or copied anew, and check the clock",
      "zh-CN": "请重新签发或重新制作 U 盘，并检查网关时钟",
    },
  },
  "ota.clock": {
    meaning: {
      en: "the releases have run out by a clock that is not synchronised",
      "zh-CN": "按未同步的时钟，版本信息已过期",
    },
    remedy: "retry",
    advice: {
      en: "set the clock (see lifeline status); then try again",
      "zh-CN": "请先校时（见 lifeline status），然后重试",
    },
  },
  "ota.mixed": {
    meaning: {
      en: "parts of the repository do not belong together",
      "zh-CN": "仓库的各部分彼此不一致",
    },
    remedy: "operator",
    advice: ANOTHER_STICK,
  },
  "ota.length": {
    meaning: {
      en: "a file of the repository is longer or shorter than it was signed to be",
      "zh-CN": "仓库文件的长度与签名不符",
    },
    remedy: "operator",
    advice: ANOTHER_STICK,
  },
  "ota.hash": {
    meaning: {
      en: "a file of the repository is not the one that was signed",
      "zh-CN": "仓库文件与签名的内容不符",
    },
    remedy: "operator",
    advice: ANOTHER_STICK,
  },
  "ota.unknown-target": {
    meaning: {
      en: "no trusted key has signed a release of this name",
      "zh-CN": "没有可信密钥签发过此名称的版本",
    },
    remedy: "operator",
    advice: {
      en: "order one that is published; the platform cannot add any",
      "zh-CN": "请选择已发布的版本；平台无权添加",
    },
  },
  "ota.name": {
    meaning: {
      en: "the name of the release leads out of where releases belong",
      "zh-CN": "版本名称指向了不允许的位置",
    },
    remedy: "operator",
    advice: ASK_PUBLISHER,
  },
  "ota.hardware": {
    meaning: { en: "the release is for other hardware", "zh-CN": "该版本适用于其他硬件" },
    remedy: "operator",
    advice: {
      en: "order the release of this gateway's hardware class",
      "zh-CN": "请选择本网关硬件类别的版本",
    },
  },
  "ota.channel": {
    meaning: {
      en: "the release is of a channel that this gateway does not follow",
      "zh-CN": "该版本属于本网关未订阅的通道",
    },
    remedy: "operator",
    advice: {
      en: "order a release of this gateway's channel",
      "zh-CN": "请选择本网关所属通道的版本",
    },
  },
  "ota.downgrade": {
    meaning: {
      en: "the release is older than one that was confirmed on this gateway",
      "zh-CN": "该版本早于本网关已确认的版本",
    },
    remedy: "operator",
    advice: {
      en: "publish the older code anew, with a higher counter",
      "zh-CN": "请将旧代码作为新版本发布，并使用更大的计数",
    },
  },
  "ota.disk": {
    meaning: {
      en: "what belongs to releases cannot be written or read on the disk",
      "zh-CN": "磁盘上的版本文件无法读写",
    },
    remedy: "retry",
    advice: {
      en: "free space, and check the disk and the rights of the folder",
      "zh-CN": "请清理空间，并检查磁盘及目录权限",
    },
  },
  "ota.not-installed": {
    meaning: {
      en: "no releases are installed side by side here",
      "zh-CN": "此处未按版本目录方式安装",
    },
    remedy: "operator",
    advice: {
      en: "name the folder with --install, or start from an image of a card",
      "zh-CN": "请用 --install 指定目录，或使用存储卡镜像安装",
    },
  },
  "ota.anchor": {
    meaning: {
      en: "the root of trust that releases are judged by is missing here",
      "zh-CN": "缺少用于校验版本的信任根",
    },
    remedy: "operator",
    advice: {
      en: "put the publisher's root.json there; the detail says where",
      "zh-CN": "请以 root 身份将发布方的 root.json 放到详情所示位置",
    },
  },
  "ota.nowhere": {
    meaning: {
      en: "nothing says where releases come from",
      "zh-CN": "未指定版本来源",
    },
    remedy: "operator",
    advice: {
      en: "set update.urls in the configuration, or name a stick with --from",
      "zh-CN": "请在配置中设置 update.urls，或用 --from 指定 U 盘",
    },
  },
  "ota.space": {
    meaning: {
      en: "there is no room for the release; nothing was fetched",
      "zh-CN": "空间不足，未下载任何内容",
    },
    remedy: "retry",
    advice: {
      en: "free space on the disk, then try again",
      "zh-CN": "请清理磁盘空间后重试",
    },
  },
  "ota.preflight": {
    meaning: {
      en: "the release does not start on this machine; nothing was changed",
      "zh-CN": "该版本无法在本机启动；未作任何更改",
    },
    remedy: "operator",
    advice: ASK_PUBLISHER,
  },
  "ota.one-way": {
    meaning: {
      en: "there would be no way back: one release cannot use the other's buffer",
      "zh-CN": "无法回退：两个版本的缓冲区不兼容",
    },
    remedy: "operator",
    advice: {
      en: "install a release that lies between the two first",
      "zh-CN": "请先安装介于两者之间的版本",
    },
  },
  "ota.changed": {
    meaning: {
      en: "what lies on the disk is not the release that was signed",
      "zh-CN": "磁盘上的内容与签名的版本不符",
    },
    remedy: "operator",
    advice: {
      en: "install it again; where that recurs, replace the card",
      "zh-CN": "请重新安装；若再次出现，请更换存储卡",
    },
  },
  "ota.trial": {
    meaning: {
      en: "a release is on trial: nothing else is installed meanwhile",
      "zh-CN": "有版本正在试运行：期间不安装其他版本",
    },
    remedy: "retry",
    advice: {
      en: "wait until it is kept or gone back from (lifeline update status)",
      "zh-CN": "请等待其保留或回退（lifeline update status）",
    },
  },
  "ota.untried": {
    meaning: {
      en: "the release was never started: whether it can be is not known",
      "zh-CN": "该版本从未启动过：尚不知能否运行",
    },
    remedy: "operator",
    advice: {
      en: "start the gateway with it first, then decide",
      "zh-CN": "请先用该版本启动网关，再作决定",
    },
  },
  "ota.no-way-back": {
    meaning: {
      en: "there is no other release to go back to",
      "zh-CN": "没有可回退的其他版本",
    },
    remedy: "operator",
    advice: {
      en: "see what is installed: lifeline update status",
      "zh-CN": "用 lifeline update status 查看已安装版本",
    },
  },
  "ota.running": {
    meaning: {
      en: "another process is updating this gateway",
      "zh-CN": "另一进程正在更新本网关",
    },
    remedy: "retry",
    advice: {
      en: "wait for it, or see what it does: lifeline update status",
      "zh-CN": "请等待其完成，或用 lifeline update status 查看进度",
    },
  },
} as const satisfies Record<string, ErrorEntry>;
