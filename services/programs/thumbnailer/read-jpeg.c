/*
 * Reads baseline JPEG (ITU-T T.81: sequential, Huffman, 8 bits), which is what cameras write. Of each block of 8 × 8 only as many frequencies are used as
 * the wished size has pixels for, so a large photo costs little more than reading its bits. Nothing is kept but one row of blocks and the sums for the
 * small picture.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "shrink.h"
#include "zigzag.h"

enum { MOST_COMPONENTS = 3, MOST_SIDE = 32768, MOST_PIXELS = 120000000 };

struct huffman {
  bool known;
  /*
   * For the next 16 bits, which no code is longer than: its length, with the bits of the number behind it << 16, and without << 8, and its value; 0 where no
   * code begins so.
   */
  uint32_t next[1 << 16];
};

struct component {
  int id, across, down, quantizer, dc, ac;
  int previous;
  /* One row of blocks, as many pixels for each as the scale says. */
  int stride;
  uint8_t *row;
};

struct reader {
  const uint8_t *at, *end;
  /* The next ones, from the top. */
  uint64_t bits;
  int bit_count;
  /* A marker was met, or the end: from here on there are no bits. */
  bool over;
  int missing;
  uint16_t quantizers[4][64];
  struct huffman dc[4], ac[4];
  struct component components[MOST_COMPONENTS];
  int component_count, most_across, most_down;
  int width, height, restart_every, orientation;
  bool is_rgb;
  const uint8_t *profile;
  size_t profile_length;
  /* Pixels that are made of the side of a block: 1, 2, 4 or 8. */
  int scale;
  float waves[8][8];
  /* A bit for each of the 64 numbers of a block, in their order in the file: whether it is of use at this scale. */
  uint64_t wanted;
};

static int two(const uint8_t *at) { return at[0] << 8 | at[1]; }

/* Segments before the picture. */

static const char *read_quantizers(struct reader *reader, const uint8_t *at, const uint8_t *end) {
  while (at < end) {
    int wide = *at >> 4, number = *at & 15;
    at++;
    if (number > 3 || wide > 1 || end - at < 64 << wide) return "it is damaged (a table of quantities)";
    for (int index = 0; index < 64; index++, at += 1 + wide) reader->quantizers[number][zigzag[index]] = (uint16_t)(wide ? two(at) : *at);
  }
  return NULL;
}

static const char *read_huffman(struct reader *reader, const uint8_t *at, const uint8_t *end) {
  while (at < end) {
    if (end - at < 17 || (*at & 15) > 3 || *at >> 4 > 1) return "it is damaged (a table of codes)";
    struct huffman *table = *at >> 4 ? &reader->ac[*at & 15] : &reader->dc[*at & 15];
    memset(table, 0, sizeof *table);
    const uint8_t *counts = at, *values = at + 17;
    int code = 0;
    at += 17;
    for (int bits = 1; bits <= 16; bits++, code <<= 1)
      for (int left = counts[bits]; left > 0; left--, code++, values++) {
        if (code >= 1 << bits || values >= end) return "it is damaged (a table of codes)";
        for (int rest = 0; rest < 1 << (16 - bits); rest++) table->next[(code << (16 - bits)) + rest] = (uint32_t)((bits + (*values & 15)) << 16 | bits << 8 | *values);
      }
    at = values;
    table->known = true;
  }
  return NULL;
}

static const char *read_frame(struct reader *reader, const uint8_t *at, const uint8_t *end) {
  if (reader->component_count > 0 || end - at < 6) return "it is damaged (two pictures in one)";
  if (at[0] != 8) return "its colours have more than 8 bits";
  reader->height = two(at + 1);
  reader->width = two(at + 3);
  int count = at[5];
  if (count != 1 && count != 3) return "it has the colours of a printer (CMYK)";
  if (end - at < 6 + 3 * count || reader->width == 0 || reader->height == 0) return "it is damaged (no size)";
  if (reader->width > MOST_SIDE || reader->height > MOST_SIDE || (int64_t)reader->width * reader->height > MOST_PIXELS) return "it is too large";
  at += 6;
  for (int index = 0; index < count; index++, at += 3) {
    struct component *component = &reader->components[index];
    *component = (struct component){.id = at[0], .across = at[1] >> 4, .down = at[1] & 15, .quantizer = at[2]};
    if (component->across < 1 || component->across > 4 || component->down < 1 || component->down > 4 || component->quantizer > 3)
      return "it is damaged (its parts)";
    if (component->across > reader->most_across) reader->most_across = component->across;
    if (component->down > reader->most_down) reader->most_down = component->down;
  }
  reader->component_count = count;
  if (count == 1) reader->components[0].across = reader->components[0].down = reader->most_across = reader->most_down = 1;
  return NULL;
}

/* How the camera was held: a number that Exif has in its first directory. */
static void read_exif(struct reader *reader, const uint8_t *at, const uint8_t *end) {
  if (end - at < 14 || memcmp(at, "Exif\0\0", 6) != 0) return;
  at += 6;
  bool little = at[0] == 'I';
#define TWO(p) (little ? (p)[0] | (p)[1] << 8 : two(p))
  size_t directory = little ? at[4] | at[5] << 8 | at[6] << 16 : at[5] << 16 | at[6] << 8 | at[7];
  if (directory + 2 > (size_t)(end - at)) return;
  const uint8_t *entry = at + directory + 2;
  for (int left = TWO(at + directory); left > 0 && end - entry >= 12; left--, entry += 12)
    if (TWO(entry) == 0x0112 && TWO(entry + 8) >= 1 && TWO(entry + 8) <= 8) reader->orientation = TWO(entry + 8);
#undef TWO
}

static const char *read_scan(struct reader *reader, const uint8_t *at, const uint8_t *end) {
  int count = reader->component_count;
  if (count == 0) return "it is damaged (no size)";
  if (end - at < 1 + 2 * count || at[0] != count) return "its colours lie apart";
  for (int index = 0; index < count; index++) {
    struct component *component = &reader->components[index];
    const uint8_t *entry = at + 1 + 2 * index;
    if (entry[0] != component->id || entry[1] >> 4 > 3 || (entry[1] & 15) > 3) return "it is damaged (its parts)";
    component->dc = entry[1] >> 4;
    component->ac = entry[1] & 15;
    if (!reader->dc[component->dc].known || !reader->ac[component->ac].known) return "it is damaged (a table of codes is missing)";
  }
  return NULL;
}

/* Everything up to where the bits of the picture begin. */
static const char *read_segments(struct reader *reader) {
  if (reader->end - reader->at < 4 || two(reader->at) != 0xffd8) return "it is no JPEG";
  reader->at += 2;
  for (;;) {
    while (reader->at < reader->end && *reader->at != 0xff) reader->at++;
    while (reader->at < reader->end && *reader->at == 0xff) reader->at++;
    if (reader->end - reader->at < 3) return "it is cut short";
    int marker = *reader->at++;
    if (marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    int length = two(reader->at);
    const uint8_t *at = reader->at + 2, *end = reader->at + length;
    if (length < 2 || end > reader->end) return "it is cut short";
    reader->at = end;
    const char *wrong = NULL;
    if (marker == 0xdb) wrong = read_quantizers(reader, at, end);
    else if (marker == 0xc4) wrong = read_huffman(reader, at, end);
    else if (marker == 0xc0 || marker == 0xc1) wrong = read_frame(reader, at, end);
    else if (marker == 0xc2) return "it is a progressive JPEG";
    else if (marker > 0xc2 && marker <= 0xcf && marker != 0xcc && marker != 0xc8) return "it is a JPEG of a rare kind";
    else if (marker == 0xdd && end - at >= 2) reader->restart_every = two(at);
    else if (marker == 0xe1) read_exif(reader, at, end);
    else if (marker == 0xe2 && end - at > 12 && end - at < 4096 && memcmp(at, "ICC_PROFILE\0\1\1", 14) == 0) {
      reader->profile = at;
      reader->profile_length = (size_t)(end - at);
    } else if (marker == 0xee && end - at >= 12 && memcmp(at, "Adobe", 5) == 0) reader->is_rgb = at[11] == 0;
    else if (marker == 0xda) return read_scan(reader, at, end);
    if (wrong != NULL) return wrong;
  }
}

/* The bits of the picture. */

/* At least 32 bits, of which those after the end are 0. */
static void fill(struct reader *reader) {
  if (reader->bit_count >= 32) return;
  if (reader->end - reader->at >= 4) {
    uint32_t word;
    memcpy(&word, reader->at, 4);
    bool has_marker = ((~word - 0x01010101u) & word & 0x80808080u) != 0; // a byte of 255
    if (!has_marker && !reader->over) {
      reader->bits |= (uint64_t)__builtin_bswap32(word) << (32 - reader->bit_count);
      reader->bit_count += 32;
      reader->at += 4;
      return;
    }
  }
  while (reader->bit_count <= 56) {
    uint64_t byte = 0;
    if (!reader->over) {
      if (reader->at >= reader->end) reader->over = true;
      else if (*reader->at != 0xff) byte = *reader->at++;
      else if (reader->end - reader->at >= 2 && reader->at[1] == 0) {
        byte = 0xff;
        reader->at += 2;
      } else reader->over = true;
    }
    if (reader->over) reader->missing++;
    reader->bits |= byte << (56 - reader->bit_count);
    reader->bit_count += 8;
  }
}

static void drop(struct reader *reader, int count) {
  reader->bits <<= count;
  reader->bit_count -= count;
}

/* A code of `table`, after which there are still 16 bits; -1 for one that it does not have. */
static int decode(struct reader *reader, const struct huffman *table) {
  fill(reader);
  uint32_t next = table->next[reader->bits >> 48];
  drop(reader, (int)(next >> 8 & 255));
  return next == 0 ? -1 : (int)(next & 255);
}

/* A number of so many bits: those that begin with 0 are negative. */
static int number(struct reader *reader, int bits) {
  if (bits == 0) return 0;
  int value = (int)(reader->bits >> (64 - bits));
  drop(reader, bits);
  return value < 1 << (bits - 1) ? value - (1 << bits) + 1 : value;
}

static uint8_t clamp(float value) { return value <= 0 ? 0 : value >= 255 ? 255 : (uint8_t)(value + 0.5f); }

/* One block: its frequencies, and of these the pixels, as many as the scale says. */
static bool read_block(struct reader *reader, struct component *component, uint8_t *to) {
  float block[64];
  int scale = reader->scale;
  for (int v = 0; v < scale; v++) memset(block + v * 8, 0, (size_t)scale * sizeof *block);
  const uint16_t *quantizer = reader->quantizers[component->quantizer];
  const struct huffman *ac = &reader->ac[component->ac];
  int bits = decode(reader, &reader->dc[component->dc]);
  if (bits < 0 || bits > 15) return false;
  component->previous += number(reader, bits);
  block[0] = (float)component->previous * quantizer[0];
  int highest = 0;
  // most of all work is this loop: what it changes is held in variables of its own
  uint64_t rest = reader->bits, wanted = reader->wanted;
  int left = reader->bit_count;
  for (int index = 1; index < 64; index++) {
    if (left < 32) {
      reader->bits = rest;
      reader->bit_count = left;
      fill(reader);
      rest = reader->bits;
      left = reader->bit_count;
    }
    uint32_t next = ac->next[rest >> 48];
    int size = (int)(next & 15), length = (int)(next >> 16);
    index += (int)(next >> 4 & 15);
    if (size == 0 || index > 63) {
      if (next == 0 || size != 0) return false;
      rest <<= length;
      left -= length;
      if ((next & 255) != 0xf0) break;
      continue;
    }
    if ((wanted >> index & 1) != 0) {
      int place = zigzag[index], value = (int)(rest << (length - size) >> (64 - size));
      block[place] = (float)(value < 1 << (size - 1) ? value - (1 << size) + 1 : value) * quantizer[place];
      highest = place;
    }
    rest <<= length;
    left -= length;
  }
  reader->bits = rest;
  reader->bit_count = left;
  if (highest == 0) {
    uint8_t even = clamp(block[0] / 8 + 128);
    for (int y = 0; y < scale; y++) memset(to + y * component->stride, even, (size_t)scale);
    return true;
  }
  float rows[64];
  for (int v = 0; v < scale; v++)
    for (int x = 0; x < scale; x++) {
      float sum = 0;
      for (int u = 0; u < scale; u++) sum += block[v * 8 + u] * reader->waves[x][u];
      rows[v * 8 + x] = sum;
    }
  for (int x = 0; x < scale; x++)
    for (int y = 0; y < scale; y++) {
      float sum = 128;
      for (int v = 0; v < scale; v++) sum += rows[v * 8 + x] * reader->waves[y][v];
      to[y * component->stride + x] = clamp(sum);
    }
  return true;
}

/* After so many units the bits begin anew, behind a marker. */
static bool restart(struct reader *reader) {
  reader->bits = 0;
  reader->bit_count = 0;
  reader->over = false;
  reader->missing = 0;
  for (int index = 0; index < reader->component_count; index++) reader->components[index].previous = 0;
  while (reader->end - reader->at >= 2 && !(reader->at[0] == 0xff && reader->at[1] >= 0xd0 && reader->at[1] <= 0xd7)) reader->at++;
  if (reader->end - reader->at < 2) return false;
  reader->at += 2;
  return true;
}

static void add_row(const struct reader *reader, struct sums *small, int line, int from_y) {
  const struct component *c = reader->components;
  uint32_t(*row)[4] = sums_below(small, from_y);
  const uint8_t *lines[MOST_COMPONENTS];
  for (int index = 0; index < reader->component_count; index++)
    lines[index] = c[index].row + c[index].stride * (line * c[index].down / reader->most_down);
  for (int x = 0; x < small->from_width; x++) {
    uint32_t *sum = row[(int64_t)x * small->width / small->from_width];
    float y = lines[0][x * c[0].across / reader->most_across];
    sum[3]++;
    if (reader->component_count == 1) {
      for (int index = 0; index < 3; index++) sum[index] += (uint32_t)y;
      continue;
    }
    float b = lines[1][x * c[1].across / reader->most_across], r = lines[2][x * c[2].across / reader->most_across];
    if (reader->is_rgb) {
      sum[0] += (uint32_t)y;
      sum[1] += (uint32_t)b;
      sum[2] += (uint32_t)r;
      continue;
    }
    sum[0] += clamp(y + 1.402f * (r - 128));
    sum[1] += clamp(y - 0.344136f * (b - 128) - 0.714136f * (r - 128));
    sum[2] += clamp(y + 1.772f * (b - 128));
  }
}

static const char *read_picture(struct reader *reader, struct sums *small) {
  int scale = reader->scale;
  int unit_width = reader->most_across * 8, unit_height = reader->most_down * 8;
  int units_across = (reader->width + unit_width - 1) / unit_width, units_down = (reader->height + unit_height - 1) / unit_height;
  for (int index = 0; index < reader->component_count; index++) {
    struct component *component = &reader->components[index];
    component->stride = units_across * component->across * scale;
    component->row = malloc((size_t)component->stride * (size_t)(component->down * scale));
    if (component->row == NULL) return "it is too large";
  }
  int done = 0;
  for (int unit_y = 0; unit_y < units_down; unit_y++) {
    for (int unit_x = 0; unit_x < units_across; unit_x++, done++) {
      if (reader->restart_every > 0 && done > 0 && done % reader->restart_every == 0 && !restart(reader)) return "it is cut short";
      for (int index = 0; index < reader->component_count; index++) {
        struct component *c = &reader->components[index];
        for (int y = 0; y < c->down; y++)
          for (int x = 0; x < c->across; x++)
            if (!read_block(reader, c, c->row + y * scale * c->stride + (unit_x * c->across + x) * scale)) return "it is damaged";
      }
      if (reader->missing > 16) return "it is cut short";
    }
    for (int line = 0; line < reader->most_down * scale; line++) {
      int from_y = unit_y * reader->most_down * scale + line;
      if (from_y < small->from_height) add_row(reader, small, line, from_y);
    }
  }
  return NULL;
}

/* The smallest scale that still has two pixels for each one that is wished, or else all there is. */
static int scale_for(int side, int most) {
  for (int scale = 1; scale < 8; scale *= 2)
    if (side * scale / 8 >= 2 * most) return scale;
  return 8;
}

const char *read_jpeg(const uint8_t *bytes, size_t length, int most, struct picture *picture) {
  struct reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return "it is too large";
  reader->at = bytes;
  reader->end = bytes + length;
  reader->orientation = 1;
  const char *wrong = read_segments(reader);
  struct sums small = {0};
  if (wrong == NULL) {
    int longer = reader->width > reader->height ? reader->width : reader->height;
    reader->scale = scale_for(longer, most);
    for (int x = 0; x < reader->scale; x++)
      for (int u = 0; u < reader->scale; u++)
        reader->waves[x][u] = (float)((u == 0 ? sqrt(0.125) : 0.5) * cos((2 * x + 1) * u * M_PI / (2 * reader->scale)));
    for (int index = 0; index < 64; index++)
      if ((zigzag[index] & 7) < reader->scale && zigzag[index] >> 3 < reader->scale) reader->wanted |= (uint64_t)1 << index;
    small.from_width = (reader->width * reader->scale + 7) / 8;
    small.from_height = (reader->height * reader->scale + 7) / 8;
    wrong = begin_sums(&small, reader->width, reader->height, most);
  }
  if (wrong == NULL) wrong = read_picture(reader, &small);
  if (wrong == NULL) wrong = end_sums(&small, reader->orientation, picture);
  picture->profile = reader->profile;
  picture->profile_length = reader->profile_length;
  for (int index = 0; index < reader->component_count; index++) free(reader->components[index].row);
  free(small.sums);
  free(reader);
  return wrong;
}
