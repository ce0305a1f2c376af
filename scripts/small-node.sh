#!/bin/sh
# Becomes Node with the settings of a long-running Holt process, which must be there before Node begins.
# glibc otherwise keeps an arena for each thread that ever ran and freed memory in it, 50 to 100 MB after much work; V8
# a young generation of 48 MB, and up to four times of what lives of garbage. Neither is faster for it; with much less garbage, though,
# buffers under way make it collect everything several times a second.
export MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=32768 MALLOC_TRIM_THRESHOLD_=131072
exec node --max-semi-space-size=4 --heap-growing-percent=100 "$@"
