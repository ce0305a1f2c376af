// Random operations on names, from one seed, beside a model of them in memory: what must fail fails as it must, and all is looked at again and again.
#include "exerciser.h"
#include "names-model.h"
#include "names-walk.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MOST_ENTRIES 250
#define MOST_DEPTH 7
#define HELD 6
#define FUSE_TYPE 0x65735546

static struct {
  struct entry *entry;
  int descriptor;
} held[HELD];

// names

#define POOL 20
static char pool[POOL][256];

static void repeat(char *name, const char *text, size_t most) {
  name[0] = 0;
  while (strlen(name) + strlen(text) <= most) strcat(name, text);
}

/** Few, so that they meet; long ones, and such as other file systems take for the same. */
static void make_pool(void) {
  static const char *const plain[] = {"a", "b", "c", "A", "file.txt", "file.txt~", ".hidden", " ", "two words", "new\nline", "é", "e\xcc\x81", "日本語", "👩‍👩‍👧", "-rf", "a:b\\c*?"};
  for (size_t i = 0; i < 16; i++) strcpy(pool[i], plain[i]);
  repeat(pool[16], "x", 255);
  repeat(pool[17], "ä", 254), strcat(pool[17], "y");
  repeat(pool[18], "語", 255);
  repeat(pool[19], "x", 254), strcat(pool[19], "z");
}

static const char *any_name(void) { return pool[below(POOL)]; }

static struct entry *any_directory(void) { return any_entry(DIRECTORY_ENTRY); }

/** NULL when there is no room, or nothing of the kind. */
static struct entry *directory_with_room(void) {
  struct entry *directory = any_directory();
  return entry_count >= MOST_ENTRIES || directory->child_count >= MOST_CHILDREN || depth_of(directory) >= MOST_DEPTH ? NULL : directory;
}

/** Says what was expected of a call. @returns whether it did something */
static bool came(int result, int wanted, const char *call) {
  if (fails_with(result, wanted)) return result >= 0;
  if (result < 0 && wanted == 0) failed(call);
  const int error = errno;
  if (result < 0) errno = error, failed(call);
  differs(-1, "%s went well, and must fail: %s", call, strerror(wanted));
}

// making

static void write_content(struct entry *entry, int file) {
  unsigned char bytes[MOST_CONTENT];
  entry->content_key = random64();
  entry->content_bytes = one_in(5) ? 0 : below(one_in(4) ? MOST_CONTENT : 300);
  entry->is_time_known = false;
  content_of(entry, bytes);
  if (ftruncate(file, 0) != 0) failed("ftruncate");
  if (pwrite(file, bytes, entry->content_bytes, 0) != (ssize_t)entry->content_bytes) failed("pwrite");
}

static void do_create(void) {
  struct entry *directory = directory_with_room();
  if (directory == NULL) return;
  const char *name = any_name();
  const unsigned mode = (unsigned)below(01000) | 0400;
  const struct entry *there = child_of(directory, name);
  note(0, 0, "create %.20s in %.20s", name, directory->name);
  const int file = open(path_of(directory, name), O_RDWR | O_CREAT | O_EXCL, mode);
  if (!came(file, there == NULL ? 0 : EEXIST, "open to create")) return;
  struct entry *made = add_entry(directory, name, FILE_ENTRY);
  made->mode = mode;
  write_content(made, file);
  if (close(file) != 0) failed("close");
}

static void do_make_directory(void) {
  struct entry *directory = directory_with_room();
  if (directory == NULL) return;
  const char *name = any_name();
  const unsigned mode = (unsigned)below(01000);
  note(0, 0, "mkdir %.20s in %.20s", name, directory->name);
  if (came(mkdir(path_of(directory, name), mode), child_of(directory, name) == NULL ? 0 : EEXIST, "mkdir"))
    add_entry(directory, name, DIRECTORY_ENTRY)->mode = mode | (directory->mode & S_ISGID);
}

static void do_link(void) {
  struct entry *directory = directory_with_room();
  if (directory == NULL) return;
  const char *name = any_name(), *target = any_name();
  note(0, 0, "symlink %.20s in %.20s to %.20s", name, directory->name, target);
  if (came(symlink(target, path_of(directory, name)), child_of(directory, name) == NULL ? 0 : EEXIST, "symlink"))
    strcpy(add_entry(directory, name, LINK_ENTRY)->target, target);
}

// taking away

static void do_unlink(void) {
  struct entry *directory = any_directory();
  const char *name = directory->child_count > 0 && !one_in(8) ? directory->children[below(directory->child_count)]->name : any_name();
  struct entry *there = child_of(directory, name);
  note(0, 0, "unlink %.20s in %.20s", name, directory->name);
  if (came(unlink(path_of(directory, name)), there == NULL ? ENOENT : there->kind == DIRECTORY_ENTRY ? EISDIR : 0, "unlink")) remove_entry(there);
}

static void do_remove_directory(void) {
  struct entry *directory = any_entry(one_in(6) ? 0 : DIRECTORY_ENTRY);
  if (directory == top) return;
  note(0, 0, "rmdir %.20s", directory->name);
  const int wanted = directory->kind != DIRECTORY_ENTRY ? ENOTDIR : directory->child_count > 0 ? ENOTEMPTY : 0;
  if (came(rmdir(path_of(directory, NULL)), wanted, "rmdir")) remove_entry(directory);
}

static void remove_below(struct entry *entry) {
  while (entry->child_count > 0) {
    struct entry *child = entry->children[entry->child_count - 1];
    remove_below(child);
    const char *path = path_of(child, NULL);
    if ((child->kind == DIRECTORY_ENTRY ? rmdir(path) : unlink(path)) != 0) failed("removal of all");
    remove_entry(child);
  }
}

static void do_clear(void) {
  struct entry *directory = any_directory();
  if (entry_count < MOST_ENTRIES / 2 || directory == top) return;
  note(0, 0, "remove all below %.20s", directory->name);
  remove_below(directory);
}

// moving

/** In the order in which Linux looks. */
static int wanted_of_rename(const struct entry *from, const struct entry *directory, const struct entry *to, unsigned flags) {
  if (from == NULL) return ENOENT;
  if (flags == RENAME_NOREPLACE && to != NULL) return EEXIST;
  if (flags == RENAME_EXCHANGE && to == NULL) return ENOENT;
  if (from->parent != directory) {
    if (is_within(directory, from)) return EINVAL;
    if (to != NULL && is_within(from->parent, to)) return flags == RENAME_EXCHANGE ? EINVAL : ENOTEMPTY;
  }
  if (to == NULL || to == from || flags == RENAME_EXCHANGE) return 0;
  if (from->kind == DIRECTORY_ENTRY && to->kind != DIRECTORY_ENTRY) return ENOTDIR;
  if (from->kind != DIRECTORY_ENTRY && to->kind == DIRECTORY_ENTRY) return EISDIR;
  return to->child_count > 0 ? ENOTEMPTY : 0;
}

static bool is_too_deep(const struct entry *entry, unsigned depth) {
  if (depth > MOST_DEPTH + 1) return true;
  for (size_t i = 0; i < entry->child_count; i++)
    if (is_too_deep(entry->children[i], depth + 1)) return true;
  return false;
}

static void do_rename(void) {
  static const unsigned ways[] = {0, 0, 0, RENAME_NOREPLACE, RENAME_EXCHANGE, RENAME_EXCHANGE};
  static const char *const words[] = {"over", "beside", "for"};
  const unsigned flags = ways[below(6)];
  struct entry *from = any_entry(0), *directory = any_directory();
  if (from == top || directory->child_count >= MOST_CHILDREN - 1) return;
  char name[256], old_name[256];
  strcpy(name, directory->child_count > 0 && one_in(2) ? directory->children[below(directory->child_count)]->name : any_name());
  strcpy(old_name, from->name);
  struct entry *to = child_of(directory, name), *old_directory = from->parent;
  if (is_too_deep(from, depth_of(directory) + 1)) return;
  if (flags == RENAME_EXCHANGE && to != NULL && is_too_deep(to, depth_of(from))) return;
  const int wanted = wanted_of_rename(from, directory, to, flags);
  note(0, 0, "rename %.20s in %.20s %s %.20s in %.20s%s", old_name, old_directory->name, words[flags], name, directory->name, wanted == 0 ? "" : ", refused");
  if (!came(renameat2(AT_FDCWD, path_of(from, NULL), AT_FDCWD, path_of(directory, name), flags), wanted, "rename") || from == to) return;
  if (flags == RENAME_EXCHANGE) {
    put_entry(from, directory, name);
    put_entry(to, old_directory, old_name);
    return;
  }
  if (to != NULL) remove_entry(to);
  put_entry(from, directory, name);
}

// attributes and contents

static void do_mode(void) {
  struct entry *entry = any_entry(one_in(2) ? FILE_ENTRY : DIRECTORY_ENTRY);
  if (entry == NULL) return;
  const unsigned mode = (unsigned)below(010000);
  note(0, 0, "chmod %.20s %o", entry->name, mode);
  if (chmod(path_of(entry, NULL), mode) != 0) failed("chmod");
  entry->mode = mode;
}

static void do_times(void) {
  struct entry *entry = any_entry(0);
  const struct timespec times[] = {{0, UTIME_OMIT}, {(time_t)below(4000000000u) - 1000000000, (long)below(1000000000)}};
  note(0, 0, "utimensat %.20s", entry->name);
  if (utimensat(AT_FDCWD, path_of(entry, NULL), times, AT_SYMLINK_NOFOLLOW) != 0) failed("utimensat");
  entry->modified = times[1];
  entry->is_time_known = true;
}

static void do_attribute(void) {
  struct entry *entry = any_entry(one_in(2) ? FILE_ENTRY : DIRECTORY_ENTRY);
  if (entry == NULL) return;
  const size_t which = below(ATTRIBUTES);
  const char *path = path_of(entry, NULL);
  char value[256];
  if (one_in(3)) {
    note(0, 0, "remove an attribute of %.20s", entry->name);
    if (came(removexattr(path, attribute_names[which]), entry->attributes[which] == 0 ? ENODATA : 0, "removexattr")) entry->attributes[which] = 0;
    return;
  }
  static const int ways[] = {0, XATTR_CREATE, XATTR_REPLACE};
  const uint64_t key = random64() | 1;
  const int flags = ways[below(3)];
  const bool is_there = entry->attributes[which] != 0;
  const int wanted = flags == XATTR_CREATE && is_there ? EEXIST : flags == XATTR_REPLACE && !is_there ? ENODATA : 0;
  note(0, 0, "set an attribute of %.20s", entry->name);
  if (came(setxattr(path, attribute_names[which], value, attribute_value(key, value), flags), wanted, "setxattr")) entry->attributes[which] = key;
}

static void do_write(void) {
  struct entry *entry = any_entry(FILE_ENTRY);
  if (entry == NULL) return;
  note(0, 0, "write %.20s", entry->name);
  const int file = open(path_of(entry, NULL), O_WRONLY | (one_in(2) ? O_TRUNC : 0));
  if (file < 0) failed("open to write");
  // whoever writes as root keeps these bits
  write_content(entry, file);
  if (close(file) != 0) failed("close");
}

// held open

static void do_hold(void) {
  const size_t which = below(HELD);
  if (held[which].entry != NULL) {
    note(0, 0, "close what was held of %.20s", held[which].entry->name);
    if (close(held[which].descriptor) != 0) failed("close");
    let_go(held[which].entry);
    held[which].entry = NULL;
    return;
  }
  struct entry *entry = any_entry(one_in(3) ? DIRECTORY_ENTRY : FILE_ENTRY);
  if (entry == NULL) return;
  note(0, 0, "hold %.20s", entry->name);
  const int descriptor = open(path_of(entry, NULL), entry->kind == FILE_ENTRY ? O_RDWR : O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) failed("open to hold");
  held[which].entry = entry;
  held[which].descriptor = descriptor;
  entry->held++;
}

/** Whatever became of its name. */
static void do_use_held(void) {
  const size_t which = below(HELD);
  struct entry *entry = held[which].entry;
  if (entry == NULL) return;
  note(0, 0, "use what is held of %.20s%s", entry->name, entry->parent == NULL ? ", which is removed" : "");
  const int descriptor = held[which].descriptor;
  if (entry->kind == DIRECTORY_ENTRY) {
    check_listing(entry, descriptor);
    if (entry->parent != NULL || entry == top) return;
    if (!fails_with(openat(descriptor, "a", O_RDWR | O_CREAT, 0600), ENOENT)) differs(-1, "a file was made in a directory that is removed");
    return;
  }
  if (one_in(3)) write_content(entry, descriptor);
  if (one_in(6) && fsync(descriptor) != 0) failed("fsync");
  struct stat got;
  if (fstat(descriptor, &got) != 0) failed("fstat");
  check_attributes(entry, &got);
  check_content(entry, descriptor);
}

// looking

static void do_look(void) {
  const struct entry *directory = any_directory();
  const char *name = any_name();
  struct stat got;
  note(0, 0, "look for %.20s in %.20s", name, directory->name);
  const struct entry *there = child_of(directory, name);
  if (came(lstat(path_of(directory, name), &got), there == NULL ? ENOENT : 0, "lstat")) check_entry(there);
  const struct entry *file = any_entry(FILE_ENTRY);
  char long_name[300];
  memset(long_name, 'l', 256), long_name[256] = 0;
  if (file != NULL) came(lstat(path_of(file, "below"), &got), ENOTDIR, "lstat below a file");
  came(lstat(path_of(top, long_name), &got), ENAMETOOLONG, "lstat of a long name");
  came(mkdir(path_of(top, long_name), 0700), ENAMETOOLONG, "mkdir of a long name");
}

static void do_walk(void) {
  note(0, 0, "look at everything");
  check_below(top);
}

/** What the kernel knows of names and attributes is asked anew of the node. */
static void do_forget(void) {
  struct statfs place;
  note(0, 0, "forget names, look at everything");
  if (statfs(options.folder, &place) != 0) failed("statfs");
  if (place.f_type == FUSE_TYPE && geteuid() == 0) mount(NULL, options.folder, NULL, MS_REMOUNT | MS_NOSUID | MS_NODEV, NULL);
  check_below(top);
}

static void do_sync(void) {
  note(0, 0, "sync");
  const int directory = open(path_of(any_directory(), NULL), O_RDONLY | O_DIRECTORY);
  if (directory < 0) failed("open");
  if ((one_in(2) ? fsync(directory) : syncfs(directory)) != 0) failed("sync of a directory");
  if (close(directory) != 0) failed("close");
}

/** Names come and go while a large directory is read; those that stay are told once each. */
static void do_crowd(void) {
  const unsigned count = 200 + (unsigned)below(1500);
  char told[2000] = {0}, name[300];
  note(0, 0, "read a directory of %u while it changes", count);
  const char *path = path_of(top, "crowd");
  char crowd[PATH_MAX];
  strcpy(crowd, path);
  if (mkdir(crowd, 0700) != 0) failed("mkdir of the crowd");
  const int directory = open(crowd, O_RDONLY | O_DIRECTORY);
  if (directory < 0) failed("open of the crowd");
  for (unsigned i = 0; i < count; i++) {
    snprintf(name, sizeof name, "one of many names %u", i);
    const int file = openat(directory, name, O_CREAT | O_EXCL | O_WRONLY, 0600);
    if (file < 0 || close(file) != 0) failed("creation in the crowd");
  }
  DIR *list = opendir(crowd);
  if (list == NULL) failed("opendir");
  const struct dirent *found;
  unsigned removed = 0, further = 0;
  while (errno = 0, (found = readdir(list)) != NULL) {
    unsigned number;
    if (sscanf(found->d_name, "one of many names %u", &number) != 1) continue;
    if (number >= count || told[number]++ != 0) differs(-1, "%s is told twice, or was never there", found->d_name);
    if (one_in(2)) {
      if (unlinkat(directory, found->d_name, 0) != 0) failed("removal from the crowd");
      removed++;
    } else if (one_in(10)) {
      snprintf(name, sizeof name, "further %u", further++);
      if (symlinkat("x", directory, name) != 0) failed("creation in the crowd");
    }
  }
  if (errno != 0) failed("readdir");
  for (unsigned i = 0; i < count; i++)
    if (!told[i]) differs(-1, "name %u of %u is not told", i, count);
  rewinddir(list);
  unsigned left = 0;
  while (errno = 0, (found = readdir(list)) != NULL) {
    if (found->d_name[0] == '.') continue;
    left++;
    if (unlinkat(directory, found->d_name, 0) != 0) failed("removal from the crowd");
  }
  if (left != count - removed + further) differs(-1, "%u are left of %u, %u removed, %u further", left, count, removed, further);
  closedir(list);
  if (close(directory) != 0) failed("close");
  if (rmdir(crowd) != 0) failed("rmdir of the crowd");
  top->is_time_known = false;
}

static const struct {
  void (*run)(void);
  unsigned weight;
} operations[] = {{do_create, 200}, {do_make_directory, 100}, {do_link, 40},  {do_unlink, 130},    {do_remove_directory, 60}, {do_clear, 8},  {do_rename, 250}, {do_mode, 50},
                  {do_times, 60},   {do_attribute, 70},       {do_write, 80}, {do_hold, 60},       {do_use_held, 80},         {do_look, 80},  {do_walk, 4},     {do_forget, 4},
                  {do_sync, 6},     {do_crowd, 1}};
#define OPERATIONS (sizeof operations / sizeof *operations)

static void let_all_go(void) {
  for (size_t i = 0; i < HELD; i++) {
    if (held[i].entry == NULL) continue;
    close(held[i].descriptor);
    let_go(held[i].entry);
    held[i].entry = NULL;
  }
}

/** What is left of an earlier run, or of one that a crash ended: any part of it may be there. */
static void remove_old(const char *path) {
  DIR *list = opendir(path);
  if (list == NULL && errno == ENOENT) return;
  if (list == NULL) failed("opendir of what was left");
  const struct dirent *found;
  while (errno = 0, (found = readdir(list)) != NULL) {
    if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0) continue;
    char below_it[PATH_MAX];
    snprintf(below_it, sizeof below_it, "%s/%s", path, found->d_name);
    if (found->d_type == DT_DIR) remove_old(below_it);
    else if (unlink(below_it) != 0) failed("removal of what was left");
  }
  if (errno != 0) failed("readdir of what was left");
  closedir(list);
  if (rmdir(path) != 0) failed("rmdir of what was left");
}

int main(int argc, char **argv) {
  begin(argc, argv);
  umask(0);
  make_pool();
  unsigned weights[OPERATIONS];
  for (size_t i = 0; i < OPERATIONS; i++) weights[i] = operations[i].weight;
  if (IS_LOST()) {
    let_all_go();
    await_return();
  }
  begin_names();
  char folder[PATH_MAX];
  strcpy(folder, path_of(top, NULL));
  remove_old(folder);
  if (mkdir(folder, top->mode) != 0) failed("mkdir");
  while (next_operation()) operations[by_weight(weights, OPERATIONS)].run();
  do_forget();
  let_all_go();
  remove_below(top);
  if (rmdir(folder) != 0) failed("rmdir");
  finish();
}
