"""One small program per Python logger; see ../record.sh."""
# ruff: noqa: BLE001, C408, E401, E741, I001

import json, logging, os, sys, time
import jwt

SECRET = "throwaway-secret-of-the-recorder-0123456789"
REASON = {
    "expired": "token_expired",
    "wrong_key": "signature_invalid",
    "wrong_audience": "audience_mismatch",
    "garbage": "token_malformed",
}
KINDS = ["", "", "expired", "", "wrong_key", "", "", "wrong_audience", "", "garbage", "", "expired"]


def verify(kind, n):
    now = int(time.time())
    t = (
        "undefined"
        if kind == "garbage"
        else jwt.encode(
            {
                "sub": f"user-{n}",
                "iss": "https://auth.example.com/",
                "aud": "billing-api" if kind == "wrong_audience" else "orders-api",
                "iat": now - 4000,
                "exp": now - 400 if kind == "expired" else now + 3600,
            },
            "another-secret-another-secret-another" if kind == "wrong_key" else SECRET,
            algorithm="HS256",
        )
    )
    return jwt.decode(t, SECRET, algorithms=["HS256"], audience="orders-api")


def chained(kind, n):
    try:
        verify(kind, n)
    except jwt.PyJWTError as e:
        raise PermissionError("not authenticated") from e


def run(each, extra=0, check=verify):
    book = dict(events=extra, rejections={}, first_ms=None, last_ms=None, refused_ms=[])
    for n, k in enumerate(KINDS):
        import select

        select.select([], [], [], 18 + (n % 3) * 9)
        ms = int(time.time() * 1000)
        book["first_ms"] = book["first_ms"] or ms
        book["last_ms"] = ms
        path = ["/orders", "/orders/17", "/invoices"][n % 3]
        try:
            check(k, n)
            err = None
        except Exception as e:
            err = e
        assert bool(err) == bool(k)
        if err is not None:
            try:
                raise err
            except Exception:
                c = each(n, path, err)
        else:
            c = each(n, path, None)
        book["events"] += c if isinstance(c, int) and not isinstance(c, bool) else 1
        if k:
            r = REASON[k]
            book["rejections"][r] = book["rejections"].get(r, 0) + 1
            book["refused_ms"].append(ms)
    if os.environ.get("BOOK"):
        json.dump(book, open(os.environ["BOOK"], "w"))


def std(handler=None, level=logging.INFO):
    root = logging.getLogger()
    h = handler or logging.StreamHandler(sys.stdout)
    root.addHandler(h)
    root.setLevel(level)
    return logging.getLogger("auth"), h


def plain(l):
    def each(n, p, e):
        if e:
            l.exception("token rejected")
        else:
            l.info("GET %s", p)

    return each


def short(l):
    def each(n, p, e):
        if e:
            l.warning("token rejected: %s", e)
        else:
            l.info("GET %s", p)

    return each


P = {}


def p(f):
    P[f.__name__.replace("_", "-")] = f
    return f


@p
def py_datefmt():
    l, h = std()
    h.setFormatter(
        logging.Formatter(
            "[%(asctime)s] {%(module)s:%(lineno)d} %(levelname)s - %(message)s", "%d/%b/%Y %H:%M:%S"
        )
    )
    run(plain(l), check=chained)


@p
def py_us():
    l, h = std()
    h.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%m/%d/%Y %I:%M:%S %p")
    )
    run(plain(l))


@p
def colorlog():
    import colorlog as c

    h = c.StreamHandler(sys.stdout)
    h.setFormatter(
        c.ColoredFormatter(
            "%(log_color)s%(asctime)s%(reset)s %(levelname)s %(name)s: %(message)s",
            no_color=False,
            force_color=True,
        )
    )
    l, _ = std(h)
    run(plain(l))


@p
def rich():
    from rich.logging import RichHandler
    from rich.console import Console

    l, _ = std(RichHandler(console=Console(file=sys.stdout, width=120), rich_tracebacks=False))
    run(short(l))


@p
def rich_traceback():
    from rich.logging import RichHandler
    from rich.console import Console

    l, _ = std(RichHandler(console=Console(file=sys.stdout, width=160), rich_tracebacks=True))
    run(plain(l))


@p
def structlog_logfmt():
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso"),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(
                sort_keys=True, key_order=["timestamp", "level", "event"]
            ),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
    )
    l = structlog.get_logger()

    def each(n, p, e):
        if e:
            l.exception("token rejected", path=p)
        else:
            l.info("request", path=p)

    run(each)


@p
def structlog_kv():
    import structlog

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
    )
    l = structlog.get_logger()

    def each(n, p, e):
        if e:
            l.error("token rejected", path=p, error=repr(e))
        else:
            l.info("request", path=p)

    run(each)


@p
def loguru_custom():
    from loguru import logger as l

    l.remove()
    l.add(sys.stdout, format="{time:DD.MM.YYYY HH:mm:ss,SSS} [{level}] {message}")
    run(plain(l))


@p
def logfmter_default():
    from logfmter import Logfmter

    l, h = std()
    h.setFormatter(Logfmter())
    run(plain(l))


@p
def ecs_logging():
    import ecs_logging

    l, h = std()
    h.setFormatter(ecs_logging.StdlibFormatter(extra={"service.name": "orders-api"}))
    run(plain(l))


@p
def pjl_timestamp():
    from pythonjsonlogger.json import JsonFormatter

    l, h = std()
    h.setFormatter(JsonFormatter(timestamp=True))
    run(plain(l), check=chained)


@p
def otel_console():
    from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
    from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor

    try:
        from opentelemetry.sdk._logs.export import ConsoleLogRecordExporter as C
    except ImportError:
        from opentelemetry.sdk._logs.export import ConsoleLogExporter as C
    from opentelemetry.sdk.resources import Resource

    pr = LoggerProvider(
        resource=Resource.create(
            {"service.name": "orders-api", "service.instance.id": "orders-api-1"}
        )
    )
    pr.add_log_record_processor(SimpleLogRecordProcessor(C(out=sys.stdout)))
    l, _ = std(LoggingHandler(logger_provider=pr))
    run(plain(l))


@p
def powertools():
    from aws_lambda_powertools import Logger

    l = Logger(service="orders-api", stream=sys.stdout)
    run(plain(l))


@p
def twisted():
    from twisted.logger import Logger, globalLogBeginner, textFileLogObserver

    globalLogBeginner.beginLoggingTo([textFileLogObserver(sys.stdout)], redirectStandardIO=False)
    l = Logger("auth")
    run(lambda n, p, e: l.failure("token rejected") if e else l.info("GET {p}", p=p))


@p
def tornado():
    from tornado.log import LogFormatter

    l, h = std()
    h.setFormatter(LogFormatter(color=False))
    run(plain(l))


@p
def celery():
    l, h = std()
    h.setFormatter(logging.Formatter("[%(asctime)s: %(levelname)s/MainProcess] %(message)s"))
    run(plain(l))


@p
def brackets():
    l, h = std()
    host = os.uname().nodename + "-1"
    h.setFormatter(
        logging.Formatter(
            f"%(asctime)s [orders-api] [{host}] [%(threadName)s] %(levelname)s %(name)s: %(message)s"
        )
    )
    run(plain(l))


@p
def oslo():
    import traceback
    from oslo_config import cfg
    from oslo_log import log

    options = cfg.ConfigOpts()
    log.register_options(options)
    options([])
    log.setup(options, "orders-api")
    l = log.getLogger("orders.auth")
    logging.getLogger().setLevel(logging.INFO)

    def each(n, p, e):
        if not e:
            return l.info("GET %s", p)
        l.exception("token rejected")  # oslo.log adds an empty line with the head
        return 2 + len(traceback.format_exc().splitlines())

    run(each)


if __name__ == "__main__":
    P[sys.argv[1]]()
