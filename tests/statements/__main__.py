"""How the tables of other provinces' forms are read: ``python -m tests.statements FILE.yaml [-v]``."""

import sys

from tests.statements.printed_tables import cases, read_case

right = missing = wrong = known = n = 0
for case in cases(sys.argv[1]):
    result = read_case(case)
    n += 1
    known += result.statements == ((case.statement,) if case.statement else ())
    right, missing, wrong = (
        right + result.right,
        missing + len(result.missing),
        wrong + len(result.wrong),
    )
    if result.missing or result.wrong or result.statements != ((case.statement,) if case.statement else ()):
        print(f"{case.name}: {result.statements or '-'}: {len(result.missing)} missing")
        print("".join(f"    WRONG {line}\n" for line in result.wrong), end="")
        if "-v" in sys.argv:
            print("".join(f"    missing {line}\n" for line in result.missing[:8]), end="")
            notes = dict.fromkeys(f"{note.kind}: {note.message}" for note in result.understood.notes)
            print("".join(f"    {note}\n" for note in list(notes)[:6]), end="")
print(f"{n} tables, {known} recognised rightly; amounts: {right} right, {missing} missing, {wrong} wrong")
