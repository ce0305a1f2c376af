/*
 * What Android's libc (bionic) has otherwise than glibc, so that libraries built for Android run on Linux: in tests, on this machine. Such a
 * library's names of these functions were changed before (retarget.mjs: the first letter became Q), so nothing else in the process is touched.
 *
 * Numbers and layouts: bionic's headers of API 24, 64 bit.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#define AS(name) __asm__(#name)

int *errno_place(void) AS(Q_errno);
int *errno_place(void) { return &errno; }

void failed_assertion(const char *file, int line, const char *function, const char *text) AS(Q_assert2);
void failed_assertion(const char *file, int line, const char *function, const char *text) {
  fprintf(stderr, "%s:%d: %s: %s\n", file, line, function, text);
  abort();
}

size_t checked_strlen(const char *text, size_t most) AS(Q_strlen_chk);
size_t checked_strlen(const char *text, size_t most) {
  (void)most;
  return strlen(text);
}

void fd_set_one(int fd, fd_set *set, size_t size) AS(Q_FD_SET_chk);
void fd_set_one(int fd, fd_set *set, size_t size) { (void)size, FD_SET(fd, set); }
void fd_clear_one(int fd, fd_set *set, size_t size) AS(Q_FD_CLR_chk);
void fd_clear_one(int fd, fd_set *set, size_t size) { (void)size, FD_CLR(fd, set); }
int fd_is_set(int fd, const fd_set *set, size_t size) AS(Q_FD_ISSET_chk);
int fd_is_set(int fd, const fd_set *set, size_t size) { return (void)size, FD_ISSET(fd, set); }

int property(const char *name, char *value) AS(Q_system_property_get);
int property(const char *name, char *value) {
  (void)name;
  *value = 0;
  return 0;
}

int log_print(int level, const char *tag, const char *format, ...) AS(Q_android_log_print);
int log_print(int level, const char *tag, const char *format, ...) {
  va_list list;
  va_start(list, format);
  fprintf(stderr, "%d %s: ", level, tag);
  vfprintf(stderr, format, list);
  fputc('\n', stderr);
  va_end(list);
  return 1;
}
/* By this name the bridge asks for it; a test says where the log goes. */
int __android_log_write(int level, const char *tag, const char *text);
int __android_log_write(int level, const char *tag, const char *text) {
  const char *to = getenv("HOLT_LOG_FD");
  return to == NULL ? 0 : dprintf(atoi(to), "%d %s: %s\n", level, tag, text);
}
void abort_message(const char *text) AS(Qndroid_set_abort_message);
void abort_message(const char *text) { fprintf(stderr, "%s\n", text); }

/* Without a version a name would be bound to the oldest function of this name; these were other ones once. */
int cond_new(pthread_cond_t *cond, const pthread_condattr_t *wish) AS(Qthread_cond_init);
int cond_new(pthread_cond_t *cond, const pthread_condattr_t *wish) { return pthread_cond_init(cond, wish); }
int cond_end(pthread_cond_t *cond) AS(Qthread_cond_destroy);
int cond_end(pthread_cond_t *cond) { return pthread_cond_destroy(cond); }
int cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex) AS(Qthread_cond_wait);
int cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex) { return pthread_cond_wait(cond, mutex); }
int cond_until(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *until) AS(Qthread_cond_timedwait);
int cond_until(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *until) { return pthread_cond_timedwait(cond, mutex, until); }
int cond_one(pthread_cond_t *cond) AS(Qthread_cond_signal);
int cond_one(pthread_cond_t *cond) { return pthread_cond_signal(cond); }
int cond_all(pthread_cond_t *cond) AS(Qthread_cond_broadcast);
int cond_all(pthread_cond_t *cond) { return pthread_cond_broadcast(cond); }
char *real_path(const char *path, char *found) AS(Qealpath);
char *real_path(const char *path, char *found) { return realpath(path, found); }
int processors(pid_t process, size_t size, cpu_set_t *set) AS(Qched_getaffinity);
int processors(pid_t process, size_t size, cpu_set_t *set) { return sched_getaffinity(process, size, set); }

/* POSIX's, not GNU's. */
int __xpg_strerror_r(int number, char *text, size_t size);
int error_text(int number, char *text, size_t size) AS(Qtrerror_r);
int error_text(int number, char *text, size_t size) { return __xpg_strerror_r(number, text, size); }

/* The three streams as an array, which older code names. */
char streams[3][152] AS(Q_sF);
char streams[3][152];
static FILE *stream_of(FILE *stream) {
  char *at = (char *)stream;
  if (at == streams[0]) return stdin;
  if (at == streams[1]) return stdout;
  if (at == streams[2]) return stderr;
  return stream;
}
int f_print(FILE *stream, const char *format, ...) AS(Qprintf);
int f_print(FILE *stream, const char *format, ...) {
  va_list list;
  va_start(list, format);
  int count = vfprintf(stream_of(stream), format, list);
  va_end(list);
  return count;
}
int f_print_list(FILE *stream, const char *format, va_list list) AS(Qfprintf);
int f_print_list(FILE *stream, const char *format, va_list list) { return vfprintf(stream_of(stream), format, list); }
size_t f_write(const void *bytes, size_t size, size_t count, FILE *stream) AS(Qwrite);
size_t f_write(const void *bytes, size_t size, size_t count, FILE *stream) { return fwrite(bytes, size, count, stream_of(stream)); }
int f_flush(FILE *stream) AS(Qflush);
int f_flush(FILE *stream) { return fflush(stream == NULL ? NULL : stream_of(stream)); }
int f_put(const char *text, FILE *stream) AS(Qputs);
int f_put(const char *text, FILE *stream) { return fputs(text, stream_of(stream)); }
int f_number(FILE *stream) AS(Qileno);
int f_number(FILE *stream) { return fileno(stream_of(stream)); }

/* Sets of signals have 8 bytes there and 128 here; an action begins with its flags. */
typedef uint64_t signals;
struct action {
  int flags;
  union {
    void (*simple)(int);
    void (*full)(int, siginfo_t *, void *);
  } handler;
  signals blocked;
  void (*restorer)(void);
};

static sigset_t wide(signals narrow) {
  sigset_t set;
  sigemptyset(&set);
  memcpy(&set, &narrow, sizeof narrow);
  return set;
}
static signals narrow(const sigset_t *set) {
  signals few;
  memcpy(&few, set, sizeof few);
  return few;
}

int set_empty(signals *set) AS(Qigemptyset);
int set_empty(signals *set) { return *set = 0, 0; }
int set_full(signals *set) AS(Qigfillset);
int set_full(signals *set) { return *set = ~0ull, 0; }
int set_add(signals *set, int number) AS(Qigaddset);
int set_add(signals *set, int number) { return *set |= 1ull << (number - 1), 0; }
int set_remove(signals *set, int number) AS(Qigdelset);
int set_remove(signals *set, int number) { return *set &= ~(1ull << (number - 1)), 0; }

int thread_mask(int how, const signals *given, signals *old) AS(Qthread_sigmask);
int thread_mask(int how, const signals *given, signals *old) {
  sigset_t in = wide(given == NULL ? 0 : *given), out;
  int result = pthread_sigmask(how, given == NULL ? NULL : &in, &out);
  if (old != NULL) *old = narrow(&out);
  return result;
}
int process_mask(int how, const signals *given, signals *old) AS(Qigprocmask);
int process_mask(int how, const signals *given, signals *old) {
  int result = thread_mask(how, given, old);
  if (result == 0) return 0;
  errno = result;
  return -1;
}

int set_action(int number, const struct action *given, struct action *old) AS(Qigaction);
int set_action(int number, const struct action *given, struct action *old) {
  struct sigaction in = {0}, out;
  if (given != NULL) {
    in.sa_flags = given->flags & ~0x04000000; /* SA_RESTORER is libc's own affair */
    in.sa_sigaction = given->handler.full;
    in.sa_mask = wide(given->blocked);
  }
  int result = sigaction(number, given == NULL ? NULL : &in, &out);
  if (old != NULL && result == 0) *old = (struct action){out.sa_flags, {.full = out.sa_sigaction}, narrow(&out.sa_mask), NULL};
  return result;
}

int poll_events(int poll, struct epoll_event *events, int most, int timeout, const signals *mask) AS(Qpoll_pwait);
int poll_events(int poll, struct epoll_event *events, int most, int timeout, const signals *mask) {
  sigset_t set = wide(mask == NULL ? 0 : *mask);
  return epoll_pwait(poll, events, most, timeout, mask == NULL ? NULL : &set);
}

/* On arm64 these are longer here, by bytes that are cleared and never used. */
enum { MUTEX_BYTES = 40, ATTRIBUTES_BYTES = 56 };
int mutex_new(void *place, const pthread_mutexattr_t *wish) AS(Qthread_mutex_init);
int mutex_new(void *place, const pthread_mutexattr_t *wish) {
  pthread_mutex_t mutex;
  int result = pthread_mutex_init(&mutex, wish);
  memcpy(place, &mutex, MUTEX_BYTES);
  return result;
}
int attributes_new(void *place) AS(Qthread_attr_init);
int attributes_new(void *place) {
  pthread_attr_t attributes;
  int result = pthread_attr_init(&attributes);
  memcpy(place, &attributes, ATTRIBUTES_BYTES);
  return result;
}
/* The least stack is larger here, on arm64. */
int attributes_stack(pthread_attr_t *attributes, size_t size) AS(Qthread_attr_setstacksize);
int attributes_stack(pthread_attr_t *attributes, size_t size) {
  size_t least = sysconf(_SC_THREAD_STACK_MIN);
  return pthread_attr_setstacksize(attributes, size < least ? least : size);
}
int attributes_of(pthread_t thread, void *place) AS(Qthread_getattr_np);
int attributes_of(pthread_t thread, void *place) {
  pthread_attr_t attributes;
  int result = pthread_getattr_np(thread, &attributes);
  memcpy(place, &attributes, ATTRIBUTES_BYTES);
  return result;
}

/* A semaphore has 16 bytes there and 32 here: the place keeps a pointer. */
int semaphore_new(sem_t **place, int shared, unsigned value) AS(Qem_init);
int semaphore_new(sem_t **place, int shared, unsigned value) {
  *place = malloc(sizeof(sem_t));
  return sem_init(*place, shared, value);
}
int semaphore_end(sem_t **place) AS(Qem_destroy);
int semaphore_end(sem_t **place) {
  int result = sem_destroy(*place);
  free(*place);
  return result;
}
int semaphore_post(sem_t **place) AS(Qem_post);
int semaphore_post(sem_t **place) { return sem_post(*place); }
int semaphore_wait(sem_t **place) AS(Qem_wait);
int semaphore_wait(sem_t **place) { return sem_wait(*place); }
int semaphore_try(sem_t **place) AS(Qem_trywait);
int semaphore_try(sem_t **place) { return sem_trywait(*place); }
int semaphore_wait_until(sem_t **place, const struct timespec *until) AS(Qem_timedwait);
int semaphore_wait_until(sem_t **place, const struct timespec *until) { return sem_timedwait(*place, until); }

/* An address has its name before itself; flags and errors have other numbers. */
struct address {
  int flags, family, type, protocol;
  socklen_t length;
  char *name;
  struct sockaddr *at;
  struct address *next;
};
static const int looking[][2] = {{1, AI_PASSIVE}, {2, AI_CANONNAME}, {4, AI_NUMERICHOST}, {8, AI_NUMERICSERV},
                                 {0x100, AI_ALL}, {0x400, AI_ADDRCONFIG}, {0x800, AI_V4MAPPED}};
static const int naming[][2] = {{1, NI_NOFQDN}, {2, NI_NUMERICHOST}, {4, NI_NAMEREQD}, {8, NI_NUMERICSERV}, {16, NI_DGRAM}};
static const int failing[][2] = {{2, EAI_AGAIN}, {3, EAI_BADFLAGS}, {4, EAI_FAIL}, {5, EAI_FAMILY}, {6, EAI_MEMORY},
                                 {7, EAI_NODATA}, {8, EAI_NONAME}, {9, EAI_SERVICE}, {10, EAI_SOCKTYPE}, {11, EAI_SYSTEM}};
static int flags_here(const int (*table)[2], size_t count, int flags) {
  int here = 0;
  for (size_t i = 0; i < count; i++)
    if (flags & table[i][0]) here |= table[i][1];
  return here;
}
static int failure_there(int failure) {
  if (failure == 0) return 0;
  for (size_t i = 0; i < sizeof failing / sizeof *failing; i++)
    if (failing[i][1] == failure) return failing[i][0];
  return 4;
}

int look_up(const char *host, const char *service, const struct address *hints, struct address **found) AS(Qetaddrinfo);
int look_up(const char *host, const char *service, const struct address *hints, struct address **found) {
  struct addrinfo in = {0}, *out;
  if (hints != NULL) {
    in.ai_flags = flags_here(looking, sizeof looking / sizeof *looking, hints->flags);
    in.ai_family = hints->family, in.ai_socktype = hints->type, in.ai_protocol = hints->protocol;
  }
  int failure = getaddrinfo(host, service, hints == NULL ? NULL : &in, &out);
  if (failure != 0) return failure_there(failure);
  struct address **end = found;
  for (struct addrinfo *one = out; one != NULL; one = one->ai_next) {
    struct address *copy = calloc(1, sizeof *copy + one->ai_addrlen);
    copy->family = one->ai_family, copy->type = one->ai_socktype, copy->protocol = one->ai_protocol;
    copy->length = one->ai_addrlen;
    copy->at = memcpy(copy + 1, one->ai_addr, one->ai_addrlen);
    copy->name = one->ai_canonname == NULL ? NULL : strdup(one->ai_canonname);
    *end = copy, end = &copy->next;
  }
  *end = NULL;
  freeaddrinfo(out);
  return 0;
}
void forget_found(struct address *found) AS(Qreeaddrinfo);
void forget_found(struct address *found) {
  while (found != NULL) {
    struct address *next = found->next;
    free(found->name), free(found);
    found = next;
  }
}
const char *failure_text(int failure) AS(Qai_strerror);
const char *failure_text(int failure) {
  for (size_t i = 0; i < sizeof failing / sizeof *failing; i++)
    if (failing[i][0] == failure) return gai_strerror(failing[i][1]);
  return "unknown";
}
int name_of(const struct sockaddr *at, socklen_t length, char *host, socklen_t hosts, char *service, socklen_t services, int flags) AS(Qetnameinfo);
int name_of(const struct sockaddr *at, socklen_t length, char *host, socklen_t hosts, char *service, socklen_t services, int flags) {
  return failure_there(getnameinfo(at, length, host, hosts, service, services, flags_here(naming, sizeof naming / sizeof *naming, flags)));
}

long system_fact(int name) AS(Qysconf);
long system_fact(int name) {
  switch (name) {
  case 0x06: return sysconf(_SC_CLK_TCK);
  case 0x0b: return sysconf(_SC_OPEN_MAX);
  case 0x27: case 0x28: return sysconf(_SC_PAGESIZE);
  case 0x60: return sysconf(_SC_NPROCESSORS_CONF);
  case 0x61: return sysconf(_SC_NPROCESSORS_ONLN);
  case 0x62: return sysconf(_SC_PHYS_PAGES);
  case 0x63: return sysconf(_SC_AVPHYS_PAGES);
  default: return -1;
  }
}
