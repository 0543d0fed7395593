/* Stands between a program and its disk (LD_PRELOAD), for paths below one directory.

   Once armed it counts the calls that change something there. From the nth on it makes them fail
   with an error number, or it ends the process at the nth, in the middle of what is written. It
   can also list the calls, to prove their order. What it cannot see: writes through mappings. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OFF, FAIL, FAIL_ONCE, KILL, COUNT };

static char below[PATH_MAX];
static atomic_int mode = OFF;
static atomic_long calls;
static long nth;
static int number;
static int list_to = -1;

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

void failing_disk_arm(const char *directory, int how, long at, int error_number, int list_fd) {
    snprintf(below, sizeof below, "%s", directory);
    nth = at;
    number = error_number;
    list_to = list_fd;
    atomic_store(&calls, 0);
    atomic_store(&mode, how);
}

long failing_disk_calls(void) { return atomic_load(&calls); }

static void at(int directory, const char *path, char *whole) {
    char link[64];
    ssize_t length = 0;
    whole[0] = 0;
    if (path && path[0] == '/') {
        snprintf(whole, PATH_MAX, "%s", path);
        return;
    }
    if (directory == AT_FDCWD) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
    length = readlink(link, whole, PATH_MAX - 1);
    whole[length < 0 ? 0 : length] = 0;
    if (path && length > 0) snprintf(whole + length, PATH_MAX - length, "/%s", path);
}

static int is_below(const char *path) {
    size_t length = strlen(below);
    return !strncmp(path, below, length) && (!path[length] || path[length] == '/');
}

static void tell(const char *what, const char *path, const char *other) {
    REAL(write);
    char line[3 * PATH_MAX];
    if (list_to < 0 || atomic_load(&mode) != COUNT || !is_below(path)) return;
    int length = snprintf(line, sizeof line, "%s\t%s\t%s\n", what, path, other ? other : "");
    if (real(list_to, line, length) < 0) return;
}

/* Whether this call is to fail; `is_to_die` where it is to end the process. */
static int struck(const char *path, int *is_to_die) {
    *is_to_die = 0;
    int how = atomic_load(&mode);
    if (how == OFF || !is_below(path)) return 0;
    long call = atomic_fetch_add(&calls, 1) + 1;
    if (how == KILL && call == nth) *is_to_die = 1;
    if ((how == FAIL && call >= nth) || (how == FAIL_ONCE && call == nth)) {
        errno = number;
        return 1;
    }
    return 0;
}

static void die(void) { kill(getpid(), SIGKILL); for (;;) pause(); }

#define ON_HANDLE(what, handle, part, whole) \
    char path[PATH_MAX]; int dies; \
    at(handle, 0, path); \
    if (struck(path, &dies)) return -1; \
    if (dies) { part; die(); } \
    ssize_t done = whole; \
    if (done >= 0) tell(what, path, 0); \
    return done

ssize_t write(int fd, const void *data, size_t size) {
    REAL(write);
    if (atomic_load(&mode) == OFF) return real(fd, data, size);
    ON_HANDLE("write", fd, if (real(fd, data, size / 2) < 0) die(), real(fd, data, size));
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t to) {
    REAL(pwrite);
    ON_HANDLE("write", fd, if (real(fd, data, size / 2, to) < 0) die(), real(fd, data, size, to));
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t to) {
    REAL(pwrite64);
    ON_HANDLE("write", fd, if (real(fd, data, size / 2, to) < 0) die(), real(fd, data, size, to));
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    ON_HANDLE("write", fd, (void)0, real(fd, parts, count));
}
ssize_t sendfile(int out, int in, off_t *from, size_t size) {
    ssize_t (*real)(int, int, off_t *, size_t) = dlsym(RTLD_NEXT, "sendfile");
    ON_HANDLE("write", out, (void)0, real(out, in, from, size));
}
ssize_t sendfile64(int out, int in, off64_t *from, size_t size) {
    ssize_t (*real)(int, int, off64_t *, size_t) = dlsym(RTLD_NEXT, "sendfile64");
    ON_HANDLE("write", out, (void)0, real(out, in, from, size));
}
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t size, unsigned flags) {
    REAL(copy_file_range);
    ON_HANDLE("write", out, (void)0, real(in, from, out, to, size, flags));
}
int ftruncate(int fd, off_t size) { REAL(ftruncate); ON_HANDLE("write", fd, (void)0, real(fd, size)); }
int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    ON_HANDLE("write", fd, (void)0, real(fd, size));
}
int fsync(int fd) { REAL(fsync); ON_HANDLE("flush", fd, (void)0, real(fd)); }
int fdatasync(int fd) { REAL(fdatasync); ON_HANDLE("flush", fd, (void)0, real(fd)); }

#define ON_PATH(what, directory, name, other, call) \
    char path[PATH_MAX]; int dies; \
    at(directory, name, path); \
    if (struck(path, &dies)) return -1; \
    if (dies) die(); \
    int done = call; \
    if (done >= 0) tell(what, path, other); \
    return done

int rename(const char *old, const char *new) {
    REAL(rename);
    ON_PATH("rename", AT_FDCWD, old, new, real(old, new));
}
int link(const char *old, const char *new) {
    REAL(link);
    ON_PATH("link", AT_FDCWD, new, old, real(old, new));
}
int linkat(int od, const char *old, int nd, const char *new, int flags) {
    REAL(linkat);
    ON_PATH("link", nd, new, old, real(od, old, nd, new, flags));
}
int mkdir(const char *name, mode_t bits) {
    REAL(mkdir);
    ON_PATH("create", AT_FDCWD, name, 0, real(name, bits));
}

/* Deleting frees space and is never refused; but a process may end there. */
#define ON_DELETE(directory, name, call) \
    char path[PATH_MAX]; int dies; \
    if (atomic_load(&mode) == KILL || atomic_load(&mode) == COUNT) { \
        at(directory, name, path); \
        struck(path, &dies); \
        if (dies) die(); \
        int done = call; \
        if (!done) tell("delete", path, 0); \
        return done; \
    } \
    return call

int unlink(const char *name) { REAL(unlink); ON_DELETE(AT_FDCWD, name, real(name)); }
int rmdir(const char *name) { REAL(rmdir); ON_DELETE(AT_FDCWD, name, real(name)); }
int unlinkat(int directory, const char *name, int flags) {
    REAL(unlinkat);
    ON_DELETE(directory, name, real(directory, name, flags));
}

#define OPENING(function, directory, ...) \
    mode_t bits = 0; \
    if (flags & (O_CREAT | __O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        bits = va_arg(rest, mode_t); \
        va_end(rest); \
    } \
    if (!(flags & O_CREAT) || !faccessat(directory, name, F_OK, 0)) \
        return real(__VA_ARGS__, flags, bits); \
    ON_PATH("create", directory, name, 0, real(__VA_ARGS__, flags, bits))

int open(const char *name, int flags, ...) { REAL(open); OPENING(open, AT_FDCWD, name); }
int open64(const char *name, int flags, ...) { REAL(open64); OPENING(open64, AT_FDCWD, name); }
int openat(int directory, const char *name, int flags, ...) {
    REAL(openat);
    OPENING(openat, directory, directory, name);
}
int openat64(int directory, const char *name, int flags, ...) {
    REAL(openat64);
    OPENING(openat64, directory, directory, name);
}
