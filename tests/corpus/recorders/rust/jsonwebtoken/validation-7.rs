use jsonwebtoken::{errors::Error, Validation};

pub fn audience(mut made: Validation) -> Validation {
    made.set_audience(&["api"]);
    made
}

pub fn issuer(mut made: Validation) -> Validation {
    made.iss = Some("https://auth.example.com".to_string());
    made
}

pub fn subject(mut made: Validation) -> Validation {
    made.sub = Some("b".to_string());
    made
}

/// Version 7 requires no claim.
pub fn required(_token: &str, _secret: &[u8]) -> Option<Error> {
    None
}
