import type { Text } from "../core/errors.ts";
import type { FindingText } from "./finding-text.ts";

/** What the doctor can find about the machine. */
export const MACHINE_FINDINGS = {
  "power.low": {
    meaning: {
      en: "the supply voltage is too low now",
      "zh-CN": "供电电压目前过低",
    },
    cause: {
      en: "the supply is too weak, its cable too thin or long, or a USB device takes too much",
      "zh-CN": "电源功率不足、电源线过细或过长，或 USB 设备耗电过大",
    },
    remedy: {
      en: "use a 5.1 V supply of at least 3 A with a short thick cable; feed adapters by a hub of their own",
      "zh-CN": "使用 5.1 V、至少 3 A 的电源和短而粗的电源线；适配器改用有源集线器供电",
    },
  },
  "power.was-low": {
    meaning: {
      en: "the supply voltage was too low since the machine was started",
      "zh-CN": "本次启动以来供电电压曾经过低",
    },
    cause: {
      en: "the supply gives way under load: weak, worn, or on a long thin cable",
      "zh-CN": "电源带载能力不足：功率小、老化，或电源线细长",
    },
    remedy: {
      en: "replace the supply or its cable before the card is damaged by it",
      "zh-CN": "请在存储卡受损之前更换电源或电源线",
    },
  },
  "heat.slowed": {
    meaning: {
      en: "the board is so hot that it slows itself down",
      "zh-CN": "主板过热，已自动降频",
    },
    cause: {
      en: "the box stands in the sun, its heat sink is loose, or its vents are closed",
      "zh-CN": "机箱受日晒、散热片松动，或通风口堵塞",
    },
    remedy: {
      en: "shade or ventilate the box; see that the heat sink sits",
      "zh-CN": "遮阳或加强通风；确认散热片安装牢固",
    },
  },
  "heat.hot": {
    meaning: {
      en: "the board is nearly as hot as it may be",
      "zh-CN": "主板温度接近上限",
    },
    cause: {
      en: "the box stands in the sun, its heat sink is loose, or its vents are closed",
      "zh-CN": "机箱受日晒、散热片松动，或通风口堵塞",
    },
    remedy: {
      en: "shade or ventilate the box before it slows down",
      "zh-CN": "请在降频之前遮阳或加强通风",
    },
  },
  "memory.leak": {
    meaning: {
      en: "the gateway takes more and more memory and gives none back",
      "zh-CN": "网关占用的内存持续增加且不释放",
    },
    cause: {
      en: "a fault in the program: something that is done again and again keeps what it used",
      "zh-CN": "程序缺陷：反复执行的操作没有释放所用内存",
    },
    remedy: {
      en: "restart it when it suits: systemctl restart lifeline; send this report, and update",
      "zh-CN": "择时重启：systemctl restart lifeline；提交本报告，并升级版本",
    },
  },
  "memory.short": {
    meaning: {
      en: "the machine has hardly any memory left",
      "zh-CN": "本机可用内存所剩无几",
    },
    cause: {
      en: "another program takes it, or the machine is too small",
      "zh-CN": "被其他程序占用，或本机内存过小",
    },
    remedy: {
      en: "type: ps -eo rss,comm --sort=-rss | head; end what does not belong there",
      "zh-CN": "执行：ps -eo rss,comm --sort=-rss | head；结束无关程序",
    },
  },
  "machine.restarting": {
    meaning: {
      en: "the machine starts anew again and again without being shut down",
      "zh-CN": "本机反复非正常重启",
    },
    cause: {
      en: "its power fails, or its own watchdog resets it",
      "zh-CN": "供电中断，或硬件看门狗使其复位",
    },
    remedy: {
      en: "check plug, supply and terminals; then what else is on that circuit",
      "zh-CN": "检查插头、电源和接线端子；再检查同一回路上的其他设备",
    },
  },
  "disk.full": {
    meaning: { en: "the disk is full", "zh-CN": "磁盘已满" },
    cause: {
      en: "something else fills it: logs, captures, core dumps; the buffer keeps within its size",
      "zh-CN": "被其他文件占满：日志、抓包、转储文件；缓冲区不会超过其上限",
    },
    remedy: {
      en: "type: du -xh -d2 {subject} | sort -h | tail; remove what does not belong there",
      "zh-CN": "执行：du -xh -d2 {subject} | sort -h | tail；删除无关文件",
    },
  },
  "disk.no-inodes": {
    meaning: {
      en: "the disk takes no more files, although it has room",
      "zh-CN": "磁盘虽有空间，但无法再创建文件",
    },
    cause: {
      en: "a program left very many small files",
      "zh-CN": "某个程序留下了大量小文件",
    },
    remedy: {
      en: "type: du -x --inodes -d2 {subject} | sort -n | tail; remove what does not belong there",
      "zh-CN": "执行：du -x --inodes -d2 {subject} | sort -n | tail；删除无关文件",
    },
  },
  "disk.read-only": {
    meaning: {
      en: "the disk takes no writes: it is read-only",
      "zh-CN": "磁盘只读，无法写入",
    },
    cause: {
      en: "the kernel stopped writing after errors of a card that is dying, or it was mounted so",
      "zh-CN": "存储卡即将损坏、内核因错误停止写入，或被挂载为只读",
    },
    remedy: {
      en: "type: dmesg | grep -i -E 'ext4|mmc'; save the buffer to a stick (lifeline buffer export) and replace the card",
      "zh-CN":
        "执行：dmesg | grep -i -E 'ext4|mmc'；将缓冲区导出到 U 盘（lifeline buffer export）并更换存储卡",
    },
  },
  "card.worn": {
    meaning: {
      en: "the card says that its life is nearly used up",
      "zh-CN": "存储卡自报寿命即将用尽",
    },
    cause: {
      en: "it took as many writes as it was made for",
      "zh-CN": "写入量已接近设计寿命",
    },
    remedy: {
      en: "replace it soon, with one made for much writing",
      "zh-CN": "请尽快更换为耐写型存储卡",
    },
  },
  "card.wearing": {
    meaning: {
      en: "as it is written to now the card will not last as long as it must",
      "zh-CN": "按当前写入速度，存储卡无法达到要求的寿命",
    },
    cause: {
      en: "readings are stored too often for this card",
      "zh-CN": "读数的存储频率对该卡而言过高",
    },
    remedy: {
      en: "set buffer.commit higher, or use a card for more and say so in buffer.card",
      "zh-CN": "调大 buffer.commit，或换用更耐写的存储卡并在 buffer.card 中注明",
    },
  },
} as const satisfies Record<string, FindingText>;

/** What is seen of it. */
export const MACHINE_EVIDENCE = {
  powerFlags: {
    en: "the board says {hex} (get_throttled)",
    "zh-CN": "主板报告 {hex}（get_throttled）",
  },
  temperature: {
    en: "{zone}: {celsius} °C, limit {limit} °C",
    "zh-CN": "{zone}：{celsius} °C，上限 {limit} °C",
  },
  memoryGrew: {
    en: "within {hours} h the least that it took rose from {from} to {to} MB: {perDay} MB a day",
    "zh-CN": "{hours} 小时内，其最低占用从 {from} MB 升至 {to} MB：每天 {perDay} MB",
  },
  memoryLasts: {
    en: "{left} MB are left: they last for {hours} h",
    "zh-CN": "剩余 {left} MB，可维持 {hours} 小时",
  },
  memoryFree: {
    en: "{free} of {total} MB are free ({share} %), {swap} MB are swapped out; the gateway takes {own} MB",
    "zh-CN": "可用 {free} MB，共 {total} MB（{share} %），交换 {swap} MB；网关占用 {own} MB",
  },
  restarts: {
    en: "within a day it began {starts} times, {cuts} of them with the machine and without an end before",
    "zh-CN": "一天内启动 {starts} 次，其中 {cuts} 次随本机启动且此前未正常结束",
  },
  killedForMemory: {
    en: "since the boot the kernel ended a process {count} times for want of memory",
    "zh-CN": "本次启动以来，内核因内存不足终止进程 {count} 次",
  },
  mountedReadOnly: {
    en: "{mount} ({device}, {type}) is mounted read-only",
    "zh-CN": "{mount}（{device}，{type}）以只读方式挂载",
  },
  bufferSays: { en: "the buffer says {code}", "zh-CN": "缓冲区报告 {code}" },
  diskFree: {
    en: "{path}: {free} of {total} MB free ({share} %)",
    "zh-CN": "{path}：可用 {free} MB，共 {total} MB（{share} %）",
  },
  inodesFree: {
    en: "{path}: {free} of {total} inodes free",
    "zh-CN": "{path}：可用 inode {free} 个，共 {total} 个",
  },
  cardLife: {
    en: "it says: at most {used} % of its life used, spare blocks {spare}",
    "zh-CN": "存储卡自报：寿命最多已用 {used} %，备用块 {spare}",
  },
  cardWrites: {
    en: "{perDay} MB a day, {total} MB of {endurance} MB so far: it lasts for {days} days and must for {least}",
    "zh-CN":
      "每天写入 {perDay} MB，累计 {total} MB，可写入 {endurance} MB：还能用 {days} 天，要求 {least} 天",
  },
} as const satisfies Record<string, Text>;
