package io.github.wasmtimejvm.binary;

import org.jspecify.annotations.Nullable;

/**
 * The name of an import or export.
 *
 * @param name the whole name with its version, as {@code wasi:cli/run@0.2.12} or {@code
 *     [method]r.m}
 * @param implemented the interface that an instance under a plain name implements, {@code null} if
 *     none is named
 * @param externalId the identifier in some other registry, {@code null} if there is none
 */
public record ExternName(String name, @Nullable String implemented, @Nullable String externalId) {
  /** Returns the version of an interface's name, {@code null} if it has none. */
  public @Nullable String version() {
    int at = versionAt();
    return at < 0 ? null : name.substring(at + 1);
  }

  /** Returns the name without the version of an interface. */
  public String withoutVersion() {
    int at = versionAt();
    return at < 0 ? name : name.substring(0, at);
  }

  /** Whether the name is that of a function that gets or sets. */
  boolean isAccessor() {
    int at = name.startsWith("[method]") || name.startsWith("[static]") ? "[method]".length() : 0;
    return name.startsWith("[get]", at) || name.startsWith("[set]", at);
  }

  /** Whether the name is that of an interface within a package within another one. */
  boolean isNested() {
    String path = withoutVersion();
    return path.indexOf('=') < 0
        && path.indexOf(':') >= 0
        && (path.indexOf(':') != path.lastIndexOf(':')
            || path.indexOf('/') != path.lastIndexOf('/'));
  }

  // Only the names of interfaces and packages have a colon outside of an equals sign's value.
  private int versionAt() {
    return name.indexOf(':') < 0 || name.indexOf('=') >= 0 ? -1 : name.indexOf('@');
  }
}
