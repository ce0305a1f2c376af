// Programs that only compute, to see what the meter costs them. Each is a function of how much, and returns a check.
#define EXPORT(name) __attribute__((export_name(#name))) unsigned name(unsigned n)
typedef unsigned u32;
typedef unsigned long long u64;

static u32 seed = 1;
static u32 next(void) { return seed = seed * 1664525u + 1013904223u; }

static double a[128][128], b[128][128], c[128][128];
EXPORT(matrices) {
  for (int i = 0; i < 128; i++) for (int j = 0; j < 128; j++) { a[i][j] = i + j; b[i][j] = i - j; }
  for (u32 r = 0; r < n; r++)
    for (int i = 0; i < 128; i++) for (int j = 0; j < 128; j++) {
      double s = 0;
      for (int k = 0; k < 128; k++) s += a[i][k] * b[k][j];
      c[i][j] = s;
    }
  return (u32)(long long)c[5][7];
}

static unsigned char sieve[1 << 20];
EXPORT(primes) {
  u32 count = 0;
  for (u32 r = 0; r < n; r++) {
    count = 0;
    for (u32 i = 0; i < sizeof sieve; i++) sieve[i] = 1;
    for (u32 i = 2; i < sizeof sieve; i++) if (sieve[i]) { count++; for (u32 j = i * 2; j < sizeof sieve; j += i) sieve[j] = 0; }
  }
  return count;
}

static u32 fib(u32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
EXPORT(recursion) { u32 sum = 0; for (u32 r = 0; r < n; r++) sum += fib(27); return sum; }

static u32 values[1 << 16];
static void sort(u32 *v, int low, int high) {
  while (low < high) {
    u32 pivot = v[(low + high) / 2];
    int i = low, j = high;
    while (i <= j) {
      while (v[i] < pivot) i++;
      while (v[j] > pivot) j--;
      if (i <= j) { u32 t = v[i]; v[i++] = v[j]; v[j--] = t; }
    }
    if (j - low < high - i) { sort(v, low, j); low = i; } else { sort(v, i, high); high = j; }
  }
}
EXPORT(sorting) {
  for (u32 r = 0; r < n; r++) { for (int i = 0; i < 1 << 16; i++) values[i] = next(); sort(values, 0, (1 << 16) - 1); }
  return values[100];
}

EXPORT(mandelbrot) {
  u32 inside = 0;
  for (u32 r = 0; r < n; r++)
    for (int y = 0; y < 100; y++) for (int x = 0; x < 100; x++) {
      double cr = x / 50.0 - 1.5, ci = y / 50.0 - 1.0, zr = 0, zi = 0;
      int i = 0;
      for (; i < 200 && zr * zr + zi * zi < 4; i++) { double t = zr * zr - zi * zi + cr; zi = 2 * zr * zi + ci; zr = t; }
      inside += i == 200;
    }
  return inside;
}

#define ROTATE(x, k) ((x << k) | (x >> (32 - k)))
#define QUARTER(a, b, c, d) a += b; d ^= a; d = ROTATE(d, 16); c += d; b ^= c; b = ROTATE(b, 12); a += b; d ^= a; d = ROTATE(d, 8); c += d; b ^= c; b = ROTATE(b, 7);
EXPORT(chacha) {
  u32 s[16], x[16], sum = 0;
  for (int i = 0; i < 16; i++) s[i] = i * 0x9e3779b9u;
  for (u32 r = 0; r < n * 20000; r++) {
    for (int i = 0; i < 16; i++) x[i] = s[i];
    for (int i = 0; i < 10; i++) {
      QUARTER(x[0], x[4], x[8], x[12]) QUARTER(x[1], x[5], x[9], x[13]) QUARTER(x[2], x[6], x[10], x[14]) QUARTER(x[3], x[7], x[11], x[15])
      QUARTER(x[0], x[5], x[10], x[15]) QUARTER(x[1], x[6], x[11], x[12]) QUARTER(x[2], x[7], x[8], x[13]) QUARTER(x[3], x[4], x[9], x[14])
    }
    for (int i = 0; i < 16; i++) sum ^= x[i] + s[i];
    s[12]++;
  }
  return sum;
}

struct node { u32 key; struct node *next; };
static struct node nodes[1 << 15];
static struct node *buckets[1 << 12];
EXPORT(hashing) {
  u32 found = 0;
  for (u32 r = 0; r < n; r++) {
    for (int i = 0; i < 1 << 12; i++) buckets[i] = 0;
    for (int i = 0; i < 1 << 15; i++) { u32 k = next(); nodes[i].key = k; struct node **p = &buckets[(k * 2654435761u) >> 20]; nodes[i].next = *p; *p = &nodes[i]; }
    for (int i = 0; i < 1 << 15; i++) { u32 k = nodes[i].key ^ (i & 1); for (struct node *p = buckets[(k * 2654435761u) >> 20]; p; p = p->next) if (p->key == k) { found++; break; } }
  }
  return found;
}

static const char text[] = "the quick brown fox jumps over 13 lazy dogs, {\"and\": [1, 2.5, true, null], \"then\": \"sleeps\"} at 23:59; ";
EXPORT(parsing) {
  u32 words = 0, numbers = 0, marks = 0;
  for (u32 r = 0; r < n * 2000; r++)
    for (const char *p = text; *p; p++)
      switch (*p) {
        case ' ': case '\t': break;
        case '0' ... '9': numbers++; while (p[1] >= '0' && p[1] <= '9') p++; break;
        case 'a' ... 'z': words++; while (p[1] >= 'a' && p[1] <= 'z') p++; break;
        case '"': while (p[1] && p[1] != '"') p++; p++; break;
        default: marks++;
      }
  return words * 31 + numbers * 7 + marks;
}

typedef u32 (*operation)(u32, u32);
static u32 add(u32 a, u32 b) { return a + b; }
static u32 sub(u32 a, u32 b) { return a - b; }
static u32 mul(u32 a, u32 b) { return a * b; }
static u32 xor(u32 a, u32 b) { return a ^ b; }
static operation volatile operations[] = {add, sub, mul, xor};
EXPORT(pointers) { u32 v = 1; for (u32 i = 0; i < n * 500000; i++) v = operations[(v >> 3) & 3](v, i); return v; }
