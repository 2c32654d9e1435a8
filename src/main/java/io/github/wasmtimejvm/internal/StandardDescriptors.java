package io.github.wasmtimejvm.internal;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether this process was started with its standard streams. Where one was closed, the JVM has
 * opened a file of its own under that number, which guests must neither read nor write.
 */
public final class StandardDescriptors {
  /** Standard input. */
  public static final int STDIN = 0;

  /** Standard output. */
  public static final int STDOUT = 1;

  /** Standard error. */
  public static final int STDERR = 2;

  // Linux shows what a process has open.
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  // Found out once: what was closed at the start stays so, whatever gets its number later.
  private static final boolean[] OPEN = {
    isInherited(STDIN), isInherited(STDOUT), isInherited(STDERR)
  };

  // What now has the numbers that nothing had; here, so that nobody closes it.
  @SuppressWarnings("unused")
  private static final List<FileInputStream> FILLED = fillGaps();

  private StandardDescriptors() {}

  /** Whether the descriptor is the one that the process was started with; true if nobody knows. */
  public static boolean isOpen(int descriptor) {
    return OPEN[descriptor];
  }

  private static boolean isInherited(int descriptor) {
    try {
      Path file = target(descriptor);
      int first = firstOfTheJvm();
      return descriptor < first || descriptor > first && !(isOnClassPath(file) && isOnly(file));
    } catch (NoSuchFileException e) {
      return !Files.isDirectory(DESCRIPTORS);
    } catch (IOException | UnsupportedOperationException e) {
      return true;
    }
  }

  private static Path target(int descriptor) throws IOException {
    return Files.readSymbolicLink(DESCRIPTORS.resolve(String.valueOf(descriptor)));
  }

  // What the JVM opens before all else, and keeps open, has the lowest number that was free. Where
  // somebody gives us that file as a stream, there are two descriptors of it.
  private static int firstOfTheJvm() throws IOException {
    Path modules = Path.of(System.getProperty("java.home"), "lib", "modules");
    for (int descriptor = STDIN; descriptor <= STDERR; descriptor++) {
      try {
        Path file = target(descriptor);
        if (isNameOf(file, modules) && isOnly(file)) {
          return descriptor;
        }
      } catch (NoSuchFileException e) {
        // Nothing has this number.
      }
    }
    return STDERR + 1;
  }

  // The next that it opens.
  private static boolean isOnClassPath(Path file) throws IOException {
    for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
      try {
        if (isNameOf(file, Path.of(entry))) {
          return true;
        }
      } catch (InvalidPathException e) {
        // Not of this one.
      }
    }
    return false;
  }

  // A descriptor may be no file, and its name no path: pipe:[1234]
  private static boolean isNameOf(Path name, Path file) throws IOException {
    return Files.isRegularFile(file) && file.toRealPath().equals(name);
  }

  private static boolean isOnly(Path file) throws IOException {
    int count = 0;
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path descriptor : descriptors) {
        try {
          if (Files.readSymbolicLink(descriptor).equals(file)) {
            count++;
          }
        } catch (NoSuchFileException e) {
          // Closed meanwhile.
        }
      }
    }
    return count == 1;
  }

  // A file gets the lowest number that is free.
  private static List<FileInputStream> fillGaps() {
    List<FileInputStream> filled = new ArrayList<>();
    if (Files.isDirectory(DESCRIPTORS)) {
      try {
        for (int descriptor = STDIN; descriptor <= STDERR; descriptor++) {
          if (!Files.exists(
              DESCRIPTORS.resolve(String.valueOf(descriptor)), LinkOption.NOFOLLOW_LINKS)) {
            filled.add(new FileInputStream("/dev/null"));
          }
        }
      } catch (IOException e) {
        // They stay free.
      }
    }
    return List.copyOf(filled);
  }
}
