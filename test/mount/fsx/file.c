// Random operations on one file, from one seed, beside a model of it in memory; every byte that is read is compared.
#include "exerciser.h"
#include "file-model.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096u
#define MIB (1u << 20)

static char path[PATH_MAX], beside[PATH_MAX];
static int file = -1, appending = -1, direct = -1;
/** A mapping of all it may become, that stays while other things are done. */
static unsigned char *mapping;
static unsigned char *buffer;
/** So that what was read from the file is never what was there before. */
static unsigned char *room;

// where and how much

/** Borders of pages, chunks and pieces are where things go wrong. */
static size_t place(size_t most) {
  static const size_t borders[] = {PAGE, 65536, MIB};
  if (most == 0) return 0;
  if (one_in(3)) {
    const size_t border = borders[below(3)];
    const size_t at = (below(most / border + 1)) * border + below(17) - 8;
    return at < most ? at : most - 1;
  }
  if (one_in(4)) return most - 1 - below(most < 100 ? most : 100);
  return below(most);
}

static size_t amount(size_t most) {
  size_t length;
  switch (below(6)) {
    case 0: length = 1 + below(20); break;
    case 1: length = PAGE * (1 + below(8)); break;
    case 2: length = 1 + below(65536 * 2); break;
    case 3: length = 65536 + below(17) - 8; break;
    case 4: length = one_in(4) ? 1 + below(MIB + MIB / 2) : 1 + below(9000); break;
    default: length = 1 + below(5000);
  }
  return length < most ? length : most;
}

static void fill(unsigned char *bytes, size_t length) {
  if (one_in(12)) {
    memset(bytes, 0, length);
    return;
  }
  const uint64_t key = random64();
  for (size_t i = 0; i < length; i++) bytes[i] = (unsigned char)((key >> (i % 8 * 8)) + i / 8 + (i >> 14));
}

// open and closed

static int opened(int flags) {
  const int made = open(path, flags, 0644);
  if (made < 0) failed("open");
  return made;
}

static void unmap(void) {
  if (mapping != NULL) munmap(mapping, most_bytes);
  mapping = NULL;
}

static void close_all(void) {
  unmap();
  int *all[] = {&file, &appending, &direct};
  for (size_t i = 0; i < 3; i++) {
    if (*all[i] >= 0 && close(*all[i]) != 0) failed("close");
    *all[i] = -1;
  }
}

static void open_all(void) {
  file = opened(O_RDWR | O_CREAT);
  appending = opened(O_WRONLY | O_APPEND);
  direct = opened(O_RDWR | O_DIRECT);
}

static void check_size(void) {
  struct stat by_file, by_name;
  if (fstat(file, &by_file) != 0 || stat(path, &by_name) != 0) failed("stat");
  if ((size_t)by_file.st_size != size || (size_t)by_name.st_size != size)
    differs(-1, "it has %lld bytes by its descriptor, %lld by its name, and must have %zu", (long long)by_file.st_size, (long long)by_name.st_size, size);
  if (by_file.st_ino != by_name.st_ino) differs(-1, "its name is another file's");
}

// reading

static void read_at(int from, size_t offset, size_t length, const char *how) {
  memset(room, 0xa5, length);
  size_t got = 0;
  while (got < length) {
    const ssize_t count = pread(from, room + got, length - got, (off_t)(offset + got));
    if (count < 0) failed(how);
    if (count == 0) break;
    got += (size_t)count;
  }
  const size_t there = offset >= size ? 0 : offset + length > size ? size - offset : length;
  if (got != there) differs((int64_t)(offset + got), "%s of %zu bytes at %zu gave %zu of %zu (file of %zu)", how, length, offset, got, there, size);
  check(room, offset, got, how);
}

static void do_read(void) {
  const size_t offset = place(size + PAGE < most_bytes ? size + PAGE : most_bytes), length = amount(most_bytes);
  note(offset, length, "pread %zu bytes at %zu", length, offset);
  read_at(file, offset, length, "pread");
}

static void do_read_on(void) {
  const size_t offset = place(size), pieces = 1 + below(6);
  if (lseek(file, (off_t)offset, SEEK_SET) != (off_t)offset) failed("lseek");
  size_t at = offset;
  for (size_t i = 0; i < pieces && at < size; i++) {
    const size_t length = amount(size - at);
    note(at, length, "read on: %zu bytes at %zu", length, at);
    const ssize_t count = read(file, room, length);
    if (count < 0) failed("read");
    if ((size_t)count != length) differs((int64_t)at, "read of %zu bytes at %zu gave %zd (file of %zu)", length, at, count, size);
    check(room, at, length, "read");
    at += length;
  }
}

static void do_read_vector(void) {
  const size_t offset = place(size), first = amount(MIB), second = amount(MIB);
  note(offset, first + second, "preadv %zu and %zu bytes at %zu", first, second, offset);
  struct iovec parts[] = {{room, first}, {room + first, second}};
  const ssize_t count = preadv(file, parts, 2, (off_t)offset);
  if (count < 0) failed("preadv");
  const size_t there = offset >= size ? 0 : offset + first + second > size ? size - offset : first + second;
  if ((size_t)count != there) differs((int64_t)offset, "preadv gave %zd bytes of %zu", count, there);
  check(room, offset, there, "preadv");
}

static void do_read_direct(void) {
  const size_t offset = place(most_bytes) / PAGE * PAGE, length = (amount(MIB) + PAGE - 1) / PAGE * PAGE;
  note(offset, length, "read past the cache: %zu bytes at %zu", length, offset);
  read_at(direct, offset, length, "read with O_DIRECT");
}

static void check_all(void) {
  note(0, 0, "read all of %zu bytes", size);
  check_size();
  read_at(file, 0, most_bytes, "read of all");
  if (mapping != NULL && size > 0) check(mapping, 0, size, "reading of the mapping");
}

/** What is read after this came from the node. */
static void do_forget(void) {
  note(0, 0, "sync, and forget what is in the cache");
  if (fsync(file) != 0) failed("fsync");
  model_synced();
  if (posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) != 0) failed("posix_fadvise");
  if (one_in(2)) check_all();
}

// writing

static void write_whole(int to, const unsigned char *bytes, size_t length, off_t offset, const char *how) {
  for (size_t done = 0; done < length;) {
    const ssize_t count = offset < 0 ? write(to, bytes + done, length - done) : pwrite(to, bytes + done, length - done, offset + (off_t)done);
    if (count <= 0) failed(how);
    done += (size_t)count;
  }
  bytes_moved += length;
}

static void do_write(void) {
  const size_t offset = one_in(3) ? place(most_bytes) : place(size + 1), length = amount(most_bytes - offset);
  note(offset, length, "pwrite %zu bytes at %zu", length, offset);
  fill(buffer, length);
  write_whole(file, buffer, length, (off_t)offset, "pwrite");
  model_write(offset, buffer, length);
}

/** Several, one behind the other: a program that writes from front to end. */
static void do_write_on(void) {
  size_t at = one_in(2) ? 0 : place(size + 1);
  if (lseek(file, (off_t)at, SEEK_SET) != (off_t)at) failed("lseek");
  for (size_t pieces = 1 + below(12); pieces > 0 && at < most_bytes; pieces--) {
    const size_t length = amount(most_bytes - at);
    note(at, length, "write on: %zu bytes at %zu", length, at);
    fill(buffer, length);
    write_whole(file, buffer, length, -1, "write");
    model_write(at, buffer, length);
    at += length;
  }
}

static void do_write_vector(void) {
  const size_t offset = place(size + 1), first = amount((most_bytes - offset) / 2 + 1), second = amount(most_bytes - offset - first);
  if (offset + first + second > most_bytes) return;
  note(offset, first + second, "pwritev %zu and %zu bytes at %zu", first, second, offset);
  fill(buffer, first + second);
  struct iovec parts[] = {{buffer, first}, {buffer + first, second}};
  const ssize_t count = pwritev(file, parts, 2, (off_t)offset);
  if (count != (ssize_t)(first + second)) failed("pwritev");
  model_write(offset, buffer, first + second);
}

static void do_append(void) {
  const size_t at = size, length = amount(most_bytes - size);
  if (length == 0) return;
  note(at, length, "append %zu bytes at %zu", length, at);
  fill(buffer, length);
  write_whole(appending, buffer, length, -1, "append");
  model_write(at, buffer, length);
}

static void do_write_direct(void) {
  const size_t offset = place(size + 1) / PAGE * PAGE;
  size_t length = (amount(MIB) + PAGE - 1) / PAGE * PAGE;
  if (offset + length > most_bytes) length = (most_bytes - offset) / PAGE * PAGE;
  if (length == 0) return;
  note(offset, length, "write past the cache: %zu bytes at %zu", length, offset);
  fill(buffer, length);
  write_whole(direct, buffer, length, (off_t)offset, "write with O_DIRECT");
  model_write(offset, buffer, length);
}

static void do_resize(void) {
  const size_t length = one_in(10) ? 0 : place(most_bytes);
  const bool by_name = one_in(2);
  note(length < size ? length : size, length < size ? size - length : length - size, "%s from %zu to %zu", by_name ? "truncate" : "ftruncate", size, length);
  if ((by_name ? truncate(path, (off_t)length) : ftruncate(file, (off_t)length)) != 0) failed("truncate");
  model_resize(length);
}

static void do_allocate(void) {
  static const struct {
    int mode;
    const char *name;
  } modes[] = {{0, "longer"},
               {FALLOC_FL_KEEP_SIZE, "keeping the size"},
               {FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, "a hole"},
               {FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, "a hole"},
               {FALLOC_FL_ZERO_RANGE, "zeros"},
               {FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, "zeros, keeping the size"},
               {FALLOC_FL_COLLAPSE_RANGE, "taking out"},
               {FALLOC_FL_INSERT_RANGE, "putting in"}};
  const size_t which = below(8);
  size_t offset = place(size + PAGE < most_bytes ? size + PAGE : size + 1);
  if (which >= 6) offset |= 1; // no file system takes out a part of a block
  if (offset >= most_bytes) return;
  const size_t length = amount(most_bytes - offset);
  const int mode = modes[which].mode;
  note(offset, length, "fallocate (%s) %zu bytes at %zu", modes[which].name, length, offset);
  const int result = fallocate(file, mode, (off_t)offset, (off_t)length);
  if (which >= 6) {
    if (!fails_with(result, EOPNOTSUPP) && !fails_with(result, EINVAL)) differs(-1, "fallocate (%s) is not refused as it should be", modes[which].name);
    return;
  }
  if (result != 0) failed("fallocate");
  if ((mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)) != 0) model_zero(offset, length);
  if ((mode & FALLOC_FL_KEEP_SIZE) == 0 && offset + length > size) model_resize(offset + length);
}

static void do_copy(void) {
  if (size == 0) return;
  const size_t from = place(size), to = place(most_bytes);
  size_t length = amount(size - from);
  if (length > most_bytes - to) length = most_bytes - to;
  if (from < to + length && to < from + length) return;
  note(to, length, "copy_file_range %zu bytes from %zu to %zu", length, from, to);
  off_t in = (off_t)from, out = (off_t)to;
  for (size_t left = length; left > 0;) {
    const ssize_t count = copy_file_range(file, &in, file, &out, left, 0);
    if (count <= 0) failed("copy_file_range");
    left -= (size_t)count;
  }
  model_copy(from, to, length);
}

// mapped

static void do_map(void) {
  if (mapping != NULL && one_in(2)) {
    note(0, 0, "unmap");
    unmap();
    return;
  }
  if (mapping == NULL) {
    note(0, 0, "map");
    mapping = mmap(NULL, most_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapping == MAP_FAILED) mapping = NULL, failed("mmap");
  }
  const size_t offset = place(size), length = amount(size - offset);
  note(offset, length, "look at %zu mapped bytes at %zu", length, offset);
  check(mapping + offset, offset, length, "reading of the mapping");
}

static void do_write_mapped(void) {
  if (mapping == NULL || size == 0) return;
  const size_t offset = place(size), length = amount(size - offset);
  const unsigned after = (unsigned)below(3);
  note(offset, length, "write %zu mapped bytes at %zu%s", length, offset, after == 0 ? ", msync" : "");
  fill(buffer, length);
  memcpy(mapping + offset, buffer, length);
  bytes_moved += length;
  model_write(offset, buffer, length);
  if (after == 0 && msync(mapping + offset / PAGE * PAGE, length + offset % PAGE, MS_SYNC) != 0) failed("msync");
}

// all else

static void do_sync(void) {
  const uint64_t how = below(3);
  note(0, 0, "%s", how == 0 ? "fsync" : how == 1 ? "fdatasync" : "syncfs");
  if ((how == 0 ? fsync(file) : how == 1 ? fdatasync(file) : syncfs(file)) != 0) failed("sync");
  // the kernel does not tell the folder of the last of these
  if (how < 2) model_synced();
}

static void do_reopen(void) {
  note(0, 0, "close and open");
  close_all();
  open_all();
  check_size();
}

static bool is_zero(size_t from, size_t to) {
  for (; from < to; from++)
    if (wanted[from] != 0) return false;
  return true;
}

/** What is called a hole holds zeros; nothing needs to be called one. */
static void do_seek(void) {
  const size_t offset = place(size + 2);
  note(offset, 0, "seek data and holes from %zu", offset);
  const off_t data = lseek(file, (off_t)offset, SEEK_DATA);
  if (data < 0 && errno != ENXIO) failed("SEEK_DATA");
  if (offset >= size && data >= 0) differs(-1, "SEEK_DATA behind the end gave %lld", (long long)data);
  const size_t until = data < 0 ? size : (size_t)data;
  if (until < offset && offset < size) differs(-1, "SEEK_DATA from %zu gave %zu", offset, until);
  if (!is_zero(offset, until < size ? until : size)) differs((int64_t)offset, "SEEK_DATA from %zu to %zu goes over data", offset, until);
  const off_t hole = lseek(file, (off_t)offset, SEEK_HOLE);
  if (offset >= size) return;
  if (hole < (off_t)offset || (size_t)hole > size) differs(-1, "SEEK_HOLE from %zu gave %lld (file of %zu)", offset, (long long)hole, size);
}

/** What editors do: all of it anew in another file, which gets the name. */
static void do_replace(void) {
  const size_t length = one_in(3) ? below(most_bytes) : amount(most_bytes), by = 1 + amount(300000);
  const bool is_synced = one_in(2);
  note(0, most_bytes, "a new file of %zu bytes, written by %zu, gets the name%s", length, by, is_synced ? ", synced before" : "");
  close_all();
  file = open(beside, O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (file < 0) failed("open of the file beside");
  fill(buffer, length);
  for (size_t at = 0; at < length; at += by) write_whole(file, buffer + at, length - at < by ? length - at : by, -1, "write beside");
  if (is_synced && fsync(file) != 0) failed("fsync");
  if (rename(beside, path) != 0) failed("rename");
  model_resize(0);
  model_write(0, buffer, length);
  model_replaced();
  appending = opened(O_WRONLY | O_APPEND);
  direct = opened(O_RDWR | O_DIRECT);
  check_size();
}

/** The name goes, the file is used on, then another one has the name. */
static void do_unlink(void) {
  note(0, most_bytes, "unlink; used while open; another file of the name");
  if (unlink(path) != 0) failed("unlink");
  if (!fails_with(access(path, F_OK), ENOENT)) differs(-1, "it is there after unlink");
  read_at(file, 0, most_bytes, "read after unlink");
  const size_t offset = place(size + 1), length = amount(most_bytes - offset);
  fill(buffer, length);
  write_whole(file, buffer, length, (off_t)offset, "pwrite after unlink");
  model_write(offset, buffer, length);
  if (one_in(3) && fsync(file) != 0) failed("fsync after unlink");
  if (one_in(3) && posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) != 0) failed("posix_fadvise");
  if (one_in(2)) {
    const size_t cut = below(size + 1);
    if (ftruncate(file, (off_t)cut) != 0) failed("ftruncate after unlink");
    model_resize(cut);
  }
  read_at(file, 0, most_bytes, "read of what has no name");
  struct stat now;
  if (fstat(file, &now) != 0) failed("fstat after unlink");
  if (now.st_nlink != 0) differs(-1, "what has no name has %lu links", (unsigned long)now.st_nlink);
  close_all();
  model_resize(0);
  model_replaced();
  file = opened(O_RDWR | O_CREAT | O_EXCL);
  appending = opened(O_WRONLY | O_APPEND);
  direct = opened(O_RDWR | O_DIRECT);
}

/** O_TRUNC while others have it open. */
static void do_empty(void) {
  note(0, size, "open with O_TRUNC");
  const int other = opened(O_WRONLY | O_TRUNC);
  model_resize(0);
  const size_t length = amount(most_bytes);
  fill(buffer, length);
  write_whole(other, buffer, length, -1, "write after O_TRUNC");
  model_write(0, buffer, length);
  if (close(other) != 0) failed("close");
}

static const struct {
  void (*run)(void);
  unsigned weight;
} operations[] = {{do_read, 20},     {do_read_on, 5},      {do_read_vector, 3}, {do_read_direct, 4}, {check_all, 3},     {do_forget, 3},  {do_write, 24},
                  {do_write_on, 4},  {do_write_vector, 3}, {do_append, 4},      {do_write_direct, 4}, {do_resize, 8},   {do_allocate, 8}, {do_copy, 5},
                  {do_map, 5},       {do_write_mapped, 7}, {do_sync, 3},        {do_reopen, 2},      {do_seek, 2},       {do_replace, 1},  {do_unlink, 1},
                  {do_empty, 1}};
#define OPERATIONS (sizeof operations / sizeof *operations)

/** The folder is there again: what was synced is in it. */
static void take_up(void) {
  await_return();
  const int again = open(path, O_RDONLY);
  if (again < 0 && errno != ENOENT) failed("open after the crash");
  ssize_t count = again < 0 ? -1 : 0, got;
  while (again >= 0 && (got = pread(again, room + count, most_bytes + PAGE - (size_t)count, count)) != 0) {
    if (got < 0) failed("read after the crash");
    count += got;
  }
  if (again >= 0) close(again);
  model_after_crash(room, count);
  open_all();
  if (fsync(file) != 0) failed("fsync after the crash");
  model_synced();
}

int main(int argc, char **argv) {
  begin(argc, argv);
  static const size_t sizes[] = {150000, 700000, 2500000, 6000000};
  begin_model(sizes[below(4)]);
  // what is read is at most twice as long as the file, in whole pages
  if (posix_memalign((void **)&buffer, PAGE, most_bytes + 2 * MIB) != 0 || posix_memalign((void **)&room, PAGE, most_bytes + 4 * MIB) != 0) broken("memory");
  snprintf(path, sizeof path, "%s/exercised-%llu", options.folder, (unsigned long long)options.seed);
  snprintf(beside, sizeof beside, "%s/beside-%llu", options.folder, (unsigned long long)options.seed);
  unsigned weights[OPERATIONS];
  for (size_t i = 0; i < OPERATIONS; i++) weights[i] = operations[i].weight;
  unlink(path);
  model_replaced();
  if (IS_LOST()) {
    options.may_end = false; // what cannot be closed is closed all the same
    unmap();
    close(file), close(appending), close(direct);
    file = appending = direct = -1;
    options.may_end = true;
    take_up();
  } else open_all();
  while (next_operation()) {
    operations[by_weight(weights, OPERATIONS)].run();
    if (one_in(8)) check_size();
  }
  do_forget();
  check_all();
  close_all();
  if (unlink(path) != 0) failed("unlink");
  finish();
}
