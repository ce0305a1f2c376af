#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shelf.h"

static int by_name(const void *one, const void *other) { return strcmp(*(char *const *)one, *(char *const *)other); }

struct names names_in(const char *folder, bool want_folders) {
  struct names found = {0};
  DIR *open = opendir(folder);
  if (open == NULL) return found;
  size_t room = 0;
  for (struct dirent *entry = readdir(open); entry != NULL; entry = readdir(open)) {
    if (entry->d_name[0] == '.' || (entry->d_type == DT_DIR) != want_folders) continue;
    if (found.count == room) {
      room = room == 0 ? 64 : room * 2;
      found.names = realloc(found.names, room * sizeof *found.names);
      if (found.names == NULL) abort();
    }
    found.names[found.count++] = strdup(entry->d_name);
  }
  closedir(open);
  if (found.count > 0) qsort(found.names, found.count, sizeof *found.names, by_name);
  return found;
}

bool has_name(const struct names *names, const char *name) {
  return names->count > 0 && bsearch(&name, names->names, names->count, sizeof *names->names, by_name) != NULL;
}

bool joined(char to[LONGEST_PATH], const char *folder, const char *name) {
  return snprintf(to, LONGEST_PATH, "%s/%s", folder, name) < LONGEST_PATH;
}

bool is_photo(const char *name) {
  const char *ending = strrchr(name, '.');
  return ending != NULL && (strcasecmp(ending, ".jpg") == 0 || strcasecmp(ending, ".jpeg") == 0 || strcasecmp(ending, ".png") == 0);
}

char *file_content(const char *path, size_t most, size_t *length) {
  struct stat facts;
  FILE *file = fopen(path, "rb");
  if (file == NULL) return NULL;
  char *bytes = fstat(fileno(file), &facts) == 0 && (size_t)facts.st_size <= most ? malloc((size_t)facts.st_size + 1) : NULL;
  if (bytes != NULL) *length = fread(bytes, 1, (size_t)facts.st_size, file);
  fclose(file);
  return bytes;
}

bool keep_file(const char *path, const void *bytes, size_t length) {
  char part[LONGEST_PATH];
  if (snprintf(part, sizeof part, "%s.part", path) >= LONGEST_PATH) return false;
  FILE *file = fopen(part, "wb");
  if (file == NULL) return false;
  bool written = fwrite(bytes, 1, length, file) == length;
  if (fclose(file) == 0 && written && rename(part, path) == 0) return true;
  int why = errno;
  unlink(part);
  errno = why;
  return false;
}

void make_folders_for(const char *path) {
  char folder[LONGEST_PATH];
  snprintf(folder, sizeof folder, "%s", path);
  for (char *at = strchr(folder + strlen(PICTURES) + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
    *at = 0;
    mkdir(folder, 0777);
    *at = '/';
  }
}

void remove_all(const char *folder) {
  char path[LONGEST_PATH];
  struct names folders = names_in(folder, true), files = names_in(folder, false);
  for (size_t index = 0; index < folders.count; index++)
    if (joined(path, folder, folders.names[index])) remove_all(path);
  for (size_t index = 0; index < files.count; index++)
    if (joined(path, folder, files.names[index])) unlink(path);
  rmdir(folder);
}
