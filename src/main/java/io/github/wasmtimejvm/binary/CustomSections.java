package io.github.wasmtimejvm.binary;

import org.jspecify.annotations.Nullable;

/**
 * What a module's binary says about itself that the engine does not pass on.
 *
 * @param moduleName its name from its name section
 * @param lines its source lines, {@code null} if it has none
 * @param demangledSize about how many bytes the names of its functions have at most when they are
 *     demangled, {@link Long#MAX_VALUE} if that is not known
 */
public record CustomSections(
    @Nullable String moduleName, @Nullable DebugLines lines, long demangledSize) {
  /** For a module whose binary is not there. */
  public static final CustomSections UNKNOWN = new CustomSections(null, null, Long.MAX_VALUE);
}
