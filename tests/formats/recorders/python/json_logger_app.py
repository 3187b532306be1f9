import logging
import os

import jwt
from auth import authenticate
from flask import Flask, jsonify, request
from pythonjsonlogger.json import JsonFormatter

handler = logging.StreamHandler()
handler.setFormatter(
    JsonFormatter(
        "%(asctime)s %(levelname)s %(name)s %(message)s", static_fields={"service": "orders-api"}
    )
)
logging.basicConfig(level=logging.INFO, handlers=[handler])
log = logging.getLogger("orders.auth")
app = Flask(__name__)


@app.before_request
def check_token():
    request_id = request.headers["X-Request-Id"]
    try:
        claims = authenticate(request.headers.get("Authorization"))
    except jwt.InvalidTokenError:
        log.exception(
            "authentication failed", extra={"request_id": request_id, "path": request.path}
        )
        return jsonify(error="invalid_token"), 401
    log.info("authenticated", extra={"request_id": request_id, "sub": claims["sub"]})


@app.route("/<path:path>")
def anything(path):
    return jsonify(ok=True)


if __name__ == "__main__":
    logging.getLogger("werkzeug").disabled = True
    log.info("starting up")
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
