import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens made with the JDK alone, so that no library signs what it verifies itself. */
final class Tokens {
    /** 2031-05-06T07:08:09Z, the verifier's clock where the library lets it be set. */
    static final long NOW = 1935817689L;
    static final byte[] SECRET = "0123456789abcdef0123456789abcdef-secret".getBytes(StandardCharsets.UTF_8);
    static final KeyPair RSA = pair("RSA", 2048);
    static final KeyPair OTHER_RSA = pair("RSA", 2048);
    static final KeyPair EC = pair("EC", 256);

    private Tokens() {}

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    static String hs256(String claims) {
        return hs256("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", claims, SECRET);
    }

    static String hs256(String header, String claims, byte[] secret) {
        return mac("HmacSHA256", header, claims, secret);
    }

    static String mac(String name, String header, String claims, byte[] secret) {
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret, name));
            String input = base64(header) + "." + base64(claims);
            return input + "." + base64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.GeneralSecurityException error) {
            throw new IllegalStateException(error);
        }
    }

    static String rs256(String header, String claims, PrivateKey key) {
        try {
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(key);
            String input = base64(header) + "." + base64(claims);
            signer.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + base64(signer.sign());
        } catch (java.security.GeneralSecurityException error) {
            throw new IllegalStateException(error);
        }
    }

    static String rs256(String claims) {
        return rs256("{\"alg\":\"RS256\",\"typ\":\"JWT\"}", claims, RSA.getPrivate());
    }

    static String unsigned(String header, String claims) {
        return base64(header) + "." + base64(claims) + ".";
    }

    /** A subject and these claims. */
    static String claims(String more) {
        return "{\"sub\":\"u-17\"," + more + "}";
    }

    static String good() {
        return "{\"sub\":\"u-17\",\"iss\":\"https://id.example.com\",\"aud\":\"web-prod\",\"exp\":"
                + (NOW + 600) + "}";
    }

    static KeyPair pair(String kind, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException error) {
            throw new IllegalStateException(error);
        }
    }
}
