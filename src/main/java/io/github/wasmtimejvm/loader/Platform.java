package io.github.wasmtimejvm.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The platform names under which native libraries are packaged: also the Maven classifiers. */
public final class Platform {
  // It takes the reading of a long file to know.
  private static @Nullable String host;

  private Platform() {}

  /** Returns the name of the platform that this JVM runs on, for example {@code linux-x86_64}. */
  public static String host() {
    String known = host;
    if (known == null) {
      known = name(System.getProperty("os.name"), System.getProperty("os.arch"));
      host = known;
    }
    return known;
  }

  /**
   * Returns what code of a guest is compiled for: the host without its C library, for example
   * {@code linux-x86_64}.
   */
  public static String ofGuestCode() {
    return host().replace("-musl", "");
  }

  /**
   * @throws UnsatisfiedLinkError where no native library exists for that platform
   */
  static String name(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    String arch =
        switch (osArch) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "aarch64";
          default -> throw unsupported(osName, osArch);
        };
    if (os.startsWith("linux")) {
      return "linux-" + arch + (isMusl() ? "-musl" : "");
    }
    if (os.startsWith("mac")) {
      return "macos-" + arch;
    }
    if (os.startsWith("windows")) {
      return "windows-" + arch;
    }
    throw unsupported(osName, osArch);
  }

  private static UnsatisfiedLinkError unsupported(String osName, String osArch) {
    return new UnsatisfiedLinkError(
        "wasmtime-jvm has no native library for %s on %s; it runs on Linux, macOS and Windows on"
                .formatted(osName, osArch)
            + " x86_64 and aarch64.");
  }

  // What counts is the C library that this very JVM runs on, not which ones the system has.
  private static boolean isMusl() {
    try {
      return Files.readString(Path.of("/proc/self/maps")).contains("/ld-musl-");
    } catch (IOException e) {
      return false;
    }
  }
}
