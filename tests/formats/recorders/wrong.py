"""What logclass is known to read wrongly, by fixture: kept in the table until it is mended."""

WRONG: dict[str, tuple[str, str]] = {}
