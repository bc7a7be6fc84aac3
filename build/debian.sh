#!/usr/bin/env bash
# Sourced by scripts that take packages from Debian: the release, where it is, and what signs it.
SUITE=trixie
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# The mirror that this machine's own apt uses for Debian, unless DEBIAN_MIRROR names one.
debian_mirror() {
    if [ -n "${DEBIAN_MIRROR:-}" ]; then
        echo "$DEBIAN_MIRROR"
        return
    fi
    # Origins are known only where the machine's own lists were read; elsewhere the address has to tell.
    {
        apt-get indextargets --format '$(REPO_URI) $(ORIGIN)/$(LABEL)' 'Created-By: Packages'
        apt-get indextargets --format '$(REPO_URI) -' --no-release-info 'Created-By: Packages'
    } 2>/dev/null | awk '!found && ($2 == "Debian/Debian" || $1 ~ /\/debian\/?$/) { print $1; found = 1 }' || true
}

# require_debian: sets MIRROR, or ends with what is missing. The caller defines fail.
require_debian() {
    MIRROR="$(debian_mirror)"
    [ -n "$MIRROR" ] || fail "apt names no Debian mirror on this machine; set DEBIAN_MIRROR to one that has $SUITE."
    [ -f "$KEYRING" ] || fail "$KEYRING is missing; install the package debian-archive-keyring."
}
