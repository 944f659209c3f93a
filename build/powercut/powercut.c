/*
 * A preload library that watches what a process writes below one folder, and can make those writes fail.
 *
 * POWERCUT_DIR      the folder (absolute); -shm files, which SQLite maps and rebuilds at open, are left out
 * POWERCUT_LOG      every open, write, truncation, flush, rename and removal is appended here, with its data, after it has happened;
 *                   tests/faults/replay/log.ts reads it. One writev per record on an O_APPEND descriptor, so several processes may share it.
 * POWERCUT_NOSYNC   set: flushes are logged but not carried out (only the log decides what counts as flushed)
 * POWERCUT_CONTROL  a file of three 32-bit integers, mapped: [0] counts down at every change to a file, at 0 the change fails with the
 *                   errno of [1]; [2] counts the changes seen. 0 in [0] means that nothing fails; after a failure it stays at -1, and
 *                   every change goes on failing, as on a full disk, until the controller writes 0.
 *
 * Calls that would change a watched file in a way that is not understood here are logged as UNSUPPORTED, which fails the replay.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, WRITE, TRUNCATE, SYNC, RENAME, UNLINK, MKDIR, RMDIR, UNSUPPORTED, MARK };

struct record {
  uint32_t magic;
  uint32_t type;
  uint64_t id;     /* of the descriptor, unique over all processes */
  int64_t offset;  /* WRITE: where; TRUNCATE: new size; OPEN: flags */
  uint32_t pathLength;
  uint32_t dataLength;
};

#define MAGIC 0x54554350u
#define MOST_FDS 65536

/* A descriptor may be closed by a bare system call (libuv does so) and its number given to a socket: device and inode tell. */
static struct { uint64_t id; dev_t device; ino_t inode; } watchedFds[MOST_FDS];
static char root[PATH_MAX];
static size_t rootLength;
static int logFd = -1;
static int noSync;
static _Atomic int32_t *control;
static uint64_t nextId;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static ssize_t realWritev(int fd, const struct iovec *parts, int count) {
  static ssize_t (*real)(int, const struct iovec *, int);
  if (!real) real = dlsym(RTLD_NEXT, "writev");
  return real(fd, parts, count);
}

static int realOpen(const char *path, int flags, mode_t mode) {
  static int (*real)(const char *, int, ...);
  if (!real) real = dlsym(RTLD_NEXT, "open64");
  return real(path, flags, mode);
}

__attribute__((constructor)) static void start(void) {
  const char *dir = getenv("POWERCUT_DIR");
  const char *log = getenv("POWERCUT_LOG");
  const char *controlPath = getenv("POWERCUT_CONTROL");
  if (!dir || strlen(dir) >= sizeof root) return;
  strcpy(root, dir);
  rootLength = strlen(root);
  noSync = getenv("POWERCUT_NOSYNC") != NULL;
  nextId = (uint64_t)getpid() << 32;
  if (log) {
    int fd = realOpen(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) abort();
    logFd = fcntl(fd, F_DUPFD_CLOEXEC, 900);
    close(fd);
  }
  if (controlPath) {
    int fd = realOpen(controlPath, O_RDWR | O_CLOEXEC, 0);
    void *at = fd < 0 ? MAP_FAILED : mmap(NULL, 12, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) abort();
    close(fd);
    control = at;
  }
}

/* The absolute path when it lies below the folder and is watched, else NULL. `buffer` holds PATH_MAX bytes. */
static const char *watched(const char *path, char *buffer) {
  if (!rootLength || !path) return NULL;
  if (path[0] != '/') {
    if (!getcwd(buffer, PATH_MAX)) return NULL;
    size_t length = strlen(buffer);
    if (length + 1 + strlen(path) >= PATH_MAX) return NULL;
    buffer[length] = '/';
    strcpy(buffer + length + 1, path);
  } else {
    if (strlen(path) >= PATH_MAX) return NULL;
    strcpy(buffer, path);
  }
  if (strncmp(buffer, root, rootLength) != 0 || (buffer[rootLength] != '/' && buffer[rootLength] != 0)) return NULL;
  size_t length = strlen(buffer);
  if (length > 4 && strcmp(buffer + length - 4, "-shm") == 0) return NULL;
  return buffer;
}

static void put(uint32_t type, uint64_t id, int64_t offset, const char *path, const void *data, size_t dataLength) {
  if (logFd < 0) return;
  int kept = errno;
  struct record head = {MAGIC, type, id, offset, path ? (uint32_t)strlen(path) : 0, (uint32_t)dataLength};
  struct iovec parts[3] = {{&head, sizeof head}, {(void *)path, head.pathLength}, {(void *)data, dataLength}};
  ssize_t wanted = (ssize_t)(sizeof head + head.pathLength + dataLength);
  if (realWritev(logFd, parts, 3) != wanted) abort();
  errno = kept;
}

static uint64_t idOf(int fd) {
  if (fd < 0 || fd >= MOST_FDS || watchedFds[fd].id == 0) return 0;
  struct stat found;
  int kept = errno;
  int same = fstat(fd, &found) == 0 && found.st_dev == watchedFds[fd].device && found.st_ino == watchedFds[fd].inode;
  errno = kept;
  if (!same) watchedFds[fd].id = 0;
  return watchedFds[fd].id;
}

/* Whether this change is to fail; errno is then set. */
static int fails(void) {
  if (!control) return 0;
  atomic_fetch_add(&control[2], 1);
  int32_t left = atomic_load(&control[0]);
  if (left == 0) return 0;
  if (left > 1) {
    atomic_fetch_sub(&control[0], 1);
    return 0;
  }
  atomic_store(&control[0], -1);
  errno = atomic_load(&control[1]);
  return 1;
}

static void unsupported(const char *what, int fd) {
  if (idOf(fd)) put(UNSUPPORTED, idOf(fd), 0, what, NULL, 0);
}

static int opened(int fd, const char *path, int flags) {
  char buffer[PATH_MAX];
  if (fd < 0 || fd >= MOST_FDS) return fd;
  const char *name = watched(path, buffer);
  watchedFds[fd].id = 0;
  struct stat found;
  if (!name || fstat(fd, &found) != 0) return fd;
  watchedFds[fd].id = ++nextId;
  watchedFds[fd].device = found.st_dev;
  watchedFds[fd].inode = found.st_ino;
  put(OPEN, nextId, flags, name, NULL, 0);
  return fd;
}

static int refuses(const char *path, int flags) {
  char buffer[PATH_MAX];
  if (!(flags & (O_CREAT | O_TRUNC)) || !watched(path, buffer)) return 0;
  if (!(flags & O_TRUNC) && access(path, F_OK) == 0) return 0;
  return fails();
}

#define LOCKED(body)            \
  pthread_mutex_lock(&lock);    \
  body;                         \
  pthread_mutex_unlock(&lock);

#define OPENER(name)                                     \
  int name(const char *path, int flags, ...) {           \
    va_list list;                                        \
    va_start(list, flags);                               \
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0; \
    va_end(list);                                        \
    int fd = -1;                                         \
    LOCKED(if (!refuses(path, flags)) fd = opened(realOpen(path, flags, mode), path, flags)) \
    return fd;                                           \
  }
OPENER(open)
OPENER(open64)

int openat(int dir, const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;
  va_end(list);
  REAL(openat);
  int fd = -1;
  if (dir != AT_FDCWD && path[0] != '/') {
    fd = real(dir, path, flags, mode);
    if (fd >= 0 && fd < MOST_FDS) watchedFds[fd].id = 0;
    if (flags & (O_WRONLY | O_RDWR | O_CREAT)) unsupported("openat", dir);
    return fd;
  }
  LOCKED(if (!refuses(path, flags)) fd = opened(real(dir, path, flags, mode), path, flags))
  return fd;
}

int close(int fd) {
  REAL(close);
  if (fd >= 0 && fd < MOST_FDS) watchedFds[fd].id = 0;
  return real(fd);
}

static void wrote(int fd, int64_t offset, const struct iovec *parts, int count, ssize_t done) {
  for (int i = 0; i < count && done > 0; i++) {
    size_t part = parts[i].iov_len < (size_t)done ? parts[i].iov_len : (size_t)done;
    put(WRITE, watchedFds[fd].id, offset, NULL, parts[i].iov_base, part);
    offset += (int64_t)part;
    done -= (ssize_t)part;
  }
}

static int64_t endOf(int fd, ssize_t done) { return lseek(fd, 0, SEEK_CUR) - done; }

ssize_t write(int fd, const void *data, size_t length) {
  REAL(write);
  if (!idOf(fd)) return real(fd, data, length);
  ssize_t done = -1;
  struct iovec part = {(void *)data, length};
  LOCKED(if (!fails() && (done = real(fd, data, length)) > 0) wrote(fd, endOf(fd, done), &part, 1, done))
  return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (!idOf(fd)) return realWritev(fd, parts, count);
  ssize_t done = -1;
  LOCKED(if (!fails() && (done = realWritev(fd, parts, count)) > 0) wrote(fd, endOf(fd, done), parts, count, done))
  return done;
}

#define PWRITER(name, type)                                                   \
  ssize_t name(int fd, const void *data, size_t length, type offset) {        \
    REAL(name);                                                               \
    if (!idOf(fd)) return real(fd, data, length, offset);                     \
    ssize_t done = -1;                                                        \
    struct iovec part = {(void *)data, length};                               \
    LOCKED(if (!fails() && (done = real(fd, data, length, offset)) > 0) wrote(fd, offset, &part, 1, done)) \
    return done;                                                              \
  }
PWRITER(pwrite, off_t)
PWRITER(pwrite64, off64_t)

#define PWRITEVER(name, type)                                                 \
  ssize_t name(int fd, const struct iovec *parts, int count, type offset) {   \
    REAL(name);                                                               \
    if (!idOf(fd)) return real(fd, parts, count, offset);                     \
    ssize_t done = -1;                                                        \
    LOCKED(if (!fails() && (done = real(fd, parts, count, offset)) > 0) wrote(fd, offset, parts, count, done)) \
    return done;                                                              \
  }
PWRITEVER(pwritev, off_t)
PWRITEVER(pwritev64, off64_t)

#define TRUNCATER(name, type)                                                 \
  int name(int fd, type size) {                                               \
    REAL(name);                                                               \
    if (!idOf(fd)) return real(fd, size);                                     \
    int result = -1;                                                          \
    LOCKED(if (!fails() && (result = real(fd, size)) == 0) put(TRUNCATE, watchedFds[fd].id, size, NULL, NULL, 0)) \
    return result;                                                            \
  }
TRUNCATER(ftruncate, off_t)
TRUNCATER(ftruncate64, off64_t)

#define SYNCER(name)                                                          \
  int name(int fd) {                                                          \
    REAL(name);                                                               \
    if (!idOf(fd)) return real(fd);                                           \
    int result = -1;                                                          \
    LOCKED(if (!fails() && (result = noSync ? 0 : real(fd)) == 0) put(SYNC, watchedFds[fd].id, 0, NULL, NULL, 0)) \
    return result;                                                            \
  }
SYNCER(fsync)
SYNCER(fdatasync)

int rename(const char *from, const char *to) {
  REAL(rename);
  char first[PATH_MAX], second[PATH_MAX];
  const char *a = watched(from, first), *b = watched(to, second);
  if (!a && !b) return real(from, to);
  int result = -1;
  LOCKED(if (!fails() && (result = real(from, to)) == 0) put(a && b ? RENAME : UNSUPPORTED, 0, 0, a ? a : b, b ? b : "", b ? strlen(b) : 0))
  return result;
}

#define ON_PATH(name, type, parameters, arguments)                            \
  int name parameters {                                                       \
    REAL(name);                                                               \
    char buffer[PATH_MAX];                                                    \
    const char *found = watched(path, buffer);                                \
    if (!found) return real arguments;                                        \
    int result = -1;                                                          \
    LOCKED(if (!fails() && (result = real arguments) == 0) put(type, 0, 0, found, NULL, 0)) \
    return result;                                                            \
  }
ON_PATH(unlink, UNLINK, (const char *path), (path))
ON_PATH(rmdir, RMDIR, (const char *path), (path))
ON_PATH(mkdir, MKDIR, (const char *path, mode_t mode), (path, mode))
ON_PATH(truncate, UNSUPPORTED, (const char *path, off_t size), (path, size))

/* Node's recursive fs.rmSync walks by descriptors (std::filesystem): the folder is named again. */
int unlinkat(int dir, const char *path, int flags) {
  char whole[PATH_MAX], link[40];
  if (dir != AT_FDCWD && path[0] != '/') {
    snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
    ssize_t length = readlink(link, whole, sizeof whole);
    if (length < 0) return -1;
    if ((size_t)length + 1 + strlen(path) >= sizeof whole) {
      errno = ENAMETOOLONG;
      return -1;
    }
    whole[length] = '/';
    strcpy(whole + length + 1, path);
    path = whole;
  }
  return flags & AT_REMOVEDIR ? rmdir(path) : unlink(path);
}

/* Node's fs.rmSync ends here (std::filesystem), and libc then calls its own unlink, past this library. */
int remove(const char *path) {
  REAL(remove);
  char buffer[PATH_MAX];
  struct stat found;
  if (!watched(path, buffer) || lstat(path, &found) != 0) return real(path);
  return S_ISDIR(found.st_mode) ? rmdir(path) : unlink(path);
}

int link(const char *from, const char *to) {
  REAL(link);
  char buffer[PATH_MAX];
  const char *found = watched(to, buffer);
  int result = real(from, to);
  if (found && result == 0) put(UNSUPPORTED, 0, 0, found, NULL, 0);
  return result;
}

void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) {
  REAL(mmap64);
  if ((protection & PROT_WRITE) && (flags & MAP_SHARED)) unsupported("mmap", fd);
  return real(at, length, protection, flags, fd, offset);
}

int dup(int fd) {
  REAL(dup);
  unsupported("dup", fd);
  return real(fd);
}

ssize_t sendfile64(int out, int in, off64_t *offset, size_t count) {
  ssize_t (*real)(int, int, off64_t *, size_t) = dlsym(RTLD_NEXT, "sendfile64");
  unsupported("sendfile", out);
  return real(out, in, offset, count);
}

ssize_t sendfile(int out, int in, off_t *offset, size_t count) {
  ssize_t (*real)(int, int, off_t *, size_t) = dlsym(RTLD_NEXT, "sendfile");
  unsupported("sendfile", out);
  return real(out, in, offset, count);
}
