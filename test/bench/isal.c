// Intel ISA-L's erasure code, one thread: isal K M SHARD_BYTES SECONDS MATRIX DATA PARITY
// Reads the M x K coefficients and the K shards, encodes with each build of the library for about SECONDS, prints
// "<build> <best seconds for one encode>" each, and writes the M parity shards. Fails when two builds disagree.
#include <isa-l/erasure_code.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Buffers begin this far apart besides their size, so that they do not compete for the same cache lines.
enum { SKEW = 320, TABLE = 32, ALIGNMENT = 64 };

typedef void encode_function(int, int, int, unsigned char *, unsigned char **, unsigned char **);
static const struct {
  const char *name;
  encode_function *encode;
} builds[] = {{"base", ec_encode_data_base}, {"sse", ec_encode_data_sse}, {"avx2", ec_encode_data_avx2}, {"best", ec_encode_data}};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void fail(const char *what) {
  fprintf(stderr, "isal: %s\n", what);
  exit(1);
}

static void transfer(const char *path, const char *mode, unsigned char **parts, int count, size_t size) {
  FILE *file = fopen(path, mode);
  if (file == NULL) fail(path);
  for (int i = 0; i < count; i++) {
    if ((mode[0] == 'r' ? fread(parts[i], 1, size, file) : fwrite(parts[i], 1, size, file)) != size) fail(path);
  }
  if (fclose(file) != 0) fail(path);
}

int main(int argc, char **argv) {
  if (argc != 8) fail("seven arguments are needed");
  const int k = atoi(argv[1]), m = atoi(argv[2]), size = atoi(argv[3]);
  const double seconds = atof(argv[4]);
  const size_t stride = ((size_t)size + 4095) / 4096 * 4096 + SKEW;
  unsigned char *memory = aligned_alloc(ALIGNMENT, stride * (size_t)(k + m)), *matrix = malloc((size_t)(k * m)), *first = malloc((size_t)size * (size_t)m);
  unsigned char *tables = malloc((size_t)(TABLE * k * m)), **shards = malloc(sizeof(unsigned char *) * (size_t)(k + m));
  if (memory == NULL || matrix == NULL || first == NULL || tables == NULL || shards == NULL) fail("no memory");
  for (int i = 0; i < k + m; i++) shards[i] = memory + stride * (size_t)i;
  transfer(argv[5], "r", &matrix, 1, (size_t)(k * m));
  transfer(argv[6], "r", shards, k, (size_t)size);
  ec_init_tables(k, m, matrix, tables);

  for (size_t build = 0; build < sizeof builds / sizeof *builds; build++) {
    double best = 1e9;
    const double begin = now();
    while (now() - begin < seconds) {
      const double start = now();
      builds[build].encode(size, k, m, tables, shards, shards + k);
      const double took = now() - start;
      if (took < best) best = took;
    }
    printf("%s %.9f\n", builds[build].name, best);
    for (int j = 0; j < m; j++) {
      unsigned char *copy = first + (size_t)size * (size_t)j;
      if (build == 0) memcpy(copy, shards[k + j], (size_t)size);
      else if (memcmp(copy, shards[k + j], (size_t)size) != 0) fail("two builds disagree");
      memset(shards[k + j], 0, (size_t)size);
    }
  }
  for (int j = 0; j < m; j++) memcpy(shards[k + j], first + (size_t)size * (size_t)j, (size_t)size);
  transfer(argv[7], "w", shards + k, m, (size_t)size);
  return 0;
}
