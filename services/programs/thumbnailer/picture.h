#ifndef PICTURE_H
#define PICTURE_H

#include <stddef.h>
#include <stdint.h>

/* Rows from the top, three bytes (red, green, blue) for each pixel. */
struct picture {
  int width, height;
  uint8_t *pixels;
  /* The segment that says what the colours mean (ICC), as it stands in the file it came from; NULL when there is none. */
  const uint8_t *profile;
  size_t profile_length;
};

/* Reads a JPEG, no larger than `most` pixels in width and height, turned as the camera says. NULL, or why it cannot. The profile lies in `bytes`. */
const char *read_jpeg(const uint8_t *bytes, size_t length, int most, struct picture *picture);

/* As `read_jpeg`; what is transparent is white. */
const char *read_png(const uint8_t *bytes, size_t length, int most, struct picture *picture);

/* Writes a JPEG. Returns what is to be freed. */
uint8_t *write_jpeg(const struct picture *picture, size_t *length);

#endif
