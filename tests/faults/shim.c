/* Faults on demand, for tests: LD_PRELOAD this, then say fault_arm(folder, kind, nth, how) in the process that shall suffer.
 *
 * Calls of one kind on files below the folder are counted; the nth of them fails, or is the last thing the process does.
 * It is not thread-safe to the letter: the engine writes in threads of its own, and which of two calls is the nth is theirs to decide.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPEN, WRITE, FSYNC, RENAME, LINK, MKDIR, UNLINK, KINDS };
enum how { KILL = -1, TEAR = -2, TRACE = -3 };  /* above 0: an errno, once; above 1000: an errno less 1000, from then on */

static char root[PATH_MAX];
static int armed = -1, how = 0, trace = -1;
static long at = 0;
static long *shared = NULL;  /* [0] has it happened; [1] calls of the kind: seen by the parent of a fork as well */

__attribute__((constructor)) static void begin(void)
{
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

void fault_arm(const char *folder, int kind, long nth, int what)
{
    snprintf(root, sizeof root, "%s", folder);
    shared[0] = shared[1] = 0;
    at = nth;
    how = what;
    armed = kind;
}

void fault_trace(const char *folder, int handle)
{
    snprintf(root, sizeof root, "%s", folder);
    trace = handle;
}

long fault_happened(void) { return shared[0]; }
long fault_calls(void) { return shared[1]; }

static int below(const char *path)
{
    return root[0] && path && strncmp(path, root, strlen(root)) == 0;
}

static int named(int handle, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t size = readlink(link, path, PATH_MAX - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return below(path);
}

static void told(const char *what, const char *path)
{
    static ssize_t (*out)(int, const void *, size_t) = NULL;
    if (trace < 0) return;
    if (!out) out = dlsym(RTLD_NEXT, "write");
    char line[PATH_MAX + 64];
    int size = snprintf(line, sizeof line, "%s %s\n", what, path);
    out(trace, line, (size_t)size);
}

/* 0: go on; 1: fail, errno is set; 2: do half of it and die. */
static int struck(int kind)
{
    if (armed != kind) return 0;
    long now = __sync_add_and_fetch(&shared[1], 1);
    if (now < at || (now > at && how < 1000)) return 0;
    shared[0] = 1;
    if (how == KILL) kill(getpid(), SIGKILL);
    if (how == TEAR) return 2;
    errno = how >= 1000 ? how - 1000 : how;
    return 1;
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__) = NULL; if (!real) real = dlsym(RTLD_NEXT, #name)

#define OPENER(name) \
    int name(const char *path, int flags, ...) { \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        REAL(int, name, const char *, int, ...); \
        if (below(path) && struck(OPEN)) return -1; \
        return real(path, flags, mode); }
OPENER(open)
OPENER(open64)

#define OPENER_AT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        REAL(int, name, int, const char *, int, ...); \
        if (below(path) && struck(OPEN)) return -1; \
        return real(folder, path, flags, mode); }
OPENER_AT(openat)
OPENER_AT(openat64)

#define WRITER(name, again, declared, call, half) \
    ssize_t name declared { \
        REAL(ssize_t, name, again); \
        char path[PATH_MAX]; \
        if ((armed == WRITE || trace >= 0) && named(handle, path)) { \
            told("write", path); \
            int what = struck(WRITE); \
            if (what == 1) return -1; \
            if (what == 2) { half; kill(getpid(), SIGKILL); } \
        } \
        return real call; }
#define LIST(...) __VA_ARGS__
WRITER(write, LIST(int, const void *, size_t), (int handle, const void *data, size_t size), (handle, data, size), real(handle, data, size / 2))
WRITER(pwrite, LIST(int, const void *, size_t, off_t), (int handle, const void *data, size_t size, off_t place), (handle, data, size, place), real(handle, data, size / 2, place))
WRITER(pwrite64, LIST(int, const void *, size_t, off64_t), (int handle, const void *data, size_t size, off64_t place), (handle, data, size, place), real(handle, data, size / 2, place))
WRITER(writev, LIST(int, const struct iovec *, int), (int handle, const struct iovec *parts, int many), (handle, parts, many), real(handle, parts, many / 2))
WRITER(sendfile, LIST(int, int, off_t *, size_t), (int handle, int from, off_t *place, size_t size), (handle, from, place, size), real(handle, from, place, size / 2))
WRITER(sendfile64, LIST(int, int, off64_t *, size_t), (int handle, int from, off64_t *place, size_t size), (handle, from, place, size), real(handle, from, place, size / 2))

#define SYNC(name) \
    int name(int handle) { \
        REAL(int, name, int); \
        char path[PATH_MAX]; \
        if ((armed == FSYNC || trace >= 0) && named(handle, path)) { told("fsync", path); if (struck(FSYNC)) return -1; } \
        return real(handle); }
SYNC(fsync)
SYNC(fdatasync)

#define TWO(name, kind, text) \
    int name(const char *old, const char *new) { \
        REAL(int, name, const char *, const char *); \
        if (below(new)) { told(text, new); if (struck(kind)) return -1; } \
        return real(old, new); }
TWO(rename, RENAME, "rename")
TWO(link, LINK, "link")

int renameat(int a, const char *old, int b, const char *new)
{
    REAL(int, renameat, int, const char *, int, const char *);
    if (below(new)) { told("rename", new); if (struck(RENAME)) return -1; }
    return real(a, old, b, new);
}

int linkat(int a, const char *old, int b, const char *new, int flags)
{
    REAL(int, linkat, int, const char *, int, const char *, int);
    if (below(new)) { told("link", new); if (struck(LINK)) return -1; }
    return real(a, old, b, new, flags);
}

int mkdir(const char *path, mode_t mode)
{
    REAL(int, mkdir, const char *, mode_t);
    if (below(path) && struck(MKDIR)) return -1;
    return real(path, mode);
}

int unlink(const char *path)
{
    REAL(int, unlink, const char *);
    if (below(path) && struck(UNLINK)) return -1;
    return real(path);
}

int unlinkat(int folder, const char *path, int flags)
{
    REAL(int, unlinkat, int, const char *, int);
    char where[PATH_MAX];
    if ((below(path) || (folder >= 0 && named(folder, where))) && struck(UNLINK)) return -1;
    return real(folder, path, flags);
}
