/* The way from Java into libnode.so, and a pair of sockets over which both talk. */
#include <jni.h>
#include "libc.h"

/* node::Start. Once in the life of a process; process.exit of the script ends the process. */
int node_start(int count, char **arguments) __asm__("_ZN4node5StartEiPPc");

#define EXPORTED(name) JNIEXPORT __attribute__((visibility("default"))) name

/* What the script writes to stdout and stderr goes to the system's log, a line at a time. */
static void *log_lines(void *given) {
  int from = *(int *)given;
  char line[1024];
  size_t length = 0;
  for (;;) {
    long count = read(from, line + length, sizeof line - 1 - length);
    if (count <= 0) return NULL;
    length += count;
    for (;;) {
      char *end = memchr(line, '\n', length);
      size_t taken = end == NULL ? length : (size_t)(end - line);
      if (end == NULL && length < sizeof line - 1) break;
      char last = line[taken];
      line[taken] = 0;
      __android_log_write(LOG_INFO, "holt", line);
      line[taken] = last;
      if (end != NULL) taken++;
      length -= taken;
      for (size_t i = 0; i < length; i++) line[i] = line[taken + i];
    }
  }
}

static void send_output_to_log(void) {
  static int ends[2];
  pthread_t thread;
  if (pipe(ends) != 0) return;
  if (pthread_create(&thread, NULL, log_lines, &ends[0]) != 0) return;
  pthread_detach(thread);
  dup2(ends[1], 1);
  dup2(ends[1], 2);
}

/* libuv takes the arguments to lie behind one another. @return NULL when memory or Java fails. */
static char **arguments_of(JNIEnv *env, jobjectArray given, jsize count) {
  size_t bytes = 0;
  for (jsize i = 0; i < count; i++) {
    jstring text = (*env)->GetObjectArrayElement(env, given, i);
    bytes += (*env)->GetStringUTFLength(env, text) + 1;
    (*env)->DeleteLocalRef(env, text);
  }
  char **list = malloc((count + 1) * sizeof *list);
  char *at = malloc(bytes);
  if (list == NULL || at == NULL) return NULL;
  for (jsize i = 0; i < count; i++) {
    jstring text = (*env)->GetObjectArrayElement(env, given, i);
    const char *from = (*env)->GetStringUTFChars(env, text, NULL);
    if (from == NULL) return NULL;
    size_t length = strlen(from) + 1;
    list[i] = memcpy(at, from, length);
    at += length;
    (*env)->ReleaseStringUTFChars(env, text, from);
    (*env)->DeleteLocalRef(env, text);
  }
  list[count] = NULL;
  return list;
}

EXPORTED(jint) Java_org_holt_app_Node_start(JNIEnv *env, jclass class, jobjectArray given, jstring temporary) {
  (void)class;
  jsize count = (*env)->GetArrayLength(env, given);
  char **arguments = arguments_of(env, given, count);
  const char *folder = (*env)->GetStringUTFChars(env, temporary, NULL);
  if (arguments == NULL || folder == NULL) return -1;
  setenv("TMPDIR", folder, 1);
  (*env)->ReleaseStringUTFChars(env, temporary, folder);
  send_output_to_log();
  return node_start(count, arguments);
}

/* @return the ends of a pair of sockets; null when there is none. */
EXPORTED(jintArray) Java_org_holt_app_Node_pair(JNIEnv *env, jclass class) {
  (void)class;
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return NULL;
  jintArray result = (*env)->NewIntArray(env, 2);
  jint both[2] = {ends[0], ends[1]};
  if (result != NULL) (*env)->SetIntArrayRegion(env, result, 0, 2, both);
  return result;
}

/* @return how many bytes came; 0 at the end. */
EXPORTED(jint) Java_org_holt_app_Node_read(JNIEnv *env, jclass class, jint from, jbyteArray into) {
  (void)class;
  char bytes[8192];
  jsize room = (*env)->GetArrayLength(env, into);
  long count;
  do
    count = read(from, bytes, (size_t)room < sizeof bytes ? (size_t)room : sizeof bytes);
  while (count < 0 && errno == EINTR);
  if (count <= 0) return 0;
  (*env)->SetByteArrayRegion(env, into, 0, count, (const jbyte *)bytes);
  return count;
}

/* @return false when the other end is gone. */
EXPORTED(jboolean) Java_org_holt_app_Node_write(JNIEnv *env, jclass class, jint to, jbyteArray given) {
  (void)class;
  jsize length = (*env)->GetArrayLength(env, given);
  jbyte *bytes = (*env)->GetByteArrayElements(env, given, NULL);
  if (bytes == NULL) return JNI_FALSE;
  jsize done = 0;
  while (done < length) {
    long count = write(to, bytes + done, length - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += count;
  }
  (*env)->ReleaseByteArrayElements(env, given, bytes, JNI_ABORT);
  return done == length ? JNI_TRUE : JNI_FALSE;
}

EXPORTED(void) Java_org_holt_app_Node_close(JNIEnv *env, jclass class, jint end) {
  (void)env, (void)class;
  close(end);
}
