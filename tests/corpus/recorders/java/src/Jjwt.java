import io.jsonwebtoken.Claims;
import io.jsonwebtoken.Clock;
import io.jsonwebtoken.JwsHeader;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.SigningKeyResolverAdapter;
import java.util.Date;

/** jjwt 0.7 to 0.11: Jwts.parser(). */
final class Jjwt {
    private Jjwt() {}

    static JwtParser parser() {
        return bare().setSigningKey(Tokens.SECRET);
    }

    static JwtParser bare() {
        return Jwts.parser().setClock(new Clock() {
            @Override
            public Date now() {
                return new Date(Tokens.NOW * 1000);
            }
        });
    }

    static String claims(String more) {
        return Tokens.claims(more);
    }

    public static void main(String[] args) {
        Corpus corpus = new Corpus("jjwt", args[0], Jjwt.class);
        boolean old = args[0].compareTo("0.10") < 0 || args[0].startsWith("0.7") || args[0].startsWith("0.9");
        times(corpus, old);
        claims(corpus);
        signatures(corpus, old);
        shapes(corpus, old);
        keys(corpus);
    }

    private static void times(Corpus corpus, boolean old) {
        corpus.fault("token_expired", () -> parser().parseClaimsJws(Tokens.hs256(claims("\"exp\":" + (Tokens.NOW - 600)))),
                "expired_at", "2031-05-06T06:58:09Z", "now", "2031-05-06T07:08:09Z", "seconds", "600");
        corpus.fault("token_expired", () -> parser().setAllowedClockSkewSeconds(30)
                .parseClaimsJws(Tokens.hs256(claims("\"exp\":" + (Tokens.NOW - 86400)))),
                "expired_at", "2031-05-05T07:08:09Z", "now", "2031-05-06T07:08:09Z", "seconds", "86370");
        corpus.fault("token_not_yet_valid", () -> parser().parseClaimsJws(Tokens.hs256(claims("\"nbf\":" + (Tokens.NOW + 90)))),
                "not_before", "2031-05-06T07:09:39Z", "now", "2031-05-06T07:08:09Z", "seconds", "90");
        if (old) {
            corpus.framed("claim_invalid", () -> parser().parseClaimsJws(Tokens.hs256(claims("\"exp\":\"tomorrow\""))));
        } else {
            corpus.fault("claim_invalid", () -> parser().parseClaimsJws(Tokens.hs256(claims("\"exp\":\"tomorrow\""))));
        }
    }

    private static void claims(Corpus corpus) {
        corpus.fault("issuer_mismatch", () -> parser().requireIssuer("https://id.example.com")
                .parseClaimsJws(Tokens.hs256(claims("\"iss\":\"https://staging.example.com\""))),
                "expected", "https://id.example.com", "actual", "https://staging.example.com");
        corpus.fault("audience_mismatch", () -> parser().requireAudience("web-prod")
                .parseClaimsJws(Tokens.hs256(claims("\"aud\":\"web-staging\""))),
                "expected", "web-prod", "actual", "web-staging");
        corpus.fault("subject_mismatch", () -> parser().requireSubject("u-18").parseClaimsJws(Tokens.hs256(claims("\"a\":1"))),
                "expected", "u-18", "actual", "u-17");
        corpus.fault("claim_mismatch", () -> parser().require("tenant", "blue")
                .parseClaimsJws(Tokens.hs256(claims("\"tenant\":\"green\""))), "expected", "blue", "actual", "green");
        corpus.fault("claim_mismatch", () -> parser().requireId("j-1").parseClaimsJws(Tokens.hs256(claims("\"jti\":\"j-2\""))),
                "expected", "j-1", "actual", "j-2");
        corpus.fault("claim_missing", () -> parser().requireAudience("web-prod").parseClaimsJws(Tokens.hs256(claims("\"a\":1"))));
        corpus.fault("claim_missing", () -> parser().requireIssuer("https://id.example.com")
                .parseClaimsJws(Tokens.hs256(claims("\"a\":1"))));
        corpus.fault("claim_missing", () -> parser().require("tenant", "blue").parseClaimsJws(Tokens.hs256(claims("\"a\":1"))));
    }

    private static void signatures(Corpus corpus, boolean old) {
        String body = claims("\"exp\":" + (Tokens.NOW + 600));
        byte[] other = "another-secret-another-secret-another".getBytes();
        corpus.fault("signature_invalid", () -> parser().parseClaimsJws(Tokens.hs256("{\"alg\":\"HS256\"}", body, other)));
        corpus.fault("signature_invalid", () -> bare().setSigningKey(Tokens.OTHER_RSA.getPublic()).parseClaimsJws(Tokens.rs256(body)));
        corpus.fault("algorithm_mismatch", () -> bare().setSigningKey(Tokens.RSA.getPublic()).parseClaimsJws(Tokens.hs256(body)));
        corpus.fault("algorithm_mismatch", () -> bare().setSigningKey(Tokens.EC.getPublic()).parseClaimsJws(Tokens.rs256(body)));
        corpus.fault("algorithm_mismatch", () -> parser().parseClaimsJws(Tokens.rs256(body)));
        corpus.fault("algorithm_mismatch", () -> parser().parseClaimsJws(Tokens.hs256("{\"alg\":\"HS257\"}", body, other)));
        corpus.fault("algorithm_none", () -> parser().parseClaimsJws(Tokens.unsigned("{\"alg\":\"none\"}", body)));
        corpus.fault("algorithm_mismatch", () -> parser().parse(Tokens.hs256("{\"alg\":\"none\"}", body, other)));
        if (!old) {
            corpus.fault("key_invalid", () -> bare().setSigningKey("short".getBytes())
                    .parseClaimsJws(Tokens.hs256("{\"alg\":\"HS256\"}", body, "short".getBytes())));
        }
    }

    private static void shapes(Corpus corpus, boolean old) {
        String good = Tokens.hs256(claims("\"exp\":" + (Tokens.NOW + 600)));
        corpus.fault("token_malformed", () -> parser().parseClaimsJws("opaque-token"));
        corpus.fault("token_malformed", () -> parser().parseClaimsJws(good + ".x"));
        corpus.fault("token_malformed", () -> parser().parseClaimsJws(good.substring(0, good.lastIndexOf('.'))));
        if (old) {
            corpus.fault("token_malformed", () -> parser().parseClaimsJws(".." + Tokens.base64("x")));
            corpus.named("token_malformed", () -> parser().parseClaimsJws("ey{J." + good.substring(good.indexOf('.') + 1)));
        } else {
            corpus.fault("token_malformed", () -> parser().parseClaimsJws("ey{J." + good.substring(good.indexOf('.') + 1)));
        }
        corpus.named("token_malformed", () -> parser().parseClaimsJws(Tokens.hs256("{\"alg\":\"HS256\"", "{}", Tokens.SECRET)));
        corpus.named("token_malformed", () -> parser().parseClaimsJws(Tokens.hs256("{\"sub\":")));
        corpus.fault("header_missing", () -> parser().parseClaimsJws(""));
        corpus.fault("header_missing", () -> parser().parseClaimsJws(null));
        corpus.fault("header_unsupported", () -> parser().parseClaimsJws(Tokens.hs256("{\"alg\":\"HS256\",\"zip\":\"LZMA\"}", "{}", Tokens.SECRET)));
        corpus.fault("token_malformed", () -> parser().parseClaimsJws(Tokens.hs256("plain text")));
    }

    private static void keys(Corpus corpus) {
        String body = claims("\"exp\":" + (Tokens.NOW + 600));
        corpus.named("key_missing", () -> Jwts.parser().parseClaimsJws(Tokens.hs256(body)));
        corpus.fault("key_missing", () -> Jwts.parser().setSigningKeyResolver(new SigningKeyResolverAdapter() {
            @Override
            public java.security.Key resolveSigningKey(JwsHeader header, Claims claims) {
                return null;
            }
        }).parseClaimsJws(Tokens.hs256("{\"alg\":\"HS256\",\"kid\":\"key-2\"}", body, Tokens.SECRET)));
        corpus.named("key_missing", () -> Jwts.parser().setSigningKey(new byte[0]));
        corpus.named("key_missing", () -> Jwts.parser().setSigningKey((java.security.Key) null));
    }
}
