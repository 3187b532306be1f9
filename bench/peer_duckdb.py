"""Count the lines of a file that match an alternation, with DuckDB: prints lines and hits."""

import re
import sys
from pathlib import Path

import duckdb

path, literals = sys.argv[1:]
terms = Path(literals).read_text(encoding="utf-8").splitlines()
expression = "(?i)" + "|".join(re.escape(term) for term in terms)
# One column that holds the whole line: a delimiter that no log contains, and no quotes.
rows = duckdb.execute(
    """
    SELECT count(*), count(*) FILTER (WHERE regexp_matches(line, $expression))
    FROM read_csv($path, columns = {'line': 'VARCHAR'}, delim = chr(31), quote = '', escape = '',
                  header = false, auto_detect = false, max_line_size = 16777216,
                  strict_mode = false)
    """,
    {"expression": expression, "path": path},
).fetchall()
print(*rows[0])
