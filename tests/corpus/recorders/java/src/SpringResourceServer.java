import java.security.interfaces.RSAPublicKey;
import java.util.Collections;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;

/** Spring Security's OAuth2 resource server, 5.8 and 6.4: decoder, provider, entry point. */
final class SpringResourceServer {
    private static final long PAST = 1735689600L;
    private static final long FUTURE = 4102444800L;
    private final Corpus corpus;
    private int turn;

    private SpringResourceServer(Corpus corpus) {
        this.corpus = corpus;
    }

    static NimbusJwtDecoder hmac() {
        return NimbusJwtDecoder.withSecretKey(new SecretKeySpec(Tokens.SECRET, "HmacSHA256")).build();
    }

    static NimbusJwtDecoder rsa() {
        return NimbusJwtDecoder.withPublicKey((RSAPublicKey) Tokens.OTHER_RSA.getPublic()).build();
    }

    static NimbusJwtDecoder remote(String url) {
        return NimbusJwtDecoder.withJwkSetUri(url).build();
    }

    static NimbusJwtDecoder issuer() {
        NimbusJwtDecoder decoder = hmac();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(new JwtTimestampValidator(),
                new JwtIssuerValidator("https://id.example.com")));
        return decoder;
    }

    static NimbusJwtDecoder audience() {
        NimbusJwtDecoder decoder = hmac();
        decoder.setJwtValidator(new JwtClaimValidator<java.util.List<String>>(JwtClaimNames.AUD,
                aud -> aud != null && aud.contains("web-prod")));
        return decoder;
    }

    /** The decoder's own text, and what the entry point sends to the client for it. */
    private void fault(String reason, NimbusJwtDecoder decoder, String token, String... captures) throws Exception {
        corpus.fault(reason, () -> decoder.decode(token), captures);
        if (turn++ % 2 == 0) {
            try {
                new JwtAuthenticationProvider(decoder).authenticate(new BearerTokenAuthenticationToken(token));
            } catch (AuthenticationException error) {
                challenge(reason, error, captures);
            }
        }
    }

    private void challenge(String reason, AuthenticationException error, String... captures) throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        new BearerTokenAuthenticationEntryPoint().commence(new MockHttpServletRequest("GET", "/orders"), response, error);
        String header = String.valueOf(response.getHeader("WWW-Authenticate"));
        if (header.contains("error=")) {
            corpus.print("WWW-Authenticate: " + header, reason, captures);
        }
    }

    public static void main(String[] args) throws Exception {
        SpringResourceServer server = new SpringResourceServer(new Corpus("spring-security", args[0], SpringResourceServer.class));
        server.tokens();
        server.keySets();
        server.requests();
        server.passed();
    }

    private void passed() throws Exception {
        JwtAuthenticationProvider provider = new JwtAuthenticationProvider(hmac());
        corpus.passed("org.springframework.security", "Authenticated token", () ->
                provider.authenticate(new BearerTokenAuthenticationToken(Tokens.hs256(Tokens.good()))));
    }

    private void tokens() throws Exception {
        String body = Tokens.claims("\"a\":1");
        byte[] other = "another-secret-another-secret-another".getBytes();
        fault("token_expired", hmac(), Tokens.hs256(Tokens.claims("\"exp\":" + PAST)), "expired_at", "2025-01-01T00:00:00Z");
        fault("token_not_yet_valid", hmac(), Tokens.hs256(Tokens.claims("\"nbf\":" + FUTURE)), "not_before", "2100-01-01T00:00:00Z");
        fault("issuer_mismatch", issuer(), Tokens.hs256(Tokens.claims("\"iss\":\"https://staging.example.com\"")));
        fault("audience_mismatch", audience(), Tokens.hs256(Tokens.claims("\"aud\":\"web-staging\"")));
        fault("signature_invalid", hmac(), Tokens.hs256("{\"alg\":\"HS256\"}", body, other));
        fault("signature_invalid", rsa(), Tokens.rs256(body));
        fault("key_not_found+algorithm_mismatch", rsa(), Tokens.hs256(body));
        fault("algorithm_none", hmac(), Tokens.unsigned("{\"alg\":\"none\"}", body), "alg", "none");
        fault("token_malformed", hmac(), "opaque-token");
        fault("token_malformed", hmac(), Tokens.hs256("{\"alg\":\"HS256\"", "{}", Tokens.SECRET));
        fault("token_malformed", hmac(), Tokens.hs256("plain text"));
        corpus.framed("claim_invalid", () -> hmac().decode(Tokens.hs256(Tokens.claims("\"exp\":\"tomorrow\""))));
    }

    private void keySets() throws Exception {
        KeySetServer server = new KeySetServer();
        String token = Tokens.rs256("{\"alg\":\"RS256\",\"kid\":\"key-2\"}", Tokens.good(), Tokens.RSA.getPrivate());
        for (String path : new String[] {"/html", "/503", "/404"}) {
            fault("jwks_unavailable", remote(KeySetServer.BASE + path), token);
        }
        fault("jwks_unavailable", remote("http://127.0.0.1:9/jwks.json"), token);
        fault("key_not_found+algorithm_mismatch", remote(KeySetServer.BASE + "/good"), token);
        server.stop();
    }

    private void requests() throws Exception {
        DefaultBearerTokenResolver resolver = new DefaultBearerTokenResolver();
        MockHttpServletRequest malformed = new MockHttpServletRequest("GET", "/orders");
        malformed.addHeader("Authorization", "Bearer {token}");
        corpus.fault("header_malformed", () -> resolver.resolve(malformed));
        MockHttpServletRequest twice = new MockHttpServletRequest("GET", "/orders");
        twice.addHeader("Authorization", "Bearer abc");
        twice.addParameter("access_token", "def");
        twice.setQueryString("access_token=def");
        resolver.setAllowUriQueryParameter(true);
        corpus.fault("header_malformed", () -> resolver.resolve(twice));
        challenge("header_malformed", refused(() -> new DefaultBearerTokenResolver().resolve(malformed)));
        corpus.named("header_missing", () -> {
            throw new InsufficientAuthenticationException("Full authentication is required to access this resource");
        });
        denied();
    }

    private static AuthenticationException refused(Corpus.Fault fault) throws Exception {
        try {
            fault.run();
        } catch (AuthenticationException error) {
            return error;
        }
        throw new IllegalStateException("not refused");
    }

    /** A valid token without the authority asked for. */
    private void denied() throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/orders");
        Jwt jwt = Jwt.withTokenValue("t").header("alg", "HS256").subject("u-17").build();
        org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken user =
                new org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken(jwt, Collections.emptyList());
        request.setUserPrincipal(user);
        MockHttpServletResponse response = new MockHttpServletResponse();
        new org.springframework.security.oauth2.server.resource.web.access.BearerTokenAccessDeniedHandler()
                .handle(request, response, new AccessDeniedException("Access is denied"));
        SecurityContextHolder.clearContext();
        corpus.print("WWW-Authenticate: " + response.getHeader("WWW-Authenticate"), "insufficient_scope");
    }
}
