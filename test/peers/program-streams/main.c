// A room: who comes in by a WebSocket says something to all; /live shows it as events. "boom" is said and then fails.
#include <holt.h>

static int request(const char *head) {
  char *url = holt_field(head, "url");
  if (holt_true(head, "webSocket")) holt_web_socket("room");
  else if (url != NULL && strstr(url, "/live") != NULL) holt_stay_open("text/event-stream", "live", "data: welcome\n\n", 15);
  else holt_respond(404, "text/plain", "", 0);
  return 0;
}

int main(void) {
  struct holt_delivery delivery = holt_delivery();
  struct holt_parcel parcel = delivery.parcel;
  if (strcmp(delivery.name, "http") == 0) return request(parcel.head);
  if (strcmp(delivery.name, "stream.message") != 0) return 0;
  char event[300];
  int length = snprintf(event, sizeof event, "data: %.*s\n\n", (int)parcel.body_length, parcel.body);
  bool sent = holt_send("site", "room", parcel.body, parcel.body_length, holt_true(parcel.head, "text"));
  sent = holt_send("site", "live", event, (size_t)length, true) && sent;
  return !sent || memcmp(parcel.body, "boom", 4) == 0;
}
