package io.github.wasmtimejvm;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a function's name may become when the engine demangles it. A mangled name refers to
 * parts of itself, so that a hostile one of some hundred characters takes all the memory there is,
 * which ends the process.
 */
final class DemangledSize {
  private static final Pattern CPP = Pattern.compile("_{1,4}Z.*", Pattern.DOTALL);
  private static final Pattern RUST_V0 = Pattern.compile("_{0,2}R.*", Pattern.DOTALL);
  private static final Pattern REFERENCE = Pattern.compile("([ST][0-9A-Z]*)_");

  private static final long LONGEST_RUST_V0 = 1_000_000; // the demangler's own limit

  // The longest that a character stands for, as in "unsigned long long" or "std::allocator".
  private static final long EXPANSION = 20;

  private DemangledSize() {}

  /** Returns a rough upper bound in bytes, or {@link Long#MAX_VALUE} for endless. */
  static long of(String name) {
    if (RUST_V0.matcher(name).matches()) {
      return name.indexOf('B') < 0 ? name.length() * EXPANSION : LONGEST_RUST_V0;
    }
    if (!CPP.matcher(name).matches() || isPath(name)) {
      return name.length();
    }
    // A part that is referred to n times is there 1 + n times, and so are the references in it.
    Map<String, Integer> references = new HashMap<>();
    Matcher matcher = REFERENCE.matcher(name);
    while (matcher.find()) {
      references.merge(matcher.group(1), 1, Integer::sum);
    }
    double size = (double) name.length() * EXPANSION;
    for (Map.Entry<String, Integer> part : references.entrySet()) {
      size *=
          part.getKey().startsWith("T")
              ? Math.pow(2, part.getValue()) // the same index may mean another part
              : 1 + part.getValue();
    }
    return (long) size; // saturates
  }

  // A path of plain names without arguments, as Rust mangled all of its functions for long.
  private static boolean isPath(String name) {
    int at = name.indexOf("_ZN") + 3;
    while (at < name.length() && name.charAt(at) != 'E') {
      int length = 0;
      int digits = at;
      while (at < name.length() && name.charAt(at) >= '0' && name.charAt(at) <= '9') {
        length = Math.min(10 * length + name.charAt(at) - '0', name.length());
        at++;
      }
      if (at == digits) {
        return false;
      }
      at += length;
    }
    return at < name.length()
        && (at + 1 == name.length() || name.charAt(at + 1) == '.')
        && name.chars().allMatch(c -> c < 0x80);
  }
}
