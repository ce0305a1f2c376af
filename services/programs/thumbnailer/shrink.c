#include "shrink.h"

#include <stdbool.h>
#include <stdlib.h>

const char *begin_sums(struct sums *small, int width, int height, int most) {
  int longer = width > height ? width : height, wished = longer < most ? longer : most;
  small->width = (int)((int64_t)width * wished / longer) > 0 ? (int)((int64_t)width * wished / longer) : 1;
  small->height = (int)((int64_t)height * wished / longer) > 0 ? (int)((int64_t)height * wished / longer) : 1;
  small->sums = calloc((size_t)small->width * (size_t)small->height, sizeof *small->sums);
  return small->sums == NULL ? "it is too large" : NULL;
}

const char *end_sums(const struct sums *small, int orientation, struct picture *picture) {
  bool sideways = orientation >= 5;
  picture->width = sideways ? small->height : small->width;
  picture->height = sideways ? small->width : small->height;
  picture->pixels = malloc((size_t)picture->width * (size_t)picture->height * 3);
  if (picture->pixels == NULL) return "it is too large";
  bool from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  bool from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  uint8_t *to = picture->pixels;
  for (int y = 0; y < picture->height; y++)
    for (int x = 0; x < picture->width; x++, to += 3) {
      int across = sideways ? y : x, down = sideways ? x : y;
      if (from_right) across = small->width - 1 - across;
      if (from_below) down = small->height - 1 - down;
      const uint32_t *sum = small->sums[(size_t)down * (size_t)small->width + (size_t)across];
      for (int index = 0; index < 3; index++) to[index] = (uint8_t)((sum[index] + sum[3] / 2) / (sum[3] == 0 ? 1 : sum[3]));
    }
  return NULL;
}
