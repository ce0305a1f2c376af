#!/bin/sh
# Called by Buildroot with the folder of images and the board, when everything is built.
exec "${HOLT_BUILD_NODE:-node}" "$(dirname "$0")/../../release/post-image.mjs" "$@"
