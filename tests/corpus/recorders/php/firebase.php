<?php
// Prints one JSON line per check. Usage: LIB=folder of one firebase/php-jwt version, named firebase-VERSION.
error_reporting(0);
require __DIR__ . '/tokens.php';
require __DIR__ . '/coats.php';

use Firebase\JWT\JWK;
use Firebase\JWT\JWT;

$lib = getenv('LIB');
$version = substr(strrchr($lib, '-'), 1);
spl_autoload_register(function (string $class) use ($lib) {
    $file = $lib . '/src/' . substr(strrchr($class, '\\'), 1) . '.php';
    if (is_file($file)) {
        require $file;
    }
});
// What other languages' libraries print letter for letter: recorded with the class beside it.
const SHARED = ['Signature verification failed', 'Algorithm not supported', 'Algorithm not allowed', 'Malformed UTF-8 characters', 'Syntax error, malformed JSON',
    'Unexpected control character found', 'Unknown JSON error: 5', 'crv not set'];

function decode(?string $token, $key = SECRET, string $alg = 'HS256')
{
    if (version_compare($GLOBALS['version'], '6', '<')) {
        return JWT::decode($token, $key, [$alg]);
    }
    $wrap = fn ($one) => is_string($one) && $one !== '' ? new Firebase\JWT\Key($one, $alg) : $one;

    return JWT::decode($token, is_array($key) ? array_map($wrap, $key) : $wrap($key));
}

$now = time();
// name => [reason, since, until, what to run, captures]
$cases = [
    'expired' => ['token_expired', '4', '9', fn () => decode(token(['exp' => $now - 600]))],
    'nbf' => ['token_not_yet_valid', '4', '9', fn () => decode(token(['nbf' => 1935817689])), 'not_before'],
    'iat' => [version_compare($version, '6.6', '<') ? 'token_not_yet_valid' : 'issued_in_future', '4', '9', fn () => decode(token(['iat' => 1935817689]))],
    'signature' => ['signature_invalid', '4', '9', fn () => decode(token(['sub' => 'u'], [], OTHER))],
    'segments' => ['token_malformed', '4', '9', fn () => decode('abc.def')],
    'no token' => ['token_malformed', '4', '9', fn () => decode('undefined')],
    'header' => ['token_malformed', '4', '9', fn () => decode(b64('null') . '.' . b64('{}') . '.x')],
    'claims' => ['token_malformed', '4', '9', fn () => decode(b64('{"alg":"HS256"}') . '.' . b64('null') . '.x')],
    'json' => ['token_malformed', '4', '9', fn () => decode(b64('nope') . '.' . b64('{}') . '.x')],
    'utf-8' => ['token_malformed', '4', '9', fn () => decode(b64("{\"a\":\"\xff\"}") . '.' . b64('{}') . '.x')],
    'control' => ['token_malformed', '4', '9', fn () => decode(b64("{\"a\":\"\x01\"}") . '.' . b64('{}') . '.x')],
    'payload list' => ['token_malformed', '6.1', '9', fn () => decode(b64('{"alg":"HS256"}') . '.' . b64('"text"') . '.x')],
    'exp text' => ['claim_invalid', '7', '9', fn () => decode(token(['exp' => 'soon']))],
    'nbf text' => ['claim_invalid', '7', '9', fn () => decode(token(['nbf' => 'soon']))],
    'iat text' => ['claim_invalid', '7', '9', fn () => decode(token(['iat' => 'soon']))],
    'no alg' => ['algorithm_mismatch', '4', '9', fn () => decode(token(['a' => 1], ['alg' => '']))],
    'alg unknown' => ['algorithm_mismatch', '4', '9', fn () => decode(token(['a' => 1], ['alg' => 'XX999']))],
    'alg not allowed' => ['algorithm_mismatch', '4', '5.99', fn () => decode(token(['a' => 1], ['alg' => 'HS512']))],
    'alg of key' => ['algorithm_mismatch', '6', '9', fn () => decode(token(['a' => 1], ['alg' => 'HS512']))],
    'no key' => ['key_missing', '4', '9', fn () => decode(token(['a' => 1]), '')],
    'no key list' => ['key_missing', '5', '9', fn () => decode(token(['a' => 1]), [])],
    'kid unknown' => ['key_not_found', '5', '9', fn () => decode(token(['a' => 1], ['kid' => 'key-2']), ['key-1' => SECRET])],
    'no kid' => ['key_not_found', '4', '9', fn () => decode(token(['a' => 1]), ['key-1' => SECRET])],
    'public key' => ['key_invalid', '4', '9', fn () => decode(token(['a' => 1], ['alg' => 'RS256']), 'no pem', 'RS256')],
    'short key' => ['key_invalid', '7', '9', fn () => decode(token(['a' => 1], [], 'short'), 'short')],
    'no key set' => ['jwks_unavailable', '5.1', '9', fn () => JWK::parseKeySet(['error' => 'x'])],
    'empty key set' => ['jwks_unavailable', '5.1', '9', fn () => JWK::parseKeySet(['keys' => []])],
    'no known alg' => ['jwks_unavailable', '5.1', '9', fn () => JWK::parseKeySet(['keys' => [['kty' => 'XYZ', 'alg' => 'A']]])],
    'jwk empty' => ['key_invalid', '5.1', '9', fn () => JWK::parseKeySet(['keys' => [[]]])],
    'jwk kty' => ['key_invalid', '5.1', '9', fn () => JWK::parseKeySet(['keys' => [['kid' => 'a']]])],
    'jwk alg' => ['key_invalid', '6', '9', fn () => JWK::parseKeySet(['keys' => [['kid' => 'a', 'kty' => 'RSA', 'n' => 'AQAB', 'e' => 'AQAB']]])],
    'jwk private' => ['key_invalid', '5.1', '9', fn () => JWK::parseKeySet(['keys' => [['kid' => 'a', 'kty' => 'RSA', 'alg' => 'RS256', 'd' => 'x', 'n' => 'AQAB', 'e' => 'AQAB']]])],
    'jwk rsa' => ['key_invalid', '5.1', '9', fn () => JWK::parseKeySet(['keys' => [['kid' => 'a', 'kty' => 'RSA', 'alg' => 'RS256']]])],
    'jwk curve' => ['key_invalid', '6.1', '9', fn () => JWK::parseKeySet(['keys' => [['kid' => 'a', 'kty' => 'EC', 'alg' => 'ES256', 'crv' => 'P-1', 'x' => 'a', 'y' => 'b']]])],
    'jwk no curve' => ['key_invalid', '6.1', '9', fn () => JWK::parseKeySet(['keys' => [['kid' => 'a', 'kty' => 'EC', 'alg' => 'ES256']]])],
];

$turn = (int) getenv('TURN');
foreach ($cases as $name => $case) {
    [$reason, $since, $until, $act] = $case;
    $turn++;
    if (version_compare($version, $since, '<') || version_compare($version, $until, '>')) {
        continue;
    }
    try {
        $act();
        fwrite(STDERR, "$version: nothing said for $name\n");
        continue;
    } catch (Throwable $e) {
        $shared = in_array($e->getMessage(), SHARED, true);
    }
    $coats = coats();
    $allowed = $shared ? [1, 2, 4, 5, 7] : array_keys($coats);
    if (strpos(get_class($e), 'Firebase') !== 0 && $shared) {
        $allowed = [4];
    }
    $text = neat($coats[$allowed[$turn % count($allowed)]]($e));
    $captures = isset($case[4]) ? [$case[4] => [preg_replace('/.* prior to /', '', $e->getMessage())]] : new stdClass();
    echo json_encode(['text' => $text, 'reason' => $reason, 'outcome' => 'rejected', 'also' => preg_match('/token prior to/', $e->getMessage()) ? ['issued_in_future'] : [], 'captures' => $captures,
        'library' => 'firebase-php-jwt', 'version' => $version, 'origin' => 'recorded',
        'program' => 'tests/corpus/recorders/php/firebase.php'], JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), "\n";
}
