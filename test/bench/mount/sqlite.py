"""A small database in a folder: python3 sqlite.py FILE JOURNAL_MODE TRANSACTIONS; ends with an error when something is not as it was written."""
import sqlite3
import sys

path, mode, transactions = sys.argv[1], sys.argv[2], int(sys.argv[3])
base = sqlite3.connect(path, isolation_level=None)
assert base.execute(f"pragma journal_mode={mode}").fetchone()[0] == mode
base.execute("pragma synchronous=full")
base.execute("create table words (number integer primary key, word text, filler blob)")
base.execute("create index by_word on words (word)")

number = 0
for _ in range(transactions):
    base.execute("begin immediate")
    for _ in range(10):
        base.execute("insert into words values (?, ?, ?)", (number, f"word {number * 7919 % 100003}", bytes(200)))
        number += 1
    base.execute("commit")

base.execute("begin immediate")
for _ in range(transactions * 100):
    base.execute("insert into words values (?, ?, ?)", (number, f"word {number * 7919 % 100003}", bytes(200)))
    number += 1
base.execute("commit")
base.execute("update words set word = word || '!' where number % 50 = 0")

assert base.execute("select count(*) from words").fetchone()[0] == number
assert base.execute("select count(*) from words where word like '%!'").fetchone()[0] == (number + 49) // 50
assert base.execute("pragma integrity_check").fetchone()[0] == "ok"
base.close()
