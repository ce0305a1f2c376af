// Uses the files of the folder "photos" in most ways that the C library has, and answers with what came of each.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <holt.h>
#include <sys/stat.h>
#include <unistd.h>

static FILE *out;

static void told(const char *what, long long result) {
  if (result < 0) fprintf(out, "%s: %s\n", what, strerror(errno));
  else fprintf(out, "%s: %lld\n", what, result);
}

static void list(const char *path) {
  DIR *folder = opendir(path);
  fprintf(out, "%s:", path);
  if (folder == NULL) fprintf(out, " %s", strerror(errno));
  else {
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
      fprintf(out, " %s%s", entry->d_name, entry->d_type == DT_DIR ? "/" : "");
    closedir(folder);
  }
  fputc('\n', out);
}

static void reads(void) {
  char line[100];
  FILE *file = fopen("/photos/2026/a.txt", "r");
  while (fgets(line, sizeof line, file) != NULL) fprintf(out, "read: %s", line);
  told("seek", fseek(file, -5, SEEK_END));
  fgets(line, sizeof line, file);
  fprintf(out, "end: %s", line);
  fclose(file);

  int fd = open("/photos/large", O_RDONLY);
  static unsigned char part[7777];
  long long sum = 0, length = 0;
  for (ssize_t got = read(fd, part, sizeof part); got > 0; got = read(fd, part, sizeof part)) {
    length += got;
    for (ssize_t index = 0; index < got; index++) sum += part[index];
  }
  told("large", length);
  told("sum", sum);
  told("pread", pread(fd, part, 1, 2999999) == 1 ? part[0] : -1);
  told("write to what was opened for reading", write(fd, "x", 1));
  close(fd);
  told("read of what is closed", read(fd, part, 1));
}

static void writes(void) {
  told("mkdir", mkdir("/photos/made", 0777));
  told("mkdir again", mkdir("/photos/made", 0777));
  FILE *file = fopen("/photos/made/new.txt", "w+");
  fputs("one two three", file);
  rewind(file);
  fputs("ONE", file);
  told("close", fclose(file));
  file = fopen("/photos/made/new.txt", "a");
  fputs(", four, five", file);
  fclose(file);
  struct stat facts;
  told("stat", stat("/photos/made/new.txt", &facts) == 0 ? facts.st_size : -1);
  told("truncate", truncate("/photos/made/new.txt", 19));
  told("exclusive", open("/photos/made/new.txt", O_CREAT | O_EXCL | O_WRONLY, 0666));
  file = fopen("/photos/made/renamed.txt", "w");
  fputs("what was there before", file);
  fclose(file);
  told("rename", rename("/photos/made/new.txt", "/photos/made/renamed.txt"));
  told("folder", open("/photos/made", O_WRONLY));
  told("rmdir", rmdir("/photos/made"));
  told("unlink of nothing", unlink("/photos/made/new.txt"));
  file = fopen("/photos/lines.txt", "w");
  for (int index = 0; index < 10000; index++) fprintf(file, "line %d\n", index);
  told("lines", fclose(file));
}

static void escapes(void) {
  const char *paths[] = {"/photos/../diary.txt", "/photos/2026/../../diary.txt", "/diary.txt", "../diary.txt", "/photos/nothing"};
  for (size_t index = 0; index < sizeof paths / sizeof *paths; index++) told(paths[index], open(paths[index], O_RDONLY));
  int folder = open("/photos/2026", O_RDONLY | O_DIRECTORY);
  told("above an open folder", openat(folder, "../large", O_RDONLY));
  told("in an open folder", openat(folder, "a.txt", O_RDONLY) >= 0);
}

static void brief(void) {
  DIR *folder = opendir("/photos");
  if (folder == NULL) {
    fprintf(out, "nothing is given\n");
    return;
  }
  char line[100] = "";
  FILE *file = fopen("/photos/a.txt", "r");
  if (file != NULL) fgets(line, 11, file);
  fprintf(out, "a.txt: %s; write: ", line);
  fprintf(out, "%s; escape: ", fopen("/photos/b.txt", "w") == NULL ? strerror(errno) : "done");
  fprintf(out, "%s\n", fopen("/photos/../large", "r") == NULL ? strerror(errno) : "done");
}

int main(void) {
  struct holt_delivery delivery = holt_delivery();
  if (strcmp(delivery.name, "http") != 0) return 0;
  char *answer;
  size_t length;
  out = open_memstream(&answer, &length);
  if (strstr(holt_field(delivery.parcel.head, "url"), "/brief") != NULL) brief();
  else {
    list("/photos");
    reads();
    writes();
    list("/photos/made");
    escapes();
  }
  fclose(out);
  holt_respond(200, "text/plain", answer, length);
  return 0;
}
