import io.jsonwebtoken.JwtParserBuilder;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Keys;
import java.util.Date;

/** jjwt 0.12 and later: Jwts.parser() is a builder, keys come from a locator. */
final class Jjwt12 {
    private Jjwt12() {}

    static JwtParserBuilder parser() {
        return Jwts.parser().clock(() -> new Date(Tokens.NOW * 1000)).verifyWith(Keys.hmacShaKeyFor(Tokens.SECRET));
    }

    static JwtParserBuilder bare() {
        return Jwts.parser().clock(() -> new Date(Tokens.NOW * 1000));
    }

    static String claims(String more) {
        return Tokens.claims(more);
    }

    static Object read(JwtParserBuilder parser, String token) {
        return parser.build().parseSignedClaims(token);
    }

    public static void main(String[] args) {
        Corpus corpus = new Corpus("jjwt", args[0], Jjwt12.class);
        times(corpus);
        claims(corpus);
        signatures(corpus);
        shapes(corpus);
        headers(corpus);
        keys(corpus);
    }

    private static void times(Corpus corpus) {
        corpus.fault("token_expired", () -> read(parser(), Tokens.hs256(claims("\"exp\":" + (Tokens.NOW - 600)))), "now",
                "2031-05-06T07:08:09.000Z", "expired_at", "2031-05-06T06:58:09.000Z", "seconds", "600");
        corpus.fault("token_expired", () -> read(parser().clockSkewSeconds(60), Tokens.hs256(claims("\"exp\":" + (Tokens.NOW - 86400)))),
                "seconds", "86400");
        corpus.fault("token_not_yet_valid", () -> read(parser(), Tokens.hs256(claims("\"nbf\":" + (Tokens.NOW + 90)))), "now",
                "2031-05-06T07:08:09.000Z", "not_before", "2031-05-06T07:09:39.000Z", "seconds", "90");
        corpus.fault("claim_invalid", () -> read(parser(), Tokens.hs256(claims("\"exp\":\"tomorrow\""))));
        corpus.fault("claim_invalid", () -> read(parser(), Tokens.hs256("{\"sub\":17}")));
    }

    private static void claims(Corpus corpus) {
        corpus.fault("issuer_mismatch", () -> read(parser().requireIssuer("https://id.example.com"),
                Tokens.hs256(claims("\"iss\":\"https://staging.example.com\""))),
                "expected", "https://id.example.com", "actual", "https://staging.example.com");
        corpus.fault("audience_mismatch", () -> read(parser().requireAudience("web-prod"),
                Tokens.hs256(claims("\"aud\":\"web-staging\""))), "expected", "web-prod", "actual", "web-staging");
        corpus.fault("audience_mismatch", () -> read(parser().requireAudience("web-prod"),
                Tokens.hs256(claims("\"aud\":[\"web-staging\",\"mobile\"]"))), "expected", "web-prod");
        corpus.fault("subject_mismatch", () -> read(parser().requireSubject("u-18"), Tokens.hs256(claims("\"a\":1"))),
                "expected", "u-18", "actual", "u-17");
        corpus.fault("claim_mismatch", () -> read(parser().require("tenant", "blue"), Tokens.hs256(claims("\"tenant\":\"green\""))),
                "expected", "blue", "actual", "green");
        corpus.fault("claim_missing", () -> read(parser().requireAudience("web-prod"), Tokens.hs256(claims("\"a\":1"))));
        corpus.fault("claim_missing", () -> read(parser().requireIssuer("https://id.example.com"), Tokens.hs256(claims("\"a\":1"))));
        corpus.fault("claim_missing", () -> read(parser().require("tenant", "blue"), Tokens.hs256(claims("\"a\":1"))));
    }

    private static void signatures(Corpus corpus) {
        String body = claims("\"exp\":" + (Tokens.NOW + 600));
        byte[] other = "another-secret-another-secret-another".getBytes();
        corpus.fault("signature_invalid", () -> read(parser(), Tokens.hs256("{\"alg\":\"HS256\"}", body, other)));
        corpus.fault("signature_invalid", () -> read(bare().verifyWith(Tokens.OTHER_RSA.getPublic()), Tokens.rs256(body)));
        corpus.fault("algorithm_mismatch", () -> read(bare().verifyWith(Tokens.RSA.getPublic()), Tokens.hs256(body)));
        corpus.fault("algorithm_mismatch", () -> read(parser(), Tokens.rs256(body)));
        corpus.fault("algorithm_mismatch", () -> read(bare().verifyWith(Tokens.EC.getPublic()), Tokens.rs256(body)));
        corpus.fault("algorithm_mismatch", () -> read(parser(), Tokens.hs256("{\"alg\":\"HS257\"}", body, other)));
        corpus.fault("algorithm_none", () -> read(parser(), Tokens.unsigned("{\"alg\":\"none\"}", body)));
        corpus.fault("algorithm_none", () -> read(parser(), Tokens.hs256("{\"alg\":\"none\"}", body, other)));
        corpus.fault("algorithm_none", () -> parser().unsecured().build().parseSignedClaims(Tokens.unsigned("{\"alg\":\"none\"}", body)));
        corpus.fault("token_malformed", () -> read(parser(), Tokens.unsigned("{\"alg\":\"HS256\"}", body)));
    }

    private static void shapes(Corpus corpus) {
        String good = Tokens.hs256(claims("\"exp\":" + (Tokens.NOW + 600)));
        corpus.fault("token_malformed", () -> read(parser(), "opaque-token"));
        corpus.fault("token_malformed", () -> read(parser(), good + ".x"));
        corpus.fault("token_malformed", () -> read(parser(), good.replace(".", ". ")));
        corpus.fault("token_malformed", () -> read(parser(), ".." + Tokens.base64("x")));
        corpus.fault("token_malformed", () -> read(parser(), "ey{J." + good.substring(good.indexOf('.') + 1)));
        corpus.fault("token_malformed", () -> read(parser(), Tokens.hs256("{\"alg\":\"HS256\"", "{}", Tokens.SECRET)));
        corpus.fault("token_malformed", () -> read(parser(), Tokens.hs256("{\"sub\":")));
        corpus.fault("token_malformed", () -> read(parser(), Tokens.hs256("plain text")));
        corpus.fault("header_missing", () -> read(parser(), ""));
        corpus.fault("header_missing", () -> read(parser(), null));
    }

    private static void headers(Corpus corpus) {
        corpus.fault("header_unsupported", () -> read(parser(), Tokens.hs256("{\"alg\":\"HS256\",\"zip\":\"LZMA\"}", "{}", Tokens.SECRET)));
        corpus.fault("header_unsupported",
                () -> read(parser(), Tokens.hs256("{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}", "{\"sub\":\"a\"}", Tokens.SECRET)));
        corpus.fault("header_unsupported",
                () -> read(parser(), Tokens.hs256("{\"alg\":\"HS256\",\"crit\":[\"x\"]}", "{\"sub\":\"a\"}", Tokens.SECRET)));
        corpus.fault("algorithm_mismatch", () -> read(parser(), Tokens.hs256("{\"typ\":\"JWT\"}", "{\"sub\":\"a\"}", Tokens.SECRET)));
        corpus.fault("token_malformed", () -> read(parser(), Tokens.unsigned("{\"alg\":\"dir\"}", "{}") + ".a.b.c"));
        corpus.fault("algorithm_mismatch",
                () -> read(parser(), Tokens.base64("{\"alg\":\"dir\",\"enc\":\"A1\"}") + "..AAAA.AAAA.AAAA"));
    }

    private static void keys(Corpus corpus) {
        String body = claims("\"exp\":" + (Tokens.NOW + 600));
        String token = Tokens.hs256("{\"alg\":\"HS256\",\"kid\":\"key-2\"}", body, Tokens.SECRET);
        corpus.fault("key_not_found", () -> read(bare(), token), "kid", "key-2");
        corpus.fault("key_not_found", () -> read(bare().keyLocator(header -> null), token), "kid", "key-2");
        corpus.fault("key_invalid", () -> read(bare().verifyWith(new javax.crypto.spec.SecretKeySpec("short".getBytes(), "HmacSHA256")), token));
        corpus.fault("key_invalid", () -> bare().verifyWith(Keys.hmacShaKeyFor("short".getBytes())));
        corpus.fault("algorithm_mismatch", () -> read(bare().keyLocator(header -> Tokens.RSA.getPrivate()), Tokens.rs256(body)));
        corpus.fault("key_not_found",
                () -> read(bare(), Tokens.base64("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}") + "..AAAA.AAAA.AAAA"));
        corpus.fault("decryption_failed", () -> bare().decryptWith(new javax.crypto.spec.SecretKeySpec(new byte[32], "AES")).build()
                .parse(Tokens.base64("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}") + ".." + Tokens.base64(new byte[12]) + ".AAAA."
                        + Tokens.base64(new byte[16])));
        corpus.named("key_missing", () -> bare().verifyWith((javax.crypto.SecretKey) null));
    }
}
