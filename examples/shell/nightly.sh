#!/bin/sh
# A sidecar for as long as one script runs: several runs of a job at a time would wait for each other at its lock.
#
#   sh examples/shell/nightly.sh [DIRECTORY]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
holdfast="$here/../../node_modules/.bin/holdfast"
directory=${1:-./holdfast-data}
sockets=$(mktemp -d)
export HOLDFAST_ADDRESS="unix:$sockets/holdfast.sock"

"$holdfast" serve --directory "$directory" --socket "$sockets/holdfast.sock" --log-level warn &
sidecar=$!
# SIGTERM drains: clients finish, everything is written, the socket is removed.
trap 'kill -TERM $sidecar; wait $sidecar; rm -rf "$sockets"' EXIT

until "$holdfast" health >/dev/null 2>&1; do
  kill -0 $sidecar # Ends the script if the sidecar could not start.
  sleep 0.1
done

node "$here/job.mjs" morning
node "$here/job.mjs" evening
