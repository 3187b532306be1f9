#!/bin/sh
# Runs every recorder against every version; writes one corpus file per library into the folder named.
# Needs Java 17, Maven and Python. Nothing is left behind but the corpus files.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# jars FOLDER GROUP:ARTIFACT:VERSION...
jars() {
    folder=$1
    shift
    mkdir -p "$folder"
    {
        echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        echo '<groupId>recorder</groupId><artifactId>recorder</artifactId><version>1</version><dependencies>'
        for one in "$@"; do
            echo "$one" | sed -E 's#(.*):(.*):(.*)#<dependency><groupId>\1</groupId><artifactId>\2</artifactId><version>\3</version></dependency>#'
        done
        echo '</dependencies></project>'
    } >"$folder/pom.xml"
    mvn -q -B -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
        -DoutputDirectory="$folder" -DincludeScope=runtime >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}

# record CLASS LIBRARY VERSION GROUP:ARTIFACT:VERSION... (sources are found by the compiler)
record() {
    class=$1 library=$2 version=$3
    shift 3
    jars "$work/$class-$version" "$@"
    javac -nowarn -proc:none -d "$work/$class-$version/classes" -cp "$work/$class-$version/*" -sourcepath "$here/src" \
        "$here/src/$class.java" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
    java -cp "$work/$class-$version/classes:$work/$class-$version/*" "$class" "$version" >>"$work/$library.jsonl"
}

while read -r class library version jars; do
    # shellcheck disable=SC2086
    case $class in '' | '#'*) ;; *) record "$class" "$library" "$version" $jars </dev/null ;; esac
done <"$here/versions.txt"
for recorded in "$work"/*.jsonl; do
    python3 "$here/choose.py" <"$recorded" >"$target/$(basename "$recorded")"
done
