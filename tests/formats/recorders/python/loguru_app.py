import logging
import os
import sys

import jwt
from auth import authenticate
from flask import Flask, jsonify, request
from loguru import logger

logger.remove()
logger.add(sys.stderr, serialize=sys.argv[1] == "serialize", diagnose=False)
app = Flask(__name__)


@app.before_request
def check_token():
    try:
        claims = authenticate(request.headers.get("Authorization"))
    except jwt.PyJWTError as error:
        logger.opt(exception=error).warning("Token rejected on {}", request.path)
        return jsonify(error="invalid_token"), 401
    logger.info("Token accepted for {}", claims["sub"])


@app.route("/<path:path>")
def anything(path):
    return jsonify(ok=True)


if __name__ == "__main__":
    logging.getLogger("werkzeug").disabled = True
    logger.info("Starting")
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]))
