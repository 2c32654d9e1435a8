#!/usr/bin/env bash
# Seen with JDK 25.0.3, Linux x86_64: a virtual thread that waits in Java with a native frame below it, in an
# upcall, keeps its carrier, and the scheduler starts no other one in its place, whatever it waits by: park,
# sleep, Object.wait, ForkJoinPool.managedBlock, Process.waitFor. (Object.wait did up to JDK 23.) What the JDK
# has for that, jdk.internal.misc.Blocker, is used by System.in and FileDescriptor.sync, and is not accessible.
# Prints a line for each way; fails where a third thread ran while two waited on two carriers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/Waits.java" << 'JAVA'
import java.lang.foreign.*;
import java.lang.invoke.*;
import java.util.concurrent.*;
import java.util.concurrent.locks.LockSupport;

class Waits {
  static final CountDownLatch IN = new CountDownLatch(2);
  static String how;

  static int compare(MemorySegment a, MemorySegment b) throws Exception {
    IN.countDown();
    switch (how) {
      case "park" -> LockSupport.parkNanos(2_000_000_000L);
      case "sleep" -> Thread.sleep(2000);
      case "wait" -> {
        Object lock = new Object();
        synchronized (lock) {
          lock.wait(2000);
        }
      }
      case "managedBlock" ->
          ForkJoinPool.managedBlock(
              new ForkJoinPool.ManagedBlocker() {
                boolean done;

                public boolean block() {
                  LockSupport.parkNanos(2_000_000_000L);
                  return done = true;
                }

                public boolean isReleasable() {
                  return done;
                }
              });
      default -> new ProcessBuilder("sleep", "2").start().waitFor();
    }
    return 0;
  }

  public static void main(String[] args) throws Throwable {
    how = args[0];
    Linker linker = Linker.nativeLinker();
    MethodHandle compare =
        MethodHandles.lookup()
            .findStatic(
                Waits.class,
                "compare",
                MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
    MethodHandle guarded =
        MethodHandles.catchException(
            compare,
            Exception.class,
            MethodHandles.dropArguments(MethodHandles.constant(int.class, 0), 0, Exception.class));
    MemorySegment stub =
        linker.upcallStub(
            guarded,
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
            Arena.global());
    MethodHandle qsort =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("qsort"),
            FunctionDescriptor.ofVoid(
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS));
    Runnable waits =
        () -> {
          try (Arena arena = Arena.ofConfined()) {
            qsort.invokeExact(arena.allocate(8, 4), 2L, 4L, stub);
          } catch (Throwable t) {
            throw new AssertionError(t);
          }
        };
    Thread first = Thread.startVirtualThread(waits);
    Thread second = Thread.startVirtualThread(waits);
    IN.await();
    boolean ran = Thread.startVirtualThread(() -> {}).join(java.time.Duration.ofSeconds(1));
    System.out.println(how + ": a third virtual thread " + (ran ? "ran" : "did not run"));
    first.join();
    second.join();
    System.exit(ran ? 1 : 0);
  }
}
JAVA
java=${JAVA25_HOME:+$JAVA25_HOME/bin/}java
for how in park sleep wait managedBlock waitFor; do
  "$java" --enable-native-access=ALL-UNNAMED -Djdk.virtualThreadScheduler.parallelism=2 \
    "$folder/Waits.java" "$how"
done
