/*
 * Loaded before a process's libraries, lets its writes below one directory fail as ordered.
 *
 *     LD_PRELOAD=refusing.so REFUSING_DIR=DIR REFUSING_ORDERS=FILE PROGRAM
 *
 * FILE holds four numbers of 32 bits, which may be changed at any time: the error (errno), how many
 * writes are let through before, how many then fail, and how many have failed so far. A write is
 * whatever changes a file or makes the change durable. With EROFS, what opens a file for writing,
 * removes one or sets its times fails too, as on a file system that is mounted read-only.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

struct orders {
    volatile uint32_t error, skip, count, failed;
};

static struct orders none, *orders = &none;
static const char *directory;

__attribute__((constructor)) static void begin(void) {
    directory = getenv("REFUSING_DIR");
    const char *name = getenv("REFUSING_ORDERS");
    if (directory == NULL || name == NULL) return;
    int file = open(name, O_RDWR);
    void *at = mmap(NULL, sizeof *orders, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file < 0 || at == MAP_FAILED) abort();
    orders = at;
}

static bool is_below(const char *path) {
    return directory != NULL && strncmp(path, directory, strlen(directory)) == 0;
}

/* Whether a write to `path` is to fail; errno says why. */
static bool is_refused(const char *path) {
    if (orders->count == 0 || !is_below(path)) return false;
    if (orders->skip > 0) {
        orders->skip--;
        return false;
    }
    orders->count--;
    orders->failed++;
    errno = (int)orders->error;
    return true;
}

static bool is_refused_file(int file) {
    if (orders->count == 0) return false;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return false;
    path[length] = 0;
    return is_refused(path);
}

static bool is_read_only(const char *path) {
    return orders->error == EROFS && is_refused(path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) {
    return is_refused_file(file) ? -1 : REAL(pwrite64)(file, bytes, length, at);
}

ssize_t write(int file, const void *bytes, size_t length) {
    return is_refused_file(file) ? -1 : REAL(write)(file, bytes, length);
}

int fsync(int file) { return is_refused_file(file) ? -1 : REAL(fsync)(file); }

int fdatasync(int file) { return is_refused_file(file) ? -1 : REAL(fdatasync)(file); }

int ftruncate64(int file, off64_t length) {
    return is_refused_file(file) ? -1 : REAL(ftruncate64)(file, length);
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    if ((flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0 && is_read_only(path)) return -1;
    return REAL(open64)(path, flags, mode);
}

int unlink(const char *path) { return is_read_only(path) ? -1 : REAL(unlink)(path); }

int utimes(const char *path, const struct timeval times[2]) {
    return is_read_only(path) ? -1 : REAL(utimes)(path, times);
}

int utimensat(int at, const char *path, const struct timespec times[2], int flags) {
    return is_read_only(path) ? -1 : REAL(utimensat)(at, path, times, flags);
}
