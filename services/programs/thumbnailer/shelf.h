#ifndef SHELF_H
#define SHELF_H

#include <stdbool.h>
#include <stddef.h>

#define PICTURES "/pictures"
#define SMALL "/pictures/.thumbnails"
enum { LONGEST_PATH = 1024 };

/* The names in a folder, sorted; folders and files apart by `want_folders`. Those that begin with a dot are left out. */
struct names {
  char **names;
  size_t count;
};
struct names names_in(const char *folder, bool want_folders);
bool has_name(const struct names *names, const char *name);

/* "folder/name"; false when that is too long. */
bool joined(char to[LONGEST_PATH], const char *folder, const char *name);

bool is_photo(const char *name);

/* A whole file; NULL when it cannot be read, or has more than `most` bytes. */
char *file_content(const char *path, size_t most, size_t *length);

/* Whole or not at all. */
bool keep_file(const char *path, const void *bytes, size_t length);

/* The folder that a path lies in, and those above. */
void make_folders_for(const char *path);
void remove_all(const char *folder);

#endif
