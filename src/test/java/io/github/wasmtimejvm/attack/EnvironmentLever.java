package io.github.wasmtimejvm.attack;

import io.github.wasmtimejvm.testing.Remount;
import io.github.wasmtimejvm.testing.SystemLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Takes from this process what it may use, and gives it back, while it runs. */
final class EnvironmentLever {
  private static final long MEGABYTE = 1 << 20;

  private final Means.Lever means;
  private final Path room;
  private final SplittableRandom random;
  private final long descriptors;

  EnvironmentLever(Means.Lever means, Path room, SplittableRandom random) throws IOException {
    this.means = means;
    this.room = room;
    this.random = random;
    this.descriptors = entries("/proc/self/fd");
    // What it takes to pull it is there.
    if (means != Means.Lever.NOTHING) {
      give();
    }
  }

  /** Takes it, all or almost all. */
  void take() throws IOException {
    switch (means) {
      case THREADS ->
          SystemLimits.THREADS.set(
              random.nextBoolean() ? 1 : entries("/proc/self/task") + random.nextInt(5));
      case DESCRIPTORS ->
          SystemLimits.FILES.set(random.nextBoolean() ? 0 : descriptors + random.nextInt(16));
      case ADDRESS_SPACE ->
          SystemLimits.ADDRESS_SPACE.set(
              addressSpace()
                  + switch (random.nextInt(3)) {
                    case 0 -> random.nextLong(MEGABYTE);
                    case 1 -> random.nextLong(16 * MEGABYTE);
                    default -> random.nextLong(5L << 30);
                  });
      case FILE_SIZE -> SystemLimits.FILE_SIZE.set(some());
      case READ_ONLY -> Remount.with(room, Remount.READ_ONLY);
      case NO_EXEC -> Remount.with(room, Remount.NO_EXEC);
      case FULL -> {
        long used =
            Files.getFileStore(room).getTotalSpace()
                - Files.getFileStore(room).getUnallocatedSpace();
        Remount.size(room, used + some());
      }
      case MODE -> mode("r-x------");
      case NOTHING -> {}
    }
  }

  /** Gives it back. */
  void give() throws IOException {
    switch (means) {
      case THREADS -> SystemLimits.THREADS.lift();
      case DESCRIPTORS -> SystemLimits.FILES.lift();
      case ADDRESS_SPACE -> SystemLimits.ADDRESS_SPACE.lift();
      case FILE_SIZE -> SystemLimits.FILE_SIZE.lift();
      case READ_ONLY, NO_EXEC -> Remount.with(room, 0);
      case FULL -> Remount.size(room, 160 * MEGABYTE);
      case MODE -> mode("rwx------");
      case NOTHING -> {}
    }
  }

  private void mode(String permissions) throws IOException {
    for (String name : new String[] {"cache", "modules", "files/0", "files/1", "files/2", "tmp"}) {
      Path folder = room.resolve(name);
      if (Files.exists(folder)) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
      }
    }
  }

  // Nothing, or what a part of a file may need.
  private long some() {
    return random.nextInt(3) == 0 ? 0 : random.nextLong(1L << random.nextInt(12, 25));
  }

  private static long entries(String folder) throws IOException {
    try (Stream<Path> all = Files.list(Path.of(folder))) {
      return all.count();
    }
  }

  private static long addressSpace() throws IOException {
    return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[0]) * 4096;
  }
}
