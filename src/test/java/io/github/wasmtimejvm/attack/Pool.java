package io.github.wasmtimejvm.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The objects that a sequence has got so far: open and closed, of all its stores and engines. */
final class Pool {
  private static final int SIZE = 300;

  private final List<Object> objects = new ArrayList<>(); // under this

  /** Adds an object, and what it contains. */
  void add(@Nullable Object object, Random random) {
    switch (object) {
      case null -> {}
      case Optional<?> optional -> optional.ifPresent(inner -> add(inner, random));
      case List<?> list -> list.stream().limit(8).forEach(inner -> add(inner, random));
      case Map<?, ?> map -> map.values().stream().limit(8).forEach(inner -> add(inner, random));
      case Number _, Boolean _, Character _, String _, Enum<?> _ -> {}
      default -> put(object, random);
    }
  }

  private synchronized void put(Object object, Random random) {
    if (objects.size() < SIZE) {
      objects.add(object);
    } else {
      objects.set(random.nextInt(SIZE), object);
    }
  }

  /** A random object of that type, more often one that came late. */
  synchronized <T> @Nullable T any(Class<T> type, Random random) {
    List<T> suitable = new ArrayList<>();
    for (Object object : objects) {
      if (type.isInstance(object)) {
        suitable.add(type.cast(object));
      }
    }
    if (suitable.isEmpty()) {
      return null;
    }
    int size = suitable.size();
    return suitable.get(random.nextInt(3) == 0 ? size - 1 : random.nextInt(size));
  }

  synchronized List<Object> all() {
    return new ArrayList<>(objects);
  }
}
