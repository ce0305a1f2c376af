/*
 * A clock that skips the time in which a process only waits, for a test that counts what wakes it: preloaded into Node, it stands before the
 * calls of libc that tell the time and that wait for it, so that it has the timers of Node's own library, of libuv and of every thread, too.
 *
 * Time goes as always until `skip` in the shared file is 1. From then on, when every loop of the process waits and for a moment nothing comes
 * from outside, the clock goes to the earliest time that one of them waits for; that is one wake-up, and its time is written down.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define MOST_WAKES 8192
#define MOST_LOOPS 64
#define FOREVER INT64_MAX
/* Of real time: so long nothing may come before time is skipped. */
#define QUIET_MS 10

struct shared {
  int64_t skip;
  int64_t skipped_ns;
  int64_t wakes;
  int64_t at_ns[MOST_WAKES];
};

struct loop {
  int is_used;
  int is_waiting;
  int64_t until_ns;
};

static struct shared none, *shared = &none;
static struct loop loops[MOST_LOOPS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t ends;
static __thread struct loop *mine;
static int (*real_gettime)(clockid_t, struct timespec *);
static int (*real_wait)(int, struct epoll_event *, int, int, const sigset_t *);

static void ended(void *loop) {
  pthread_mutex_lock(&lock);
  ((struct loop *)loop)->is_used = 0;
  pthread_mutex_unlock(&lock);
}

__attribute__((constructor)) static void begin(void) {
  real_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  real_wait = dlsym(RTLD_NEXT, "epoll_pwait");
  pthread_key_create(&ends, ended);
  const char *path = getenv("HOLT_IDLE_CLOCK");
  int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory != MAP_FAILED) shared = memory;
  close(file);
}

static int64_t skipped(void) { return __atomic_load_n(&shared->skipped_ns, __ATOMIC_SEQ_CST); }

int clock_gettime(clockid_t id, struct timespec *to) {
  if (real_gettime == NULL) begin();
  int result = real_gettime(id, to);
  /* not those of processor time */
  if (result != 0 || id == CLOCK_PROCESS_CPUTIME_ID || id == CLOCK_THREAD_CPUTIME_ID || id < 0) return result;
  int64_t all = to->tv_nsec + skipped();
  to->tv_sec += all / 1000000000;
  to->tv_nsec = all % 1000000000;
  return 0;
}

int gettimeofday(struct timeval *to, void *zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  to->tv_sec = now.tv_sec;
  to->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *to) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (to != NULL) *to = now.tv_sec;
  return now.tv_sec;
}

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static struct loop *own(void) {
  if (mine != NULL) return mine;
  for (int i = 0; i < MOST_LOOPS && mine == NULL; i++)
    if (!loops[i].is_used) mine = &loops[i];
  if (mine == NULL) abort();
  mine->is_used = 1;
  pthread_setspecific(ends, mine);
  return mine;
}

/* Whether nothing runs, and whose turn is next. */
static int is_next(struct loop *self) {
  for (int i = 0; i < MOST_LOOPS; i++) {
    if (!loops[i].is_used || &loops[i] == self) continue;
    if (!loops[i].is_waiting || loops[i].until_ns < self->until_ns) return 0;
  }
  return self->until_ns != FOREVER;
}

static void skip_to(struct loop *self) {
  int64_t now = now_ns(), left = self->until_ns - now;
  if (left <= 0) return;
  if (shared->wakes < MOST_WAKES) shared->at_ns[shared->wakes] = self->until_ns;
  shared->wakes++;
  __atomic_fetch_add(&shared->skipped_ns, left, __ATOMIC_SEQ_CST);
}

int epoll_pwait(int epoll, struct epoll_event *events, int most, int timeout, const sigset_t *signals) {
  if (timeout == 0) return real_wait(epoll, events, most, 0, signals);
  pthread_mutex_lock(&lock);
  struct loop *self = own();
  self->until_ns = timeout < 0 ? FOREVER : now_ns() + timeout * INT64_C(1000000);
  self->is_waiting = 1;
  pthread_mutex_unlock(&lock);
  int result, problem;
  for (;;) {
    int64_t left = self->until_ns == FOREVER ? QUIET_MS : (self->until_ns - now_ns() + 999999) / 1000000;
    result = left <= 0 ? 0 : real_wait(epoll, events, most, left < QUIET_MS ? (int)left : QUIET_MS, signals);
    problem = errno;
    if (result != 0 || left <= 0) break;
    pthread_mutex_lock(&lock);
    if (__atomic_load_n(&shared->skip, __ATOMIC_SEQ_CST) == 1 && is_next(self)) skip_to(self);
    pthread_mutex_unlock(&lock);
  }
  pthread_mutex_lock(&lock);
  self->is_waiting = 0;
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

int epoll_wait(int epoll, struct epoll_event *events, int most, int timeout) {
  return epoll_pwait(epoll, events, most, timeout, NULL);
}
