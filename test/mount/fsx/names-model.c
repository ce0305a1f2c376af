#include "names-model.h"
#include "exerciser.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry *top;
size_t entry_count;

static void free_all(struct entry *entry) {
  for (size_t i = 0; i < entry->child_count; i++) free_all(entry->children[i]);
  free(entry);
}

void begin_names(void) {
  if (top != NULL) free_all(top);
  top = calloc(1, sizeof *top);
  if (top == NULL) broken("memory");
  top->kind = DIRECTORY_ENTRY;
  snprintf(top->name, sizeof top->name, "names-%llu", (unsigned long long)options.seed);
  top->mode = 0755;
  entry_count = 1;
}

struct entry *child_of(const struct entry *directory, const char *name) {
  for (size_t i = 0; i < directory->child_count; i++)
    if (strcmp(directory->children[i]->name, name) == 0) return directory->children[i];
  return NULL;
}

struct entry *add_entry(struct entry *directory, const char *name, enum kind kind) {
  struct entry *entry = calloc(1, sizeof *entry);
  if (entry == NULL) broken("memory");
  entry->kind = kind;
  put_entry(entry, directory, name);
  entry_count++;
  return entry;
}

static void take_out(struct entry *entry) {
  struct entry *directory = entry->parent;
  for (size_t i = 0; i < directory->child_count; i++)
    if (directory->children[i] == entry) directory->children[i] = directory->children[--directory->child_count];
  directory->is_time_known = false;
  entry->parent = NULL;
}

void remove_entry(struct entry *entry) {
  take_out(entry);
  entry_count--;
  if (entry->held == 0) free(entry);
}

void put_entry(struct entry *entry, struct entry *directory, const char *name) {
  char kept[256];
  snprintf(kept, sizeof kept, "%s", name);
  if (entry->parent != NULL) take_out(entry);
  snprintf(entry->name, sizeof entry->name, "%s", kept);
  entry->parent = directory;
  directory->children[directory->child_count++] = entry;
  directory->is_time_known = false;
}

void let_go(struct entry *entry) {
  if (--entry->held == 0 && entry->parent == NULL && entry != top) free(entry);
}

bool is_within(const struct entry *entry, const struct entry *above) {
  for (; entry != NULL; entry = entry->parent)
    if (entry == above) return true;
  return false;
}

unsigned depth_of(const struct entry *entry) {
  unsigned depth = 0;
  for (; entry->parent != NULL; entry = entry->parent) depth++;
  return depth;
}

static struct entry *counted(struct entry *entry, int kind, size_t *left) {
  if (kind == 0 || (int)entry->kind == kind) {
    if (*left == 0) return entry;
    --*left;
  }
  for (size_t i = 0; i < entry->child_count; i++) {
    struct entry *found = counted(entry->children[i], kind, left);
    if (found != NULL) return found;
  }
  return NULL;
}

struct entry *any_entry(int kind) {
  size_t left = SIZE_MAX;
  counted(top, kind, &left);
  const size_t count = SIZE_MAX - left;
  if (count == 0) return NULL;
  left = below(count);
  return counted(top, kind, &left);
}

const char *path_of(const struct entry *entry, const char *name) {
  static char paths[4][PATH_MAX];
  static unsigned turn;
  char *path = paths[turn++ % 4];
  size_t at = PATH_MAX - 1;
  path[at] = 0;
  if (name != NULL) {
    at -= strlen(name);
    memcpy(path + at, name, strlen(name));
    path[--at] = '/';
  }
  for (; entry != NULL; entry = entry->parent) {
    at -= strlen(entry->name);
    memcpy(path + at, entry->name, strlen(entry->name));
    path[--at] = '/';
  }
  at -= strlen(options.folder);
  memcpy(path + at, options.folder, strlen(options.folder));
  return path + at;
}

void content_of(const struct entry *entry, unsigned char *bytes) {
  for (size_t i = 0; i < entry->content_bytes; i++) bytes[i] = (unsigned char)((entry->content_key >> (i % 8 * 8)) + i / 8);
}

size_t attribute_value(uint64_t key, char *text) {
  const size_t length = key % 200;
  for (size_t i = 0; i < length; i++) text[i] = (char)(key >> (i % 8 * 8));
  return length;
}
