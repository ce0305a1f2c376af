#include "file-model.h"
#include "exerciser.h"
#include <stdlib.h>
#include <string.h>

size_t most_bytes, size;
unsigned char *wanted;

/** Since it was synced: bytes that changed, the sizes it had, whether the name came to another file. */
static unsigned char *touched;
static size_t least_size, largest_size;
static bool is_name_sure;

void begin_model(size_t most) {
  most_bytes = most;
  wanted = calloc(most, 1);
  touched = calloc(most, 1);
  if (wanted == NULL || touched == NULL) broken("memory");
}

static void sized(size_t length) {
  size = length;
  if (length < least_size) least_size = length;
  if (length > largest_size) largest_size = length;
}

static void touch(size_t offset, size_t length) { memset(touched + offset, 1, length); }

void model_write(size_t offset, const unsigned char *bytes, size_t length) {
  if (length == 0) return;
  if (offset > size) touch(size, offset - size);
  memcpy(wanted + offset, bytes, length);
  touch(offset, length);
  if (offset + length > size) sized(offset + length);
}

void model_zero(size_t offset, size_t length) {
  if (offset >= size) return;
  if (offset + length > size) length = size - offset;
  memset(wanted + offset, 0, length);
  touch(offset, length);
}

void model_resize(size_t length) {
  if (length < size) memset(wanted + length, 0, size - length), touch(length, size - length);
  else touch(size, length - size);
  sized(length);
}

void model_copy(size_t from, size_t to, size_t length) {
  unsigned char *bytes = malloc(length + 1);
  memcpy(bytes, wanted + from, length);
  model_write(to, bytes, length);
  free(bytes);
}

void model_replaced(void) {
  memset(touched, 1, most_bytes);
  least_size = 0;
  largest_size = most_bytes;
  is_name_sure = false;
}

void model_synced(void) {
  memset(touched, 0, most_bytes);
  least_size = largest_size = size;
  is_name_sure = true;
}

void model_after_crash(const unsigned char *found, int64_t length) {
  if (length < 0 && is_name_sure) differs(-1, "after the crash there is no file, and it was synced");
  const size_t there = length < 0 ? 0 : (size_t)length;
  if (is_name_sure && (there < least_size || there > largest_size))
    differs(-1, "after the crash it has %zu bytes; since it was synced it had %zu to %zu", there, least_size, largest_size);
  for (size_t i = 0; i < there && i < most_bytes; i++)
    if (!touched[i] && i < size && found[i] != wanted[i])
      differs((int64_t)i, "after the crash byte %zu is %02x, and %02x was synced", i, found[i], wanted[i]);
  memset(wanted, 0, most_bytes);
  memcpy(wanted, found, there);
  size = there;
}

void check(const unsigned char *got, size_t offset, size_t length, const char *how) {
  bytes_moved += length;
  if (memcmp(got, wanted + offset, length) == 0) return;
  size_t first = 0, last = length - 1, count = 0;
  while (got[first] == wanted[offset + first]) first++;
  while (got[last] == wanted[offset + last]) last--;
  for (size_t i = 0; i < length; i++) count += got[i] != wanted[offset + i];
  differs((int64_t)(offset + first), "%s of %zu bytes at %zu (file of %zu): byte %zu is %02x, must be %02x; %zu differ, the last at %zu", how, length, offset, size,
          offset + first, got[first], wanted[offset + first], count, offset + last);
}
