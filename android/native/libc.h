/* What the bridge uses of Android's libc and log, as bionic lays it out: there is no NDK among what builds this app. */
#ifndef HOLT_LIBC_H
#define HOLT_LIBC_H
#ifdef __ANDROID__
#include <stddef.h>
#include <stdint.h>

typedef int pthread_key_t;
typedef int pthread_once_t;
typedef long pthread_t;
#ifdef __LP64__
typedef struct { int32_t state[10]; } pthread_mutex_t;
#else
typedef struct { int32_t state[1]; } pthread_mutex_t;
#endif
#define PTHREAD_ONCE_INIT 0
#define PTHREAD_MUTEX_INITIALIZER {{0}}
#define AF_UNIX 1
#define SOCK_STREAM 1
#define SOCK_CLOEXEC 02000000

int pthread_key_create(pthread_key_t *, void (*)(void *));
int pthread_once(pthread_once_t *, void (*)(void));
int pthread_setspecific(pthread_key_t, const void *);
void *pthread_getspecific(pthread_key_t);
int pthread_mutex_lock(pthread_mutex_t *);
int pthread_mutex_unlock(pthread_mutex_t *);
int pthread_create(pthread_t *, const void *, void *(*)(void *), void *);
int pthread_detach(pthread_t);
int posix_memalign(void **, size_t, size_t);
void *malloc(size_t);
void *realloc(void *, size_t);
void free(void *);
void abort(void) __attribute__((noreturn));
void *memcpy(void *, const void *, size_t);
void *memset(void *, int, size_t);
void *memchr(const void *, int, size_t);
size_t strlen(const char *);
int setenv(const char *, const char *, int);
int socketpair(int, int, int, int[2]);
int pipe(int[2]);
int dup2(int, int);
long read(int, void *, size_t);
long write(int, const void *, size_t);
int close(int);
int *__errno(void);
#define errno (*__errno())
#define EINTR 4
#else
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

enum { LOG_INFO = 4, LOG_ERROR = 6 };
int __android_log_write(int level, const char *tag, const char *text);
#endif
