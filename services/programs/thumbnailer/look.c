/*
 * Looks through the folder, name by name, a part of it in each delivery: these have an end. What was done last is in the store, so the next look goes on
 * after it.
 */
#include "look.h"

#include <errno.h>
#include <holt.h>
#include <sys/stat.h>
#include <unistd.h>

#include "picture.h"
#include "shelf.h"

enum { SIDE = 320, DEEPEST = 16 };
/*
 * A delivery may do 5 × 10⁹ units of work. Of a photo that is full of detail a byte costs some 225, and making its small one up to 270 million: as much as
 * BYTES_OF_SMALL. A photo larger than what is done at once has a delivery of its own.
 */
enum { MOST_BYTES = 18 << 20, MOST_BYTES_AT_ONCE = 6 << 20, BYTES_OF_SMALL = 1 << 19, MOST_LOOKS = 1500 };

static struct look now;
static long long bytes_read;
static int looks;
static char last_done[LONGEST_PATH];

/* Remembered, with the time of the photo, so that it is not tried again and again. */
static void remember_unreadable(const char *path, long long modified, const char *why) {
  char key[LONGEST_PATH + 8], value[200];
  snprintf(key, sizeof key, "bad:%s", path);
  snprintf(value, sizeof value, "%lld %s", modified, why);
  holt_keep(key, value, strlen(value));
  fprintf(stderr, "%s: %s\n", path, why);
  now.unreadable++;
}

static bool is_known_unreadable(const char *path, long long modified) {
  char key[LONGEST_PATH + 8];
  snprintf(key, sizeof key, "bad:%s", path);
  struct holt_bytes value = holt_stored(key);
  return value.bytes != NULL && atoll(value.bytes) == modified;
}

static void forget_unreadable(const char *path) {
  char key[LONGEST_PATH + 8];
  snprintf(key, sizeof key, "bad:%s", path);
  holt_store_delete(key, (uint32_t)strlen(key));
}

static long long modified_of(const struct stat *facts) { return (long long)facts->st_mtim.tv_sec * 1000 + facts->st_mtim.tv_nsec / 1000000; }

/* What unpacking a PNG costs, as bytes of a JPEG: it follows from what comes out. */
static long long cost_of_png(const uint8_t *bytes, size_t length) {
  if (length < 24) return 0;
  long long width = bytes[18] << 8 | bytes[19], height = bytes[22] << 8 | bytes[23]; // larger ones are refused
  return width * height * 2;
}

/* Returns false when this photo has to wait for the next time. */
static bool make_small(const char *photo, const char *small, const struct stat *facts) {
  long long modified = modified_of(facts);
  const char *name = photo + strlen(PICTURES) + 1;
  size_t length = 0, small_length;
  uint8_t *bytes = (uint8_t *)file_content(photo, MOST_BYTES, &length);
  if (bytes == NULL) {
    fprintf(stderr, "%s: %s\n", name, strerror(errno)); // it is not the photo's fault: the next look tries again
    return true;
  }
  bool is_png = length > 0 && bytes[0] == 0x89; // whatever its name says
  long long cost = is_png ? cost_of_png(bytes, length) : (long long)length;
  if (bytes_read > 0 && bytes_read + cost > MOST_BYTES_AT_ONCE) {
    free(bytes);
    return false;
  }
  bytes_read += cost + BYTES_OF_SMALL;
  struct picture picture = {0};
  const char *wrong = is_png ? read_png(bytes, length, SIDE, &picture) : read_jpeg(bytes, length, SIDE, &picture);
  if (wrong != NULL) remember_unreadable(name, modified, wrong);
  else {
    uint8_t *written = write_jpeg(&picture, &small_length);
    make_folders_for(small);
    if (keep_file(small, written, small_length)) now.made++;
    else fprintf(stderr, "%s: %s\n", small, strerror(errno));
    forget_unreadable(name);
    free(written);
  }
  free(picture.pixels);
  free(bytes);
  return true;
}

/* Returns false when this photo has to wait for the next time. */
static bool look_at(const char *photo, const char *small, bool has_small) {
  struct stat facts, of_small;
  const char *name = photo + strlen(PICTURES) + 1;
  if (looks > MOST_LOOKS) return false;
  looks += has_small ? 2 : 1;
  if (stat(photo, &facts) != 0) return true;
  if (has_small && stat(small, &of_small) == 0 && (modified_of(&of_small) >= modified_of(&facts) || modified_of(&facts) > holt_now())) return true;
  if (is_known_unreadable(name, modified_of(&facts))) return true;
  if (facts.st_size > MOST_BYTES) remember_unreadable(name, modified_of(&facts), "it is too large");
  else if (bytes_read > 0 && bytes_read + facts.st_size > MOST_BYTES_AT_ONCE) return false;
  else return make_small(photo, small, &facts);
  return true;
}

/* Small pictures, and folders of these, whose photos are gone. */
static void tidy(const char *small_folder, const struct names *have, const struct names *photos, bool folders) {
  char path[LONGEST_PATH];
  for (size_t index = 0; index < have->count; index++) {
    if (has_name(photos, have->names[index]) || !joined(path, small_folder, have->names[index])) continue;
    if (folders) remove_all(path);
    else unlink(path);
    now.removed++;
  }
}

/* Returns false when there was enough for this time. `after` is what was done last of this folder, or NULL. */
static bool look_in(const char *folder, const char *small_folder, const char *after, int depth) {
  char photo[LONGEST_PATH], small[LONGEST_PATH];
  struct names files = names_in(folder, false), have = names_in(small_folder, false);
  tidy(small_folder, &have, &files, false);
  struct names folders = names_in(folder, true), have_folders = names_in(small_folder, true);
  tidy(small_folder, &have_folders, &folders, true);
  looks += 2;
  bool is_inside = after != NULL && strchr(after, '/') != NULL;
  for (size_t index = 0; index < files.count && !is_inside; index++) {
    const char *name = files.names[index];
    if (!is_photo(name) || (after != NULL && strcmp(name, after) <= 0) || !joined(photo, folder, name) || !joined(small, small_folder, name)) continue;
    if (!look_at(photo, small, has_name(&have, name))) return false;
    snprintf(last_done, sizeof last_done, "%s", photo + strlen(PICTURES) + 1);
  }
  size_t length = is_inside ? (size_t)(strchr(after, '/') - after) : 0;
  for (size_t index = 0; index < folders.count && depth < DEEPEST; index++) {
    const char *name = folders.names[index];
    bool is_the_one = is_inside && strlen(name) == length && memcmp(name, after, length) == 0;
    if (is_inside && !is_the_one && strncmp(name, after, length) < 0) continue;
    if (!joined(photo, folder, name) || !joined(small, small_folder, name)) continue;
    if (!look_in(photo, small, is_the_one ? after + length + 1 : NULL, depth + 1)) return false;
  }
  return true;
}

struct look look_through(void) {
  struct holt_bytes after = holt_stored("after");
  snprintf(last_done, sizeof last_done, "%s", after.bytes == NULL ? "" : after.bytes);
  mkdir(SMALL, 0777);
  now.unfinished = !look_in(PICTURES, SMALL, after.bytes, 0);
  if (now.unfinished) holt_keep("after", last_done, strlen(last_done));
  else holt_store_delete("after", 5);
  return now;
}
