import jwt
from auth import authenticate
from fastapi import Depends, FastAPI, HTTPException, Request


def current_user(request: Request) -> dict:
    try:
        return authenticate(request.headers.get("Authorization"))
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "Invalid authentication credentials") from error


app = FastAPI(dependencies=[Depends(current_user)])


@app.get("/{path:path}")
def anything(path: str) -> dict:
    return {"ok": True}
