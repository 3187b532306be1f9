require 'jwt'; require 'logger'; require 'json'
S='throwaway-secret-of-the-recorder-0123456789'
R={'expired'=>'token_expired','wrong_key'=>'signature_invalid','wrong_audience'=>'audience_mismatch','garbage'=>'token_malformed'}
K=['','','expired','','wrong_key','','','wrong_audience','','garbage','','expired']
def verify(k,n)
  now=Time.now.to_i
  t= k=='garbage' ? 'undefined' : JWT.encode({sub:"user-#{n}",aud:(k=='wrong_audience' ? 'billing-api':'orders-api'),exp:(k=='expired' ? now-400 : now+3600)}, k=='wrong_key' ? 'another-secret-another-secret' : S,'HS256')
  JWT.decode(t,S,true,{algorithm:'HS256',aud:'orders-api',verify_aud:true})
end
$stdout.sync=true
form=ARGV[0]; l=Logger.new($stdout); 
case form
when 'prog' then l.progname='orders-api'
when 'json' then l.formatter=proc{|s,t,p,m| JSON.generate({time:t.iso8601(3),severity:s,message:m.is_a?(Exception) ? "#{m.message} (#{m.class})" : m})+"\n"}; require 'time'
when 'simple' then l.formatter=proc{|s,t,p,m| "#{m.is_a?(Exception) ? m.full_message(highlight:false) : m}\n"}
when 'rails' then require 'securerandom'
end
ev=0; rej=Hash.new(0); first=nil; last=nil; ref=[]
K.each_with_index{|k,n| sleep 0.02; ms=(Time.now.to_f*1000).to_i; first||=ms; last=ms; e=nil
 begin; verify(k,n); rescue => x; e=x; end
 raise "plan" if !!e != (k!='')
 if form=='rails'
   id=SecureRandom.uuid
   puts "I, [#{Time.now.strftime('%Y-%m-%dT%H:%M:%S.%6N')} ##{$$}]  INFO -- : [#{id}] Started GET \"/orders\" for 10.0.0.7 at #{Time.now}"
   l.error("[#{id}] #{e.class}: #{e.message}") if e
   l.info("[#{id}] Completed #{e ? '401 Unauthorized' : '200 OK'} in 3ms (ActiveRecord: 0.0ms)"); ev+= e ? 3 : 2
 else
 if e then l.error(e) else l.info("GET /orders") end; ev+=1 end
 (rej[R[k]]+=1; ref<<ms) if e }
File.write(ARGV[1],JSON.generate({events:ev,rejections:rej,first_ms:first,last_ms:last,refused_ms:ref}))
