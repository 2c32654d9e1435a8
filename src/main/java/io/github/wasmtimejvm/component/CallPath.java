package io.github.wasmtimejvm.component;

import java.util.Objects;

/**
 * How the values of a function's calls get from Java to the guest and back.
 *
 * @param isDirect whether Java reads and writes the guest's memory itself; if not, the engine does,
 *     by a tree of its own values
 * @param reason why, in a few words
 */
public record CallPath(boolean isDirect, String reason) {
  /** Creates one. Threads: any. */
  public CallPath {
    Objects.requireNonNull(reason, "reason");
  }

  @Override
  public String toString() {
    return (isDirect ? "direct: " : "by the engine's values: ") + reason;
  }
}
