use jsonwebtoken as j; use serde_json::json; use std::time::{SystemTime, UNIX_EPOCH};
fn out(lib:&str, ver:&str, fault:&str, text:String){ println!("{}", json!({"library":lib,"version":ver,"fault":fault,"text":text,"language":"rust"})); }
fn main(){
 let now=SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64; let key=b"an-hmac-secret-of-thirty-two-bytes-or-more";
 let sign=|c:serde_json::Value,k:&[u8]| j::encode(&j::Header::default(),&c,&j::EncodingKey::from_secret(k)).unwrap();
 let base=json!({"iss":"https://auth.example.com","aud":"web-prod","sub":"user-1","exp":now+3600,"iat":now-60});
 let with=|k:&str,v:serde_json::Value|{let mut b=base.clone(); if v.is_null(){b.as_object_mut().unwrap().remove(k);}else{b[k]=v;} sign(b,key)};
 let mut val=j::Validation::new(j::Algorithm::HS256); val.set_audience(&["web-prod"]); val.set_issuer(&["https://auth.example.com"]); val.sub=Some("user-1".into()); val.validate_nbf=true; val.set_required_spec_claims(&["exp","aud","iss","sub"]);
 let good=with("x",json!(1)); let seg:Vec<&str>=good.split('.').collect();
 let ts=vec![("expired",with("exp",json!(now-9999))),("nbf",with("nbf",json!(now+9999))),("aud",with("aud",json!("x"))),("iss",with("iss",json!("x"))),("sub",with("sub",json!("x"))),("no_aud",with("aud",json!(null))),("no_exp",with("exp",json!(null))),("no_iss",with("iss",json!(null))),("exp_string",with("exp",json!("x"))),("wrong_key",sign(base.clone(),b"other")),("two_segments",format!("{}.{}",seg[0],seg[1])),("garbage","garbage".into()),("bad_header",format!("!!!.{}.{}",seg[1],seg[2])),("header_not_json",format!("eyJhbGci.{}.{}",seg[1],seg[2])),("none",format!("eyJhbGciOiJub25lIn0.{}.",seg[1])),("alg_unknown",format!("eyJhbGciOiJYUzI1NiJ9.{}.{}",seg[1],seg[2])),("alg",format!("eyJhbGciOiJIUzUxMiJ9.{}.{}",seg[1],seg[2]))];
 for (f,t) in &ts { if let Err(e)=j::decode::<serde_json::Value>(t,&j::DecodingKey::from_secret(key),&val){ out("jsonwebtoken-rust","9",f,e.to_string()); out("jsonwebtoken-rust","9",f,format!("{:?}",e)); if *f=="expired"||*f=="aud"||*f=="wrong_key"{ out("jsonwebtoken-rust","9",f,format!("WARN auth: token rejected error={:?}",e)); } } }
 if let Err(e)=j::DecodingKey::from_rsa_pem(b"garbage"){ out("jsonwebtoken-rust","9","key_bad",e.to_string()); }
 use jwt_simple::prelude::*;
 let hk=HS256Key::from_bytes(key); let mut o=VerificationOptions::default(); o.allowed_audiences=Some(std::collections::HashSet::from(["web-prod".to_string()])); o.allowed_issuers=Some(std::collections::HashSet::from(["https://auth.example.com".to_string()])); o.required_subject=Some("user-1".into());
 let mut ts=ts.clone(); ts.push(("kid",good.clone())); ts.push(("max_age",with("iat",json!(now-99999)))); ts.push(("iat_future",with("iat",json!(now+99999)))); ts.push(("no_iat",with("iat",json!(null))));
 for (f,t) in &ts { let mut p=o.clone(); if *f=="kid"{p.required_key_id=Some("k1".into());} if *f=="max_age"||*f=="no_iat"{p.max_validity=Some(Duration::from_hours(1));} if let Err(e)=hk.verify_token::<NoCustomClaims>(t,Some(p)){ out("jwt-simple-rust","0.12",f,e.to_string()); } }
}
