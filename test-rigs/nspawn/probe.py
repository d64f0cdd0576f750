"""Tries what a gateway taken over would try, and prints a line each: its name, and what came."""

import ctypes
import errno
import os
import socket
import subprocess
import time

LIBC = ctypes.CDLL(None, use_errno=True)
PTRACE_ATTACH = 16
CLONE_NEWUSER = 0x10000000
MACHINES = {"x86_64": (175, 101), "aarch64": (105, 117)}
INIT_MODULE, PTRACE = MACHINES[os.uname().machine]


def attempt(name, action):
    """Prints `name` and "done", or the name of the error that `action` met."""
    try:
        action()
        print(name, "done")
    except OSError as error:
        print(name, errno.errorcode.get(error.errno, error.errno))


def called(answer):
    """Raises what the system call that gave `answer` met."""
    if answer == -1:
        raise OSError(ctypes.get_errno(), "refused")


def write(path):
    """Writes a file at `path`."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("probe")


def read(path):
    """Reads a byte of `path`."""
    with open(path, "rb") as file:
        file.read(1)


def set_user_id():
    """Makes a program that would run as its owner."""
    write("/var/lib/lifeline/own")
    os.chmod("/var/lib/lifeline/own", 0o4755)


def attach():
    """Attaches to a process of the same user, as a debugger does."""
    with subprocess.Popen(["sleep", "10"]) as child:
        try:
            called(LIBC.syscall(PTRACE, PTRACE_ATTACH, child.pid, 0, 0))
        finally:
            child.kill()


attempt("own-state", lambda: write("/var/lib/lifeline/probe"))
attempt("own-configuration", lambda: write("/etc/lifeline/probe"))
attempt("own-scratch", lambda: write("/tmp/probe"))
attempt("other-state", lambda: write("/var/lib/neighbour/open/probe"))
attempt("system-configuration", lambda: write("/etc/open/probe"))
attempt("release", lambda: write("/opt/lifeline/open/probe"))
attempt("programs", lambda: write("/usr/bin/probe"))
attempt("other-file", lambda: read("/var/lib/neighbour/secret"))
attempt("home", lambda: read("/home/neighbour/letter"))
attempt("shared-scratch", lambda: read("/tmp/of-all"))
attempt("first-process", lambda: read("/proc/1/cmdline"))
attempt("kernel-setting", lambda: write("/proc/sys/kernel/hostname"))
attempt("kernel-log", lambda: read("/dev/kmsg"))
attempt("module", lambda: called(LIBC.syscall(INIT_MODULE, b"", 0, b"")))
attempt("debug", attach)
attempt("set-user-id", set_user_id)
attempt("become-root", lambda: os.setuid(0))
attempt("namespace", lambda: called(LIBC.unshare(CLONE_NEWUSER)))
attempt("mount", lambda: called(LIBC.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None)))
attempt("real-time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))
attempt("clock", lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()))
attempt("raw-packets", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close())
attempt("host-name", lambda: socket.sethostname("probe"))
