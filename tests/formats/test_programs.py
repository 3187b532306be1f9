"""Loggers, servers and proxies as each writes by default: events, reasons, times, requests.

The lines are made by hand after each program's documentation or source, not recorded.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from reading import engine

from logclass import classify, formats
from logclass.model import Source
from logclass.timestamps import isoformat

ENDED = 1_935_900_000  # 2031-05-07T06:00:00Z
STAMP = "2031-05-06T07:08:09"


class Case(NamedTuple):
    """What a text holds. times: whether rejections have a time; None: of a time of day alone, whose date is the file's."""

    text: str
    events: int | None
    reasons: list[str] | None
    times: bool | None
    service: str | None
    columns: dict[str, Any]


CASES: dict[str, Case] = {}


def case(name, text, events, reasons, times=True, service=None, **columns) -> None:
    CASES[name] = Case(text, events, reasons, times, service, columns)


EXP = "token_expired"
case(
    "nginx-error",
    '2031/05/06 07:08:09 [error] 31#31: *7 auth request unexpected status: 401 while sending to client, client: 10.0.0.7, server: api.example.com, request: "GET /x HTTP/1.1", host: "api.example.com"\n2031/05/06 07:08:10 [notice] 1#1: start worker process 31\n'
    * 3,
    6,
    None,
)
case(
    "nginx-jwt",
    '2031/05/06 07:08:09 [error] 31#31: *7 JWT expired: "exp"=1935817000 current=1935817689, client: 10.0.0.7, server: api\n2031/05/06 07:08:10 [notice] 1#1: start worker process 31\n',
    2,
    None,
)
case(
    "apache-error",
    '[Tue May 06 07:08:09.123456 2031] [auth_openidc:error] [pid 7:tid 9] [client 10.0.0.7:3322] oidc_proto_validate_exp: "exp" validation failure (1935817000): JWT expired 689 seconds ago\n[Tue May 06 07:08:10.123456 2031] [mpm_event:notice] [pid 7:tid 9] AH00489: Apache/2.4.57 configured\n',
    2,
    None,
)
case(
    "haproxy",
    '<134>May  6 07:08:09 lb-1 haproxy[12]: 10.0.0.7:33220 [06/May/2031:07:08:09.123] https~ api/<NOSRV> 0/-1/-1/-1/0 401 212 - - PR-- 1/1/0/0/0 0/0 "GET /orders HTTP/1.1"\n<134>May  6 07:08:10 lb-1 haproxy[12]: 10.0.0.7:33220 [06/May/2031:07:08:10.123] https~ api/orders-1 0/0/1/3/4 200 212 - - ---- 1/1/0/0/0 0/0 "GET /orders HTTP/1.1"\n'
    * 4,
    8,
    ["unspecified"] * 4,
    route="/orders",
    status=401,
)
case(
    "haproxy-file",
    'May  6 07:08:09 lb-1 haproxy[12]: 10.0.0.7:33220 [06/May/2031:07:08:09.123] https~ api/orders-1 0/0/1/3/4 401 212 - - ---- 1/1/0/0/0 0/0 "GET /orders HTTP/1.1"\n'
    * 4,
    4,
    ["unspecified"] * 4,
    route="/orders",
    status=401,
)
case(
    "caddy",
    '{"level":"info","ts":1935817689.123,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.7","remote_port":"3","client_ip":"10.0.0.7","proto":"HTTP/2.0","method":"GET","host":"a.example.com","uri":"/orders","headers":{"User-Agent":["curl"],"Authorization":["REDACTED"]}},"bytes_read":0,"user_id":"","duration":0.01,"size":0,"status":401,"resp_headers":{"Server":["Caddy"],"Www-Authenticate":["Bearer"]}}\n'
    * 3,
    3,
    ["unspecified"] * 3,
    route="/orders",
    status=401,
    client="10.0.0.7",
)
case(
    "traefik-clf",
    '10.0.0.7 - - [06/May/2031:07:08:09 +0000] "GET /orders HTTP/1.1" 401 17 "-" "-" 12 "orders@docker" "http://172.18.0.3:80" 3ms\n'
    * 3,
    3,
    ["unspecified"] * 3,
    route="/orders",
    status=401,
)
case(
    "traefik-json",
    '{"ClientAddr":"10.0.0.7:3322","ClientHost":"10.0.0.7","DownstreamStatus":401,"Duration":123,"OriginStatus":401,"RequestMethod":"GET","RequestPath":"/orders","RequestProtocol":"HTTP/1.1","RouterName":"orders@docker","ServiceName":"orders@docker","StartUTC":"2031-05-06T07:08:09.1Z","level":"info","msg":"","time":"2031-05-06T07:08:09Z"}\n'
    * 3,
    3,
    ["unspecified"] * 3,
    route="/orders",
    status=401,
)
case(
    "apigw",
    '{"requestId":"0af1-22","ip":"10.0.0.7","requestTime":"06/May/2031:07:08:09 +0000","httpMethod":"GET","routeKey":"GET /orders","status":"401","protocol":"HTTP/1.1","responseLength":"26"}\n'
    * 3,
    3,
    ["unspecified"] * 3,
    status=401,
    route="GET /orders",
)
case(
    "apigw-epoch",
    '{"requestId":"0af1-22","ip":"10.0.0.7","requestTimeEpoch":1935817689000,"httpMethod":"GET","resourcePath":"/orders","status":401}\n'
    * 3,
    3,
    ["unspecified"] * 3,
    status=401,
    route="/orders",
)
case(
    "uvicorn",
    'INFO:     10.0.0.7:3322 - "GET /orders HTTP/1.1" 401 Unauthorized\n' * 3,
    3,
    ["unspecified"] * 3,
    times=False,
    status=401,
    route="/orders",
)
case(
    "morgan-dev",
    "\x1b[0mGET /orders \x1b[33m401\x1b[0m 33.123 ms - 26\x1b[0m\n\x1b[0mGET /orders \x1b[32m200\x1b[0m 3.123 ms - 26\x1b[0m\n"
    * 3,
    6,
    ["unspecified"] * 3,
    times=False,
    status=401,
    route="/orders",
)
case(
    "morgan-tiny",
    "GET /orders 401 26 - 3.123 ms\nGET /orders 200 26 - 1.123 ms\n" * 3,
    6,
    ["unspecified"] * 3,
    times=False,
    status=401,
    route="/orders",
)
case(
    "morgan-short",
    "10.0.0.7 - GET /orders HTTP/1.1 401 26 - 3.123 ms\n" * 3,
    3,
    ["unspecified"] * 3,
    times=False,
    status=401,
    route="/orders",
)
case(
    "gin",
    '[GIN] 2031/05/06 - 07:08:09 | 401 |     123.4µs |       10.0.0.7 | GET      "/orders"\n[GIN] 2031/05/06 - 07:08:10 | 200 |     123.4µs |       10.0.0.7 | GET      "/orders"\n'
    * 3,
    6,
    ["unspecified"] * 3,
    status=401,
    route="/orders",
    client="10.0.0.7",
)
case(
    "envoy",
    '[2031-05-06T07:08:09.123Z] "GET /orders HTTP/1.1" 401 - 0 29 1 - "-" "curl/8" "0af7651916cd43dd8448eb211c80319c" "api.example.com" "-"\n[2031-05-06T07:08:10.123Z] "GET /orders HTTP/1.1" 200 - 0 29 1 1 "-" "curl/8" "1af7651916cd43dd8448eb211c80319c" "api.example.com" "10.0.0.3:80"\n'
    * 3,
    6,
    ["unspecified"] * 3,
    status=401,
    route="/orders",
)
case(
    "envoy-detail",
    '[2031-05-06T07:08:09.123Z] "GET /orders HTTP/1.1" 401 - jwt_authn_access_denied{Jwt_is_expired} - "-" 0 29 1 - "-" "curl/8" "0af7651916cd43dd8448eb211c80319c" "api.example.com" "-" outbound|80||x - 10.0.0.9:8080 10.0.0.7:4 - -\n'
    * 3,
    3,
    [EXP] * 3,
    status=401,
    route="/orders",
)
case(
    "envoy-json",
    '{"start_time":"2031-05-06T07:08:09.123Z","method":"GET","path":"/orders","protocol":"HTTP/1.1","response_code":401,"response_code_details":"jwt_authn_access_denied{Jwt_is_expired}","response_flags":"-","duration":1,"x_forwarded_for":"10.0.0.7","request_id":"0af7651916cd43dd8448eb211c80319c","authority":"api"}\n'
    * 3,
    3,
    [EXP] * 3,
    status=401,
    route="/orders",
)
case(
    "elb-classic",
    '2031-05-06T07:08:09.123456Z my-elb 10.0.0.7:2817 10.0.0.1:80 0.000073 0.001048 0.000057 401 401 0 29 "GET https://www.example.com:443/orders HTTP/1.1" "curl/7.38.0" DHE TLSv1.2\n'
    * 3,
    3,
    ["unspecified"] * 3,
    status=401,
)
case(
    "cloudfront",
    "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer)\n2031-05-06\t07:08:09\tFRA2\t2390\t10.0.0.7\tGET\td111.cloudfront.net\t/orders\t401\t-\n"
    * 1,
    1,
    ["unspecified"],
    status=401,
    route="/orders",
)
case(
    "iis",
    "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2031-05-06 07:00:00\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken\n2031-05-06 07:08:09 10.0.0.2 GET /orders - 443 - 10.0.0.7 curl - 401 0 0 15\n2031-05-06 07:08:10 10.0.0.2 GET /orders - 443 - 10.0.0.7 curl - 200 0 0 15\n",
    2,
    ["unspecified"],
    status=401,
    route="/orders",
)
# loggers
case(
    "logfmt",
    'time=2031-05-06T07:08:09Z level=warn msg="token rejected" err="token has invalid claims: token is expired" service=auth request_id=abc123def456\n'
    * 3,
    3,
    [EXP] * 3,
    service="auth",
)
case(
    "logfmt-ts",
    'ts=2031-05-06T07:08:09.000Z caller=auth.go:7 level=warn msg="token rejected" err="token is expired"\n'
    * 3,
    3,
    [EXP] * 3,
)
case(
    "heroku",
    '2031-05-06T07:08:09.000000+00:00 app[web.1]: JsonWebTokenError: jwt expired\n2031-05-06T07:08:09.000000+00:00 heroku[router]: at=info method=GET path="/orders" host=x.example.com request_id=0af7651916cd43dd8448eb211c80319c fwd="10.0.0.7" dyno=web.1 connect=0ms service=2ms status=401 bytes=3\n'
    * 1,
    2,
    None,
)
case(
    "zap-console",
    '2031-05-06T07:08:09.123Z\tERROR\tauth/mw.go:7\ttoken rejected\t{"error": "token is expired"}\ngithub.com/x/y.(*M).Do\n\t/app/mw.go:7\nmain.main\n\t/app/main.go:3\n'
    * 3,
    3,
    [EXP] * 3,
)
case(
    "logrus-tty",
    '\x1b[33mWARN\x1b[0m[0012] token rejected                                error="token is expired" service=auth\n'
    * 3,
    3,
    [EXP] * 3,
    times=False,
)
case(
    "klog",
    "W0506 07:08:09.123456       7 auth.go:73] Unable to authenticate the request: invalid bearer token, token is expired\nI0506 07:08:10.123456       7 auth.go:73] ok\n"
    * 3,
    6,
    None,
)
case(
    "go-log",
    "2031/05/06 07:08:09 auth.go:7: token is expired by 3m\n2031/05/06 07:08:10 ok\n" * 3,
    6,
    [EXP] * 3,
)
case(
    "go-log-us",
    "2031/05/06 07:08:09.123456 token is expired by 3m\n2031/05/06 07:08:10.123456 ok\n" * 3,
    6,
    [EXP] * 3,
)
case(
    "structlog-console",
    "\x1b[2m2031-05-06T07:08:09.123456Z\x1b[0m [\x1b[31m\x1b[1merror    \x1b[0m] \x1b[1mrejected          \x1b[0m \x1b[36merror\x1b[0m=\x1b[35mSignature has expired\x1b[0m \x1b[36mservice\x1b[0m=\x1b[35mauth\x1b[0m\n"
    * 3,
    3,
    [EXP] * 3,
)
case(
    "loguru",
    "2031-05-06 07:08:09.123 | ERROR    | app.auth:check:12 - Signature has expired\n2031-05-06 07:08:10.123 | INFO     | app.auth:check:12 - ok\n"
    * 3,
    6,
    [EXP] * 3,
)
case(
    "boot3",
    "2031-05-06T07:08:09.123Z  WARN 1 --- [orders] [nio-8080-exec-1] o.s.s.o.s.r.a.JwtAuthenticationProvider : Failed to authenticate since the JWT was invalid\n2031-05-06T07:08:10.123+02:00  INFO 1 --- [orders] [main] c.e.App : ok\n"
    * 1,
    2,
    None,
)
case(
    "boot3-trace",
    "2031-05-06T07:08:09.123Z ERROR 1 --- [orders] [nio-8080-exec-1] c.e.Auth : failed\nio.jsonwebtoken.ExpiredJwtException: JWT expired at 2031-05-06T06:00:00Z. Current time: 2031-05-06T07:08:09Z\n\tat io.jsonwebtoken.impl.P.parse(P.java:1)\nCaused by: java.lang.RuntimeException: x\n\t... 12 more\n"
    * 3,
    3,
    [EXP] * 3,
)
case(
    "logback",
    "07:08:09.123 [main] WARN c.e.Auth - JWT expired at 2031-05-06T06:00:00Z. Current time: 2031-05-06T07:08:09Z\n07:08:10.123 [main] INFO c.e.Auth - ok\n"
    * 3,
    6,
    [EXP] * 3,
    times=None,
)
case(
    "logback-trace",
    "07:08:09.123 [main] ERROR c.e.Auth - failed\nio.jsonwebtoken.ExpiredJwtException: JWT expired at 2031-05-06T06:00:00Z.\n\tat io.jsonwebtoken.impl.P.parse(P.java:1)\n07:08:10.123 [main] INFO c.e.Auth - ok\n"
    * 3,
    6,
    [EXP] * 3,
    times=None,
)
case(
    "serilog",
    "2031-05-06 07:08:09.123 +00:00 [ERR] Bearer was not authenticated. Failure message: IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): '06/05/2031 06:00:00', Current time (UTC): '06/05/2031 07:08:09'.\n2031-05-06 07:08:10.123 +00:00 [INF] ok\n"
    * 3,
    6,
    [EXP] * 3,
)
case(
    "serilog-console",
    "[07:08:09 ERR] IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): 'x', Current time (UTC): 'y'.\n[07:08:10 INF] ok\n"
    * 3,
    6,
    [EXP] * 3,
    times=None,
)
case(
    "clef",
    '{"@t":"2031-05-06T07:08:09.1234567Z","@mt":"Bearer was not authenticated. Failure message: {FailureMessage}","@l":"Information","FailureMessage":"IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): \'x\', Current time (UTC): \'y\'.","SourceContext":"M"}\n'
    * 3,
    3,
    [EXP] * 3,
)
case(
    "dotnet",
    "info: Microsoft.Hosting.Lifetime[14]\n      Now listening on: http://[::]:8080\nfail: Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler[3]\n      Exception occurred while processing message.\n      Microsoft.IdentityModel.Tokens.SecurityTokenExpiredException: IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): 'x', Current time (UTC): 'y'.\n         at Microsoft.X()\n"
    * 3,
    6,
    [EXP] * 3,
    times=False,
)
case(
    "dotnet-stamped",
    "2031-05-06T07:08:09.123Z info: Microsoft.Hosting.Lifetime[14]\n      Now listening on: http://[::]:8080\n2031-05-06T07:08:09.223Z fail: Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler[3]\n      IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): 'x', Current time (UTC): 'y'.\n"
    * 3,
    6,
    [EXP] * 3,
)
case(
    "dotnet-colour",
    "\x1b[41m\x1b[30mfail\x1b[39m\x1b[22m\x1b[49m: M.JwtBearerHandler[3]\n      IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): 'x', Current time (UTC): 'y'.\n\x1b[40m\x1b[32minfo\x1b[39m\x1b[22m\x1b[49m: M.Host[0]\n      ok\n"
    * 3,
    6,
    [EXP] * 3,
    times=False,
)
case(
    "dotnet-json",
    '{"EventId":3,"LogLevel":"Error","Category":"M.JwtBearerHandler","Message":"Exception occurred","Exception":"SecurityTokenExpiredException: IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): \'x\', Current time (UTC): \'y\'.","State":{"Message":"Exception occurred","{OriginalFormat}":"E"},"Timestamp":"2031-05-06T07:08:09.123Z"}\n'
    * 3,
    3,
    [EXP] * 3,
)
case(
    "rails",
    'I, [2031-05-06T07:08:09.123456 #7]  INFO -- : [0af7651916cd43dd8448eb211c80319c] Started GET "/orders" for 10.0.0.7 at 2031-05-06 07:08:09 +0000\nW, [2031-05-06T07:08:09.223456 #7]  WARN -- : [0af7651916cd43dd8448eb211c80319c] JWT::ExpiredSignature: Signature has expired\nI, [2031-05-06T07:08:09.323456 #7]  INFO -- : [0af7651916cd43dd8448eb211c80319c] Completed 401 Unauthorized in 3ms (ActiveRecord: 0.0ms)\n'
    * 1,
    3,
    None,
)
case(
    "ruby",
    "# Logfile created on 2031-05-06 07:00:00 +0000 by logger.rb/v1.4.3\nE, [2031-05-06T07:08:09.123456 #7] ERROR -- orders: Signature has expired (JWT::ExpiredSignature)\n/app/a.rb:3:in `decode'\n/app/b.rb:4:in `call'\n"
    * 1,
    None,
    None,
)
case(
    "lograge",
    "method=GET path=/orders format=json controller=OrdersController action=index status=401 duration=3.12 view=0.10\nmethod=GET path=/orders format=json controller=OrdersController action=index status=200 duration=3.12 view=0.10\n"
    * 3,
    6,
    ["unspecified"] * 3,
    times=False,
    status=401,
    route="/orders",
)
case(
    "monolog",
    '[2031-05-06T07:08:09.123456+00:00] app.ERROR: Expired token {"exception":"[object] (Firebase\\\\JWT\\\\ExpiredException(code: 0): Expired token at /app/vendor/JWT.php:153)"} []\n[2031-05-06T07:08:10.123456+00:00] app.INFO: ok [] []\n'
    * 3,
    6,
    [EXP] * 3,
)
case(
    "laravel",
    '[2031-05-06 07:08:09] production.ERROR: Expired token {"exception":"[object] (Firebase\\\\JWT\\\\ExpiredException(code: 0): Expired token at /app/vendor/JWT.php:153)\n[stacktrace]\n#0 /app/A.php(3): decode()\n#1 {main}\n"} \n[2031-05-06 07:08:10] production.INFO: ok  \n'
    * 3,
    6,
    [EXP] * 3,
)
case(
    "lambda-node",
    "2031-05-06T07:08:09.123Z\t0af76519-16cd-43dd-8448-eb211c80319c\tERROR\tTokenExpiredError: jwt expired\r    at x (/var/task/a.js:1:2)\nSTART RequestId: 0af76519-16cd-43dd-8448-eb211c80319c Version: $LATEST\n2031-05-06T07:08:10.123Z\t1af76519-16cd-43dd-8448-eb211c80319c\tINFO\tok\n"
    * 2,
    None,
    [EXP] * 2,
)
case(
    "lambda-py",
    "[ERROR]\t2031-05-06T07:08:09.123Z\t0af76519-16cd-43dd-8448-eb211c80319c\tSignature has expired\n[INFO]\t2031-05-06T07:08:10.123Z\t1af76519-16cd-43dd-8448-eb211c80319c\tok\n"
    * 2,
    4,
    [EXP] * 2,
)
case(
    "pino-pretty",
    '[2031-05-06 07:08:09.123 +0000] ERROR (orders/7 on h-1): rejected\n    err: {\n      "type": "TokenExpiredError",\n      "message": "jwt expired",\n      "stack":\n          TokenExpiredError: jwt expired\n              at x\n    }\n[2031-05-06 07:08:10.123 +0000] INFO (orders/7 on h-1): ok\n'
    * 3,
    6,
    [EXP] * 3,
)
case(
    "pino-pretty-short",
    '[07:08:09.123] ERROR (7): rejected\n    err: {\n      "type": "TokenExpiredError",\n      "message": "jwt expired"\n    }\n[07:08:10.123] INFO (7): ok\n'
    * 3,
    6,
    [EXP] * 3,
    times=None,
)
case(
    "nest",
    "[Nest] 7  - 05/06/2031, 7:08:09 AM   ERROR [AuthGuard] jwt expired\nTokenExpiredError: jwt expired\n    at x (/a.js:1:2)\n[Nest] 7  - 05/06/2031, 7:08:10 AM     LOG [App] ok\n"
    * 3,
    6,
    [EXP] * 3,
)
case(
    "log4net",
    "2031-05-06 07:08:09,123 [7] ERROR App.Auth - IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): 'x'\n"
    * 3,
    3,
    [EXP] * 3,
)
case(
    "rust-tracing",
    "\x1b[2m2031-05-06T07:08:09.123456Z\x1b[0m \x1b[33m WARN\x1b[0m \x1b[2morders::auth\x1b[0m\x1b[2m:\x1b[0m rejected \x1b[3merror\x1b[0m\x1b[2m=\x1b[0mExpiredSignature\n"
    * 3,
    3,
    [EXP] * 3,
)
case(
    "env-logger",
    "[2031-05-06T07:08:09Z WARN  orders::auth] InvalidToken: ExpiredSignature\n" * 3,
    3,
    [EXP] * 3,
)
case(
    "elixir",
    "07:08:09.123 [error] token_expired\n07:08:10.123 [info] ok\n" * 3,
    6,
    None,
    times=None,
)
case(
    "elixir2", "\n07:08:09.123 request_id=F1 [error] jwt expired\n" * 3, None, [EXP] * 3, times=None
)
case(
    "celery",
    "[2031-05-06 07:08:09,123: ERROR/ForkPoolWorker-1] Signature has expired\n[2031-05-06 07:08:10,123: INFO/MainProcess] ok\n"
    * 3,
    6,
    [EXP] * 3,
)
case(
    "kong",
    "2031/05/06 07:08:09 [error] 31#0: *7 [lua] handler.lua:7: [jwt] token expired, client: 10.0.0.7\n"
    * 3,
    3,
    None,
)
case(
    "postgres",
    "2031-05-06 07:08:09.123 UTC [7] ERROR:  JWT expired\n2031-05-06 07:08:09.123 UTC [7] STATEMENT:  select 1\n"
    * 3,
    6,
    [EXP] * 3,
)
case(
    "tomcat",
    "06-May-2031 07:08:09.123 SEVERE [http-nio-1] a.b.C.d JWT expired at 2031-05-06T06:00:00Z. Current time: x\n06-May-2031 07:08:10.123 INFO [http-nio-1] a.b.C.d ok\n"
    * 3,
    6,
    [EXP] * 3,
)
case(
    "jul",
    "May 06, 2031 7:08:09 AM a.b.C d\nSEVERE: JWT expired at 2031-05-06T06:00:00Z. Current time: x\nMay 06, 2031 7:08:10 AM a.b.C d\nINFO: ok\n"
    * 3,
    6,
    [EXP] * 3,
)
case(
    "wildfly",
    "2031-05-06 07:08:09,123 ERROR [org.keycloak.adapters] (default task-1) Token is not active\n"
    * 3,
    3,
    None,
)
case(
    "quarkus",
    '{"timestamp":"2031-05-06T07:08:09.123Z","sequence":7,"loggerName":"i.s.jwt","level":"ERROR","message":"failed","threadName":"t","hostName":"auth-1","processName":"p","exception":{"refId":1,"exceptionType":"org.jose4j.jwt.consumer.InvalidJwtException","message":"The JWT is no longer valid - the evaluation time NumericDate{1935817689 -> x} is on or after the Expiration Time (exp=NumericDate{1935810000 -> y}) claim value.","frames":[]}}\n'
    * 3,
    3,
    [EXP] * 3,
)


def read(text: str):
    matcher, prefilter = engine()
    events, rows, faults = 0, [], []
    source = Source("0.log", "0.log", modified_seconds=ENDED)
    for batch in formats.read(source, [text.encode()], prefilter.hits, faults):
        events += sum(batch.tally["events"].to_pylist())
        classified = classify.classify(batch, matcher).rejections.to_pylist()
        rows += [row for row in classified if row["outcome"] == "rejected"]
    assert not faults
    return events, rows


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_programs_write(name: str) -> None:
    expected = CASES[name]
    events, rows = read(expected.text)
    if expected.events is not None:
        assert events == expected.events
    if expected.reasons is not None:
        assert [row["reason"] for row in rows] == expected.reasons
    for row in rows[:1]:
        if expected.times is not None:
            shown = row["time_ms"] is not None and isoformat(row["time_ms"]).startswith(STAMP)
            assert shown == expected.times
        if expected.service is not None:
            assert row["service"] == expected.service
        assert {key: row[key] for key in expected.columns} == expected.columns
