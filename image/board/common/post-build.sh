#!/bin/sh
# Called by Buildroot with the target folder and the board, once all packages are in it.
exec "${HOLT_BUILD_NODE:-node}" "$(dirname "$0")/../../release/post-build.mjs" "$@"
