// Verifies tokens for real; each(ev) is called per request with {n, path, err}
const jwt = require('jsonwebtoken');
const SECRET='throwaway-secret-of-the-recorder-0123456789';
const fs=require('fs');
exports.REASON={expired:'token_expired',wrong_key:'signature_invalid',wrong_audience:'audience_mismatch',garbage:'token_malformed'};
exports.verify=function(kind,n){
  const now=Math.floor(Date.now()/1000);
  let t;
  if(kind==='garbage') t= 'undefined';
  else t=jwt.sign({sub:'user-'+n,iss:'https://auth.example.com/',aud:kind==='wrong_audience'?'billing-api':'orders-api',iat:now-4000,exp:kind==='expired'?now-400:now+3600},kind==='wrong_key'?'another-secret-another-secret':SECRET);
  return jwt.verify(t,SECRET,{audience:'orders-api',issuer:'https://auth.example.com/'});
};
exports.KINDS=['','','expired','','wrong_key','','','wrong_audience','','garbage','','expired'];
exports.run=async function(each, opts={}){
  const book={events:opts.extra||0,rejections:{},first_ms:null,last_ms:null,refused_ms:[]};
  let n=0;
  for(const k of exports.KINDS){
    await new Promise(r=>setTimeout(r,30+(n%3)*15)); n++;
    const ms=Date.now(); book.first_ms??=ms; book.last_ms=ms;
    let err=null; try{exports.verify(k,n)}catch(e){err=e}
    if(!!err!==!!k) throw new Error('plan');
    const c=await each({n,path:['/orders','/orders/17','/invoices'][n%3],err,kind:k});
    book.events+= typeof c==='number'?c:1;
    if(err){const r=exports.REASON[k];book.rejections[r]=(book.rejections[r]||0)+1;book.refused_ms.push(ms)}
  }
  if(process.env.BOOK) fs.writeFileSync(process.env.BOOK,JSON.stringify(book));
};
