// What a directory must hold, with all below: names, kinds, attributes, contents.
#ifndef NAMES_MODEL_H
#define NAMES_MODEL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define ATTRIBUTES 3
#define MOST_CHILDREN 64
#define MOST_CONTENT 20000

struct entry {
  enum kind { FILE_ENTRY = 1, DIRECTORY_ENTRY, LINK_ENTRY } kind;
  char name[256];
  /** NULL: it has no name any more. */
  struct entry *parent;
  struct entry *children[MOST_CHILDREN];
  size_t child_count;
  unsigned mode;
  /** Set by utimensat, and nothing was written since. */
  bool is_time_known;
  struct timespec modified;
  /** 0: it has not this one. */
  uint64_t attributes[ATTRIBUTES];
  /** Bytes follow from it. */
  uint64_t content_key;
  size_t content_bytes;
  char target[300];
  /** Descriptors that the exerciser has open. */
  unsigned held;
};

extern struct entry *top;
extern size_t entry_count;

/** Forgets all there was. */
void begin_names(void);
struct entry *child_of(const struct entry *directory, const char *name);
struct entry *add_entry(struct entry *directory, const char *name, enum kind kind);
/** It is in no directory any more; freed when nobody holds it. */
void remove_entry(struct entry *entry);
void put_entry(struct entry *entry, struct entry *directory, const char *name);
void let_go(struct entry *entry);
bool is_within(const struct entry *entry, const struct entry *above);
unsigned depth_of(const struct entry *entry);
/** Any one, the top too; of that kind, unless 0. NULL when there is none. */
struct entry *any_entry(int kind);
/** Below the folder that the exerciser was given; `name` may be NULL. In one of a few buffers, used in turn. */
const char *path_of(const struct entry *entry, const char *name);

void content_of(const struct entry *entry, unsigned char *bytes);
/** A text, for `attributes`. @returns its length */
size_t attribute_value(uint64_t key, char *text);

#endif
