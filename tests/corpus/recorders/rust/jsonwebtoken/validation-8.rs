use jsonwebtoken::{decode, errors::Error, Algorithm, DecodingKey, Validation};

pub fn audience(mut made: Validation) -> Validation {
    made.set_audience(&["api"]);
    made
}

pub fn issuer(mut made: Validation) -> Validation {
    made.set_issuer(&["https://auth.example.com"]);
    made
}

pub fn subject(mut made: Validation) -> Validation {
    made.sub = Some("b".to_string());
    made
}

pub fn required(token: &str, secret: &[u8]) -> Option<Error> {
    let key = DecodingKey::from_secret(secret);
    decode::<serde_json::Value>(token, &key, &Validation::new(Algorithm::HS256)).err()
}
