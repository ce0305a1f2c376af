#ifndef LOOK_H
#define LOOK_H

#include <stdbool.h>

/* What one look through the folder found and did. */
struct look {
  int made, removed, unreadable;
  /* There is more to do than one delivery may. */
  bool unfinished;
};

/* Goes on where the last look ended: makes small pictures that are missing or older than their photo, removes those whose photo is gone. */
struct look look_through(void);

#endif
