package io.github.wasmtimejvm;

import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The code of {@link TypedCalls} for the signatures that handles of an engine's functions were
 * asked for last. A program that makes handles for each task, and keeps none, then need not
 * generate the code each time. With what the JDK has for a signature it takes some 15 KiB.
 */
final class RecentCalls {
  private static final int MOST = 64;

  // From the one that was used longest ago on; under this.
  private final SequencedMap<JavaSignature, MethodHandle> calls =
      new LinkedHashMap<>(16, 0.75f, true);

  /** Returns the code for a signature without references. */
  synchronized MethodHandle get(JavaSignature signature) {
    MethodHandle known = calls.get(signature);
    if (known == null) {
      known = TypedCalls.unboxed(signature);
      calls.put(signature, known);
      if (calls.size() > MOST) {
        calls.pollFirstEntry();
      }
    }
    return known;
  }

  /** Keeps nothing any more, for now. */
  synchronized void clear() {
    calls.clear();
  }
}
