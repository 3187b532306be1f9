<?php
// The ways PHP programs write an error down. Paths become those of a container.
const AT = '2031-05-06T07:08:09';

function neat(string $text): string
{
    $text = preg_replace('~/[^\s"\'():]*/firebase-[\d.]+/~', '/app/vendor/firebase/php-jwt/', $text);
    $text = preg_replace('~/[^\s"\'():]*/lcobucci-[\d.]+/~', '/app/vendor/lcobucci/jwt/', $text);

    return preg_replace('~/[^\s"\'():]*recorders/php/~', '/app/', $text);
}

function laravel(Throwable $e): string
{
    $shown = sprintf('[object] (%s(code: %d): %s at %s:%d)', get_class($e), $e->getCode(), $e->getMessage(), neat($e->getFile()), $e->getLine());

    return sprintf('[2031-05-06 07:08:09] production.ERROR: %s %s', $e->getMessage(), json_encode(['exception' => $shown], JSON_UNESCAPED_SLASHES));
}

function coats(): array
{
    return [
        fn (Throwable $e) => $e->getMessage(),
        fn (Throwable $e) => get_class($e) . ': ' . $e->getMessage(),
        fn (Throwable $e) => laravel($e),
        fn (Throwable $e) => json_encode(['code' => 'jwt_auth_invalid_token', 'message' => $e->getMessage(), 'data' => ['status' => 403]]),
        fn (Throwable $e) => 'PHP Fatal error:  Uncaught ' . implode("\n", array_slice(explode("\n", (string) $e), 0, 4)),
        fn (Throwable $e) => sprintf('[%s.123456+00:00] request.CRITICAL: Uncaught PHP Exception %s: "%s" at %s line %d', AT, get_class($e), $e->getMessage(), basename($e->getFile()), $e->getLine()),
        fn (Throwable $e) => '[' . AT . '+00:00] app.WARNING: JWT rejected: ' . $e->getMessage() . ' [] []',
        fn (Throwable $e) => json_encode(['level' => 'warning', 'message' => 'Unauthorized', 'exception' => ['class' => get_class($e), 'message' => $e->getMessage()]]),
    ];
}
