// What both exercisers share: numbers from one seed, the log of what was done, and the end when something is not as it must be.
#ifndef EXERCISER_H
#define EXERCISER_H
#define _GNU_SOURCE
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options {
  const char *folder;
  uint64_t seed;
  /** 0: without an end. */
  uint64_t operations;
  /** 0: without an end. */
  double seconds;
  /** Operations a second; 0: as many as there can be. */
  unsigned rate;
  /** The folder may go away and come back: `lost` is printed, and a line on the standard input says that it is there again. */
  bool may_end;
};
extern struct options options;
extern uint64_t operation_number, bytes_moved;

void begin(int argc, char **argv);
/** False when the last operation is done. */
bool next_operation(void);
/** The last line, and the end. */
_Noreturn void finish(void);

uint64_t random64(void);
/** 0 … count - 1. */
uint64_t below(uint64_t count);
bool one_in(unsigned count);
/** The index of one of them, by weight. */
size_t by_weight(const unsigned *weights, size_t count);

/** Of the operation that follows; `offset` and `length` are what it touches, for whoever looks for one byte. */
__attribute__((format(printf, 3, 4))) void note(uint64_t offset, uint64_t length, const char *format, ...);

/** Something is not as it must be: prints it with the log and the command that does the same again, and ends with 1. */
__attribute__((format(printf, 2, 3))) _Noreturn void differs(int64_t offset, const char *format, ...);
/** A call failed that must not fail; goes to where `is_lost` was asked when the folder went away. */
_Noreturn void failed(const char *call);
/** Ends with 2: what is around the folder does not serve. */
_Noreturn void broken(const char *what);

/** Sets a place to come back to. @returns true when the folder went away since. */
#define IS_LOST() (sigsetjmp(lost_place, 1) != 0)
#include <setjmp.h>
extern sigjmp_buf lost_place;
/** Says that it is lost, and waits until it is there again. */
void await_return(void);

/** True of a call that gives nothing, and of one that fails as it must. */
bool fails_with(int64_t result, int wanted);

#endif
