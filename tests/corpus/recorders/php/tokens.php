<?php
// Tokens made by hand: the libraries refuse to make the broken ones.
const SECRET = 'a-secret-of-more-than-thirty-two-bytes!!';
const OTHER = 'another-secret-of-thirty-two-bytes-or-so';

function b64(string $text): string
{
    return rtrim(strtr(base64_encode($text), '+/', '-_'), '=');
}

function token(array $claims, array $header = [], string $secret = SECRET): string
{
    $body = b64(json_encode($header + ['typ' => 'JWT', 'alg' => 'HS256'])) . '.' . b64(json_encode($claims));

    return $body . '.' . b64(hash_hmac('sha256', $body, $secret, true));
}
