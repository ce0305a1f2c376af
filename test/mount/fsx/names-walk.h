// Looks whether what is in the folder is what the model says; ends the program when it is not.
#ifndef NAMES_WALK_H
#define NAMES_WALK_H
#include "names-model.h"
#include <sys/stat.h>

extern const char *const attribute_names[ATTRIBUTES];

void check_content(const struct entry *entry, int file);
void check_attributes(const struct entry *entry, const struct stat *got);
void check_listing(const struct entry *entry, int directory);
void check_entry(const struct entry *entry);
void check_below(const struct entry *entry);

#endif
