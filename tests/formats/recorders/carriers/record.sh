#!/bin/bash
# Run what stands between a program and its file, and proxies before it; write ../../fixtures/carriers.
# Usage: record.sh ROOT SCRATCH   (README.md of the folder above: what each has to hold)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(realpath "$1") out=$(realpath "$2")
lib=$root/usr/lib/x86_64-linux-gnu
libraries=$lib:$root/lib/x86_64-linux-gnu:$root/lib/systemd:$root/usr/lib/syslog-ng:$lib/varnish
cd "$out"
python=v/bin/python
export TZ=UTC PATH=$root/usr/bin:$root/usr/sbin:$PATH

debian() { LD_LIBRARY_PATH=$libraries "$@"; }
serve() { LD_LIBRARY_PATH=$libraries exec "$@"; } # in the background, so that its id is the server's
app() { rm -f "$1.book"; BOOK=$1.book $python "$here/orders.py" "$2"; } # NAME FORM
drive() { $python "$here/drive.py" "http://127.0.0.1:$1/orders/{n}" "$2.book"; } # PORT NAME
same() { for name in "${@:2}"; do cp "$1.book" "$name.book"; done; } # BOOK NAME…

supervisors() {
    app multilog bare | multilog t ./kept && cp kept/current multilog.log && rm -r kept
    for t in tt ttt; do
        mkdir kept && app svlogd-$t bare | svlogd -$t ./kept && cp kept/current svlogd-$t.log && rm -r kept
    done
    app s6-iso bare | debian s6-log T ./kept && cp kept/current s6-iso.log && rm -r kept
    app tai64nlocal bare | debian s6-tai64n | debian s6-tai64nlocal >tai64nlocal.log
    rm -f script.book && BOOK=script.book script -c "$python orders.py traced" script.log >/dev/null
}

journal() {
    app journal bare | $python "$here/journal.py" >journal.in
    debian "$root/lib/systemd/systemd-journal-remote" -o remote.journal journal.in
    for mode in short-full short-unix with-unit json-seq json-sse json-pretty verbose export; do
        journalctl --file=remote.journal -q -o $mode >journal-$mode.log && same journal journal-$mode
    done
}

pm2s() {
    export PM2_HOME=$out/pm2 && local pm2=node_modules/.bin/pm2
    for name in pm2-error pm2-json pm2-stack pm2-format; do
        local options=(--time -l "$name.log") && rm -f $name.book
        [ $name = pm2-error ] && options=(--time -e "$name.log" -o /dev/null)
        [ $name = pm2-json ] && options=(--log-type json -l "$name.log")
        [ $name = pm2-format ] && options=(-l /dev/null)
        local stack= && [ $name = pm2-stack ] && stack=1
        BOOK=$name.book STACK=$stack $pm2 start orders.js -n orders-api -f "${options[@]}"
        [ $name = pm2-format ] && timeout 5 $pm2 logs --format >$name.log || sleep 4
        $pm2 delete all
    done
    $pm2 kill
}

syslogs() {
    cat >rsyslog.conf <<CONF
global(workDirectory="$out")
module(load="imtcp")
input(type="imtcp" port="15514" address="127.0.0.1")
template(name="jsonf" type="list" option.jsonf="on") {
 property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
 property(outname="host" name="hostname" format="jsonf")
 property(outname="severity" name="syslogseverity-text" format="jsonf")
 property(outname="program" name="programname" format="jsonf")
 property(outname="message" name="msg" format="jsonf")
}
action(type="omfile" file="$out/rsyslog-jsonf.log" template="jsonf")
CONF
    rm -f rsyslog-*.log syslogng-*.log
    serve rsyslogd -n -f rsyslog.conf -i "$out/pid" -M "$lib/rsyslog" & local server=$!
    sleep 2 && app rsyslog-jsonf bare | $python "$here/send.py" 15514
    sleep 1 && kill $server && wait $server || true
    cat >syslog-ng.conf <<CONF
@version: 3.38
options { keep-hostname(yes); };
source s { network(ip(127.0.0.1) port(15515) transport(tcp)); };
destination full { file("$out/syslogng-full.log" ts-format(full)); };
destination unix { file("$out/syslogng-unix.log" ts-format(unix)); };
log { source(s); destination(full); destination(unix); };
CONF
    serve syslog-ng -F --no-caps -f syslog-ng.conf -R persist -c control --module-path "$root/usr/lib/syslog-ng/3.38" &
    server=$!
    sleep 3 && app syslogng-full bare | $python "$here/send.py" 15515 && same syslogng-full syslogng-unix
    sleep 1 && kill $server && wait $server || true
}

proxies() {
    $python "$here/backend.py" 19000 & local backend=$!
    local timeouts='timeout connect 5s
 timeout client 5s
 timeout server 5s'
    for form in httplog clf json; do
        local option="option httplog" log=raw
        [ $form = clf ] && option="option httplog clf"
        [ $form = json ] && log=iso && option="log-format '{\"time\":\"%[date,ltime(%Y-%m-%dT%H:%M:%S%z)]\",\"client\":\"%ci\",\"method\":\"%HM\",\"path\":\"%HP\",\"status\":%ST,\"tt\":%Ta,\"backend\":\"%b\",\"server\":\"%s\"}'"
        cat >haproxy.cfg <<CONF
global
 log stdout format $log local0
defaults
 mode http
 log global
 $timeouts
frontend https
 bind 127.0.0.1:19001
 $option
 default_backend orders
backend orders
 server orders-1 127.0.0.1:19000
CONF
        serve haproxy -f haproxy.cfg >haproxy-$form.log & local server=$!
        sleep 1 && drive 19001 haproxy-$form && kill $server && wait $server || true
    done
    for form in json console; do
        printf '{\n admin off\n auto_https off\n}\n:19002 {\n log {\n  output file %s\n  format %s\n }\n reverse_proxy 127.0.0.1:19000\n}\n' \
            "$out/caddy-$form.log" $form >Caddyfile
        v/bin/caddy run --config Caddyfile --adapter caddyfile & server=$!
        sleep 2 && drive 19002 caddy-$form && kill $server && wait $server || true
    done
    cat >lighttpd.conf <<CONF
server.document-root = "$out"
server.port = 19004
server.bind = "127.0.0.1"
server.modules = ("mod_accesslog", "mod_proxy")
accesslog.filename = "$out/lighttpd.log"
proxy.server = ("" => (("host" => "127.0.0.1", "port" => 19000)))
CONF
    serve lighttpd -D -m "$root/usr/lib/lighttpd" -f lighttpd.conf & server=$!
    sleep 1 && drive 19004 lighttpd && kill $server && wait $server || true
    serve varnishd -F -n "$out/varnish" -a 127.0.0.1:19005 -b 127.0.0.1:19000 -j none & server=$!
    sleep 4
    serve varnishncsa -n "$out/varnish" >varnishncsa.log & local reader=$!
    sleep 1 && drive 19005 varnishncsa && sleep 1 && kill $reader $server $backend
    v/bin/python "$here/issuer.py" 19020 issuer.pem & local issuer=$!
    $python "$here/backend.py" 19021 all & backend=$!
    sleep 2
    bin/oauth2-proxy --provider=oidc --oidc-issuer-url=http://127.0.0.1:19020 --client-id=orders \
        --client-secret=x --cookie-secret=0123456789abcdef0123456789abcdef --email-domain='*' \
        --http-address=127.0.0.1:19022 --upstream=http://127.0.0.1:19021/ --api-route='^/orders' \
        --skip-jwt-bearer-tokens=true --redirect-url=http://127.0.0.1:19022/cb >oauth2-proxy.log 2>&1 & server=$!
    sleep 2
    $python "$here/drive.py" "http://127.0.0.1:19022/orders/{n}" oauth2-proxy.book issuer.pem http://127.0.0.1:19020
    kill $server $backend $issuer
}

tomcat() {
    local home=$out/tomcat valves=
    mkdir -p "$home/webapps/ROOT/WEB-INF/lib" && cp jars/*.jar "$home/webapps/ROOT/WEB-INF/lib"
    cp "$here/orders.jsp" "$home/webapps/ROOT"
    valve() { valves+="<Valve className=\"org.apache.catalina.valves.$1\" directory=\"$out\" prefix=\"$2\" suffix=\".log\" rotatable=\"false\" buffered=\"false\" pattern=\"$3\"/>"; }
    valve AccessLogValve tomcat-acc-common common
    valve JsonAccessLogValve tomcat-acc-json combined
    valve ExtendedAccessLogValve tomcat-acc-w3c "date time c-ip cs-method cs-uri sc-status time-taken"
    valve AccessLogValve tomcat-acc-ops "%{yyyy-MM-dd HH:mm:ss.SSS}t %a %m %U%q %s %B %D %I"
    sed -e 's/port="8080"/port="19011" address="127.0.0.1"/; s/port="8005"/port="-1"/; /VersionLoggerListener/d' \
        -e "s#</Host>#$valves</Host>#" "$home/conf/server.xml" >server.xml && mv server.xml "$home/conf"
    for form in java.util.logging.SimpleFormatter org.apache.juli.OneLineFormatter; do
        local name=tomcat-${form##*.} && rm -f tomcat-acc-*.log
        sed -i "s/^java.util.logging.ConsoleHandler.formatter.*/java.util.logging.ConsoleHandler.formatter = $form/" \
            "$home/conf/logging.properties"
        bash "$home/bin/catalina.sh" run >$name.log 2>&1 & local server=$!
        sleep 15
        $python "$here/drive.py" "http://127.0.0.1:19011/orders.jsp?n={n}" $name.book
        sleep 1 && kill $server && wait $server || true
    done
    same tomcat-OneLineFormatter tomcat-acc-common tomcat-acc-json tomcat-acc-w3c tomcat-acc-ops
}

cp "$here"/orders.{js,py} .
[ -n "${3:-}" ] || rm -f ./*.log
for part in ${3:-supervisors journal pm2s syslogs proxies tomcat}; do $part; done
$python "$here/table.py" "$out"
