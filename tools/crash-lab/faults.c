// Faults of a disk for a real busyhourd: LD_PRELOAD puts this between the server and the system's calls.
//
// Calls that change files under $FAULT_DIR are counted, all threads together and in their real order, on a page that the
// harness shares ($FAULT_CONTROL). The one whose turn it is (`when`, counted from 1 among the calls of `mask`) is not done, or
// half done, or done late, or the process ends there by SIGKILL: before the call, or with half of a write done.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum call { CREATE, WRITE, FDATASYNC, FSYNC, RENAME, UNLINK, TRUNCATE, MKDIR, CALLS };
enum action { NOTHING, KILL, KILL_HALF, ERROR, SHORT, DELAY };

// The same as in shim.py.
struct control {
    _Atomic uint64_t count;    // calls of the mask so far
    _Atomic uint64_t when;     // the first call that is hit; 0: none
    _Atomic uint64_t until;    // the last one
    _Atomic uint32_t mask;     // bits by `enum call`
    _Atomic uint32_t action;
    _Atomic uint32_t error;    // the errno of ERROR
    _Atomic uint32_t micros;   // of DELAY
    _Atomic uint64_t fired;    // calls that were hit
    _Atomic uint64_t calls[CALLS];
    char path[256];            // of the last one that was hit
};

static struct control *control;
static const char *directory;
static size_t directory_length;
// Paths of files under the directory, by descriptor.
#define DESCRIPTORS 4096
static char *paths[DESCRIPTORS];

__attribute__((constructor)) static void begin(void) {
    const char *page = getenv("FAULT_CONTROL");
    directory = getenv("FAULT_DIR");
    if (!page || !directory) return;
    directory_length = strlen(directory);
    int (*open_call)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
    int descriptor = open_call(page, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return;
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (memory != MAP_FAILED) control = memory;
}

static int is_ours(const char *path) { return control && path && strncmp(path, directory, directory_length) == 0; }

static const char *path_of(int descriptor) {
    return descriptor >= 0 && descriptor < DESCRIPTORS ? paths[descriptor] : NULL;
}

static void track(int descriptor, const char *path) {
    if (descriptor >= 0 && descriptor < DESCRIPTORS) paths[descriptor] = is_ours(path) ? strdup(path) : NULL;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

// What is to become of this call.
static enum action next(enum call call, const char *path) {
    if (!control || !path) return NOTHING;
    atomic_fetch_add(&control->calls[call], 1);
    if (!(atomic_load(&control->mask) >> call & 1)) return NOTHING;
    uint64_t number = atomic_fetch_add(&control->count, 1) + 1;
    uint64_t when = atomic_load(&control->when);
    if (when == 0 || number < when || number > atomic_load(&control->until)) return NOTHING;
    enum action action = atomic_load(&control->action);
    if (action != DELAY) snprintf(control->path, sizeof control->path, "%s", path);
    if (action == DELAY) {
        uint32_t micros = atomic_load(&control->micros);
        struct timespec time = {micros / 1000000, micros % 1000000 * 1000L};
        while (nanosleep(&time, &time) != 0 && errno == EINTR) {}
        atomic_fetch_add(&control->fired, 1);
        return NOTHING;
    }
    atomic_fetch_add(&control->fired, 1);
    if (action == KILL || (action == KILL_HALF && call != WRITE)) die();
    if (action == ERROR) errno = (int)atomic_load(&control->error);
    if (action == SHORT && call != WRITE) return NOTHING;
    return action;
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

#define PLAIN(call, path, invocation) \
    do { \
        if (next(call, path) == ERROR) return -1; \
        return invocation; \
    } while (0)

#define OPEN(name, ...) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    } \
    REAL(name); \
    if (flags & O_CREAT && is_ours(path) && next(CREATE, path) == ERROR) return -1; \
    int descriptor = real(__VA_ARGS__, flags, mode); \
    track(descriptor, path); \
    return descriptor

int open(const char *path, int flags, ...) { OPEN(open, path); }
int open64(const char *path, int flags, ...) { OPEN(open64, path); }
int openat(int at, const char *path, int flags, ...) { OPEN(openat, at, path); }
int openat64(int at, const char *path, int flags, ...) { OPEN(openat64, at, path); }

int close(int descriptor) {
    REAL(close);
    if (descriptor >= 0 && descriptor < DESCRIPTORS) paths[descriptor] = NULL;
    return real(descriptor);
}

#define TRANSFER(descriptor, count, half, whole) \
    switch (next(WRITE, path_of(descriptor))) { \
    case ERROR: return -1; \
    case SHORT: return count > 1 ? half : whole; \
    case KILL_HALF: (void)!(half); die(); return -1; \
    default: return whole; \
    }

ssize_t write(int d, const void *octets, size_t count) {
    REAL(write);
    TRANSFER(d, count, real(d, octets, count / 2), real(d, octets, count))
}
ssize_t pwrite(int d, const void *octets, size_t count, off_t offset) {
    REAL(pwrite);
    TRANSFER(d, count, real(d, octets, count / 2, offset), real(d, octets, count, offset))
}
ssize_t pwrite64(int d, const void *octets, size_t count, off64_t offset) {
    REAL(pwrite64);
    TRANSFER(d, count, real(d, octets, count / 2, offset), real(d, octets, count, offset))
}

int fdatasync(int d) { REAL(fdatasync); PLAIN(FDATASYNC, path_of(d), real(d)); }
int fsync(int d) { REAL(fsync); PLAIN(FSYNC, path_of(d), real(d)); }
int ftruncate(int d, off_t length) { REAL(ftruncate); PLAIN(TRUNCATE, path_of(d), real(d, length)); }
int ftruncate64(int d, off64_t length) { REAL(ftruncate64); PLAIN(TRUNCATE, path_of(d), real(d, length)); }
int rename(const char *from, const char *to) { REAL(rename); PLAIN(RENAME, is_ours(from) ? from : NULL, real(from, to)); }
int unlink(const char *path) { REAL(unlink); PLAIN(UNLINK, is_ours(path) ? path : NULL, real(path)); }
int mkdir(const char *path, mode_t mode) { REAL(mkdir); PLAIN(MKDIR, is_ours(path) ? path : NULL, real(path, mode)); }
