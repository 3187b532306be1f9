<?php
// Prints one JSON line per check. Usage: LIB=folder of one lcobucci/jwt version, named lcobucci-VERSION.
namespace Psr\Clock {
    interface ClockInterface
    {
        public function now(): \DateTimeImmutable;
    }
}

namespace Lcobucci\Clock {
    interface Clock extends \Psr\Clock\ClockInterface
    {
    }
}

namespace {
    error_reporting(0);
    require __DIR__ . '/tokens.php';
    require __DIR__ . '/coats.php';

    use Lcobucci\JWT\Parser;
    use Lcobucci\JWT\Signer;
    use Lcobucci\JWT\Validation\Constraint;

    $lib = getenv('LIB');
    $version = substr(strrchr($lib, '-'), 1);
    spl_autoload_register(function (string $class) use ($lib) {
        $file = $lib . '/src/' . str_replace('\\', '/', substr($class, strlen('Lcobucci\\JWT\\'))) . '.php';
        if (is_file($file)) {
            require $file;
        }
    });
    if (is_dir("$lib/compat")) {
        foreach (['class-aliases', 'json-exception-polyfill', 'lcobucci-clock-polyfill'] as $part) {
            if (is_file("$lib/compat/$part.php")) {
                require "$lib/compat/$part.php";
            }
        }
    }

    final class Now implements \Lcobucci\Clock\Clock
    {
        public function now(): DateTimeImmutable
        {
            return new DateTimeImmutable('2031-05-06T07:08:09Z');
        }
    }

    function parsed(string $text)
    {
        $modern = class_exists('Lcobucci\JWT\Token\Parser');

        return ($modern ? new Lcobucci\JWT\Token\Parser(new Lcobucci\JWT\Encoding\JoseEncoder()) : new Parser())->parse($text);
    }

    function asserted(array $claims, $constraint, array $header = [])
    {
        (new Lcobucci\JWT\Validation\Validator())->assert(parsed(token($claims, $header)), ...(array) (is_array($constraint) ? $constraint : [$constraint]));
    }

    function valid_at(bool $strict = false)
    {
        $loose = class_exists('Lcobucci\JWT\Validation\Constraint\LooseValidAt') ? 'LooseValidAt' : 'ValidAt';
        $class = 'Lcobucci\\JWT\\Validation\\Constraint\\' . ($strict ? 'StrictValidAt' : $loose);

        return new $class(new Now());
    }

    function key_of(string $text)
    {
        return class_exists('Lcobucci\JWT\Signer\Key\InMemory') ? Signer\Key\InMemory::plainText($text) : new Signer\Key($text);
    }

    $at = strtotime('2031-05-06T07:08:09Z');
    // name => [reason, since, what to run, also]
    $cases = [
        'expired' => ['token_expired', '3.4', fn () => asserted(['exp' => $at - 60], valid_at())],
        'nbf' => ['token_not_yet_valid', '3.4', fn () => asserted(['nbf' => $at + 60], valid_at())],
        'iat' => ['issued_in_future', '3.4', fn () => asserted(['iat' => $at + 60], valid_at())],
        'no exp' => ['claim_missing', '4', fn () => asserted(['iat' => $at - 60, 'nbf' => $at - 60], valid_at(true))],
        'no nbf' => ['claim_missing', '4', fn () => asserted(['iat' => $at - 60], valid_at(true))],
        'no iat' => ['claim_missing', '4', fn () => asserted(['sub' => 'u'], valid_at(true))],
        'iss' => ['issuer_mismatch', '3.4', fn () => asserted(['iss' => 'a'], new Constraint\IssuedBy('b'))],
        'aud' => ['audience_mismatch', '3.4', fn () => asserted(['aud' => 'a'], new Constraint\PermittedFor('b'))],
        'sub' => ['subject_mismatch', '3.4', fn () => asserted(['sub' => 'a'], new Constraint\RelatedTo('b'))],
        'jti' => ['claim_mismatch', '3.4', fn () => asserted(['jti' => 'a'], new Constraint\IdentifiedBy('b'))],
        'claim' => ['claim_missing', '4.2', fn () => asserted(['sub' => 'a'], new Constraint\HasClaimWithValue('tenant', 'b'))],
        'claim value' => ['claim_mismatch', '4.2', fn () => asserted(['tenant' => 'a'], new Constraint\HasClaimWithValue('tenant', 'b'))],
        'signature' => ['signature_invalid', '3.4', fn () => asserted(['a' => 1], new Constraint\SignedWith(new Signer\Hmac\Sha256(), key_of(OTHER)))],
        'signer' => ['algorithm_mismatch', '3.4', fn () => asserted(['a' => 1], new Constraint\SignedWith(new Signer\Hmac\Sha512(), key_of(str_repeat(OTHER, 2))))],
        'two' => ['signature_invalid', '3.4', fn () => asserted(['exp' => $at - 60], [new Constraint\SignedWith(new Signer\Hmac\Sha256(), key_of(OTHER)), valid_at()]), ['token_expired']],
        'three' => ['issuer_mismatch', '4', fn () => asserted(['iss' => 'a', 'aud' => 'a', 'exp' => $at - 60], [new Constraint\IssuedBy('b'), new Constraint\PermittedFor('b'), valid_at()]), ['audience_mismatch', 'token_expired']],
        'empty key' => ['key_missing', '4', fn () => key_of('')],
        'short key' => ['key_invalid', '5', fn () => asserted(['a' => 1], new Constraint\SignedWith(new Signer\Hmac\Sha256(), key_of('short')))],
        'no pem' => ['key_invalid', '3.2', fn () => (new Signer\Rsa\Sha256())->verify('a', 'b', key_of('no pem'))],
        'other pem' => ['key_invalid', '3.2', fn () => (new Signer\Rsa\Sha256())->verify('a', 'b', key_of(openssl_pkey_get_details(openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1']))['key']))],
        'two dots' => ['token_malformed', '3.2', fn () => parsed('abc.def')],
        'no dots' => ['token_malformed', '3.2', fn () => parsed('undefined')],
        'json' => ['token_malformed', '3.2', fn () => parsed(b64('nope') . '.' . b64('{}') . '.x')],
        'claims json' => ['token_malformed', '3.2', fn () => parsed(b64('{"typ":"JWT","alg":"HS256"}') . '.' . b64('nope') . '.x')],
        'base64' => ['token_malformed', '3.4', fn () => parsed('a$.b$.c')],
        'list' => ['token_malformed', '4', fn () => parsed(b64('"x"') . '.' . b64('{}') . '.x')],
        'claims list' => ['token_malformed', '4', fn () => parsed(b64('{"typ":"JWT","alg":"HS256"}') . '.' . b64('"x"') . '.x')],
        'date' => ['claim_invalid', '4', fn () => parsed(token(['exp' => 'soon']))],
        'no header' => ['token_malformed', '5', fn () => parsed('.' . b64('{}') . '.x')],
        'no claims' => ['token_malformed', '5', fn () => parsed(b64('{"typ":"JWT","alg":"HS256"}') . '..x')],
        'no signature' => ['token_malformed', '5', fn () => parsed(b64('{"typ":"JWT","alg":"HS256"}') . '.' . b64('{}') . '.')],
        'jwe' => ['header_unsupported', '3.2', fn () => parsed(token(['a' => 1], ['enc' => 'A128GCM']))],
    ];
    // What is anybody's words: recorded with the class beside it.
    $shared = ['Key cannot be empty', 'headers must be an array', 'claims must be an array'];

    $turn = (int) getenv('TURN');
    foreach ($cases as $name => $case) {
        [$reason, $since, $act] = $case;
        $turn++;
        if (version_compare($version, $since, '<')) {
            continue;
        }
        try {
            $act();
            fwrite(STDERR, "$version: nothing said for $name\n");
            continue;
        } catch (Throwable $e) {
        }
        if ($e instanceof Error) {
            fwrite(STDERR, "$version: $name: $e\n");
            continue;
        }
        $coats = coats();
        $allowed = in_array($e->getMessage(), $shared, true) ? [1, 2, 4, 5, 7] : array_keys($coats);
        foreach ([0, 3] as $more) {
            $text = neat($coats[$allowed[($turn + $more) % count($allowed)]]($e));
            echo json_encode(['text' => $text, 'reason' => $reason, 'outcome' => 'rejected', 'also' => $case[3] ?? [],
                'captures' => new stdClass(), 'library' => 'lcobucci-jwt', 'version' => $version, 'origin' => 'recorded',
                'program' => 'tests/corpus/recorders/php/lcobucci.php'], JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), "\n";
        }
    }
}
