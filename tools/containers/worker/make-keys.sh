#!/bin/sh
# Makes a fleet's ssh keys in a folder, unless they are there. Usage: make-keys.sh FOLDER
# user: the controller's; host: the one that all workers share, which known_hosts names.
set -eu
cd "$1"
[ ! -e known_hosts ] || exit 0
umask 077
for key in user host; do
  rm -f "$key" "$key.pub"
  ssh-keygen -q -t ed25519 -N '' -C slbench -f "$key"
done
printf 'slbench-worker %s\n' "$(cut -d ' ' -f 1,2 host.pub)" > known_hosts
