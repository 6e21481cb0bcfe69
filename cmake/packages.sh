# Sourced by ./run, ./test and .ci/run: Debian packages by purpose, and how to get those that are missing.
# shellcheck shell=bash

packages_build="g++ cmake ninja-build pkg-config libimgui-dev libglfw3-dev libgl-dev libfreetype-dev libfontconfig-dev
  libssl-dev libboost-dev libfmt-dev libyaml-cpp-dev libcli11-dev libexpected-dev nlohmann-json3-dev libpng-dev libc-ares-dev
  libmd4c-dev zlib1g-dev libidn2-dev libutf8proc-dev
  fonts-inter fonts-jetbrains-mono fonts-dejavu-core fonts-symbola"
packages_test="libgtest-dev libgmock-dev xvfb xauth xdotool x11-apps libgl1-mesa-dri curl swaks msmtp mpop s-nail fetchmail getmail6 isync
  mutt neomutt offlineimap3 openssl python3 libauthen-sasl-perl libnet-ssleay-perl dovecot-imapd dovecot-pop3d postfix libbenchmark-dev"
# Tested against, but not to be installed beside dovecot-imapd, with which they conflict.
packages_unpacked="cyrus-common cyrus-imapd cyrus-pop3d sasl2-bin"
# The same of Exim beside postfix; the wrapper tells it of the user that its package would have made.
packages_unpacked_exim="exim4-daemon-light libnss-wrapper"
packages_fuzz="clang-16 libclang-rt-16-dev"

# install_packages PACKAGE...: installs what is missing, and says what it does.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "Glasspost needs these Debian packages: ${missing[*]}"
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "Install them as root (apt-get install ${missing[*]}), then run this again." >&2; return 1; }
    root=(sudo)
    if [ "${yes:-no}" != yes ]; then
      read -r -p "Install them with sudo now? [Y/n] " answer
      case "$answer" in [nN]*) echo "Nothing was installed." >&2; return 1 ;; esac
    fi
  fi
  "${root[@]}" apt-get update -qq || echo "The package lists could not be refreshed; trying with the old ones." >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    { echo "The packages could not be installed: apt-get said why above." >&2; return 1; }
}

# unpack_packages FOLDER PACKAGE...: unpacks them there, installs the libraries that they need, and starts nothing. Needs root;
# without it, or if Debian does not answer, it says so and goes on: what is tested with them is skipped, and ctest says so.
unpack_packages() {
  local folder=$1 libraries work
  shift
  [ -f "$folder/complete" ] && return 0
  [ "$(id -u)" -eq 0 ] || { echo "Only root can test against $*: those tests will be skipped."; return 0; }
  libraries=$(apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$@" 2>/dev/null |
    sed -n 's/^ *Depends: \(lib[^<]*\)$/\1/p' | grep -v perl | sort -u)
  # shellcheck disable=SC2086
  install_packages $libraries || return 0
  work=$(mktemp -d)
  chmod 755 "$work"
  if (cd "$work" && apt-get download -qq "$@" >/dev/null 2>&1); then
    mkdir -p "$folder"
    for package in "$work"/*.deb; do dpkg -x "$package" "$folder"; done
    touch "$folder/complete"
  else
    echo "The packages $* could not be fetched: those tests will be skipped."
  fi
  rm -rf "$work"
}
