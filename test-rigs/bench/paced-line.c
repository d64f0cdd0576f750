/*
 * A serial line with Modbus RTU devices, as exact as the kernel's clock: the plant of the bus bench.
 *
 *     paced-line BAUD DEAD        prints the device to open
 *
 * Characters take 11 bits, both ways. Every unit but 1 to DEAD answers function 3, 3.5 characters
 * (1.75 ms above 19200 baud) after the request would have come; its bytes come out once a
 * millisecond, as from a UART, and the last of them exactly when it would. Each request is told as a
 * line: unit, when it came and the silence before it, in microseconds. Ends with its parent.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_LENGTH = 8, FRAME_MAX = 256, UART_NS = 1000000, BROKEN_OFF_NS = 100000000 };

static int line;
/* One character, and the silence between two frames, in nanoseconds. */
static int64_t character, silence;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void sleep_until(int64_t moment) {
    struct timespec time = {.tv_sec = moment / 1000000000, .tv_nsec = moment % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR) continue;
}

static uint16_t crc16(const uint8_t *bytes, int length) {
    uint16_t crc = 0xffff;
    for (int i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
    }
    return crc;
}

/* The answer to a read of holding registers, each of which holds its address; its length. */
static int answer_to(const uint8_t *request, uint8_t *answer) {
    int address = request[2] << 8 | request[3], count = request[4] << 8 | request[5];
    if (request[1] != 3 || count < 1 || count > 125) return 0;
    answer[0] = request[0];
    answer[1] = 3;
    answer[2] = (uint8_t)(2 * count);
    for (int i = 0; i < count; i++) {
        answer[3 + 2 * i] = (uint8_t)((address + i) >> 8);
        answer[4 + 2 * i] = (uint8_t)(address + i);
    }
    uint16_t crc = crc16(answer, 3 + 2 * count);
    answer[3 + 2 * count] = (uint8_t)crc;
    answer[4 + 2 * count] = (uint8_t)(crc >> 8);
    return 5 + 2 * count;
}

/* Sends `answer` from `start` on at the pace of the line; when its last byte was there. */
static int64_t transmit(const uint8_t *answer, int length, int64_t start) {
    int64_t moment = start;
    for (int sent = 0; sent < length;) {
        int64_t end = start + length * character;
        moment = moment + UART_NS < end ? moment + UART_NS : end;
        sleep_until(moment);
        int due = moment == end ? length : (int)((moment - start) / character);
        if (due == sent) continue;
        moment = now();
        if (write(line, answer + sent, (size_t)(due - sent)) != due - sent) die("write");
        sent = due;
    }
    return moment;
}

static void open_line(void) {
    line = posix_openpt(O_RDWR | O_NOCTTY);
    if (line < 0 || grantpt(line) != 0 || unlockpt(line) != 0) die("pty");
    const char *path = ptsname(line);
    /* Held open, so that the line outlives a client. */
    int held = open(path, O_RDWR | O_NOCTTY);
    struct termios settings;
    if (held < 0 || tcgetattr(held, &settings) != 0) die(path);
    cfmakeraw(&settings);
    tcsetattr(held, TCSANOW, &settings);
    printf("%s\n", path);
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int baud = atoi(argv[1]), dead = atoi(argv[2]);
    character = 11LL * 1000000000 / baud;
    silence = baud > 19200 ? 1750000 : character * 7 / 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    open_line();
    /* On a busy machine others must not make the devices late; where that is not allowed they are. */
    struct sched_param first = {.sched_priority = 10};
    sched_setscheduler(0, SCHED_FIFO, &first);

    uint8_t request[FRAME_MAX], answer[FRAME_MAX];
    int have = 0;
    int64_t busy_until = now() - 1000000000, came = 0;
    for (;;) {
        ssize_t got = read(line, request + have, (size_t)(REQUEST_LENGTH - have));
        if (got <= 0) die("read");
        int64_t moment = now();
        /* What broke off long ago is no part of this. */
        if (have > 0 && moment - came > BROKEN_OFF_NS) {
            memmove(request, request + have, (size_t)got);
            have = 0;
        }
        if (have == 0) came = moment;
        have += (int)got;
        if (have < REQUEST_LENGTH) continue;
        have = 0;
        if (crc16(request, REQUEST_LENGTH) != 0) continue;
        printf("%d %lld %lld\n", request[0], (long long)(came / 1000),
               (long long)((came - busy_until) / 1000));
        busy_until = came + REQUEST_LENGTH * character;
        int length = request[0] > dead ? answer_to(request, answer) : 0;
        if (length > 0) busy_until = transmit(answer, length, busy_until + silence);
    }
}
