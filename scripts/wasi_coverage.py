"""Prints which (call, error code) pairs of WASI preview 1 the suite in src/test/wasi-p1 covers.

The transcripts in its data files say it, and Preview1SuiteTest holds the programs to them. "ends"
stands for a call that ends the program. Fails if a call is not covered, by success and an error
where it has any.
"""

import collections
import pathlib
import re
import sys

SUITE = pathlib.Path(__file__).resolve().parent.parent / "src" / "test" / "wasi-p1"
CALL = re.compile(r"^  (\w+)\(.*\) = .*?(outcome|[A-Z0-9]+)\b")
ALWAYS_SUCCEED = {"sched_yield"}
NEVER_SUCCEED = {"fd_allocate", "fd_fdstat_set_rights", "proc_exit", "proc_raise", "sock_accept",
                 "sock_recv", "sock_send", "sock_shutdown"}
# What the specification's text names; it leaves all other codes to implementations.
NAMED = {("clock_res_get", "INVAL"), ("fd_fdstat_set_rights", "NOTCAPABLE"),
         ("path_remove_directory", "NOTEMPTY"), ("path_unlink_file", "ISDIR")}


def main():
    calls = re.findall(r"^(?:FUNCTION|IMPORT)\((\w+)[,)]", (SUITE / "wasi.h").read_text(), re.M)
    covered = collections.defaultdict(set)
    for file in sorted(SUITE.glob("*.txt")):
        for line in file.read_text().splitlines():
            match = CALL.match(line)
            if match:
                call, code = match.groups()
                covered[call].add("ends" if code == "outcome" else code)
    missing = [f"{file.name}, which has no data file"
               for file in SUITE.glob("*.c") if not file.with_suffix(".txt").exists()]
    for call in calls:
        codes = sorted(covered[call], key=lambda code: (code != "SUCCESS", code == "ends", code))
        print(f"{call:24}", " ".join(codes))
        if call not in NEVER_SUCCEED and "SUCCESS" not in codes:
            missing.append(f"{call} SUCCESS")
        if call not in ALWAYS_SUCCEED and not set(codes) - {"SUCCESS"}:
            missing.append(f"{call} and an error")
    pairs = {(call, code) for call in calls for code in covered[call]}
    print(f"\n{len(calls)} calls, {len(pairs)} pairs. Those that the specification names:")
    for call, code in sorted(NAMED):
        known = (call, code) in pairs
        print(f"{call} {code}:", "covered" if known else "the engine does not give it")
    if missing:
        sys.exit("not covered: " + ", ".join(missing))


main()
