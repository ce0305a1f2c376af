/*
 * Thread-local variables as compilers for Android emulate them. libnode.so asks for this function; no library of the platform, and no libc++ that
 * is published, exports it, so the bridge brings it.
 *
 * Each variable has a number, given when it is first used; each thread has an array of its own copies.
 */
#include "libc.h"

/* As the compiler lays it out. */
struct variable {
  size_t size;
  size_t align;
  uintptr_t number;
  const void *first_value;
};

struct copies {
  uintptr_t count;
  void *at[];
};

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t numbering = PTHREAD_MUTEX_INITIALIZER;
static uintptr_t last_number;

static void free_copies(void *given) {
  struct copies *copies = given;
  for (uintptr_t i = 0; i < copies->count; i++) free(copies->at[i]);
  free(copies);
}

static void make_key(void) {
  if (pthread_key_create(&key, free_copies) != 0) abort();
}

static uintptr_t number_of(struct variable *variable) {
  uintptr_t number = __atomic_load_n(&variable->number, __ATOMIC_ACQUIRE);
  if (number != 0) return number;
  pthread_mutex_lock(&numbering);
  number = variable->number;
  if (number == 0) {
    number = ++last_number;
    __atomic_store_n(&variable->number, number, __ATOMIC_RELEASE);
  }
  pthread_mutex_unlock(&numbering);
  return number;
}

static struct copies *with_room(struct copies *copies, uintptr_t number) {
  uintptr_t had = copies == NULL ? 0 : copies->count;
  if (number <= had) return copies;
  uintptr_t count = number + 16;
  copies = realloc(copies, sizeof *copies + count * sizeof(void *));
  if (copies == NULL) abort();
  memset(copies->at + had, 0, (count - had) * sizeof(void *));
  copies->count = count;
  pthread_setspecific(key, copies);
  return copies;
}

static void *new_copy(const struct variable *variable) {
  void *copy;
  size_t align = variable->align < sizeof(void *) ? sizeof(void *) : variable->align;
  if (posix_memalign(&copy, align, variable->size) != 0) abort();
  if (variable->first_value == NULL)
    memset(copy, 0, variable->size);
  else
    memcpy(copy, variable->first_value, variable->size);
  return copy;
}

__attribute__((visibility("default"))) void *__emutls_get_address(struct variable *variable) {
  pthread_once(&once, make_key);
  uintptr_t number = number_of(variable);
  struct copies *copies = with_room(pthread_getspecific(key), number);
  void **copy = &copies->at[number - 1];
  if (*copy == NULL) *copy = new_copy(variable);
  return *copy;
}
