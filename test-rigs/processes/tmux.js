import { execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { tempDir } from "./child.ts";
/** A machine that does much else starts a command slowly, in milliseconds. */
const PATIENCE_MS = 30_000;
/** A bash as it is without anybody's settings. */
const BASH = ["bash", "--norc", "--noprofile", "-i"];
/** Opens a terminal of `width` by `height` cells with `command`, a shell that prompts with `$ `. */
export function openTerminal(width, height, command = BASH) {
    const socket = join(tempDir("tmux"), "socket");
    const tmux = (...args) => execFileSync("tmux", ["-u", "-f", "/dev/null", "-S", socket, ...args], { encoding: "utf8" });
    const size = ["-x", String(width), "-y", String(height)];
    const clean = { PATH: process.env.PATH ?? "", HOME: "/nonexistent", LANG: "C.UTF-8", PS1: "$ " };
    const environment = Object.entries(clean).map(([name, value]) => `${name}=${value}`);
    const shell = ["env", "-u", "NO_COLOR", ...environment, ...command];
    tmux("new-session", "-d", ...size, ...shell);
    // What is larger than the terminals that look at it is cut otherwise.
    tmux("set-option", "-g", "window-size", "manual");
    const screen = () => tmux("capture-pane", "-p")
        .trimEnd()
        .split("\n")
        .map((line) => line.trimEnd());
    return {
        type: (text) => void tmux("send-keys", "-l", "--", text),
        press: (...keys) => void tmux("send-keys", ...keys),
        resize: (columns, rows) => void tmux("resize-window", "-x", String(columns), "-y", String(rows)),
        screen,
        is: (name) => tmux("display-message", "-p", `#{${name}}`).trim(),
        waitFor: async (pattern, ms = PATIENCE_MS) => {
            for (let left = ms;; left -= 50) {
                const lines = screen();
                if (pattern.test(lines.join("\n")))
                    return lines;
                if (left <= 0)
                    throw new Error(`no ${pattern} within ${ms} ms on\n${lines.join("\n")}`);
                await sleep(50);
            }
        },
        close: () => void tmux("kill-server"),
    };
}
