#!/bin/sh
# fetch_test.sh PATH_OF_RUN: tests ./run fetch with a local server. Exits with 77 (skipped) if the
# Fashion-MNIST files, python3 or curl are missing.
set -eu
files=${GRADUS_FASHION_DIR:-/usr/share/datasets/fashion-mnist}
images=train-images-idx3-ubyte.gz
labels=train-labels-idx1-ubyte.gz
for program in python3 curl; do
  command -v "$program" >/dev/null || { echo "skipped: $program is missing"; exit 77; }
done
[ -f "$files/$images" ] || { echo "skipped: no $images in $files"; exit 77; }

home=$(mktemp -d)
server=
clean_up() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$home"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM
mkdir "$home/project" "$home/mirror"
cp "$1" "$home/project/run"
target=$home/project/data/fashion-mnist
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY

# serve COMMAND…: starts a server that prints its port, and sets GRADUS_MIRROR to its address.
serve() {
  : >"$home/port"
  "$@" >"$home/port" 2>"$home/server.log" &
  server=$!
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' "$home/port")
    [ -z "$port" ] || break
    sleep 0.5
  done
  [ -n "$port" ] || { cat "$home/server.log"; exit 1; }
  export GRADUS_MIRROR="http://127.0.0.1:$port"
}

stop_server() {
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
}

# expect NAME STATUS TEXT FOLDER_CONTENT ARGUMENT…: runs ./run; checks its exit status, that it prints
# TEXT, and the files in the target folder.
expect() {
  name=$1 status=$2 text=$3 content=$4
  shift 4
  got=0
  "$home/project/run" "$@" >"$home/output" 2>&1 || got=$?
  [ "$got" = "$status" ] || wrong "exit status $got, expected $status"
  grep -qF -- "$text" "$home/output" || wrong "doesn't print '$text'"
  # shellcheck disable=SC2012 # the names are plain
  held=$(ls "$target" 2>/dev/null | tr '\n' ' ')
  [ "$held" = "$content" ] || wrong "the folder contains '$held', expected '$content'"
}

wrong() {
  echo "$name: $1; output:"
  cat "$home/output"
  exit 1
}

all="t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz $images $labels "

expect "no command" 2 "error: a command is missing" ""
expect "unknown command" 2 "error: unknown command 'tran'" "" tran
expect "unknown data set" 2 "error: unknown data set 'minst' to fetch: mnist or fashion-mnist" "" \
  fetch minst

serve python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$home/mirror"
expect "missing file" 1 "error: $GRADUS_MIRROR/$images: curl: (22)" "" fetch fashion-mnist

cp "$files/$images" "$home/mirror/"
echo other | gzip >"$home/mirror/$labels"
expect "wrong checksum" 1 "error: $GRADUS_MIRROR/$labels: incomplete, or not the expected file" \
  "$images " fetch fashion-mnist

head -c 20000 "$files/$labels" >"$home/mirror/$labels"
expect "short file" 1 "$labels: incomplete, or not the expected file" "$images " fetch fashion-mnist

# The whole content, but not the checksum after it.
head -c -4 "$files/$labels" >"$home/mirror/$labels"
expect "no trailer" 1 "$labels: incomplete, or not the expected file" "$images " fetch fashion-mnist

cp "$files"/*.gz "$home/mirror/"
GRADUS_MIRROR=$GRADUS_MIRROR/
expect "success" 0 "$labels fetched" "$all" fetch fashion-mnist
for file in $all; do cmp "$files/$file" "$target/$file"; done

echo damaged >"$target/$labels"
rm "$home/mirror/$images"
expect "only the damaged file is fetched again" 0 "$labels fetched" "$all" fetch fashion-mnist
grep -qF "$images exists" "$home/output" || wrong "fetched an existing file"
stop_server

expect "correct files need no server" 0 "$images exists" "$all" fetch fashion-mnist

rm "$target"/*
expect "server gone" 1 "error: ${GRADUS_MIRROR%/}/$images: curl: (7)" "" fetch fashion-mnist

serve python3 -u -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
print("port", server.getsockname()[1])
while True:
    connection, _ = server.accept()
    connection.recv(4096)
    connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 1000\r\n\r\n" + bytes(100))
    connection.close()'
expect "connection lost" 1 "error: $GRADUS_MIRROR/$images: curl: (18)" "" fetch fashion-mnist
stop_server
echo "all passed"
