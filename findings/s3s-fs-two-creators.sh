#!/bin/sh
# A store that answers 412 to a second create lets several of them succeed when they come at one moment.
#
# Version: s3s-fs 0.14.1 (crates.io, feature `binary`). Seen on 2026-11-30.
#
# `If-None-Match: *` creates an object only where none is, which is how a lock is taken in S3. One after the other, the second PUT gets 412. Sixteen
# at once: in some rounds several get 200, because the server looks whether the file exists, receives the body, and then renames it into place.
# The object is that of the last one.
#
# Why it matters: two runs of CI that publish one site both believe that they hold the lock, and pages of two releases mix. A test with one request after
# the other does not notice. Tagline reads the lock again after it has taken it, and whoever does not find their own is refused
# (docs/publishing.md).
set -eu

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT
cd "$work"

cargo install s3s-fs --version 0.14.1 --features binary --locked --quiet --debug --root "$work/tools"
mkdir -p data/bucket
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
tools/bin/s3s-fs --host 127.0.0.1 --port "$port" data > server.log 2>&1 &
server=$!

cat > create.py <<'PY'
import http.client
import sys
import threading
import time

PORT = int(sys.argv[1])


def create(key, body):
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    connection.request("PUT", f"/bucket/{key}", body, {"If-None-Match": "*"})
    return connection.getresponse().status


for _ in range(100):
    try:
        first = create("alone", b"1")
        break
    except ConnectionRefusedError:
        time.sleep(0.1)
print("one after the other:", first, create("alone", b"2"))
worst = 0
for number in range(50):
    answers = []
    together = threading.Barrier(16)

    def one(name):
        together.wait()
        answers.append(create(f"lock-{number}", name))

    threads = [threading.Thread(target=one, args=(b"%02d" % name,)) for name in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    worst = max(worst, answers.count(200))
print("the most that succeeded of 16 at once, in 50 rounds:", worst)
PY
python3 create.py "$port" | tee seen.txt

grep -q 'one after the other: 200 412' seen.txt
! grep -q 'in 50 rounds: 1$' seen.txt
