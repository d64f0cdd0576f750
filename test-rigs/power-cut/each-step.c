/*
 * Loaded before the libraries of a process: after each of its steps that changes something on the
 * disk at $STEP_DISK, somebody else writes and flushes there, as a database beside it does, which
 * brings to the disk whatever a file system then brings along; and the step is noted in
 * $STEP_CONTROL. With $STEP_NO_FLUSH the process itself flushes nothing.
 */
#undef _FILE_OFFSET_BITS
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int foreign = -1, control = -1;

static const char *disk(void) {
    const char *named = getenv("STEP_DISK");
    return named == NULL ? "" : named;
}

static bool is_there(int folder, const char *path) {
    struct stat here, there;
    const char *root = disk();
    if (root[0] == '\0') return false;
    if (path != NULL && path[0] == '/') return strncmp(path, root, strlen(root)) == 0;
    if (stat(root, &there) != 0) return false;
    int found = folder == AT_FDCWD ? stat(".", &here) : fstat(folder, &here);
    if (found != 0 || here.st_dev != there.st_dev) return false;
    return S_ISREG(here.st_mode) || S_ISDIR(here.st_mode);
}

static void step(const char *what, const char *path) {
    int kept = errno;
    pthread_mutex_lock(&mutex);
    char text[240];
    if (foreign < 0) {
        snprintf(text, sizeof text, "%s/foreign", disk());
        foreign = REAL(open)(text, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        control = REAL(open)(getenv("STEP_CONTROL"), O_WRONLY | O_CLOEXEC);
    }
    static long steps;
    steps++;
    if (REAL(pwrite)(foreign, &steps, sizeof steps, 0) != sizeof steps) abort();
    if (REAL(fsync)(foreign) != 0) abort();
    int length = snprintf(text, sizeof text, "mark %s %s", what, path);
    if (length >= (int)sizeof text) length = sizeof text - 1;
    if (REAL(write)(control, text, length) != length) abort();
    pthread_mutex_unlock(&mutex);
    errno = kept;
}

/* A call that changes what a name in a folder stands for. */
#define NAMES(result, folder, path, what)                                                          \
    {                                                                                              \
        bool counts = is_there(folder, path);                                                      \
        int done = result;                                                                         \
        if (done == 0 && counts) step(what, path);                                                 \
        return done;                                                                               \
    }

int rename(const char *from, const char *to)
    NAMES(REAL(rename)(from, to), AT_FDCWD, to, "rename")
int renameat(int old, const char *from, int new, const char *to)
    NAMES(REAL(renameat)(old, from, new, to), new, to, "rename")
int renameat2(int old, const char *from, int new, const char *to, unsigned int flags)
    NAMES(REAL(renameat2)(old, from, new, to, flags), new, to, "rename")
int unlink(const char *path) NAMES(REAL(unlink)(path), AT_FDCWD, path, "unlink")
int unlinkat(int folder, const char *path, int flags)
    NAMES(REAL(unlinkat)(folder, path, flags), folder, path, "unlink")
int remove(const char *path) NAMES(REAL(remove)(path), AT_FDCWD, path, "remove")
int rmdir(const char *path) NAMES(REAL(rmdir)(path), AT_FDCWD, path, "rmdir")
int mkdir(const char *path, mode_t mode) NAMES(REAL(mkdir)(path, mode), AT_FDCWD, path, "mkdir")
int mkdirat(int folder, const char *path, mode_t mode)
    NAMES(REAL(mkdirat)(folder, path, mode), folder, path, "mkdir")
int symlink(const char *to, const char *path)
    NAMES(REAL(symlink)(to, path), AT_FDCWD, path, "symlink")
int symlinkat(const char *to, int folder, const char *path)
    NAMES(REAL(symlinkat)(to, folder, path), folder, path, "symlink")
int link(const char *from, const char *path) NAMES(REAL(link)(from, path), AT_FDCWD, path, "link")

/* A call that makes, empties or only opens a file. */
#define OPENS(call, folder)                                                                        \
    {                                                                                              \
        mode_t mode = 0;                                                                           \
        if (flags & (O_CREAT | O_TMPFILE)) {                                                       \
            va_list rest;                                                                          \
            va_start(rest, flags);                                                                 \
            mode = va_arg(rest, mode_t);                                                           \
            va_end(rest);                                                                          \
        }                                                                                          \
        bool counts = (flags & (O_CREAT | O_TRUNC)) && is_there(folder, path);                     \
        int opened = call;                                                                         \
        if (opened >= 0 && counts) step("open", path);                                             \
        return opened;                                                                             \
    }

int open(const char *path, int flags, ...) OPENS(REAL(open)(path, flags, mode), AT_FDCWD)
int open64(const char *path, int flags, ...) OPENS(REAL(open64)(path, flags, mode), AT_FDCWD)
int openat(int folder, const char *path, int flags, ...)
    OPENS(REAL(openat)(folder, path, flags, mode), folder)
int openat64(int folder, const char *path, int flags, ...)
    OPENS(REAL(openat64)(folder, path, flags, mode), folder)

/* A call that changes what is in a file. */
#define WRITES(type, result, file)                                                                 \
    {                                                                                              \
        type done = result;                                                                        \
        if (done >= 0 && is_there(file, NULL)) step("write", "");                                  \
        return done;                                                                               \
    }

ssize_t write(int file, const void *bytes, size_t length)
    WRITES(ssize_t, REAL(write)(file, bytes, length), file)
ssize_t pwrite(int file, const void *bytes, size_t length, off_t at)
    WRITES(ssize_t, REAL(pwrite)(file, bytes, length, at), file)
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at)
    WRITES(ssize_t, REAL(pwrite64)(file, bytes, length, at), file)
ssize_t writev(int file, const struct iovec *parts, int count)
    WRITES(ssize_t, REAL(writev)(file, parts, count), file)
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at)
    WRITES(ssize_t, REAL(pwritev)(file, parts, count, at), file)
ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at)
    WRITES(ssize_t, REAL(pwritev64)(file, parts, count, at), file)
int ftruncate(int file, off_t length) WRITES(int, REAL(ftruncate)(file, length), file)
int ftruncate64(int file, off64_t length) WRITES(int, REAL(ftruncate64)(file, length), file)

/* A call that brings to the disk what it holds back. */
#define FLUSHES(result, file)                                                                      \
    {                                                                                              \
        bool counts = is_there(file, NULL);                                                        \
        int done = counts && getenv("STEP_NO_FLUSH") != NULL ? 0 : result;                         \
        if (done == 0 && counts) step("flush", "");                                                \
        return done;                                                                               \
    }

int fsync(int file) FLUSHES(REAL(fsync)(file), file)
int fdatasync(int file) FLUSHES(REAL(fdatasync)(file), file)
int syncfs(int file) FLUSHES(REAL(syncfs)(file), file)
