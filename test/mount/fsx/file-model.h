// What one file must hold, byte by byte, and which of it a crash may not take.
#ifndef FILE_MODEL_H
#define FILE_MODEL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern size_t most_bytes;
/** `most_bytes` long; zeros from `size` on. */
extern unsigned char *wanted;
extern size_t size;

void begin_model(size_t most);
/** These bytes are there now; makes the file longer where it must. */
void model_write(size_t offset, const unsigned char *bytes, size_t length);
void model_zero(size_t offset, size_t length);
void model_resize(size_t length);
void model_copy(size_t from, size_t to, size_t length);
/** The name is another file's from now on. */
void model_replaced(void);

/** Everything up to now is durable. */
void model_synced(void);
/** Ends the program when what was durable is not there; takes what is as what must be from now on. @param length -1: there is no such file */
void model_after_crash(const unsigned char *found, int64_t length);

/** Ends the program when `got` is not what the file holds there. */
void check(const unsigned char *got, size_t offset, size_t length, const char *how);

#endif
