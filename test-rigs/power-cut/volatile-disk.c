/*
 * A disk in memory with a volatile write cache, as the one file `disk` of a FUSE file system.
 *
 *     volatile-disk DIR MEGABYTES SEED MOUNT
 *
 * Flushing the disk (fsync) makes durable what was written. A cache that is full writes out what
 * is oldest. SIGUSR1 cuts the power, in half of the cases amid what is written next: of the sectors
 * that are not durable any may be lost, each by itself, as a card that reorders its writes and tears
 * pages loses them; a sector is whole. Without power every request fails. SIGUSR2 brings it back.
 * SIGHUP has the next write fail, and none of it be written. Prints, each once it is so:
 *
 *     ready | cut N NANOSECONDS SECTORS LOST | on N | refuses | refused
 *
 * A second file, `control`, is written one of these, and then holds the answer:
 *
 *     record               what is written and flushed from now on is kept in a list
 *     mark TEXT            a note in that list
 *     stop                 ends it; answers its length in lines of POSITION TEXT for the notes
 *     at POSITION WAY SEED the disk as it is after a power cut at that place of the list, with what
 *                          is not durable lost in one of six ways; answers SECTORS LOST
 *
 * NANOSECONDS is CLOCK_MONOTONIC when the power went, SECTORS were not durable. SIGTERM or the end
 * of the parent detaches MOUNT, which is mounted from the disk, then DIR, and ends.
 */
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <errno.h>
#include <fuse3/fuse.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <time.h>

enum { SECTOR = 512, CACHE_BYTES = 2 << 20, WAYS = 5, ALL = 5, MOST_AWAITED = 24, AWAIT_MS = 200 };

struct write {
    off_t at;
    size_t length;
    struct write *next;
    char bytes[];
};

static const char *directory, *mounted;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
/* What a read gives, and what is on the medium. */
static char *current, *durable;
static size_t size;
/* What is not durable, in the order in which it was written. */
static struct write *first, **end = &first;
static size_t cached;
static bool is_off;
/* How many writes from now the power goes; 0 where none is awaited. */
static uint64_t awaited;
static bool is_refusing;
static pthread_cond_t went_off = PTHREAD_COND_INITIALIZER;
static long cuts;
static uint64_t random_state;
/* What was written since `record`, by its bytes; flushed, or noted, where it has no place. */
enum kind { WRITTEN, FLUSHED, NOTED };
struct record {
    enum kind kind;
    off_t at;
    size_t length;
    char bytes[];
};
static struct record **records;
static size_t recorded, room;
static bool is_recording;
static char *base, *answer;
static size_t answered;

static uint64_t draw(uint64_t below) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % below;
}

static struct write *take_first(void) {
    struct write *write = first;
    if (write == NULL) return NULL;
    first = write->next;
    if (first == NULL) end = &first;
    cached -= write->length;
    return write;
}

static void write_out_first(void) {
    struct write *write = take_first();
    memcpy(durable + write->at, write->bytes, write->length);
    free(write);
}

static void record(enum kind kind, const char *bytes, size_t length, off_t at) {
    if (!is_recording) return;
    if (recorded == room) records = realloc(records, (room = 2 * room + 1024) * sizeof *records);
    struct record *new = malloc(sizeof *new + length);
    if (records == NULL || new == NULL) abort();
    *new = (struct record){.kind = kind, .at = at, .length = length};
    memcpy(new->bytes, bytes, length);
    records[recorded++] = new;
}

/* Whether a sector of write number `index` of `count` reaches the medium, in one of five ways. */
static bool survives(uint64_t way, uint64_t index, uint64_t edge) {
    switch (way) {
        case 0: return false;
        case 1: return draw(100) < 30;
        case 2: return draw(100) < 70;
        case ALL: return true;
        case 3: return index < edge || (index == edge && draw(2) == 0); /* the oldest */
        default: return index > edge || (index == edge && draw(2) == 0); /* the newest */
    }
}

/* The mutex is held. */
static void cut(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    is_off = true;
    uint64_t count = 0, index = 0, sectors = 0, lost = 0;
    for (struct write *each = first; each != NULL; each = each->next) count++;
    uint64_t way = draw(WAYS), edge = draw(count + 1);
    for (struct write *write; (write = take_first()) != NULL; index++, free(write)) {
        for (size_t from = 0; from < write->length; from += SECTOR) {
            size_t left = write->length - from, length = left < SECTOR ? left : SECTOR;
            sectors++;
            if (survives(way, index, edge)) memcpy(durable + write->at + from, write->bytes + from, length);
            else lost++;
        }
    }
    memcpy(current, durable, size);
    awaited = 0;
    pthread_cond_signal(&went_off);
    printf("cut %ld %lld %llu %llu\n", ++cuts, time.tv_sec * 1000000000LL + time.tv_nsec,
           (unsigned long long)sectors, (unsigned long long)lost);
    fflush(stdout);
}

/* Cuts at once or after some writes more, and without them where none come. */
static void cut_soon(void) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += AWAIT_MS * 1000000L;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    pthread_mutex_lock(&mutex);
    awaited = draw(2) == 0 ? 0 : 1 + draw(MOST_AWAITED);
    int waited = 0;
    while (awaited > 0 && waited == 0) waited = pthread_cond_timedwait(&went_off, &mutex, &until);
    if (!is_off) cut();
    pthread_mutex_unlock(&mutex);
}

static void power_on(void) {
    pthread_mutex_lock(&mutex);
    is_off = false;
    pthread_mutex_unlock(&mutex);
    printf("on %ld\n", cuts);
    fflush(stdout);
}

static void refuse_next(void) {
    pthread_mutex_lock(&mutex);
    is_refusing = true;
    puts("refuses");
    fflush(stdout);
    pthread_mutex_unlock(&mutex);
}

static void *obey(void *signals) {
    for (;;) {
        int signal;
        sigwait(signals, &signal);
        if (signal == SIGUSR1) cut_soon();
        else if (signal == SIGUSR2) power_on();
        else if (signal == SIGHUP) refuse_next();
        else break;
    }
    /* In this order: the first still writes to the second. Either may be gone already. */
    umount2(mounted, MNT_DETACH);
    umount2(directory, MNT_DETACH);
    exit(0);
}

static void *begin(struct fuse_conn_info *connection, struct fuse_config *config) {
    (void)connection, (void)config;
    puts("ready");
    fflush(stdout);
    return NULL;
}

static void start_recording(void) {
    while (first != NULL) write_out_first();
    for (size_t each = 0; each < recorded; each++) free(records[each]);
    recorded = 0;
    if (base == NULL) base = malloc(size);
    if (base == NULL) abort();
    memcpy(base, durable, size);
    is_recording = true;
}

static void tell_recorded(void) {
    is_recording = false;
    free(answer);
    FILE *text = open_memstream(&answer, &answered);
    fprintf(text, "%zu\n", recorded);
    for (size_t each = 0; each < recorded; each++) {
        struct record *note = records[each];
        if (note->kind == NOTED) fprintf(text, "%zu %.*s\n", each, (int)note->length, note->bytes);
    }
    fclose(text);
}

static void go_to(size_t position, uint64_t way, uint64_t seed) {
    while (first != NULL) write_out_first();
    if (position > recorded) position = recorded;
    random_state = 88172645463325252ULL ^ (seed * 2654435761ULL);
    size_t flushed = 0;
    uint64_t count = 0, index = 0, sectors = 0, lost = 0;
    for (size_t each = 0; each < position; each++) {
        if (records[each]->kind == FLUSHED) flushed = each, count = 0;
        else if (records[each]->kind == WRITTEN) count++;
    }
    uint64_t edge = draw(count + 1);
    memcpy(current, base, size);
    for (size_t each = 0; each < position; each++) {
        struct record *write = records[each];
        if (write->kind != WRITTEN) continue;
        bool is_durable = each < flushed;
        for (size_t from = 0; from < write->length; from += SECTOR) {
            size_t left = write->length - from, length = left < SECTOR ? left : SECTOR;
            bool stays = is_durable || survives(way, index, edge);
            if (!is_durable) sectors++;
            if (stays) memcpy(current + write->at + from, write->bytes + from, length);
            else lost++;
        }
        if (!is_durable) index++;
    }
    memcpy(durable, current, size);
    free(answer);
    FILE *text = open_memstream(&answer, &answered);
    fprintf(text, "%llu %llu\n", (unsigned long long)sectors, (unsigned long long)lost);
    fclose(text);
}

/* The mutex is held. */
static int control(const char *bytes, size_t length) {
    char words[256];
    size_t position;
    unsigned long long way, seed;
    snprintf(words, sizeof words, "%.*s", (int)length, bytes);
    if (strncmp(words, "mark ", 5) == 0) record(NOTED, words + 5, strlen(words + 5), 0);
    else if (strcmp(words, "record") == 0) start_recording();
    else if (strcmp(words, "stop") == 0) tell_recorded();
    else if (sscanf(words, "at %zu %llu %llu", &position, &way, &seed) == 3) go_to(position, way, seed);
    else return -EINVAL;
    return (int)length;
}

static int look(const char *path, struct stat *stat, struct fuse_file_info *file) {
    (void)file;
    memset(stat, 0, sizeof *stat);
    stat->st_nlink = 1;
    if (strcmp(path, "/") == 0) stat->st_mode = S_IFDIR | 0700;
    else if (strcmp(path, "/disk") == 0) stat->st_mode = S_IFREG | 0600, stat->st_size = size;
    else if (strcmp(path, "/control") == 0) stat->st_mode = S_IFREG | 0600;
    else return -ENOENT;
    return 0;
}

static int open_disk(const char *path, struct fuse_file_info *file) {
    /* Each read and write of it is to come here, whatever its size. */
    if (strcmp(path, "/control") == 0) file->direct_io = 1;
    return 0;
}

static int read_disk(const char *path, char *bytes, size_t length, off_t at,
                     struct fuse_file_info *file) {
    (void)file;
    bool is_control = strcmp(path, "/control") == 0;
    size_t all = is_control ? answered : size;
    if ((size_t)at >= all) return 0;
    if (length > all - at) length = all - at;
    if (is_control) return memcpy(bytes, answer + at, length), (int)length;
    pthread_mutex_lock(&mutex);
    int result = is_off ? -EIO : (int)length;
    if (!is_off) memcpy(bytes, current + at, length);
    pthread_mutex_unlock(&mutex);
    return result;
}

static int write_disk(const char *path, const char *bytes, size_t length, off_t at,
                      struct fuse_file_info *file) {
    (void)file;
    if (strcmp(path, "/control") == 0) {
        pthread_mutex_lock(&mutex);
        int taken = control(bytes, length);
        pthread_mutex_unlock(&mutex);
        return taken;
    }
    if ((size_t)at > size || length > size - at) return -ENOSPC;
    struct write *write = malloc(sizeof *write + length);
    if (write == NULL) return -ENOMEM;
    *write = (struct write){.at = at, .length = length};
    memcpy(write->bytes, bytes, length);
    pthread_mutex_lock(&mutex);
    if (is_off || is_refusing) {
        if (!is_off) puts("refused"), fflush(stdout), is_refusing = false;
        pthread_mutex_unlock(&mutex);
        free(write);
        return -EIO;
    }
    memcpy(current + at, bytes, length);
    record(WRITTEN, bytes, length, at);
    *end = write;
    end = &write->next;
    cached += length;
    while (cached > CACHE_BYTES) write_out_first();
    if (awaited > 0 && --awaited == 0) cut();
    int result = is_off ? -EIO : (int)length;
    pthread_mutex_unlock(&mutex);
    return result;
}

static int flush_disk(const char *path, int data_only, struct fuse_file_info *file) {
    (void)data_only, (void)file;
    if (strcmp(path, "/control") == 0) return 0;
    pthread_mutex_lock(&mutex);
    if (!is_off) record(FLUSHED, "", 0, 0);
    int result = is_off ? -EIO : 0;
    while (!is_off && first != NULL) write_out_first();
    pthread_mutex_unlock(&mutex);
    return result;
}

int main(int count, char **words) {
    if (count != 5) return 2;
    directory = words[1];
    size = (size_t)atoi(words[2]) << 20;
    random_state = 88172645463325252ULL ^ (strtoull(words[3], NULL, 10) * 2654435761ULL);
    mounted = words[4];
    current = calloc(1, size);
    durable = calloc(1, size);
    if (current == NULL || durable == NULL) return 1;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    static sigset_t signals;
    sigemptyset(&signals);
    for (int each = 0; each < 4; each++)
        sigaddset(&signals, (int[]){SIGUSR1, SIGUSR2, SIGHUP, SIGTERM}[each]);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    pthread_t thread;
    if (pthread_create(&thread, NULL, obey, &signals) != 0) return 1;
    struct fuse_operations operations = {.init = begin,
                                         .getattr = look,
                                         .open = open_disk,
                                         .read = read_disk,
                                         .write = write_disk,
                                         .fsync = flush_disk};
    char *options[] = {words[0], "-f", "-s", "-o", "fsname=volatile-disk", words[1], NULL};
    return fuse_main(6, options, &operations, NULL);
}
