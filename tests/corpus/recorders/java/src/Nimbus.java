import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RemoteJWKSet;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.URL;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;

/** nimbus-jose-jwt 8 to 10: DefaultJWTProcessor, verifiers, remote key sets. */
final class Nimbus {
    private static final long PAST = 1735689600L;
    private static final long FUTURE = 4102444800L;

    private Nimbus() {}

    static DefaultJWTProcessor<SecurityContext> processor(JWSAlgorithm algorithm, JWKSource<SecurityContext> source) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithm, source));
        return processor;
    }

    static DefaultJWTProcessor<SecurityContext> hmac() {
        return processor(JWSAlgorithm.HS256, new ImmutableJWKSet<>(new JWKSet(new OctetSequenceKey.Builder(Tokens.SECRET).build())));
    }

    static DefaultJWTProcessor<SecurityContext> rsa(RSAPublicKey key, String kid) {
        return processor(JWSAlgorithm.RS256, new ImmutableJWKSet<>(new JWKSet(new RSAKey.Builder(key).keyID(kid).build())));
    }

    static Object checked(DefaultJWTClaimsVerifier<SecurityContext> verifier, String claims) throws Exception {
        DefaultJWTProcessor<SecurityContext> processor = hmac();
        processor.setJWTClaimsSetVerifier(verifier);
        return processor.process(Tokens.hs256(claims), null);
    }

    public static void main(String[] args) throws Exception {
        Corpus corpus = new Corpus("nimbus-jose-jwt", args[0], Nimbus.class);
        claims(corpus);
        signatures(corpus);
        shapes(corpus, args[0].startsWith("10") || args[0].startsWith("9.3"));
        verifiers(corpus);
        keySets(corpus);
    }

    private static void claims(Corpus corpus) {
        corpus.fault("token_expired", () -> hmac().process(Tokens.hs256(Tokens.claims("\"exp\":" + PAST)), null));
        corpus.fault("token_not_yet_valid", () -> hmac().process(Tokens.hs256(Tokens.claims("\"nbf\":" + FUTURE)), null));
        corpus.fault("claim_invalid", () -> hmac().process(Tokens.hs256(Tokens.claims("\"exp\":\"tomorrow\"")), null));
        corpus.fault("audience_mismatch", () -> checked(new DefaultJWTClaimsVerifier<>("web-prod", null, null),
                Tokens.claims("\"aud\":\"web-staging\"")), "actual", "web-staging");
        corpus.fault("audience_mismatch", () -> checked(new DefaultJWTClaimsVerifier<>("web-prod", null, null),
                Tokens.claims("\"aud\":[\"web-staging\",\"mobile\"]")), "actual", "web-staging|mobile");
        corpus.fault("claim_missing", () -> checked(new DefaultJWTClaimsVerifier<>("web-prod", null, null), Tokens.claims("\"a\":1")));
        corpus.fault("issuer_mismatch", () -> checked(new DefaultJWTClaimsVerifier<>(
                new JWTClaimsSet.Builder().issuer("https://id.example.com").build(), null),
                Tokens.claims("\"iss\":\"https://staging.example.com\"")),
                "expected", "https://id.example.com", "actual", "https://staging.example.com");
        corpus.fault("subject_mismatch", () -> checked(new DefaultJWTClaimsVerifier<>(
                new JWTClaimsSet.Builder().subject("u-18").build(), null), Tokens.claims("\"a\":1")), "expected", "u-18", "actual", "u-17");
        corpus.fault("claim_mismatch", () -> checked(new DefaultJWTClaimsVerifier<>(
                new JWTClaimsSet.Builder().claim("tenant", "blue").build(), null), Tokens.claims("\"tenant\":\"green\"")),
                "expected", "blue", "actual", "green");
        corpus.fault("claim_missing", () -> checked(new DefaultJWTClaimsVerifier<>(null,
                new HashSet<>(Arrays.asList("exp", "scope"))), Tokens.claims("\"a\":1")));
        corpus.fault("claim_invalid", () -> checked(new DefaultJWTClaimsVerifier<>(null, null, null,
                Collections.singleton("scope")), Tokens.claims("\"scope\":\"x\"")));
    }

    private static void signatures(Corpus corpus) {
        String body = Tokens.claims("\"a\":1");
        byte[] other = "another-secret-another-secret-another".getBytes();
        RSAPublicKey key = (RSAPublicKey) Tokens.OTHER_RSA.getPublic();
        corpus.fault("signature_invalid", () -> hmac().process(Tokens.hs256("{\"alg\":\"HS256\"}", body, other), null));
        corpus.fault("signature_invalid", () -> rsa(key, "key-1")
                .process(Tokens.rs256("{\"alg\":\"RS256\",\"kid\":\"key-1\"}", body, Tokens.RSA.getPrivate()), null));
        corpus.fault("key_not_found+algorithm_mismatch", () -> rsa(key, "key-1")
                .process(Tokens.rs256("{\"alg\":\"RS256\",\"kid\":\"key-2\"}", body, Tokens.RSA.getPrivate()), null));
        corpus.fault("key_not_found+algorithm_mismatch", () -> rsa(key, "key-1").process(Tokens.hs256(body), null));
        corpus.fault("algorithm_none", () -> hmac().process(Tokens.unsigned("{\"alg\":\"none\"}", body), null));
        corpus.fault("key_missing", () -> new DefaultJWTProcessor<>().process(Tokens.hs256(body), null));
        corpus.fault("key_missing", () -> hmac().process(
                Tokens.base64("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}") + "..AAAA.AAAA.AAAA", null));
        corpus.fault("header_unsupported", () -> {
            DefaultJWTProcessor<SecurityContext> processor = hmac();
            processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
            return processor.process(Tokens.hs256(body), null);
        });
        corpus.fault("header_unsupported", () -> {
            DefaultJWTProcessor<SecurityContext> processor = hmac();
            processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
            return processor.process(Tokens.hs256("{\"alg\":\"HS256\"}", body, Tokens.SECRET), null);
        });
    }

    private static void shapes(Corpus corpus, boolean refusesEmpty) {
        String good = Tokens.hs256(Tokens.claims("\"a\":1"));
        corpus.fault("token_malformed", () -> hmac().process("opaque-token", null));
        corpus.fault("token_malformed", () -> SignedJWT.parse("opaque-token"));
        corpus.fault("token_malformed", () -> SignedJWT.parse("a.b"));
        corpus.fault("token_malformed", () -> hmac().process(good + ".x.y.z.w", null));
        corpus.fault("token_malformed", () -> SignedJWT.parse(good + ".x.y"));
        corpus.fault("token_malformed", () -> hmac().process(Tokens.hs256("{\"alg\":\"HS256\"", "{}", Tokens.SECRET), null));
        corpus.fault("token_malformed", () -> SignedJWT.parse(Tokens.hs256("{\"alg\":\"HS256\"", "{}", Tokens.SECRET)));
        corpus.fault("token_malformed", () -> SignedJWT.parse("ey{J." + good.substring(good.indexOf('.') + 1)));
        corpus.fault("token_malformed", () -> hmac().process(Tokens.hs256("plain text"), null));
        corpus.fault("algorithm_mismatch", () -> hmac().process(Tokens.hs256("{\"typ\":\"JWT\"}", "{}", Tokens.SECRET), null));
        corpus.fault(refusesEmpty ? "token_malformed" : "signature_invalid",
                () -> hmac().process(Tokens.base64("{\"alg\":\"HS256\"}") + "." + Tokens.base64("{}") + ".", null));
        corpus.fault("token_malformed", () -> SignedJWT.parse(Tokens.unsigned("{\"alg\":\"none\"}", "{}")));
    }

    private static void verifiers(Corpus corpus) {
        RSAPublicKey key = (RSAPublicKey) Tokens.RSA.getPublic();
        corpus.fault("algorithm_mismatch", () -> SignedJWT.parse(Tokens.hs256("{}")).verify(new RSASSAVerifier(key)));
        corpus.fault("algorithm_mismatch", () -> SignedJWT.parse(Tokens.rs256("{}")).verify(new MACVerifier(Tokens.SECRET)));
        corpus.fault("algorithm_mismatch",
                () -> SignedJWT.parse(Tokens.hs256("{\"alg\":\"HS257\"}", "{}", Tokens.SECRET)).verify(new MACVerifier(Tokens.SECRET)));
        corpus.fault("key_invalid", () -> SignedJWT.parse(Tokens.hs256("{}")).verify(new MACVerifier("short")));
    }

    private static JWKSource<SecurityContext> remote(String url) throws Exception {
        return new RemoteJWKSet<>(new URL(url));
    }

    private static void keySets(Corpus corpus) throws Exception {
        KeySetServer server = new KeySetServer();
        String token = Tokens.rs256("{\"alg\":\"RS256\",\"kid\":\"key-2\"}", Tokens.good(), Tokens.RSA.getPrivate());
        for (String path : new String[] {"/html", "/other", "/503", "/404"}) {
            corpus.fault("jwks_unavailable", () -> processor(JWSAlgorithm.RS256, remote(KeySetServer.BASE + path)).process(token, null));
        }
        corpus.fault("jwks_unavailable", () -> processor(JWSAlgorithm.RS256, remote("http://127.0.0.1:9/jwks.json")).process(token, null));
        corpus.fault("key_not_found+algorithm_mismatch",
                () -> processor(JWSAlgorithm.RS256, remote(KeySetServer.BASE + "/good")).process(token, null));
        server.stop();
    }
}
