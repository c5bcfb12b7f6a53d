#!/bin/sh
# Locks without a program: buf curl, which learns the messages from the server itself, by reflection.
#
#   sh examples/shell/locks.sh [SOCKET]     (of a running sidecar)
set -eu
buf="$(cd "$(dirname "$0")" && pwd)/../../node_modules/.bin/buf"
socket=${1:-/run/holdfast/holdfast.sock}
folder=$(mktemp -d)
# A folder without a buf.yaml, whose schema buf would take instead of asking the server.
cd "$folder"
session=
trap '[ -z "$session" ] || kill "$session" 2>/dev/null || true; rm -rf "$folder"' EXIT

# call SERVICE/METHOD [OPTION…]
call() {
  method=$1
  shift
  "$buf" curl --protocol grpc --http2-prior-knowledge --unix-socket "$socket" --emit-defaults "$@" \
    "http://localhost/holdfast.v1.$method"
}

# field NAME <JSON: its first value, without quotes
field() { sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",]*\).*/\1/p" | head -n 1; }

# A stream: what is written to descriptor 3 is said, what the server says is in the file "heard".
mkfifo said
call LockService/Session -d @- <said >heard &
session=$!
exec 3>said

hear() {
  until grep -q "\"$1\": {" heard; do
    kill -0 "$session" # Ends the script if the stream has ended.
    sleep 0.1
  done
}

echo '{"hello": {"clientName": "terminal", "sessionTtl": "60s"}}' >&3
hear welcome
echo '{"acquire": {"requestId": "1", "name": "deploy"}}' >&3
hear granted
token=$(sed -n '/"granted"/,$p' heard | field token)
lease=$(sed -n '/"granted"/,$p' heard | field leaseId)
echo "session: granted"

call LockService/TryAcquire -d '{"name": "deploy"}' >answer
echo "unary: contended, held by $(field holder <answer)"
call LockService/GetLock -d '{"name": "deploy"}' >answer
echo "lock: held $(field held <answer), waiting $(field waiting <answer)"

echo '{"keepAlive": {"sequence": 1}}' >&3
hear keepAliveAck
echo "{\"release\": {\"leaseId\": \"$lease\", \"token\": \"$token\"}}" >&3
hear released
echo '{"goodbye": {}}' >&3
exec 3>&-
wait "$session"
session=
echo "session: released, and closed by the server"

call LockService/Acquire -d '{"name": "deploy", "ttl": "30s", "wait": "5s"}' >answer
later=$(field token <answer)
lease=$(field leaseId <answer)
[ "$later" -gt "$token" ] && echo "unary: granted, with a larger token"
for each in "$token" "$later"; do
  call LockService/ValidateToken -d "{\"name\": \"deploy\", \"token\": \"$each\"}" >answer
  echo "token: valid $(field valid <answer)"
done
call LockService/Renew -d "{\"leaseId\": \"$lease\", \"token\": \"$later\"}" >answer
echo "unary: renewed"
call LockService/Release -d "{\"leaseId\": \"$lease\", \"token\": \"$later\"}" >answer
echo "unary: released"
if call LockService/Renew -d "{\"leaseId\": \"$lease\", \"token\": \"$later\"}" 2>answer; then
  exit 1
fi
echo "unary: not renewed, $(field code <answer)"
