#include "names-walk.h"
#include "exerciser.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

const char *const attribute_names[ATTRIBUTES] = {"user.one", "user.two", "user.größe"};

static const unsigned kinds[] = {0, S_IFREG, S_IFDIR, S_IFLNK};
static const unsigned char listed_kinds[] = {0, DT_REG, DT_DIR, DT_LNK};

void check_content(const struct entry *entry, int file) {
  unsigned char got[MOST_CONTENT + 1], wanted[MOST_CONTENT + 1];
  const ssize_t count = pread(file, got, sizeof got, 0);
  if (count < 0) failed("pread");
  content_of(entry, wanted);
  if ((size_t)count != entry->content_bytes || memcmp(got, wanted, entry->content_bytes) != 0)
    differs(-1, "%s holds other bytes than were written: %zd of %zu", entry->name, count, entry->content_bytes);
  bytes_moved += (uint64_t)count;
}

void check_attributes(const struct entry *entry, const struct stat *got) {
  if ((got->st_mode & S_IFMT) != kinds[entry->kind]) differs(-1, "%s is of kind %o", entry->name, got->st_mode);
  if (entry->kind != LINK_ENTRY && (got->st_mode & 07777) != entry->mode)
    differs(-1, "%s has the mode %o, must have %o", entry->name, got->st_mode & 07777, entry->mode);
  if (entry->is_time_known && (got->st_mtim.tv_sec != entry->modified.tv_sec || got->st_mtim.tv_nsec != entry->modified.tv_nsec))
    differs(-1, "%s is of %lld.%09ld, must be of %lld.%09ld", entry->name, (long long)got->st_mtim.tv_sec, got->st_mtim.tv_nsec,
            (long long)entry->modified.tv_sec, entry->modified.tv_nsec);
  const size_t bytes = entry->kind == FILE_ENTRY ? entry->content_bytes : strlen(entry->target);
  if (entry->kind != DIRECTORY_ENTRY && (size_t)got->st_size != bytes)
    differs(-1, "%s has %lld bytes, must have %zu", entry->name, (long long)got->st_size, bytes);
}

static void check_extended(const struct entry *entry, const char *path) {
  char got[256], wanted[256], list[1024];
  size_t listed = 0;
  for (size_t i = 0; i < ATTRIBUTES; i++) {
    const ssize_t count = lgetxattr(path, attribute_names[i], got, sizeof got);
    if (entry->attributes[i] == 0) {
      if (!fails_with(count, ENODATA)) differs(-1, "%s has the attribute %s", entry->name, attribute_names[i]);
      continue;
    }
    listed += strlen(attribute_names[i]) + 1;
    const size_t length = attribute_value(entry->attributes[i], wanted);
    if (count < 0) failed("lgetxattr");
    if ((size_t)count != length || memcmp(got, wanted, length) != 0) differs(-1, "%s has another value of %s", entry->name, attribute_names[i]);
  }
  const ssize_t count = llistxattr(path, list, sizeof list);
  if (count < 0) failed("llistxattr");
  if ((size_t)count != listed) differs(-1, "%s lists %zd bytes of attributes, not %zu", entry->name, count, listed);
}

void check_listing(const struct entry *entry, int directory) {
  const int again = dup(directory);
  DIR *list = again < 0 ? NULL : fdopendir(again);
  if (list == NULL) failed("fdopendir");
  rewinddir(list);
  size_t count = 0;
  for (;;) {
    errno = 0;
    const struct dirent *found = readdir(list);
    if (found == NULL && errno != 0) failed("readdir");
    if (found == NULL) break;
    if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0) continue;
    const struct entry *child = child_of(entry, found->d_name);
    if (child == NULL) differs(-1, "%s lists %s, which is not there", entry->name, found->d_name);
    if (found->d_type != listed_kinds[child->kind]) differs(-1, "%s lists %s as of kind %d", entry->name, found->d_name, found->d_type);
    count++;
  }
  if (count != entry->child_count) differs(-1, "%s lists %zu names, must list %zu", entry->name, count, entry->child_count);
  closedir(list);
}

void check_entry(const struct entry *entry) {
  const char *path = path_of(entry, NULL);
  struct stat got;
  if (lstat(path, &got) != 0) failed("lstat");
  check_attributes(entry, &got);
  check_extended(entry, path);
  if (entry->kind == LINK_ENTRY) {
    char target[512];
    const ssize_t count = readlink(path, target, sizeof target);
    if (count < 0) failed("readlink");
    if ((size_t)count != strlen(entry->target) || memcmp(target, entry->target, (size_t)count) != 0) differs(-1, "%s leads elsewhere", entry->name);
    return;
  }
  const int opened = open(path, O_RDONLY);
  if (opened < 0) failed("open");
  if (entry->kind == FILE_ENTRY) check_content(entry, opened);
  else check_listing(entry, opened);
  if (close(opened) != 0) failed("close");
}

void check_below(const struct entry *entry) {
  check_entry(entry);
  for (size_t i = 0; i < entry->child_count; i++) check_below(entry->children[i]);
}
