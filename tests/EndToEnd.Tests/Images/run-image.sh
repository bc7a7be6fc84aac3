#!/usr/bin/env bash
# run-image.sh ROOT USER [FOLDER TARGET]… -- PROGRAM [ARGUMENT…]: runs a program of an unpacked image as a pod would: as
# that user, without privileges, on a read-only root with an empty /tmp and cache, and with the folders mounted. To be
# called in a mount namespace of its own (unshare --mount); the program takes this process's place.
set -euo pipefail

root="$1" user="$2"
shift 2
mount --bind "$root" "$root"
for folder in dev proc; do
    mkdir -p "$root/$folder"
    mount --rbind "/$folder" "$root/$folder"
done
for folder in tmp var/cache/slipway; do
    mkdir -p "$root/$folder"
    mount -t tmpfs -o mode=1777 tmpfs "$root/$folder"
done
while [ "$1" != -- ]; do
    mkdir -p "$root$2"
    mount --bind "$1" "$root$2"
    shift 2
done
shift
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs chroot --userspec="$user" --groups= "$root" "$@"
