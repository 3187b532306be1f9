// Provokes the rejections of the jwt-simple crate.
use jwt_simple::prelude::*;
use serde_json::json;
use std::collections::HashSet;

mod coats;

fn refused(token: &str, key: &HS256Key, options: VerificationOptions) -> jwt_simple::Error {
    key.verify_token::<NoCustomClaims>(token, Some(options))
        .err()
        .unwrap()
}

fn set(names: &[&str]) -> Option<HashSet<String>> {
    Some(names.iter().map(|name| name.to_string()).collect())
}

fn plain() -> VerificationOptions {
    VerificationOptions::default()
}

fn main() {
    let key = HS256Key::from_bytes(b"0123456789abcdef0123456789abcdef").with_key_id("k1");
    let other = HS256Key::from_bytes(b"fedcba9876543210fedcba9876543210").with_key_id("k1");
    let bare = HS256Key::from_bytes(b"0123456789abcdef0123456789abcdef");
    let claims = || Claims::create(Duration::from_hours(1));
    let good = key.authenticate(claims()).unwrap();
    let full = claims()
        .with_issuer("https://a.example")
        .with_audience("web")
        .with_subject("a");
    let full = key.authenticate(full.with_nonce("n1")).unwrap();
    let mut past = claims();
    past.expires_at = Some(Duration::from_secs(1_699_999_000));
    let mut early = claims();
    early.invalid_before = Some(Clock::now_since_epoch() + Duration::from_hours(1));
    let mut ahead = claims();
    ahead.issued_at = Some(Clock::now_since_epoch() + Duration::from_hours(1));
    let mut stale = claims();
    stale.issued_at = Some(Clock::now_since_epoch() - Duration::from_hours(9));
    let sign = |claims| key.authenticate(claims).unwrap();
    let age = VerificationOptions {
        max_validity: Some(Duration::from_mins(5)),
        ..plain()
    };
    let issuer = || VerificationOptions {
        allowed_issuers: set(&["https://b.example"]),
        ..plain()
    };
    let audience = || VerificationOptions {
        allowed_audiences: set(&["api"]),
        ..plain()
    };
    let subject = || VerificationOptions {
        required_subject: Some("b".into()),
        ..plain()
    };
    let nonce = || VerificationOptions {
        required_nonce: Some("n2".into()),
        ..plain()
    };
    let kid = |name: &str| VerificationOptions {
        required_key_id: Some(name.into()),
        ..plain()
    };
    let long = VerificationOptions {
        max_token_length: Some(20),
        ..plain()
    };
    let typed = VerificationOptions {
        required_signature_type: Some("at+jwt".into()),
        ..plain()
    };
    let reused = VerificationOptions {
        reject_before: Some(Clock::now_since_epoch() + Duration::from_hours(9)),
        ..plain()
    };
    let hs512 = HS512Key::generate()
        .with_key_id("k1")
        .authenticate(claims())
        .unwrap();
    let unkeyed = bare.authenticate(claims()).unwrap();
    let no = json!({});
    let faults = vec![
        (
            "token_expired",
            no.clone(),
            refused(&sign(past), &key, plain()),
        ),
        (
            "token_not_yet_valid",
            no.clone(),
            refused(&sign(early), &key, plain()),
        ),
        (
            "issued_in_future",
            no.clone(),
            refused(&sign(ahead), &key, plain()),
        ),
        (
            "token_too_old",
            no.clone(),
            refused(&sign(stale), &key, age),
        ),
        (
            "issuer_mismatch",
            no.clone(),
            refused(&full, &key, issuer()),
        ),
        (
            "audience_mismatch",
            no.clone(),
            refused(&full, &key, audience()),
        ),
        (
            "subject_mismatch",
            no.clone(),
            refused(&full, &key, subject()),
        ),
        ("claim_mismatch", no.clone(), refused(&full, &key, nonce())),
        ("claim_missing", no.clone(), refused(&good, &key, issuer())),
        (
            "claim_missing",
            no.clone(),
            refused(&good, &key, audience()),
        ),
        ("claim_missing", no.clone(), refused(&good, &key, subject())),
        ("claim_missing", no.clone(), refused(&good, &key, nonce())),
        ("key_not_found", no.clone(), refused(&good, &key, kid("k2"))),
        (
            "key_not_found",
            no.clone(),
            refused(&unkeyed, &key, kid("k2")),
        ),
        (
            "signature_invalid",
            no.clone(),
            refused(&good, &other, plain()),
        ),
        (
            "algorithm_mismatch",
            no.clone(),
            refused(&hs512, &key, plain()),
        ),
        ("token_malformed", no.clone(), refused("abc", &key, plain())),
        ("token_malformed", no.clone(), refused(&good, &key, long)),
        (
            "header_unsupported",
            no.clone(),
            refused(&good, &key, typed),
        ),
        ("token_too_old", no.clone(), refused(&good, &key, reused)),
    ];
    for (number, (reason, captures, error)) in faults.into_iter().enumerate() {
        coats::record("jwt-simple", number, (reason, captures), &error);
    }
}
