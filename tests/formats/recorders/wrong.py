"""What logclass is known to read wrongly, by fixture: kept in the table until it is mended."""

WRONG = {
    "console-error/stdout.log": (
        "names", "`(node:events:524:28)` in a stack is read as node=events:524:28"
    ),
    "python-logging/stdout.log": ("names", "`ERROR orders.auth: ` is read as a syslog host and tag"),
    "cloudwatch/get-log-events.json": (
        "names", "`ERROR orders.auth: ` is read as a syslog host and tag"
    ),
    "cloudwatch/filter-log-events-per-line.json.gz": (
        "counts", "each line of a chained trace is an event, and two of them name the reason"
    ),
}  # fmt: skip
