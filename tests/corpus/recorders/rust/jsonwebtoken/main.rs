// Provokes the rejections of the jsonwebtoken crate.
use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
use hmac::{Hmac, Mac};
use jsonwebtoken::{decode, errors::Error, Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::{json, Value};

mod coats;
#[path = "validation.rs"]
mod validation;

#[allow(dead_code)]
#[derive(Deserialize)]
struct Claims {
    exp: u64,
    sub: Option<String>,
}

#[allow(dead_code)]
#[derive(Deserialize)]
struct Session {
    exp: u64,
    iat: u64,
}

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
const LATER: u64 = 4_102_444_800;

fn signed(header: &str, claims: &str) -> String {
    let content = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(content.as_bytes());
    format!(
        "{content}.{}",
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    )
}

fn hs256(claims: Value) -> String {
    signed(r#"{"alg":"HS256","typ":"JWT"}"#, &claims.to_string())
}

fn refused(token: &str, validation: &Validation) -> Error {
    decode::<Claims>(token, &DecodingKey::from_secret(SECRET), validation)
        .err()
        .unwrap()
}

fn plain() -> Validation {
    Validation::new(Algorithm::HS256)
}

fn main() {
    let good = hs256(json!({"exp": LATER}));
    let rest = good.split_once('.').unwrap().1;
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let odd = URL_SAFE_NO_PAD.encode("{x");
    let mut early = plain();
    early.validate_nbf = true;
    let no = json!({});
    let other = DecodingKey::from_secret(b"another secret");
    let pem = DecodingKey::from_rsa_pem(b"not a key").err().unwrap();
    let curve = DecodingKey::from_ec_pem(b"not a key").err().unwrap();
    let session = decode::<Session>(&good, &DecodingKey::from_secret(SECRET), &plain());
    let issued = hs256(json!({"iss": "https://a.example", "aud": "web", "sub": "a", "exp": LATER}));
    let faults = [
        (
            "token_expired",
            no.clone(),
            refused(&hs256(json!({"exp": 1_699_999_000})), &plain()),
        ),
        (
            "token_not_yet_valid",
            no.clone(),
            refused(&hs256(json!({"exp": LATER, "nbf": LATER})), &early),
        ),
        (
            "audience_mismatch",
            no.clone(),
            refused(&issued, &validation::audience(plain())),
        ),
        (
            "issuer_mismatch",
            no.clone(),
            refused(&issued, &validation::issuer(plain())),
        ),
        (
            "subject_mismatch",
            no.clone(),
            refused(&issued, &validation::subject(plain())),
        ),
        (
            "claim_missing",
            json!({"claim": ["exp"]}),
            refused(&hs256(json!({"sub": "a"})), &plain()),
        ),
        (
            "claim_missing",
            json!({"claim": ["iat"]}),
            session.err().unwrap(),
        ),
        (
            "|claim_invalid",
            no.clone(),
            refused(&hs256(json!({"exp": LATER, "sub": 7})), &plain()),
        ),
        (
            "signature_invalid",
            no.clone(),
            decode::<Claims>(&good, &other, &plain()).err().unwrap(),
        ),
        ("token_malformed", no.clone(), refused("abc", &plain())),
        ("|token_malformed", no.clone(), refused("!!!.b.c", &plain())),
        (
            "|token_malformed",
            no.clone(),
            refused(&format!("{odd}.{rest}"), &plain()),
        ),
        (
            "algorithm_mismatch",
            no.clone(),
            refused(&good, &Validation::new(Algorithm::HS512)),
        ),
        (
            "algorithm_none",
            no.clone(),
            refused(&format!("{none}.{rest}"), &plain()),
        ),
        ("key_invalid", no.clone(), pem),
        ("key_invalid", no.clone(), curve),
    ];
    let required = validation::required(&hs256(json!({"sub": "a"})), SECRET)
        .map(|error| ("claim_missing", json!({"claim": ["exp"]}), error));
    for (number, (reason, captures, error)) in faults.into_iter().chain(required).enumerate() {
        coats::record("jsonwebtoken", number, (reason, captures), &error);
    }
}
