# Sourced by mvnw and leasehold: points JAVA_HOME at a JDK 25, wherever it usually is. Plain sh.
# A JAVA_HOME that already is a JDK 25 is kept; "java" on the PATH may be any other version.

is_jdk25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25[".]' "$1/release"
}

find_jdk25() {
  set +f
  path_java=$(command -v javac 2>/dev/null || true)
  [ -z "$path_java" ] || path_java=$(dirname "$(dirname "$(readlink -f "$path_java" 2>/dev/null || echo "$path_java")")")
  for home in "${JAVA_HOME-}" "${JDK_25-}" "${JAVA_HOME_25_X64-}" "$path_java" \
    /usr/lib/jvm/* /usr/java/* /usr/local/lib/jvm/* /opt/java/* /opt/jdk* /opt/*jdk* \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.asdf/installs/java/* \
    "${HOME-}"/.local/share/mise/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$home" ] && is_jdk25 "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  return 1
}

if JAVA_HOME=$(find_jdk25); then
  export JAVA_HOME
else
  echo "No JDK 25 was found. Install one (Debian and Ubuntu: Temurin's temurin-25-jdk, Fedora: java-25-openjdk-devel), or set JAVA_HOME to it." >&2
  exit 1
fi
