import logging
import os
import sys

import jwt
import structlog
from auth import authenticate
from flask import Flask, jsonify, request

renderers = {
    "json": [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
    "console": [
        structlog.dev.ConsoleRenderer(
            colors=True, exception_formatter=structlog.dev.plain_traceback
        )
    ],
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        *renderers[sys.argv[1]],
    ],
)
log = structlog.get_logger(service="orders-api")
app = Flask(__name__)


@app.before_request
def check_token():
    structlog.contextvars.bind_contextvars(request_id=request.headers["X-Request-Id"])
    try:
        claims = authenticate(request.headers.get("Authorization"))
    except jwt.PyJWTError as error:
        log.warning("token rejected", error=str(error), path=request.path, exc_info=True)
        return jsonify(error="invalid_token"), 401
    log.info("token accepted", sub=claims["sub"], path=request.path)


@app.route("/<path:path>")
def anything(path):
    return jsonify(ok=True)


if __name__ == "__main__":
    logging.getLogger("werkzeug").disabled = True
    log.info("starting", port=8080)
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
