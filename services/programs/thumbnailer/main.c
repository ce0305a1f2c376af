/* Makes small pictures of the photos in a folder, when it is woken up or told to, and shows them on its page. */
#include <holt.h>

#include "look.h"
#include "shelf.h"

enum { MOST_SHOWN = 200, MOST_SMALL_BYTES = 1 << 20 };

static void ring(const char *name, const char *when) {
  char head[128];
  struct holt_parcel reply;
  snprintf(head, sizeof head, "{\"power\":\"wake\",\"alarm\":\"%s\",%s}", name, when);
  holt_use("alarms.set", head, NULL, 0, &reply); // refused where its owner gave it no alarms: then only its page begins a look
}

static struct look look(void) {
  struct look done = look_through();
  if (done.unfinished) ring("more", "\"after\":1000");
  if (done.made + done.removed + done.unreadable > 0)
    fprintf(stderr, "%d small pictures made, %d removed, %d photos that cannot be read\n", done.made, done.removed, done.unreadable);
  return done;
}

/* Text as HTML has it, and as addresses have it. */
static void put_html(FILE *out, const char *text) {
  for (; *text != 0; text++)
    if (*text == '<' || *text == '>' || *text == '&' || *text == '"') fprintf(out, "&#%d;", *text);
    else fputc(*text, out);
}

static void put_address(FILE *out, const char *text) {
  for (; *text != 0; text++)
    if ((*text >= '0' && *text <= '9') || (*text >= 'A' && *text <= 'Z') || (*text >= 'a' && *text <= 'z') || strchr("-._~/", *text)) fputc(*text, out);
    else fprintf(out, "%%%02X", (unsigned char)*text);
}

static void from_address(char *text) {
  char *to = text, hex[3] = {0};
  for (; *text != 0; to++) {
    if (*text == '%' && text[1] != 0 && text[2] != 0) {
      hex[0] = text[1];
      hex[1] = text[2];
      *to = (char)strtol(hex, NULL, 16);
      text += 3;
    } else *to = *text++;
  }
  *to = 0;
}

static void show_folder(FILE *out, const char *folder, int *shown) {
  char path[LONGEST_PATH];
  struct names files = names_in(folder, false), folders = names_in(folder, true);
  for (size_t index = 0; index < files.count && *shown < MOST_SHOWN; index++) {
    if (!is_photo(files.names[index]) || !joined(path, folder, files.names[index])) continue;
    fputs("<li><img loading=\"lazy\" src=\"/small/", out);
    put_address(out, path + strlen(SMALL) + 1);
    fputs("\" alt=\"", out);
    put_html(out, path + strlen(SMALL) + 1);
    fputs("\">\n", out);
    (*shown)++;
  }
  for (size_t index = 0; index < folders.count && *shown < MOST_SHOWN; index++)
    if (joined(path, folder, folders.names[index])) show_folder(out, path, shown);
}

static void show_page(const char *said) {
  char *page;
  size_t length;
  FILE *out = open_memstream(&page, &length);
  fputs("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Small pictures</title>", out);
  fputs("<link rel=\"stylesheet\" href=\"/style.css\"><h1>Small pictures</h1>\n<form method=\"post\" action=\"/look\"><button>Look for new photos</button></form>", out);
  fprintf(out, "<p>%s</p>\n<ul class=\"pictures\">\n", said);
  int shown = 0;
  show_folder(out, SMALL, &shown);
  fprintf(out, "</ul>\n%s</html>\n", shown == 0 ? "<p>There are none yet.</p>" : shown < MOST_SHOWN ? "" : "<p>These are the first ones; all are in the folder .thumbnails.</p>");
  fclose(out);
  holt_respond(200, "text/html;charset=utf-8", page, length);
}

static void show_small(char *path) {
  char full[LONGEST_PATH];
  size_t length = 0;
  from_address(path);
  bool leads_out = strncmp(path, "../", 3) == 0 || strstr(path, "/../") != NULL; // to the photos themselves, which are not what is shown
  char *bytes = !leads_out && is_photo(path) && joined(full, SMALL, path) ? file_content(full, MOST_SMALL_BYTES, &length) : NULL;
  if (bytes == NULL) holt_respond(404, "text/plain", "There is nothing here.\n", 23);
  else holt_respond(200, "image/jpeg", bytes, length);
}

static void answer(const struct holt_parcel *request) {
  char *method = holt_field(request->head, "method"), *path = holt_field(request->head, "url"), said[200] = "";
  if (method == NULL || path == NULL) return holt_respond(400, "text/plain", "", 0);
  char *host = strstr(path, "://");
  if (host != NULL) path = strchr(host + 3, '/') == NULL ? "/" : strchr(host + 3, '/');
  if (strncmp(path, "/small/", 7) == 0) return show_small(path + 7);
  if (strcmp(method, "POST") == 0) {
    struct look done = look();
    int length = snprintf(said, sizeof said, "%d small pictures made", done.made);
    if (done.removed > 0) length += snprintf(said + length, sizeof said - (size_t)length, ", %d removed", done.removed);
    if (done.unreadable > 0) length += snprintf(said + length, sizeof said - (size_t)length, ", %d photos cannot be read: its log says why", done.unreadable);
    snprintf(said + length, sizeof said - (size_t)length, done.unfinished ? "; there are more." : ".");
  }
  show_page(said);
}

int main(void) {
  struct holt_delivery delivery = holt_delivery();
  if (strcmp(delivery.name, "http") == 0) answer(&delivery.parcel);
  else if (strcmp(delivery.name, "alarm") == 0) look();
  else if (strcmp(delivery.name, "start") == 0) ring("look", "\"after\":1000,\"every\":600000");
  return 0;
}
