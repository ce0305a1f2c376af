#!/usr/bin/env python3
"""
Opens a Holt tree from its drives and the 24 words, and writes its files out.

Written from docs/formats.md alone, with no code of Holt's: that page is enough to get everything back without us.
Needs Python 3.9 and the package python3-cryptography. Small rather than fast: pure Python hashes about 1 MB/s.

    open_tree.py --words WORDS-FILE --out NEW-FOLDER DRIVE [DRIVE …]
"""

import argparse
import os
import sys

from packs import Packs
from root_key import RootKey, root_key_of_words
from tree import Tree


def main():
    parser = argparse.ArgumentParser(description="Writes out the files of a Holt tree.")
    parser.add_argument("--words", required=True, help="a file with the 24 words")
    parser.add_argument("--out", required=True, help="a folder that is not there yet")
    parser.add_argument("drives", nargs="+", help="folders that hold a holt-drive file each; some may be missing")
    options = parser.parse_args()
    if os.path.exists(options.out):
        raise SystemExit(f"{options.out} is there already")
    with open(options.words, encoding="utf-8") as file:
        key = RootKey(root_key_of_words(file.read()))
    packs = Packs(options.drives, key.storage)
    for note in packs.notes:
        print(note, file=sys.stderr)
    tree = Tree(packs)
    tree.write_out(tree.volume_root(key.volume_id, key.owner, key.volume_key)["dir"], options.out)


if __name__ == "__main__":
    main()
