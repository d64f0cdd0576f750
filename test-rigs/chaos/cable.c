/*
 * Cables between network namespaces, for a kernel without netem:
 *
 *     cable SETTINGS SEED NETNS DEVICE NETNS DEVICE [NETNS DEVICE NETNS DEVICE ...]
 *
 * Each cable is a pair of TUN devices; what one end sends comes out at the other, as SETTINGS says:
 * one line for each direction of each cable, first the one from its first end, with
 *
 *     DEAD LOSS REORDER TWICE DELAY JITTER RATE
 *
 * DEAD drops everything without a word; LOSS, REORDER and TWICE are chances in ten thousand; DELAY
 * and JITTER are microseconds, RATE bytes a second, 0 for no limit. A packet that is reordered waits
 * for nothing. The file is read again on SIGHUP, and that is told. Ends with its parent.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { CABLES_MAX = 4, WAITING_MAX = 1000, PACKET_MAX = 2048 };

struct packet {
    int64_t due;
    int length;
    unsigned char bytes[PACKET_MAX];
};

struct way {
    int from, to;
    int dead, loss, reorder, twice;
    int64_t delay, jitter, rate;
    int64_t busy_until;
    int waiting;
    struct packet *packets[WAITING_MAX];
};

static struct way ways[2 * CABLES_MAX];
static int way_count;
static volatile sig_atomic_t must_read = 1;
static uint32_t state;

static void on_hangup(int number) {
    (void)number;
    must_read = 1;
}

static void die(const char *what) {
    fprintf(stderr, "cable: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* xorshift32 */
static uint32_t draw(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static int chance(int in_ten_thousand) { return (int)(draw() % 10000) < in_ten_thousand; }

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static int open_end(const char *netns, const char *device) {
    int space = open(netns, O_RDONLY | O_CLOEXEC);
    if (space < 0 || setns(space, CLONE_NEWNET) < 0) die(netns);
    close(space);
    int end = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (end < 0) die("/dev/net/tun");
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    snprintf(request.ifr_name, IFNAMSIZ, "%s", device);
    if (ioctl(end, TUNSETIFF, &request) < 0) die(device);
    return end;
}

static void read_settings(const char *name) {
    FILE *file = fopen(name, "r");
    if (file == NULL) die(name);
    for (int i = 0; i < way_count; i++) {
        struct way *way = &ways[i];
        long delay, jitter, rate;
        if (fscanf(file, "%d %d %d %d %ld %ld %ld", &way->dead, &way->loss, &way->reorder, &way->twice,
               &delay, &jitter, &rate) != 7)
            die("a line of seven numbers for each direction is needed");
        way->delay = delay;
        way->jitter = jitter;
        way->rate = rate;
    }
    fclose(file);
    printf("read\n");
    fflush(stdout);
}

/* Behind all that is due no later: what is due at once leaves in the order in which it came. */
static void put(struct way *way, const unsigned char *bytes, int length, int64_t due) {
    if (way->waiting == WAITING_MAX) return;
    struct packet *packet = malloc(sizeof *packet);
    if (packet == NULL) die("memory");
    packet->due = due;
    packet->length = length;
    memcpy(packet->bytes, bytes, (size_t)length);
    int at = way->waiting++;
    for (; at > 0 && way->packets[at - 1]->due > due; at--) way->packets[at] = way->packets[at - 1];
    way->packets[at] = packet;
}

static void take(struct way *way) {
    unsigned char bytes[PACKET_MAX];
    for (;;) {
        int length = (int)read(way->from, bytes, sizeof bytes);
        if (length <= 0) return;
        if (way->dead || chance(way->loss)) continue;
        int64_t at = now();
        if (way->rate > 0) {
            if (way->busy_until < at) way->busy_until = at;
            way->busy_until += length * 1000000LL / way->rate;
            at = way->busy_until;
        }
        int64_t late = way->delay + (way->jitter > 0 ? draw() % way->jitter : 0);
        put(way, bytes, length, chance(way->reorder) ? at : at + late);
        if (chance(way->twice)) put(way, bytes, length, at + late);
    }
}

static void bring(struct way *way) {
    int64_t at = now();
    int count = 0;
    while (count < way->waiting && way->packets[count]->due <= at) {
        struct packet *packet = way->packets[count++];
        /* A cable that was cut brings nothing more; an end that takes nothing has lost it. */
        if (!way->dead && write(way->to, packet->bytes, (size_t)packet->length) < 0 && errno == EINVAL)
            die("write");
        free(packet);
    }
    way->waiting -= count;
    memmove(way->packets, way->packets + count, (size_t)way->waiting * sizeof way->packets[0]);
}

int main(int argc, char **argv) {
    if (argc < 7 || (argc - 3) % 4 != 0 || (argc - 3) / 4 > CABLES_MAX) {
        fprintf(stderr, "cable SETTINGS SEED NETNS DEVICE NETNS DEVICE ...\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    state = (uint32_t)strtoul(argv[2], NULL, 10) | 1;
    signal(SIGHUP, on_hangup);
    struct pollfd polled[2 * CABLES_MAX];
    for (int i = 3; i < argc; i += 4) {
        int one = open_end(argv[i], argv[i + 1]), other = open_end(argv[i + 2], argv[i + 3]);
        ways[way_count] = (struct way){.from = one, .to = other};
        polled[way_count++] = (struct pollfd){.fd = one, .events = POLLIN};
        ways[way_count] = (struct way){.from = other, .to = one};
        polled[way_count++] = (struct pollfd){.fd = other, .events = POLLIN};
    }
    sigset_t hangup, before;
    sigemptyset(&hangup);
    sigaddset(&hangup, SIGHUP);
    sigprocmask(SIG_BLOCK, &hangup, &before);
    for (;;) {
        if (must_read) {
            must_read = 0;
            read_settings(argv[1]);
        }
        int64_t next = INT64_MAX;
        for (int i = 0; i < way_count; i++)
            if (ways[i].waiting > 0 && ways[i].packets[0]->due < next) next = ways[i].packets[0]->due;
        int64_t left = next == INT64_MAX ? 1000000 : next - now();
        if (left < 0) left = 0;
        struct timespec wait = {.tv_sec = left / 1000000, .tv_nsec = left % 1000000 * 1000};
        /* A signal comes while it waits here, and at no other time. */
        if (ppoll(polled, (nfds_t)way_count, &wait, &before) < 0 && errno != EINTR) die("poll");
        for (int i = 0; i < way_count; i++) take(&ways[i]);
        for (int i = 0; i < way_count; i++) bring(&ways[i]);
    }
}
