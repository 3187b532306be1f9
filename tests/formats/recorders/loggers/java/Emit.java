import com.auth0.jwt.JWT; import com.auth0.jwt.algorithms.Algorithm; import java.util.*; import java.nio.file.*; import java.time.*;
public class Emit {
  static final Algorithm A=Algorithm.HMAC256("throwaway-secret-of-the-recorder-0123456789"), B=Algorithm.HMAC256("another-secret-another-secret");
  static final String[] K={"","","expired","","wrong_key","","","wrong_audience","","garbage","","expired"};
  static final Map<String,String> R=Map.of("expired","token_expired","wrong_key","signature_invalid","wrong_audience","audience_mismatch","garbage","token_malformed");
  interface Each { void at(String path, Exception e); }
  static void verify(String k,int n){ Instant now=Instant.now(); String t="undefined";
    if(!k.equals("garbage")) t=JWT.create().withSubject("user-"+n).withAudience(k.equals("wrong_audience")?"billing-api":"orders-api").withExpiresAt(k.equals("expired")?now.minusSeconds(400):now.plusSeconds(3600)).sign(k.equals("wrong_key")?B:A);
    JWT.require(A).withAudience("orders-api").build().verify(t); }
  public static void main(String[] a) throws Exception {
    Each l; 
    switch(a[0]){
      case "logback": { org.slf4j.Logger g=org.slf4j.LoggerFactory.getLogger("com.example.auth.JwtFilter"); l=(p,e)->{ if(e!=null) g.warn("token rejected",new IllegalStateException("authentication failed",e)); else g.info("GET {}",p);}; break; }
      case "log4j": { org.apache.logging.log4j.Logger g=org.apache.logging.log4j.LogManager.getLogger("com.example.auth.JwtFilter"); l=(p,e)->{ if(e!=null) g.error("token rejected",e); else g.info("GET {}",p);}; break; }
      case "jul": { java.util.logging.Logger g=java.util.logging.Logger.getLogger("com.example.auth.JwtFilter"); 
         if(a.length>2&&a[2].equals("xml")) { g.setUseParentHandlers(false); var h=new java.util.logging.StreamHandler(System.out,new java.util.logging.XMLFormatter()); g.addHandler(h);} 
         l=(p,e)->{ if(e!=null) g.log(java.util.logging.Level.WARNING,"token rejected",e); else g.info("GET "+p); for(var h: g.getHandlers()) h.flush(); }; break; }
      case "tinylog": { l=(p,e)->{ if(e!=null) org.tinylog.Logger.error(e,"token rejected"); else org.tinylog.Logger.info("GET {}",p);}; break; }
      case "sysout": { l=(p,e)->{ if(e!=null) e.printStackTrace(System.out); else System.out.println(LocalDateTime.now()+" GET "+p);}; break; }
      default: throw new Exception(a[0]); }
    long first=0,last=0; StringBuilder ref=new StringBuilder(); Map<String,Integer> rej=new TreeMap<>(); int n=0;
    for(String k:K){ Thread.sleep(20+(n%3)*10); n++; long ms=System.currentTimeMillis(); if(first==0) first=ms; last=ms; Exception x=null; try{verify(k,n);}catch(Exception e){x=e;}
      if((x!=null)!=!k.isEmpty()) throw new Exception("plan "+k); l.at(new String[]{"/orders","/orders/17","/invoices"}[n%3],x);
      if(x!=null){ rej.merge(R.get(k),1,Integer::sum); ref.append(ref.length()>0?",":"").append(ms);} }
    StringBuilder s=new StringBuilder(); for(var en:rej.entrySet()) s.append(s.length()>0?",":"").append('"'+en.getKey()+"\":"+en.getValue());
    Files.writeString(Path.of(a[1]),"{\"events\":"+K.length+",\"rejections\":{"+s+"},\"first_ms\":"+first+",\"last_ms\":"+last+",\"refused_ms\":["+ref+"]}");
  } }
