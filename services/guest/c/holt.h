/*
 * What a program in C is written against: the functions that a node offers (module "holt"), and over these how requests, answers and powers are
 * written. Files of folders that the program was given are there by the C library: fopen("/NAME/…"). A program is a `main`, run anew for each delivery.
 *
 *   int main(void) {
 *     struct holt_delivery delivery = holt_delivery();
 *     if (strcmp(delivery.name, "http") != 0) return 0;
 *     holt_respond(200, "text/plain", "hello\n", 6);
 *   }
 *
 * Whatever is returned by pointer is the program's until it ends; nothing needs to be freed in a run as short as one delivery.
 */
#ifndef HOLT_H
#define HOLT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOLT_IMPORT(name) __attribute__((import_module("holt"), import_name(name)))

/* As the node has them; sizes of what is to be read, or -1. */
HOLT_IMPORT("name_size") uint32_t holt_name_size(void);
HOLT_IMPORT("name_read") uint32_t holt_name_read(void *to, uint32_t at, uint32_t length);
HOLT_IMPORT("body_size") uint32_t holt_body_size(void);
HOLT_IMPORT("body_read") uint32_t holt_body_read(void *to, uint32_t at, uint32_t length);
HOLT_IMPORT("answer") void holt_answer(const void *bytes, uint32_t length);
HOLT_IMPORT("fail") void holt_fail(const char *text, uint32_t length);
HOLT_IMPORT("call") int32_t holt_call(const char *power, uint32_t power_length, const void *args, uint32_t length);
HOLT_IMPORT("reply_size") uint32_t holt_reply_size(void);
HOLT_IMPORT("reply_read") uint32_t holt_reply_read(void *to, uint32_t at, uint32_t length);
HOLT_IMPORT("store_get") int32_t holt_store_get(const char *key, uint32_t key_length);
HOLT_IMPORT("store_set") int32_t holt_store_set(const char *key, uint32_t key_length, const void *value, uint32_t length);
HOLT_IMPORT("store_delete") int32_t holt_store_delete(const char *key, uint32_t key_length);
HOLT_IMPORT("now") int64_t holt_now(void);

/* Bytes with a 0 after them, so that they can be read as text. */
struct holt_bytes {
  char *bytes;
  size_t length;
};

/* A head in JSON and a body of bytes: what deliveries and powers carry. */
struct holt_parcel {
  char *head;
  char *body;
  size_t body_length;
};

struct holt_delivery {
  char *name;
  struct holt_parcel parcel;
};

static inline char *holt_room(size_t length) {
  char *bytes = malloc(length + 1);
  if (bytes == NULL) abort();
  bytes[length] = 0;
  return bytes;
}

static inline struct holt_parcel holt_opened(char *bytes, size_t length) {
  uint32_t head_length = 0;
  if (length >= 4) memcpy(&head_length, bytes, 4);
  if (length < 4 || head_length > length - 4) return (struct holt_parcel){.head = holt_room(0), .body = holt_room(0)};
  struct holt_parcel parcel = {.head = holt_room(head_length), .body = bytes + 4 + head_length, .body_length = length - 4 - head_length};
  memcpy(parcel.head, bytes + 4, head_length);
  return parcel;
}

/* What this run is for: "http", "start", "alarm", "message", "stream.message", "stream.closed" or "stream.drained". */
static inline struct holt_delivery holt_delivery(void) {
  uint32_t name_length = holt_name_size(), length = holt_body_size();
  struct holt_delivery delivery = {.name = holt_room(name_length)};
  char *body = holt_room(length);
  holt_name_read(delivery.name, 0, name_length);
  holt_body_read(body, 0, length);
  delivery.parcel = holt_opened(body, length);
  return delivery;
}

/*
 * The text of a field of a head, such as "method"; what is no ASCII, and whatever else stands behind a backslash than a quote, a backslash or a
 * slash, is given as it is written in JSON. Returns NULL when there is no such field, or its value is no text.
 */
static inline char *holt_field(const char *head, const char *name) {
  size_t length = strlen(name);
  int depth = 0;
  bool is_key = true;
  for (const char *at = head; *at != 0; at++) {
    if (*at == '{' || *at == '[') depth++;
    if (*at == '}' || *at == ']') depth--;
    if (*at == ',' || *at == '{') is_key = true;
    if (*at == ':') is_key = false;
    if (*at != '"') continue;
    const char *text = ++at;
    while (*at != '"' && *at != 0) at += *at == '\\' && at[1] != 0 ? 2 : 1;
    if (*at == 0) return NULL;
    if (depth != 1 || !is_key || (size_t)(at - text) != length || memcmp(text, name, length) != 0) continue;
    if (at[1] != ':' || at[2] != '"') return NULL;
    char *value = holt_room(strlen(at)), *to = value;
    for (at += 3; *at != '"' && *at != 0; at++) {
      if (*at == '\\' && (at[1] == '"' || at[1] == '\\' || at[1] == '/')) at++;
      *to++ = *at;
    }
    *to = 0;
    return value;
  }
  return NULL;
}

/* Whether a field of a head, such as "webSocket", is true. A quote within a text has a backslash before it, so no text is taken for it. */
static inline bool holt_true(const char *head, const char *name) {
  char field[64];
  snprintf(field, sizeof field, "\"%s\":true", name);
  return strstr(head, field) != NULL;
}

/* A head by printf. What stands in quotes must need none of JSON's backslashes: the program's own words, names of powers. */
static inline void holt_answer_parcel(const char *head, const void *body, size_t length) {
  uint32_t head_length = (uint32_t)strlen(head);
  holt_answer(&head_length, 4);
  holt_answer(head, head_length);
  holt_answer(body, (uint32_t)length);
}

/* Answers a request to the program's page. */
static inline void holt_respond(int status, const char *content_type, const void *body, size_t length) {
  char head[256];
  snprintf(head, sizeof head, "{\"status\":%d,\"headers\":[[\"content-type\",\"%s\"]]}", status, content_type);
  holt_answer_parcel(head, body, length);
}

/* Answers a request with one that stays open: server-sent events when its type is "text/event-stream". holt_send finds it by its tag. */
static inline void holt_stay_open(const char *content_type, const char *tag, const void *begin, size_t length) {
  char head[512];
  snprintf(head, sizeof head, "{\"status\":200,\"headers\":[[\"content-type\",\"%s\"],[\"cache-control\",\"no-store\"]],\"open\":{\"tag\":\"%s\"}}", content_type, tag);
  holt_answer_parcel(head, begin, length);
}

/* Answers a request whose head has "webSocket" (holt_true): what comes over it is delivered as "stream.message". */
static inline void holt_web_socket(const char *tag) {
  char head[320];
  snprintf(head, sizeof head, "{\"status\":101,\"headers\":[],\"open\":{\"tag\":\"%s\"}}", tag);
  holt_answer_parcel(head, NULL, 0);
}

/* Uses a power: holt_use("alarms.set", "{\"power\":\"wake\",\"alarm\":\"a\",\"after\":1000}", NULL, 0, &reply). False when it was refused: the head is "CODE message". */
static inline bool holt_use(const char *power, const char *head, const void *body, size_t length, struct holt_parcel *reply) {
  uint32_t head_length = (uint32_t)strlen(head);
  char *args = holt_room(4 + head_length + length);
  memcpy(args, &head_length, 4);
  memcpy(args + 4, head, head_length);
  if (length > 0) memcpy(args + 4 + head_length, body, length);
  bool done = holt_call(power, (uint32_t)strlen(power), args, (uint32_t)(4 + head_length + length)) >= 0;
  uint32_t size = holt_reply_size();
  char *bytes = holt_room(size);
  holt_reply_read(bytes, 0, size);
  *reply = done ? holt_opened(bytes, size) : (struct holt_parcel){.head = bytes, .body = holt_room(0)};
  free(args);
  return done;
}

/* Sends to all open streams of a tag, when this run is done; `page` is the name of the power. A text is told to a WebSocket as one. False when it was refused. */
static inline bool holt_send(const char *page, const char *tag, const void *bytes, size_t length, bool is_text) {
  char head[384];
  struct holt_parcel reply;
  snprintf(head, sizeof head, "{\"power\":\"%s\",\"tag\":\"%s\"%s}", page, tag, is_text ? ",\"text\":true" : "");
  return holt_use("streams.send", head, bytes, length, &reply);
}

/* NULL when the store has no such key. */
static inline struct holt_bytes holt_stored(const char *key) {
  int32_t size = holt_store_get(key, (uint32_t)strlen(key));
  if (size < 0) return (struct holt_bytes){.bytes = NULL};
  struct holt_bytes value = {.bytes = holt_room((size_t)size), .length = (size_t)size};
  holt_reply_read(value.bytes, 0, (uint32_t)size);
  return value;
}

/* Kept when the delivery is done. False when the store is full. */
static inline bool holt_keep(const char *key, const void *value, size_t length) {
  return holt_store_set(key, (uint32_t)strlen(key), value, (uint32_t)length) >= 0;
}

#endif
