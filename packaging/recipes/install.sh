#!/bin/sh
# Installs binfmt-dispatcher @VERSION@: the .deb or .rpm with the package manager, or the tarball's
# files if there is none. The download must have the SHA-256 below. If gh is logged in, it also
# verifies the attestation. ./dev release replaces the names in @…@.
set -eu
umask 022

sums() {
  cat <<'END'
@SHA256SUMS@
END
}

# $1: what could not be done, and why; $2: what to do next.
fail() {
  printf 'install.sh: Cannot %s\n  %s\n' "$1" "$2" >&2
  exit 1
}

has() { command -v "$1" >/dev/null; }

clean() { rm -rf "$temp" ${staged:+"$staged"}; }

# Prints the name of the release's file that ends with $1.
named() { sums | sed -n "s/^[0-9a-f]*  //; /$1\$/p"; }

fetch() {
  if has curl; then curl -fsSL -o "$temp/$1" "@BASE@/$1"
  elif has wget; then wget -nv -O "$temp/$1" "@BASE@/$1"
  else fail "fetch $1: neither curl nor wget is installed" "Install one of them and try again."
  fi || fail "fetch @BASE@/$1: see above" "Nothing was installed. Try again."
}

verify() {
  sums | grep "  $1\$" | (cd "$temp" && sha256sum --check --status) ||
    fail "install $1: its SHA-256 is not the release's" "Nothing was installed. Try again."
  if has gh && gh auth status >/dev/null 2>&1; then
    gh attestation verify "$temp/$1" --repo @REPOSITORY@ ||
      fail "install $1: its attestation does not hold" "Nothing was installed."
  fi
}

# Unpacks on the same file system, then renames each file to its place.
unpack() {
  staged=$(mktemp -d /usr/.binfmt-dispatcher.XXXXXX) ||
    fail "write to /usr: see above" "Nothing was installed."
  tar -xzf "$temp/$1" -C "$staged" ||
    fail "unpack $1 in /usr: see above" "Nothing was installed. Make room there and try again."
  find "$staged" -mindepth 1 -type d -printf '/%P\0' | xargs -0 mkdir -p ||
    fail "create the directories: see above" "Nothing was installed."
  trap '' HUP INT TERM
  find "$staged" ! -type d -printf '/%P\n' | while read -r path; do
    mv -f "$staged$path" "$path"
  done
  mkdir -p /run/binfmt-dispatcher
  if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
}

main() {
  machine=$(uname -m)
  case $machine in
    x86_64) debian=amd64 ;;
    aarch64) debian=arm64 ;;
    *) fail "install on $machine: releases are for x86_64 and aarch64" "Run it on one of these." ;;
  esac
  [ "$(id -u)" -eq 0 ] || fail "install: you are not root" "Run it as root: sudo sh install.sh"
  temp=$(mktemp -d)
  trap clean EXIT
  trap 'exit 130' HUP INT TERM
  chmod 755 "$temp" # apt-get reads it as another user

  end="\.$machine\.rpm"
  # shellcheck source=/dev/null
  distribution=$(. /etc/os-release && echo "$ID ${ID_LIKE:-}") || distribution=unknown
  if [ -e /run/ostree-booted ]; then set -- rpm-ostree install
  else
    case $distribution in
      *debian* | *ubuntu*) end="_$debian\.deb"; set -- apt-get install -y ;;
      *fedora* | *rhel*) set -- dnf install -y ;;
      *suse*) set -- zypper --non-interactive install --allow-unsigned-rpm ;;
      *) end="-$machine\.tar\.gz"; set -- ;;
    esac
  fi
  file=$(named "$end")
  fetch "$file"
  verify "$file"
  if [ $# -eq 0 ]; then unpack "$file"
  else
    "$@" "$temp/$file" </dev/null ||
      fail "install $file: $1 failed, see above" "Fix that and try again."
  fi
  echo "Installed binfmt-dispatcher @VERSION@. See what you can enable: binfmt-dispatcher enable"
}

main
