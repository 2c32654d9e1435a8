package io.github.wasmtimejvm.component;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which version of an interface serves for another: the rule of the engine. From 1 on all of the
 * same major version do, below 1 all of the same minor one, below 0.1 and before a release only the
 * same. A name without a version is another name.
 */
final class WitVersions {
  private WitVersions() {}

  /**
   * Returns the name that serves for one: the same, or else the newest of a compatible version.
   *
   * @param names the names that there are
   * @return {@code null} if none does
   */
  static @Nullable String find(Collection<String> names, String wanted) {
    if (names.contains(wanted)) {
      return wanted;
    }
    String track = track(wanted);
    String best = null;
    if (track != null) {
      for (String name : names) {
        if (track.equals(track(name)) && (best == null || isNewer(name, best))) {
          best = name;
        }
      }
    }
    return best;
  }

  /** Returns the names of the same interface in other versions. */
  static List<String> others(Collection<String> names, String wanted) {
    List<String> others = new ArrayList<>();
    for (String name : names) {
      if (!name.equals(wanted) && unversioned(name).equals(unversioned(wanted))) {
        others.add(name);
      }
    }
    return others;
  }

  /** Returns the name of an interface without its version. */
  static String unversioned(String name) {
    int at = name.indexOf('@');
    return at < 0 ? name : name.substring(0, at);
  }

  // The name with the part of the version that must be the same; null where only the same version
  // serves.
  private static @Nullable String track(String name) {
    long[] version = version(name);
    if (version == null || (version[0] == 0 && version[1] == 0)) {
      return null;
    }
    return unversioned(name) + "@" + (version[0] > 0 ? version[0] : "0." + version[1]);
  }

  private static boolean isNewer(String name, String than) {
    long[] a = version(name);
    long[] b = version(than);
    return a != null && b != null && java.util.Arrays.compare(a, b) > 0;
  }

  // Major, minor and patch; null without a version, before a release, or where it is no version.
  private static long @Nullable [] version(String name) {
    int at = name.indexOf('@');
    if (at < 0) {
      return null;
    }
    String text = name.substring(at + 1);
    int build = text.indexOf('+');
    String[] parts = (build < 0 ? text : text.substring(0, build)).split("\\.", -1);
    if (parts.length != 3) {
      return null;
    }
    long[] numbers = new long[3];
    for (int i = 0; i < 3; i++) {
      if (parts[i].isEmpty()
          || parts[i].length() > 18
          || !parts[i].chars().allMatch(c -> c >= '0' && c <= '9')) {
        return null;
      }
      numbers[i] = Long.parseLong(parts[i]);
    }
    return numbers;
  }
}
