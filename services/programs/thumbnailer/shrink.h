#ifndef SHRINK_H
#define SHRINK_H

#include <stdint.h>

#include "picture.h"

/* For each pixel of a small picture the sums of what falls onto it, red, green and blue, and of how many. */
struct sums {
  int width, height;
  int from_width, from_height;
  uint32_t (*sums)[4];
};

/* No larger than `most`, in the shape of width × height, of rows that come as from_width × from_height. Returns NULL, or what is wrong. */
const char *begin_sums(struct sums *small, int width, int height, int most);

/* The row of sums that this row falls onto. */
static inline uint32_t (*sums_below(const struct sums *small, int from_y))[4] {
  return small->sums + (size_t)small->width * (size_t)((int64_t)from_y * small->height / small->from_height);
}

/* Makes the picture of the sums, turned as the eight orientations of Exif say. */
const char *end_sums(const struct sums *small, int orientation, struct picture *picture);

#endif
