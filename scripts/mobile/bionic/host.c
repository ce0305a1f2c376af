/* Runs Android's libnode.so as a program: host LIBNODE ARGUMENTS… */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libuv writes over the arguments and takes them to lie behind one another. */
static char **together(int count, char **arguments) {
  size_t bytes = 0;
  for (int i = 0; i < count; i++) bytes += strlen(arguments[i]) + 1;
  char **list = malloc((count + 1) * sizeof *list), *at = malloc(bytes);
  for (int i = 0; i < count; i++) {
    list[i] = strcpy(at, arguments[i]);
    at += strlen(at) + 1;
  }
  list[count] = NULL;
  return list;
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  void *library = dlopen(arguments[1], RTLD_NOW | RTLD_GLOBAL);
  if (library == NULL) return fprintf(stderr, "%s\n", dlerror()), 127;
  int (*start)(int, char **) = (int (*)(int, char **))dlsym(library, "_ZN4node5StartEiPPc");
  if (start == NULL) return fprintf(stderr, "%s\n", dlerror()), 127;
  arguments[1] = "node";
  fflush(stdout);
  exit(start(count - 1, together(count - 1, arguments + 1)));
}
