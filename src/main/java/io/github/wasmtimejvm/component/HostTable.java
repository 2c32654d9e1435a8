package io.github.wasmtimejvm.component;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The resources of the host's that guests of a store hold, by the numbers that the engine keeps for
 * them. Each transfer to a guest has a number of its own, so that each handle ends once.
 */
final class HostTable {
  private static final int KEPT_FAILURES = 32;

  private final Map<Integer, Object> resources = new HashMap<>();
  private final List<Throwable> failures = new ArrayList<>(0);
  private int next;

  /** Gives a resource a number. */
  int add(Object resource) {
    while (resources.containsKey(next)) {
      next++;
    }
    int number = next++;
    resources.put(number, resource);
    return number;
  }

  /** Returns a resource that stays here. */
  Object at(int number) {
    return found(resources.get(number), number);
  }

  /** Returns a resource that is Java's alone from now on. */
  Object remove(int number) {
    return found(resources.remove(number), number);
  }

  private static Object found(@Nullable Object resource, int number) {
    if (resource == null) {
      throw new IllegalStateException("there is no resource of the host's with number " + number);
    }
    return resource;
  }

  /** Ends a resource whose last handle a guest has dropped. What it throws is kept for the end. */
  void destroy(int number) {
    close(resources.remove(number));
  }

  /**
   * Ends all resources.
   *
   * @throws IllegalStateException if any resource could not be closed, now or when its guest
   *     dropped it
   */
  void closeAll() {
    List<Object> left = new ArrayList<>(resources.values());
    resources.clear();
    left.forEach(this::close);
    if (!failures.isEmpty()) {
      IllegalStateException failed =
          new IllegalStateException(
              "the store is closed; resources of the host's could not be closed");
      failures.forEach(failed::addSuppressed);
      failures.clear();
      throw failed;
    }
  }

  private void close(@Nullable Object resource) {
    if (resource instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Throwable t) {
        if (failures.size() < KEPT_FAILURES) {
          failures.add(t);
        }
      }
    }
  }
}
