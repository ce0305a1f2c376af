#include "exerciser.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <time.h>
#include <unistd.h>

struct options options;
uint64_t operation_number, bytes_moved;
sigjmp_buf lost_place;

static const char *program;
static uint64_t state;
static double started, told;

#define LOG_LINES 20000
#define LAST_LINES 60
static struct line {
  uint64_t number, offset, length;
  char text[112];
} lines[LOG_LINES];
static uint64_t lines_written;

/** Asked for, not told: a call that a signal interrupts may fail. */
static bool is_interrupted(void) {
  sigset_t waiting;
  sigpending(&waiting);
  return sigismember(&waiting, SIGINT) || sigismember(&waiting, SIGTERM);
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/** The process that serves a mapping is gone, or a page of it cannot be read. */
static void mapping_failed(int signal_number) {
  (void)signal_number;
  errno = EIO;
  failed("access to a mapping");
}

void begin(int argc, char **argv) {
  program = argv[0];
  for (int i = 1; i + 1 < argc; i += 2) {
    const char *value = argv[i + 1];
    if (strcmp(argv[i], "--folder") == 0) options.folder = value;
    else if (strcmp(argv[i], "--seed") == 0) options.seed = strtoull(value, NULL, 10);
    else if (strcmp(argv[i], "--operations") == 0) options.operations = strtoull(value, NULL, 10);
    else if (strcmp(argv[i], "--seconds") == 0) options.seconds = strtod(value, NULL);
    else if (strcmp(argv[i], "--rate") == 0) options.rate = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(argv[i], "--may-end") == 0) options.may_end = strcmp(value, "yes") == 0;
    else options.folder = NULL, i = argc;
  }
  if (options.folder == NULL || argc % 2 == 0) {
    fprintf(stderr, "usage: %s --folder DIR [--seed N] [--operations N] [--seconds N] [--rate N] [--may-end yes]\n", program);
    exit(2);
  }
  state = options.seed;
  state = random64() ^ options.seed << 32; // or one seed would be the next one, a step later
  started = told = seconds_now();
  setvbuf(stdout, NULL, _IOLBF, 0);
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  sigprocmask(SIG_BLOCK, &ends, NULL);
  struct sigaction action = {.sa_handler = mapping_failed, .sa_flags = SA_NODEFER};
  sigaction(SIGBUS, &action, NULL);
}

bool next_operation(void) {
  const double now = seconds_now();
  if (is_interrupted() || (options.seconds > 0 && now - started >= options.seconds)) return false;
  if (options.operations > 0 && operation_number >= options.operations) return false;
  if (options.rate > 0) usleep((useconds_t)(1000000 / options.rate));
  if (now - told >= 1) {
    told = now;
    printf("at %llu %llu\n", (unsigned long long)operation_number, (unsigned long long)bytes_moved);
  }
  operation_number++;
  return true;
}

void finish(void) {
  printf("at %llu %llu\n", (unsigned long long)operation_number, (unsigned long long)bytes_moved);
  printf("seed %llu: %llu operations, %llu bytes, no difference\n", (unsigned long long)options.seed,
         (unsigned long long)operation_number, (unsigned long long)bytes_moved);
  exit(0);
}

uint64_t random64(void) {
  uint64_t mixed = (state += 0x9e3779b97f4a7c15u);
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return mixed ^ (mixed >> 31);
}

uint64_t below(uint64_t count) { return count == 0 ? 0 : random64() % count; }
bool one_in(unsigned count) { return below(count) == 0; }

size_t by_weight(const unsigned *weights, size_t count) {
  uint64_t sum = 0;
  for (size_t i = 0; i < count; i++) sum += weights[i];
  uint64_t left = below(sum);
  for (size_t i = 0; i < count; i++) {
    if (left < weights[i]) return i;
    left -= weights[i];
  }
  return count - 1;
}

void note(uint64_t offset, uint64_t length, const char *format, ...) {
  struct line *line = &lines[lines_written++ % LOG_LINES];
  line->number = operation_number;
  line->offset = offset;
  line->length = length;
  va_list rest;
  va_start(rest, format);
  vsnprintf(line->text, sizeof line->text, format, rest);
  va_end(rest);
}

static void print_lines(int64_t offset) {
  const uint64_t kept = lines_written < LOG_LINES ? lines_written : LOG_LINES;
  for (uint64_t i = lines_written - kept; i < lines_written; i++) {
    const struct line *line = &lines[i % LOG_LINES];
    const bool touches = offset >= 0 && (uint64_t)offset >= line->offset && (uint64_t)offset - line->offset < line->length;
    if (touches || lines_written - i <= LAST_LINES)
      printf("%c %8llu %s\n", touches ? '*' : ' ', (unsigned long long)line->number, line->text);
  }
}

void differs(int64_t offset, const char *format, ...) {
  printf("DIFFERENCE at operation %llu of seed %llu, process %d: ", (unsigned long long)operation_number, (unsigned long long)options.seed, getpid());
  va_list rest;
  va_start(rest, format);
  vprintf(format, rest);
  va_end(rest);
  printf("\nWhat was done last%s:\n", offset >= 0 ? ", and what touched that byte (*)" : "");
  print_lines(offset);
  printf("Again: %s --folder %s --seed %llu --operations %llu --rate %u\n", program, options.folder, (unsigned long long)options.seed,
         (unsigned long long)operation_number + 1, options.rate);
  fflush(stdout);
  _exit(1);
}

static bool is_gone(int error) {
  struct statfs there;
  if (error == ENOTCONN || error == ECONNABORTED) return true;
  return error == EIO && statfs(options.folder, &there) != 0;
}

void failed(const char *call) {
  const int error = errno;
  if (options.may_end && is_gone(error)) siglongjmp(lost_place, 1);
  differs(-1, "%s: %s", call, strerror(error));
}

void broken(const char *what) {
  perror(what);
  exit(2);
}

void await_return(void) {
  note(0, 0, "the folder went away");
  printf("lost\n");
  char line[64];
  for (;;) {
    struct pollfd input = {.fd = 0, .events = POLLIN};
    if (is_interrupted()) _exit(3);
    if (poll(&input, 1, 500) <= 0) continue;
    if (fgets(line, sizeof line, stdin) == NULL) _exit(3);
    return;
  }
}

bool fails_with(int64_t result, int wanted) {
  if (wanted == 0) return result >= 0;
  return result < 0 && errno == wanted;
}
