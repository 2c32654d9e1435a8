package io.github.wasmtimejvm.binary;

import org.jspecify.annotations.Nullable;

/**
 * What the custom sections of a module say that the engine does not pass on.
 *
 * @param moduleName the module's name from the name section, {@code null} if there is none
 * @param lines the source lines, {@code null} if there are none
 * @param demangledSize about how many bytes the names of the functions have at most when they are
 *     demangled; {@link Long#MAX_VALUE} if that is not known
 */
public record CustomSections(
    @Nullable String moduleName, @Nullable DebugLines lines, long demangledSize) {
  /** What is known of a module whose bytes are not there. */
  public static final CustomSections UNKNOWN = new CustomSections(null, null, Long.MAX_VALUE);
}
