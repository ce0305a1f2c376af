/* Reads PNG (W3C, third edition) of 8 bits and fewer, row by row as its bytes are unpacked (RFC 1950, 1951). Interlaced ones and 16 bits are left out. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "shrink.h"

/* Of MOST_RAW_BYTES: unpacking the worst ones is nearly all the work that a delivery may do. */
enum { WINDOW = 1 << 15, MOST_RAW_BYTES = 20 << 20, MOST_BITS = 15, FAST_BITS = 10 };

struct tree {
  /* For the next bits: length << 12 | value, 0 where the code is longer. */
  uint16_t fast[1 << FAST_BITS];
  int count[MOST_BITS + 1];
  int values[288];
};

struct reader {
  const uint8_t *at, *end;
  uint32_t bits;
  int bit_count, padding;
  bool is_short;
  /* What was unpacked last, in a ring. */
  uint8_t window[WINDOW];
  uint32_t unpacked;
  int width, height, depth, colour_type, step;
  uint8_t colours[256][4];
  /* Rows as they are packed, with the number of their filter before them. */
  uint8_t *row, *row_before;
  size_t row_bytes, filled;
  int y;
  bool is_wrong;
  struct sums small;
};

static uint32_t four(const uint8_t *at) { return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]; }

/* Rows. */

static int likely(int left, int above, int both) {
  int estimate = left + above - both, a = abs(estimate - left), b = abs(estimate - above), c = abs(estimate - both);
  return a <= b && a <= c ? left : b <= c ? above : both;
}

static void unfilter(struct reader *reader) {
  uint8_t *row = reader->row + 1;
  const uint8_t *before = reader->row_before + 1;
  size_t step = (size_t)reader->step;
  int filter = reader->row[0];
  if (filter > 4) reader->is_wrong = true;
  if (filter == 0) return;
  for (size_t index = 0; index < reader->row_bytes - 1; index++) {
    int left = index < step ? 0 : row[index - step], above = before[index], both = index < step ? 0 : before[index - step];
    int guess = filter == 1 ? left : filter == 2 ? above : filter == 3 ? (left + above) / 2 : likely(left, above, both);
    row[index] = (uint8_t)(row[index] + guess);
  }
}

static void add_row(struct reader *reader) {
  const uint8_t *row = reader->row + 1;
  const struct sums *small = &reader->small;
  uint32_t(*sums)[4] = sums_below(small, reader->y);
  for (int x = 0; x < reader->width; x++) {
    uint8_t grey[4], colour[4];
    const uint8_t *pixel = row + (size_t)x * (size_t)reader->step;
    int opaque = 255;
    if (reader->colour_type == 2) opaque = 255;
    else if (reader->colour_type == 6) opaque = pixel[3];
    else if (reader->colour_type == 4) {
      opaque = pixel[1];
      grey[0] = grey[1] = grey[2] = pixel[0];
      pixel = grey;
    } else {
      int bit = x * reader->depth, value = row[bit >> 3] >> (8 - reader->depth - (bit & 7)) & ((1 << reader->depth) - 1);
      memcpy(colour, reader->colours[value], 4);
      opaque = colour[3];
      pixel = colour;
    }
    uint32_t *sum = sums[(int64_t)x * small->width / reader->width];
    for (int index = 0; index < 3; index++) sum[index] += (uint32_t)((pixel[index] * opaque + 255 * (255 - opaque)) / 255);
    sum[3]++;
  }
}

static void put(struct reader *reader, uint8_t byte) {
  reader->window[reader->unpacked++ & (WINDOW - 1)] = byte;
  if (reader->y >= reader->height) return;
  reader->row[reader->filled++] = byte;
  if (reader->filled < reader->row_bytes) return;
  unfilter(reader);
  add_row(reader);
  uint8_t *before = reader->row_before;
  reader->row_before = reader->row;
  reader->row = before;
  reader->filled = 0;
  reader->y++;
}

/* Unpacking. */

/* At least 24 bits; after the end they are 0, and whoever takes these has come too far. */
static void fill(struct reader *reader) {
  while (reader->bit_count <= 24) {
    if (reader->at < reader->end) reader->bits |= (uint32_t)*reader->at++ << reader->bit_count;
    else reader->padding += 8;
    reader->bit_count += 8;
  }
}

static void drop(struct reader *reader, int count) {
  reader->bits >>= count;
  reader->bit_count -= count;
  if (reader->bit_count < reader->padding) reader->is_short = true;
}

static int take(struct reader *reader, int count) {
  if (reader->bit_count < count) fill(reader);
  int value = (int)(reader->bits & ((1u << count) - 1));
  drop(reader, count);
  return value;
}

/* Of how many bits each value's code is. False when these are no codes. */
static bool plant(struct tree *tree, const uint8_t *lengths, int count) {
  int first[MOST_BITS + 2] = {0}, codes[MOST_BITS + 2] = {0}, room = 1;
  memset(tree, 0, sizeof *tree);
  for (int index = 0; index < count; index++) tree->count[lengths[index]]++;
  tree->count[0] = 0;
  for (int bits = 1; bits <= MOST_BITS; bits++) {
    room = room * 2 - tree->count[bits];
    if (room < 0) return false;
    first[bits + 1] = first[bits] + tree->count[bits];
    codes[bits + 1] = (codes[bits] + tree->count[bits]) << 1;
  }
  for (int index = 0; index < count; index++) {
    int bits = lengths[index], turned = 0;
    if (bits == 0) continue;
    tree->values[first[bits]++] = index;
    int code = codes[bits]++;
    if (bits > FAST_BITS) continue;
    for (int bit = 0; bit < bits; bit++) turned |= (code >> bit & 1) << (bits - 1 - bit); // they lie in the file with the highest bit first
    for (int rest = turned; rest < 1 << FAST_BITS; rest += 1 << bits) tree->fast[rest] = (uint16_t)(bits << 12 | index);
  }
  return true;
}

static int decode(struct reader *reader, const struct tree *tree) {
  if (reader->bit_count < MOST_BITS) fill(reader);
  int fast = tree->fast[reader->bits & ((1 << FAST_BITS) - 1)];
  if (fast != 0) {
    drop(reader, fast >> 12);
    return fast & 4095;
  }
  int code = 0, first = 0, index = 0;
  for (int bits = 1; bits <= MOST_BITS; bits++) {
    code |= take(reader, 1);
    int count = tree->count[bits];
    if (code - first < count) return tree->values[index + code - first];
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return -1;
}

static bool unpack_codes(struct reader *reader, const struct tree *lengths, const struct tree *distances) {
  static const uint16_t length_from[29] = {3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
  static const uint8_t length_bits[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
  static const uint16_t distance_from[30] = {1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
                                             193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
  while (!reader->is_short && !reader->is_wrong && reader->y < reader->height) {
    int value = decode(reader, lengths);
    if (value == 256) return true;
    if (value < 0 || value > 285) return false;
    if (value < 256) {
      put(reader, (uint8_t)value);
      continue;
    }
    int length = length_from[value - 257] + take(reader, length_bits[value - 257]);
    int code = decode(reader, distances);
    if (code < 0 || code > 29) return false;
    uint32_t distance = (uint32_t)(distance_from[code] + take(reader, code < 4 ? 0 : code / 2 - 1));
    if (distance > reader->unpacked) return false;
    for (; length > 0; length--) put(reader, reader->window[(reader->unpacked - distance) & (WINDOW - 1)]);
  }
  return !reader->is_wrong;
}

static bool unpack_with_trees(struct reader *reader) {
  static const uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  uint8_t lengths[320] = {0};
  struct tree lengths_tree, distances_tree;
  int values = take(reader, 5) + 257, distances = take(reader, 5) + 1, codes = take(reader, 4) + 4;
  for (int index = 0; index < codes; index++) lengths[order[index]] = (uint8_t)take(reader, 3);
  if (values > 286 || !plant(&lengths_tree, lengths, 19)) return false;
  memset(lengths, 0, sizeof lengths);
  for (int index = 0; index < values + distances;) {
    int value = decode(reader, &lengths_tree), before = index > 0 ? lengths[index - 1] : 0;
    if (value < 0 || (value == 16 && index == 0)) return false;
    int times = value < 16 ? 1 : value == 16 ? 3 + take(reader, 2) : value == 17 ? 3 + take(reader, 3) : 11 + take(reader, 7);
    if (index + times > values + distances) return false;
    for (; times > 0; times--) lengths[index++] = (uint8_t)(value < 16 ? value : value == 16 ? before : 0);
  }
  if (!plant(&distances_tree, lengths + values, distances) || !plant(&lengths_tree, lengths, values)) return false;
  return unpack_codes(reader, &lengths_tree, &distances_tree);
}

static bool unpack_fixed(struct reader *reader) {
  uint8_t lengths[288], distances[30];
  struct tree lengths_tree, distances_tree;
  for (int index = 0; index < 288; index++) lengths[index] = index < 144 ? 8 : index < 256 ? 9 : index < 280 ? 7 : 8;
  memset(distances, 5, sizeof distances);
  plant(&lengths_tree, lengths, 288);
  plant(&distances_tree, distances, 30);
  return unpack_codes(reader, &lengths_tree, &distances_tree);
}

static bool unpack_plain(struct reader *reader) {
  take(reader, reader->bit_count & 7);
  int length = take(reader, 16), check = take(reader, 16);
  if ((length ^ 0xffff) != check) return false;
  for (; length > 0 && !reader->is_short; length--) put(reader, (uint8_t)take(reader, 8));
  return true;
}

static const char *unpack(struct reader *reader) {
  int method = take(reader, 8), flags = take(reader, 8);
  if ((method & 15) != 8 || (method << 8 | flags) % 31 != 0 || (flags & 32) != 0) return "it is damaged";
  for (bool last = false; !last && reader->y < reader->height;) {
    last = take(reader, 1) == 1;
    int kind = take(reader, 2);
    bool good = kind == 0 ? unpack_plain(reader) : kind == 1 ? unpack_fixed(reader) : kind == 2 && unpack_with_trees(reader);
    if (reader->is_short) return "it is cut short";
    if (!good || reader->is_wrong) return "it is damaged";
  }
  return reader->y < reader->height ? "it is cut short" : NULL;
}

/* Chunks. */

static const char *read_header(struct reader *reader, const uint8_t *at, size_t length) {
  static const uint8_t samples[7] = {1, 0, 3, 1, 2, 0, 4};
  if (length < 13 || four(at) == 0 || four(at + 4) == 0 || at[9] > 6 || samples[at[9]] == 0) return "it is damaged (no size)";
  if (four(at) > 32768 || four(at + 4) > 32768) return "it is too large";
  reader->width = (int)four(at);
  reader->height = (int)four(at + 4);
  reader->depth = at[8];
  reader->colour_type = at[9];
  if (at[8] == 16) return "its colours have more than 8 bits";
  if (at[12] != 0) return "it is an interlaced PNG";
  bool is_packed = at[9] == 0 || at[9] == 3;
  if (at[8] != 8 && !(is_packed && (at[8] == 1 || at[8] == 2 || at[8] == 4))) return "it is damaged (its colours)";
  reader->step = samples[at[9]];
  reader->row_bytes = 1 + ((size_t)reader->width * reader->step * reader->depth + 7) / 8;
  if (reader->row_bytes * (size_t)reader->height > MOST_RAW_BYTES) return "it is too large";
  for (int value = 0; value < 1 << reader->depth; value++) {
    memset(reader->colours[value], value * 255 / ((1 << reader->depth) - 1), 3);
    reader->colours[value][3] = 255;
  }
  return NULL;
}

/* The palette, and what of it is transparent. */
static void read_colours(struct reader *reader, const uint8_t *at, size_t length, bool is_transparency) {
  if (reader->colour_type != 3) return;
  for (size_t index = 0; index < 256 && (is_transparency ? index < length : 3 * index + 2 < length); index++)
    if (is_transparency) reader->colours[index][3] = at[index];
    else memcpy(reader->colours[index], at + 3 * index, 3);
}

/* Puts all that is packed behind each other. Returns NULL, or what is wrong. */
static const char *read_chunks(struct reader *reader, const uint8_t *at, const uint8_t *end, uint8_t *packed, size_t *packed_length) {
  for (;;) {
    if (end - at < 12) return reader->width == 0 || *packed_length == 0 ? "it is cut short" : NULL;
    size_t length = four(at), left = (size_t)(end - at) - 12;
    const uint8_t *content = at + 8;
    bool is_data = memcmp(at + 4, "IDAT", 4) == 0;
    if (length > left && !is_data) return "it is cut short";
    if (length > left) length = left;
    const char *wrong = NULL;
    if (memcmp(at + 4, "IHDR", 4) == 0) wrong = reader->width == 0 ? read_header(reader, content, length) : "it is damaged (two pictures in one)";
    else if (reader->width == 0) return "it is damaged (no size)";
    else if (memcmp(at + 4, "PLTE", 4) == 0) read_colours(reader, content, length, false);
    else if (memcmp(at + 4, "tRNS", 4) == 0) read_colours(reader, content, length, true);
    else if (memcmp(at + 4, "IEND", 4) == 0) return NULL;
    else if (is_data) {
      memcpy(packed + *packed_length, content, length);
      *packed_length += length;
    }
    if (wrong != NULL) return wrong;
    at = content + length + 4;
  }
}

const char *read_png(const uint8_t *bytes, size_t length, int most, struct picture *picture) {
  if (length < 8 || memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) != 0) return "it is no PNG";
  struct reader *reader = calloc(1, sizeof *reader);
  uint8_t *packed = malloc(length);
  if (reader == NULL || packed == NULL) return "it is too large";
  size_t packed_length = 0;
  const char *wrong = read_chunks(reader, bytes + 8, bytes + length, packed, &packed_length);
  if (wrong == NULL) {
    reader->at = packed;
    reader->end = packed + packed_length;
    reader->small.from_width = reader->width;
    reader->small.from_height = reader->height;
    reader->row = calloc(1, reader->row_bytes);
    reader->row_before = calloc(1, reader->row_bytes);
    wrong = reader->row == NULL || reader->row_before == NULL ? "it is too large" : begin_sums(&reader->small, reader->width, reader->height, most);
  }
  if (wrong == NULL) wrong = unpack(reader);
  if (wrong == NULL) wrong = end_sums(&reader->small, 1, picture);
  free(reader->row);
  free(reader->row_before);
  free(reader->small.sums);
  free(packed);
  free(reader);
  return wrong;
}
