/* Writes baseline JPEG without subsampling, by the tables of annex K of ITU-T T.81, those of brightness for the codes of all parts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "zigzag.h"

static const uint8_t quantizers[2][64] = {
    {16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40,  57,  69,  56, 14, 17, 22, 29, 51,  87,  80, 62,
     18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99},
    {17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
     99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99}};
/* Of the tables, in hundredths: finer. */
enum { COARSENESS = 45 };

static const uint8_t dc_counts[16] = {0, 1, 5, 1, 1, 1, 1, 1, 1};
static const uint8_t dc_values[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
static const uint8_t ac_counts[16] = {0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125};
static const uint8_t ac_values[162] = {
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71, 0x14, 0x32, 0x81,
    0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18,
    0x19, 0x1a, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48,
    0x49, 0x4a, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75,
    0x76, 0x77, 0x78, 0x79, 0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
    0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3,
    0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5,
    0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa};

struct codes {
  uint16_t code[256];
  uint8_t bits[256];
};

struct writer {
  uint8_t *bytes;
  size_t length, room;
  uint32_t waiting;
  int waiting_bits;
  struct codes dc, ac;
  uint8_t quantizers[2][64];
  float waves[8][8];
};

static void put(struct writer *writer, int byte) {
  if (writer->length == writer->room) {
    writer->room = writer->room == 0 ? 16384 : writer->room * 2;
    writer->bytes = realloc(writer->bytes, writer->room);
    if (writer->bytes == NULL) abort();
  }
  writer->bytes[writer->length++] = (uint8_t)byte;
}

static void put_all(struct writer *writer, const void *bytes, size_t length) {
  for (size_t index = 0; index < length; index++) put(writer, ((const uint8_t *)bytes)[index]);
}

static void begin_segment(struct writer *writer, int marker, size_t length) {
  put(writer, 0xff);
  put(writer, marker);
  put(writer, (int)((length + 2) >> 8));
  put(writer, (int)((length + 2) & 255));
}

static void put_bits(struct writer *writer, uint32_t value, int count) {
  writer->waiting = writer->waiting << count | (value & ((1u << count) - 1));
  writer->waiting_bits += count;
  while (writer->waiting_bits >= 8) {
    int byte = (int)(writer->waiting >> (writer->waiting_bits - 8) & 255);
    put(writer, byte);
    if (byte == 0xff) put(writer, 0);
    writer->waiting_bits -= 8;
  }
}

static void put_codes(struct writer *writer, int number, struct codes *codes, const uint8_t *counts, const uint8_t *values) {
  int total = 0, code = 0;
  for (int bits = 1; bits <= 16; bits++, code <<= 1)
    for (int left = counts[bits - 1]; left > 0; left--, code++, total++) {
      codes->code[values[total]] = (uint16_t)code;
      codes->bits[values[total]] = (uint8_t)bits;
    }
  begin_segment(writer, 0xc4, (size_t)(17 + total));
  put(writer, number);
  put_all(writer, counts, 16);
  put_all(writer, values, (size_t)total);
}

static int bits_of(int value) {
  int bits = 0;
  for (int rest = abs(value); rest > 0; rest >>= 1) bits++;
  return bits;
}

static void put_number(struct writer *writer, int value, int bits) { put_bits(writer, (uint32_t)(value < 0 ? value - 1 : value), bits); }

/* Returns the block's first number, from which the next one counts. */
static int put_block(struct writer *writer, const float pixels[64], const uint8_t *quantizer, int previous) {
  float rows[64];
  int block[64];
  for (int y = 0; y < 8; y++)
    for (int u = 0; u < 8; u++) {
      rows[y * 8 + u] = 0;
      for (int x = 0; x < 8; x++) rows[y * 8 + u] += pixels[y * 8 + x] * writer->waves[x][u];
    }
  for (int u = 0; u < 8; u++)
    for (int v = 0; v < 8; v++) {
      float sum = 0;
      for (int y = 0; y < 8; y++) sum += rows[y * 8 + u] * writer->waves[y][v];
      block[v * 8 + u] = (int)lroundf(sum / quantizer[v * 8 + u]);
    }
  int difference = block[0] - previous, bits = bits_of(difference), zeros = 0;
  put_bits(writer, writer->dc.code[bits], writer->dc.bits[bits]);
  put_number(writer, difference, bits);
  for (int index = 1; index < 64; index++) {
    int value = block[zigzag[index]];
    if (value == 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) put_bits(writer, writer->ac.code[0xf0], writer->ac.bits[0xf0]);
    bits = bits_of(value);
    int code = zeros << 4 | bits;
    put_bits(writer, writer->ac.code[code], writer->ac.bits[code]);
    put_number(writer, value, bits);
    zeros = 0;
  }
  if (zeros > 0) put_bits(writer, writer->ac.code[0], writer->ac.bits[0]);
  return block[0];
}

/* Brightness, blue and red of eight by eight pixels; beyond the edge the last ones go on. */
static void read_blocks(const struct picture *picture, int left, int top, float blocks[3][64]) {
  for (int index = 0; index < 64; index++) {
    int x = left + (index & 7), y = top + (index >> 3);
    if (x >= picture->width) x = picture->width - 1;
    if (y >= picture->height) y = picture->height - 1;
    const uint8_t *pixel = picture->pixels + 3 * ((size_t)y * (size_t)picture->width + (size_t)x);
    float r = pixel[0], g = pixel[1], b = pixel[2];
    blocks[0][index] = 0.299f * r + 0.587f * g + 0.114f * b - 128;
    blocks[1][index] = -0.168736f * r - 0.331264f * g + 0.5f * b;
    blocks[2][index] = 0.5f * r - 0.418688f * g - 0.081312f * b;
  }
}

static void put_head(struct writer *writer, const struct picture *picture) {
  static const uint8_t jfif[] = {'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
  put_all(writer, "\xff\xd8", 2);
  begin_segment(writer, 0xe0, sizeof jfif);
  put_all(writer, jfif, sizeof jfif);
  if (picture->profile != NULL) {
    begin_segment(writer, 0xe2, picture->profile_length);
    put_all(writer, picture->profile, picture->profile_length);
  }
  for (int table = 0; table < 2; table++) {
    begin_segment(writer, 0xdb, 65);
    put(writer, table);
    for (int index = 0; index < 64; index++) {
      int value = (quantizers[table][index] * COARSENESS + 50) / 100;
      writer->quantizers[table][index] = (uint8_t)(value < 1 ? 1 : value);
    }
    for (int index = 0; index < 64; index++) put(writer, writer->quantizers[table][zigzag[index]]);
  }
  const uint8_t frame[] = {8, (uint8_t)(picture->height >> 8), (uint8_t)picture->height, (uint8_t)(picture->width >> 8), (uint8_t)picture->width,
                           3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1};
  begin_segment(writer, 0xc0, sizeof frame);
  put_all(writer, frame, sizeof frame);
  put_codes(writer, 0x00, &writer->dc, dc_counts, dc_values);
  put_codes(writer, 0x10, &writer->ac, ac_counts, ac_values);
  static const uint8_t scan[] = {3, 1, 0, 2, 0, 3, 0, 0, 63, 0};
  begin_segment(writer, 0xda, sizeof scan);
  put_all(writer, scan, sizeof scan);
}

uint8_t *write_jpeg(const struct picture *picture, size_t *length) {
  struct writer writer = {0};
  for (int x = 0; x < 8; x++)
    for (int u = 0; u < 8; u++) writer.waves[x][u] = (float)((u == 0 ? sqrt(0.125) : 0.5) * cos((2 * x + 1) * u * M_PI / 16));
  put_head(&writer, picture);
  int previous[3] = {0};
  for (int top = 0; top < picture->height; top += 8)
    for (int left = 0; left < picture->width; left += 8) {
      float blocks[3][64];
      read_blocks(picture, left, top, blocks);
      for (int part = 0; part < 3; part++)
        previous[part] = put_block(&writer, blocks[part], writer.quantizers[part == 0 ? 0 : 1], previous[part]);
    }
  if (writer.waiting_bits > 0) put_bits(&writer, 0x7f, 8 - writer.waiting_bits);
  put_all(&writer, "\xff\xd9", 2);
  *length = writer.length;
  return writer.bytes;
}
